"""How the tests of this room ask: a short request to the fault server, on either wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from patterns.exchange import Delta, Mode, Options, Request, Response, Target
from patterns.messages import Message, Tool
from patterns.model.fast.gateway import FastGateway
from patterns.model.gateway import Gateway
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


class Lanes:
    """A gateway by either lane: the fixture `lane` says which, and runs a test once on each."""

    def __init__(self) -> None:
        self.by: dict[str, Gateway] = {"litellm": LitellmGateway(), "fast": FastGateway()}
        self.name = "litellm"

    def send(self, request: Request) -> Response:
        return self.by[self.name].send(request)

    async def asend(self, request: Request) -> Response:
        return await self.by[self.name].asend(request)

    def astream(self, request: Request) -> AsyncIterator[Delta]:
        return self.by[self.name].astream(request)

    def mode(self, model: str) -> Mode:
        return self.by[self.name].mode(model)


LANES = Lanes()


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


async def streamed(gateway: Gateway, wanted: Request) -> list[Delta]:
    return [delta async for delta in gateway.astream(wanted)]


def keys(body: Mapping[str, Any]) -> set[str]:
    return set(body)
