"""httpx and Pydantic alone."""

from __future__ import annotations

import httpx
from person import BASE, KEY, MODEL, PROMPT, Person

_HEADERS = {"authorization": f"Bearer {KEY}"}
_SCHEMA = {"type": "json_schema", "json_schema": {"name": "Person", "schema": Person.model_json_schema()}}
_BODY = {"model": MODEL, "messages": PROMPT, "temperature": 0, "response_format": _SCHEMA}
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=None)
_client = httpx.Client(timeout=60, limits=_LIMITS)
_async_client = httpx.AsyncClient(timeout=60, limits=_LIMITS)


def _read(reply: httpx.Response) -> Person:
    reply.raise_for_status()
    return Person.model_validate_json(reply.json()["choices"][0]["message"]["content"])


def ask() -> Person:
    return _read(_client.post(f"{BASE}/chat/completions", json=_BODY, headers=_HEADERS))


async def aask() -> Person:
    return _read(await _async_client.post(f"{BASE}/chat/completions", json=_BODY, headers=_HEADERS))
