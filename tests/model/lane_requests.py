"""A matrix of requests for each wire: what litellm sends of them is what the fast lane has to send."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

from patterns.errors import PatternsError
from patterns.exchange import Request
from patterns.messages import Message, ToolCall
from patterns.model.fast.gateway import FastGateway
from patterns.model.fast.serving import obstacle
from patterns.model.gateway import Gateway
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer
from tests.model.asking import PERSON, SEARCH, request

LITELLM, FAST = LitellmGateway(), FastGateway()
CALL = ToolCall("call_1", "search", {"query": "Jo"}, '{"query": "Jo"}')
OTHER = ToolCall("call_2", "search", {"query": "Flo"}, '{"query": "Flo"}')
ASKED = Message("user", "Who is Jo?")
TALKS: dict[str, tuple[Message, ...]] = {
    "alone": (ASKED,),
    "system": (Message("system", "Be brief."), ASKED),
    "systems": (Message("system", "Be brief."), Message("system", "Be kind."), ASKED),
    "neighbours": (ASKED, Message("user", "And who is Flo?"), Message("assistant", "Jo"), Message("assistant", "is…")),
    "examples": (ASKED, Message("assistant", "Nobody."), Message("user", "Who is Flo?")),
    "prefilled": (ASKED, Message("assistant", "Jo is \n")),
    "late system": (ASKED, Message("system", "Be brief."), ASKED),
    "pieces": (Message("system", ("Be brief.", "Be kind.")), Message("user", ("Who is", "Jo?"))),
    "empty": (ASKED, Message("assistant", ""), ASKED),
    "unicode": (Message("user", "Wer ist 約? 🎈 \x00"),),
}
TOOL_TALKS: dict[str, tuple[Message, ...]] = {
    "silent": (ASKED, Message("assistant", "", (CALL,)), Message("tool", "a person", (), "call_1")),
    "result": (ASKED, Message("assistant", "Let me see.", (CALL,)), Message("tool", "a person", (), "call_1")),
    "results": (
        ASKED,
        Message("assistant", "Let me see.", (CALL, OTHER)),
        Message("tool", "a person", (), "call_1"),
        Message("tool", '{"of": ["people"]}', (), "call_2"),
        Message("user", "Well?"),
    ),
}
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
THINKING: tuple[dict[str, Any], ...] = (
    {"type": "enabled", "budget_tokens": 1500},
    {"type": "enabled", "budget_tokens": 9000},
    {"type": "adaptive"},
    {"type": "disabled"},
)


def talks() -> Iterator[dict[str, Any]]:
    yield from ({"messages": talk} for talk in TALKS.values())
    yield from ({"messages": talk, "tools": (SEARCH,)} for talk in TOOL_TALKS.values())


def shapes() -> Iterator[dict[str, Any]]:
    for mode in ("json_schema", "json_object", "tools", "prompted"):
        yield {"target": PERSON, "mode": mode}
        yield {"target": PERSON, "mode": mode, "tools": (SEARCH,)}
        yield {"target": PERSON, "mode": mode, "tools": (SEARCH,), "tool_choice": "required"}
    yield from ({"tools": (SEARCH,), "tool_choice": choice} for choice in ("auto", "none", "required", "search"))


def samplings() -> Iterator[dict[str, Any]]:
    yield {"temperature": 0.0}
    yield {"temperature": 1, "top_p": 0.5, "max_tokens": 77, "stop": ("END", "\n\n")}
    yield {"temperature": 0.0, "wishes": frozenset({"temperature"})}
    yield {"seed": 7, "wishes": frozenset({"seed"})}
    yield {"seed": 7}
    yield {"logit_bias": {5: 1.0}}
    yield {"frequency_penalty": 0.5, "presence_penalty": 0.5}
    yield {"n": 1}
    yield {"n": 2}


def thoughts() -> Iterator[dict[str, Any]]:
    for effort in EFFORTS:
        yield {"reasoning_effort": effort}
        yield {"reasoning_effort": effort, "max_tokens": 3000, "target": PERSON, "mode": "tools"}
    for told in THINKING:
        yield {"thinking": told}
        yield {"thinking": told, "max_tokens": 3000}


def sent(gateway: Gateway, server: FaultServer, wanted: Request) -> tuple[str, dict[str, Any], dict[str, str]] | None:
    """Path, body and telling headers of what a gateway sends; None when it refuses to send. The answer is an error.

    The schemas of the request are kept and shared: whatever an adapter makes of them, they stay as they were.
    """
    server.reset()
    kept = copy.deepcopy((wanted.target, wanted.tools))
    with contextlib.suppress(PatternsError):
        gateway.send(wanted)
    assert (wanted.target, wanted.tools) == kept
    if not server.log:
        return None
    call = server.log[-1][1]
    telling = {name: text for name, text in call.headers.items() if name in HEADERS or name.startswith("anthropic-")}
    return call.path, dict(call.body), telling


HEADERS = frozenset({"authorization", "x-api-key", "x-goog-api-key"})


def compared(server: FaultServer, wire: str, cases: Iterator[tuple[str, dict[str, Any]]]) -> tuple[int, list[Any]]:
    """How many requests the fast lane serves, and those that it writes otherwise than litellm."""
    served, odd = 0, []
    for model, options in cases:
        wanted = request(server, model, wire, timeout=60.0, **options)
        if obstacle(wanted):
            continue
        served += 1
        theirs, ours = sent(LITELLM, server, wanted), sent(FAST, server, wanted)
        if theirs != ours:
            odd.append((model, options, theirs, ours))
    return served, odd


def bodies(server: FaultServer, wanted: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """What litellm and the fast lane send."""
    theirs, ours = sent(LITELLM, server, wanted), sent(FAST, server, wanted)
    assert theirs is not None
    assert ours is not None
    return theirs[1], ours[1]
