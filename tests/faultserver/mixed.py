"""A model that does its work nine times in ten: it says the number it is asked for, or something goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tests.faultserver.answers import Answer, Call, Raw, Reply
from tests.faultserver.wires import encode, error

_ASKED = re.compile(r"row (\d+)")
EVERY = 10
"""One call in this many goes wrong, each time in the next of the ways below."""


def mixed(call: Call) -> Answer | Reply | Raw:
    """Answer `{"number": N, "twice": 2N}` to a text with `row N` in it, or fail in one of many ways."""
    turn, left = divmod(call.number, EVERY)
    if left != EVERY // 2:
        return Answer(_right(call))
    return _WAYS[turn % len(_WAYS)](call)


def _right(call: Call) -> str:
    number = int(_ASKED.findall(str(call.body["messages"]))[0])
    return json.dumps({"number": number, "twice": 2 * number})


def _status(status: int, code: str, headers: dict[str, str] | None = None) -> Callable[[Call], Reply]:
    return lambda call: Reply(
        status, error(call, status, "Failed on purpose.", code, "invalid_request_error"), headers=headers or {}
    )


def _whole(call: Call) -> bytes:
    reply = encode(call, Answer(_right(call)))
    assert isinstance(reply, Reply)
    return reply.body


def _torn(call: Call) -> Raw:
    return Raw([_whole(call)[:40]], length=len(_whole(call)))


def _late(call: Call) -> Raw:
    body = _whole(call)
    steps = [step for at in range(len(body)) for step in (body[at : at + 1], 0.05)]
    return Raw(steps, length=len(body))


_WAYS = (
    _status(500, "server_error"),
    _status(529, "overloaded_error"),
    _status(429, "rate_limit_exceeded", {"retry-after-ms": "50"}),
    lambda call: Answer(""),
    lambda call: Answer(None),
    lambda call: Answer(extra={"choices": []}),
    lambda call: Reply(200, b"<html><body>Sign in</body></html>", "text/html"),
    _torn,
    lambda call: Raw(head=False),
    lambda call: Raw([10.0], length=1),
    _late,
    lambda call: Answer(_right(call)[:12], finish="length"),
    lambda call: Answer(_right(call)[:12]),
    lambda call: Answer(_right(call).replace("}", ', "twice": 0}')),
    lambda call: Answer('{"number": 1, "twice": 3}'),
    lambda call: Answer("I cannot do that."),
    lambda call: Answer(None, refusal="I cannot help with that."),
    lambda call: Answer("", finish="content_filter"),
    lambda call: Answer(_right(call), finish="eaten_by_dog"),
    lambda call: Answer(f"Sure:\n```json\n{_right(call)}\n```"),
    lambda call: Answer(_right(call).replace('"', "'")),
    _status(400, "context_length_exceeded"),
    lambda call: Answer(_right(call), usage=False),
    lambda call: Answer(_right(call), role="user"),
    lambda call: Answer(None, tool_calls=[("search", '{"query": ')]),
)
