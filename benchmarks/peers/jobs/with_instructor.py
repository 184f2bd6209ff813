"""instructor over OpenAI's client, in its usual mode."""

from __future__ import annotations

from typing import Any

import instructor
from openai import AsyncOpenAI, OpenAI
from person import BASE, KEY, MODEL, PROMPT, Person

_client = instructor.from_openai(OpenAI(base_url=BASE, api_key=KEY, max_retries=0))
_async_client = instructor.from_openai(AsyncOpenAI(base_url=BASE, api_key=KEY, max_retries=0))
_ASKED: dict[str, Any] = {"model": MODEL, "messages": PROMPT, "temperature": 0, "response_model": Person}


def ask() -> Person:
    return _client.chat.completions.create(**_ASKED)


async def aask() -> Person:
    return await _async_client.chat.completions.create(**_ASKED)
