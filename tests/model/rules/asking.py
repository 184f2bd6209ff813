"""How the tests of the rules put a question: a text and a schema, and what came back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from patterns.exchange import Request, Response, Task
from patterns.model.rules.gateway import RulesGateway

FORMATS = ("date", "date-time", "time", "email", "uri", "duration")


def ask(text: str, schema: Mapping[str, Any], *, technique: str = "json_extraction", **more: Any) -> Response:
    """The engine's response; `more` goes into the task."""
    task = Task("extract", technique, {"text": text}, schema, **more)
    return RulesGateway().send(Request("rules", (), task=task))


def answer(text: str, schema: Mapping[str, Any], **more: Any) -> Any:
    return json.loads(ask(text, schema, **more).choices[0].text)


def shape(written: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a type as the cases write it: `date`, `enum(a|b)`, `list(string)`, or JSON Schema itself."""
    if isinstance(written, Mapping):
        return written
    if inner := re.fullmatch(r"enum\((.*)\)", written):
        return {"enum": inner[1].split("|")}
    if inner := re.fullmatch(r"list\((.*)\)", written):
        return {"type": "array", "items": shape(inner[1])}
    return {"type": "string", "format": written} if written in FORMATS else {"type": written}


def optional(fields: Mapping[str, str | Mapping[str, Any]]) -> Mapping[str, Any]:
    """An object whose every field may be null."""
    properties = {
        name: {"anyOf": [shape(written), {"type": "null"}], "default": None} for name, written in fields.items()
    }
    return {"type": "object", "properties": properties}


def needed(fields: Mapping[str, str | Mapping[str, Any]]) -> Mapping[str, Any]:
    """An object whose every field must be there."""
    properties = {name: shape(written) for name, written in fields.items()}
    return {"type": "object", "properties": properties, "required": list(properties)}
