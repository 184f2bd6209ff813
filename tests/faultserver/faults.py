"""The faults by model name: `500x2` fails twice and then answers, `hang` never does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.faultserver import gemini
from tests.faultserver.answers import Answer, Call, Raw, Reply
from tests.faultserver.mixed import mixed
from tests.faultserver.wires import (
    STREAM,
    anthropic_start,
    encode,
    error,
    event,
    openai_chunk,
    openai_deltas,
    said,
    wire_of,
)

Said = Answer | Reply | Raw
LONG = 30.0
SECRET = "sk-CANARY0123456789abcdefghijklmnop"

ANSWERS: dict[str, Answer] = {
    "ok": Answer(),
    "empty": Answer(""),
    "null": Answer(None),
    "refusal": Answer(None, refusal="I cannot help with that."),
    "length": Answer('{"name":"Jo', finish="length"),
    "weirdfr": Answer(finish="eaten_by_dog"),
    "filter": Answer("", finish="content_filter"),
    "nousage": Answer(usage=False),
    "badrole": Answer(role="user"),
    "surrogate": Answer("lone \ud800 surrogate"),
    "nul": Answer("nul \x00 byte"),
    "think": Answer(reasoning="Let me see."),
    "calls": Answer(None, tool_calls=[("search", '{"query": "cats"}'), ("search", '{"query": "dogs"}')]),
    "oldcall": Answer(None, finish="function_call", old_call=("search", '{"query": "cats"}')),
    "badcall": Answer(None, tool_calls=[("search", '{"query": ')]),
    "nochoices": Answer(extra={"choices": []}),
    "nofinish": Answer(extra={"choices": [{"index": 0, "message": {"role": "assistant", "content": "half"}}]}),
}

_STATUS = re.compile(r"^(\d{3})(?:x(\d+))?(?:ra(?P<after>[\w-]+))?$")
_CODES = {
    401: ("invalid_api_key", f"Incorrect API key provided: {SECRET}."),
    403: ("forbidden", "Your account may not use this model."),
    404: ("model_not_found", "The model does not exist or you do not have access to it."),
    429: ("rate_limit_exceeded", "Rate limit reached."),
    529: ("overloaded_error", "Overloaded"),
}
_NAMED = {
    "quota": (
        429,
        "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "ctx": (
        400,
        "context_length_exceeded",
        "This model's maximum context length is 128 tokens. However, your messages resulted in 999 tokens.",
    ),
    "policy": (400, "content_policy_violation", "Your request was rejected as a result of our safety system."),
    "noformat": (400, None, "response_format is not supported by this model."),
}


def fault(call: Call) -> Said | None:
    """What the model of this name says, None when the name names no fault."""
    name = call.model
    if name in ANSWERS:
        return ANSWERS[name]
    if name in _NAMED:
        status, code, message = _NAMED[name]
        return Reply(status, error(call, status, message, code))
    if match := _STATUS.match(name):
        return _status(call, int(match[1]), int(match[2]) if match[2] else None, match["after"])
    return _TRANSPORT[name](call) if name in _TRANSPORT else None


def _status(call: Call, status: int, times: int | None, after: str | None) -> Said:
    """`times` replies of `status`, then a good one; for ever when None. `after`: seconds, or `250ms`, or `date`."""
    if times is not None and call.number >= times:
        return ANSWERS["ok"]
    code, message = _CODES.get(status, (None, f"Failed on purpose with {status}."))
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return Reply(status, error(call, status, message, code, kind), headers=_retry_after(after))


def _retry_after(after: str | None) -> dict[str, str]:
    if after is None:
        return {}
    if after.endswith("ms"):
        return {"retry-after-ms": after[:-2]}
    if after == "date":
        from email.utils import formatdate
        from time import time

        return {"retry-after": formatdate(time() + 20, usegmt=True)}
    return {"retry-after": after}


def _whole(call: Call) -> bytes:
    reply = encode(replace(call, body={**call.body, "stream": False}), ANSWERS["ok"])
    assert isinstance(reply, Reply)
    return reply.body


def _drip(call: Call) -> Raw:
    body = _whole(call)
    steps = [step for i in range(len(body)) for step in (body[i : i + 1], 0.1)]
    return Raw(steps, length=len(body))


def _slow(call: Call) -> Raw:
    """A good answer, whole or streamed, that lets one wait."""
    good = encode(call, ANSWERS["ok"])
    if isinstance(good, Reply):
        return Raw([0.4, good.body], length=len(good.body))
    return Raw([0.4, *good.steps], good.type)


def _begin(call: Call, text: str = '{"name": "Jo"}') -> Iterator[bytes]:
    """A stream up to, but without, its finish reason."""
    answer = said(call, Answer(text))
    if wire_of(call.path) == "anthropic":
        yield from anthropic_start(call, answer)
        return
    if wire_of(call.path) == "gemini":
        yield from gemini.begun(call, answer)
        return
    yield openai_chunk(call, {"role": "assistant", "content": ""})
    yield from openai_deltas(call, answer)


def _stream_error(call: Call) -> bytes:
    body = error(call, 500, "The server had an error.", "overloaded_error", "server_error")
    return (b"event: error\n" if wire_of(call.path) == "anthropic" else b"") + b"data: " + body + b"\n\n"


def _echo(call: Call) -> Reply:
    """Refuse a key in words that quote it, as providers do."""
    key = (
        call.headers.get("x-api-key")
        or call.headers.get("x-goog-api-key")
        or call.headers.get("authorization", "").removeprefix("Bearer ")
    )
    return Reply(401, error(call, 401, f"Incorrect API key provided: {key}. Ask for a new one.", "invalid_api_key"))


_TRANSPORT: dict[str, Callable[[Call], Said]] = {
    "html": lambda call: Reply(200, b"<html><body>Sign in to the hotel network</body></html>", "text/html"),
    "text": lambda call: Reply(200, b"Please sign in to the hotel network", "text/plain"),
    "nothing": lambda call: Reply(200, b"", "text/plain"),
    "html502": lambda call: Reply(502, b"<html><body>Bad gateway</body></html>", "text/html"),
    "echo401": _echo,
    "garbage": lambda call: Reply(200, b'{"hello": "world"}'),
    "hang": lambda call: Raw([LONG], length=1),
    "slowdrip": _drip,
    "slow": _slow,
    "slowdropx1": lambda call: Raw([0.4], head=False) if call.number == 0 else _slow(call),
    "trunc": lambda call: Raw([_whole(call)[:40]], length=len(_whole(call))),
    "drop": lambda call: Raw(head=False),
    "mixed": mixed,
    "s-nodone": lambda call: Raw(list(_begin(call)), STREAM),
    "s-done": lambda call: Raw([*_begin(call), b"data: [DONE]\n\n"], STREAM),
    "s-err": lambda call: Raw([*_begin(call), _stream_error(call)], STREAM),
    "s-hang": lambda call: Raw([*_begin(call), LONG], STREAM),
    "s-cut": lambda call: Raw([*_begin(call), b'data: {"id": "chatc'], STREAM, length=10**6),
    "s-ping": lambda call: Raw([*_begin(call), *([0.1, event("ping")] * 300)], STREAM),
}
