"""How tests of single replies ask: one answer in its provider's own words, whole or as a stream."""

from __future__ import annotations

import json
from typing import Any

from patterns.exchange import Options, Request, Response
from patterns.messages import Message
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer, Raw, Reply
from tests.model.asking import streamed

GATEWAY = LitellmGateway()


def asked(faults: FaultServer, model: str, path: str = "/v1") -> Request:
    return Request(model, (Message("user", "hi"),), Options(timeout=10, api_base=faults.root + path))


def events(*bodies: Any, named: bool = False) -> Raw:
    lines = [(f"event: {b['type']}\n" if named else "") + f"data: {json.dumps(b)}\n\n" for b in bodies]
    return Raw(["".join(lines).encode()], "text/event-stream")


def whole(body: Any) -> Reply:
    return Reply(body=json.dumps(body).encode())


async def all_ways(faults: FaultServer, wanted: Request, said: Reply) -> Response:
    """The same answer blocking and not."""
    faults.script([said, said])
    found = GATEWAY.send(wanted)
    assert (await GATEWAY.asend(wanted)).choices == found.choices
    return found


async def last(faults: FaultServer, wanted: Request, said: Raw) -> Response:
    faults.script([said])
    found = (await streamed(GATEWAY, wanted))[-1].response
    assert found is not None
    return found
