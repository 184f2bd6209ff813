"""litellm's answer in our words: choices, the provider's own finish reason, tool calls, tokens and cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from patterns.errors import EmptyResponse
from patterns.exchange import Attempt, Choice, Request, Response, Usage
from patterns.messages import Json, ToolCall
from patterns.model.outgoing import target_name
from patterns.model.prices import cost_of, settled
from patterns.model.raw import finish_reasons, true_finish
from patterns.model.thoughts import blocks_of

_GIVEN_UP = frozenset({"length", "max_tokens", "content_filter"})
"""Finish reasons with which an answer may well be empty: it was cut or filtered, which the loop looks at."""

Price = Callable[[str, Usage | None], float | None]
"""What tokens cost in US dollars, by the name of the model that answered; None when nobody can tell."""

_SERVED = "srvtoolu_"
"""How Anthropic's ids begin of calls that it answers itself; litellm shows them as any other call."""


def response(request: Request, reply: object, raw: str | None, price: Price | None = None) -> Response:
    """Read a whole answer. `raw` is the body of the reply as the provider sent it, where it could be had.

    Raise EmptyResponse, with the paid attempt on it, when no candidate says anything.
    """
    return spoken(request, reading(request, reply, raw, price))


def reading(request: Request, reply: object, raw: str | None = None, price: Price | None = None) -> Response:
    """Read a whole answer, even one that says nothing. `price` reckons its cost, litellm where that is None."""
    told = finish_reasons(raw) if raw else None
    model, used = str(getattr(reply, "model", None) or request.model), usage(getattr(reply, "usage", None))
    return Response(
        choices=tuple(_choice(request, c, told, i) for i, c in enumerate(getattr(reply, "choices", None) or ())),
        model=model,
        usage=used,
        cost=_cost(request, reply) if price is None else price(model, used),
        id=str(getattr(reply, "id", "") or ""),
    )


def spoken(request: Request, found: Response) -> Response:
    """Give the response back if any candidate says something, else raise EmptyResponse."""
    if any(c.text or c.refusal or c.tool_calls or c.finish_reason in _GIVEN_UP for c in found.choices):
        return found
    what = "an empty text" if found.choices else "no choices"
    raise EmptyResponse(
        f"{request.model} answered with {what}",
        model=request.model,
        paid=True,
        attempts=[Attempt(request, found, f"{what} came back")],
        hint="asking again often helps; if it stays empty, try another model or mode",
    )


def _choice(request: Request, choice: object, told: Sequence[str | None] | None, index: int) -> Choice:
    message = getattr(choice, "message", None)
    fields = getattr(message, "provider_specific_fields", None) or {}
    text, others = answer_among(request, _tool_calls(message))
    return Choice(
        text=getattr(message, "content", None) or "" if text is None else text,
        finish_reason=_finish(choice, told, index),
        reasoning=_reasoning(message, fields),
        refusal=fields.get("refusal") or getattr(message, "refusal", None),
        tool_calls=others,
        role=str(getattr(message, "role", None) or "assistant"),
        thoughts=blocks_of(message),
    )


def _reasoning(message: object, fields: Mapping[str, object]) -> str:
    """The thoughts, under whichever name the provider sends them: some adapters do not bring the names together."""
    named = getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None)
    return str(named or fields.get("reasoning") or "")


def _finish(choice: object, told: Sequence[str | None] | None, index: int) -> str | None:
    """The finish reason as litellm maps it, unless the provider's own word says that litellm made it up."""
    mapped: str | None = getattr(choice, "finish_reason", None)
    fields = getattr(choice, "provider_specific_fields", None) or {}
    native = fields.get("native_finish_reason")
    if told is not None and index < len(told):
        native = told[index]
    elif native is None:
        return mapped
    return true_finish(mapped, native)


def call_of(id: str, name: str, raw: str) -> ToolCall:
    """Make a tool call of its parts; its arguments are None when they are not a JSON object."""
    return ToolCall(id=id, name=name, arguments=_object(raw), raw=raw)


def _tool_calls(message: object) -> list[ToolCall]:
    """The calls of a message; a lone `function_call` is how the API wrote them before, and some servers still do."""
    calls = [
        _tool_call(getattr(c, "id", ""), getattr(c, "function", None))
        for c in getattr(message, "tool_calls", None) or ()
    ]
    older = getattr(message, "function_call", None)
    return calls or ([_tool_call("", older)] if getattr(older, "name", None) else [])


def _tool_call(id: object, function: object) -> ToolCall:
    return call_of(
        str(id or ""), str(getattr(function, "name", "") or ""), str(getattr(function, "arguments", "") or "")
    )


def _object(raw: str) -> Mapping[str, Json] | None:
    try:
        value = json.loads(raw or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def answer_among(request: Request, calls: Sequence[ToolCall]) -> tuple[str | None, tuple[ToolCall, ...]]:
    """Take the answering call out of the calls: in mode `tools` its arguments are the text.

    Of a model that answers by several calls the arguments stand below each other in the text: reading decides whether
    they are one answer. Calls that the provider has answered itself (a web search, say) are nobody's business, and
    are left out.
    """
    if not calls:
        return None, ()
    ours = tuple(call for call in calls if not call.id.startswith(_SERVED))
    name = target_name(request.target) if request.mode == "tools" and request.target else None
    answers = dict.fromkeys(call.raw for call in ours if call.name == name)
    if not answers:
        return None, ours
    return "\n".join(answers), tuple(call for call in ours if call.name != name)


def usage(counted: object) -> Usage | None:
    """The provider's count of tokens; None when it sent none, which litellm shows as zeros."""
    total = _count(counted, "prompt_tokens") + _count(counted, "completion_tokens")
    if not total:
        return None
    given, made = getattr(counted, "prompt_tokens_details", None), getattr(counted, "completion_tokens_details", None)
    return Usage(
        input_tokens=_count(counted, "prompt_tokens"),
        output_tokens=_count(counted, "completion_tokens"),
        cached_tokens=_count(given, "cached_tokens"),
        cache_write_tokens=_count(counted, "cache_creation_input_tokens") or _written(given),
        reasoning_tokens=_count(made, "reasoning_tokens"),
    )


def _written(given: object) -> int:
    """Tokens written to the provider's cache, under either of their names."""
    return _count(given, "cache_creation_tokens") or _count(given, "cache_write_tokens")


def _cost(request: Request, reply: object) -> float | None:
    """litellm's cost, which it looks up by the name in the reply; else by the name we asked for."""
    told = settled(request.model, getattr(reply, "_hidden_params", {}).get("response_cost"))
    return told if told is not None else cost_of(request.model, getattr(reply, "usage", None))


def _count(holder: object, name: str) -> int:
    value = getattr(holder, name, None)
    return value if isinstance(value, int) else 0
