"""litellm's completion and Pydantic, with the schema as a dict."""

from __future__ import annotations

import os
from typing import Any

os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}

import litellm
from person import BASE, KEY, MODEL, PROMPT, Person

_SCHEMA = {"type": "json_schema", "json_schema": {"name": "Person", "schema": Person.model_json_schema()}}
_ASKED: dict[str, Any] = {
    "model": f"openai/{MODEL}",
    "messages": PROMPT,
    "api_base": BASE,
    "api_key": KEY,
    "temperature": 0,
    "max_retries": 0,
    "num_retries": 0,
    "timeout": 60,
    "response_format": _SCHEMA,
}


def ask() -> Person:
    return Person.model_validate_json(litellm.completion(**_ASKED).choices[0].message.content)


async def aask() -> Person:
    return Person.model_validate_json((await litellm.acompletion(**_ASKED)).choices[0].message.content)
