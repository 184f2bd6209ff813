"""How the tests of this room ask: a short request to the fault server, on either wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patterns.exchange import Delta, Mode, Options, Request, Target
from patterns.messages import Message, Tool
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer

WIRES = ("openai", "anthropic")
PERSON = Target(
    "Person",
    {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
        "required": ["name", "age"],
        "additionalProperties": False,
    },
    strict=True,
)
SEARCH = Tool("search", "Search the web.", {"type": "object", "properties": {"query": {"type": "string"}}})
JO = '{"name": "Jo", "age": 35}'


def request(
    server: FaultServer,
    name: str,
    wire: str = "openai",
    *,
    target: Target | None = None,
    mode: Mode = "prompted",
    tools: tuple[Tool, ...] = (),
    messages: tuple[Message, ...] = (Message("user", "Who is Jo?"),),
    **options: Any,
) -> Request:
    """A request to the model `name`, which says on the server what goes wrong."""
    base = server.api_base if wire == "openai" else server.root
    sampling = Options(**{"timeout": 10.0, "api_base": base, **options})
    return Request(f"{wire}/{name}", messages, sampling, target, mode, tools)


async def streamed(gateway: LitellmGateway, wanted: Request) -> list[Delta]:
    return [delta async for delta in gateway.astream(wanted)]


def keys(body: Mapping[str, Any]) -> set[str]:
    return set(body)
