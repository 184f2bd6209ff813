"""Schemas as the fast lane writes them, beside litellm's: the same, but for what litellm loses."""

from __future__ import annotations

import json
from datetime import date
from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from patterns.exchange import Target
from patterns.messages import Tool
from patterns.model.fast.anthropic_schema import output_schema
from patterns.model.fast.inlining import endless, inlined
from patterns.model.fast.serving import obstacle
from tests.faultserver import FaultServer
from tests.model.asking import PERSON, request
from tests.model.lane_requests import bodies


def test_the_parameters_of_a_tool_keep_what_litellm_loses_on_gemini_s_wire(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")
    tool = Tool("note", "Note a thing.", Noted.model_json_schema())
    theirs, ours = bodies(faults, request(faults, "gemini-2.5-flash", "gemini", tools=(tool,)))
    kept, lost = (body["tools"][0]["function_declarations"][0]["parameters"]["properties"] for body in (ours, theirs))
    assert kept["kind"].pop("description") == "What it is."
    assert kept["only"].pop("enum") == ["this"]
    inner = [each["part"]["anyOf"][0]["properties"]["on"] for each in (kept, lost)]
    assert inner[0]["anyOf"] == [{"type": "string", "nullable": True, "title": "On"}]
    inner[0].update(inner[1])
    assert kept == lost


class Kind(Enum):
    A = "a"
    B = "b"


class Part(BaseModel):
    size: int = Field(ge=1, le=9)
    on: date | None = None


class Noted(BaseModel):
    name: str = Field(description="The name.", min_length=2)
    kind: Kind = Field(description="What it is.")
    only: Literal["this"] = "this"
    parts: list[Part]
    part: Part | None = Field(None, description="If there is one.")
    either: int | str
    counts: dict[str, int] = {}
    numbers: list[int] | None = None
    two: Literal[1, 2] = 1
    anything: object = None


SCHEMA = {
    "type": "object",
    "$defs": {
        "Part": {"type": "object", "properties": {"size": {"type": "integer", "minimum": 1, "maximum": 9}}},
        "Kind": {"enum": ["a", None], "type": ["string", "null"]},
    },
    "properties": {
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}, "minItems": 1, "uniqueItems": False},
        "kind": {"$ref": "#/$defs/Kind"},
        "either": {"oneOf": [{"$ref": "#/$defs/Part"}, {"type": "string", "maxLength": 5}]},
        "name": {"type": "string", "description": "The name.", "minLength": 2},
    },
    "required": ["parts"],
}


def without_descriptions(schema: Any) -> Any:
    if isinstance(schema, list):
        return [without_descriptions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: without_descriptions(part) for name, part in schema.items() if name != "description"}


def test_a_schema_is_sent_as_litellm_sends_it_but_for_the_words_that_tell_its_limits(faults: FaultServer) -> None:
    wanted = request(faults, "claude-haiku-4-5", "anthropic", target=Target("Thing", SCHEMA), mode="json_schema")
    theirs, ours = (body["output_format"]["schema"] for body in bodies(faults, wanted))
    assert without_descriptions(theirs) == without_descriptions(ours)
    assert ours["properties"]["name"]["description"] == "The name. Limits: minLength 2."
    assert ours["properties"]["parts"]["items"]["properties"]["size"]["description"] == "Limits: minimum 1, maximum 9."


def test_a_schema_keeps_the_words_beside_a_reference() -> None:
    schema = {"$defs": {"A": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/A", "description": "mine"}}}
    assert inlined(schema) == {"properties": {"a": {"type": "string", "description": "mine"}}}
    assert "$defs" in schema


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema = {"type": "object", "properties": {"minimum": {"type": "integer"}, "$ref": {"type": "string"}}}
    assert output_schema(schema) == {**schema, "additionalProperties": False}
    assert not endless(schema)


ENDLESS = [
    {"$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}, "$ref": "#/$defs/A"},
    {"$defs": {"A": {"items": {"$ref": "#/$defs/B"}}, "B": {"anyOf": [{"$ref": "#/$defs/A"}]}}, "$ref": "#/$defs/A"},
    {"properties": {"child": {"$ref": "#"}}},
]


@pytest.mark.parametrize("schema", ENDLESS, ids=json.dumps)
def test_a_schema_that_refers_to_itself_goes_by_litellm(faults: FaultServer, schema: dict[str, Any]) -> None:
    assert endless(schema)
    target = Target("Thing", schema)
    wanted = request(faults, "claude-haiku-4-5", "anthropic", target=target, mode="json_schema")
    assert "refers to itself" in str(obstacle(wanted))
    assert obstacle(request(faults, "claude-haiku-4-5", "anthropic", target=PERSON, mode="json_schema")) is None
