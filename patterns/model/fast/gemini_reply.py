"""Replies of Gemini's generateContent, in the shape of OpenAI's, which `incoming` and `growth` read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace as Made
from typing import Any

from patterns.model.fast.cost import Bill
from patterns.model.fast.frames import event
from patterns.model.fast.gemini_turns import SIGNED
from patterns.model.fast.troubles import APIResponseValidationError, MidStreamFallbackError
from patterns.model.raw import true_finish

_FLAGGED = frozenset(
    {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT"}
)
"""Reasons for which the text of a whole reply is withheld."""
_FINISH = {"MAX_TOKENS": "length"} | dict.fromkeys(
    _FLAGGED | {"LANGUAGE", "OTHER", "NO_IMAGE", "IMAGE_RECITATION", "IMAGE_OTHER", "ESCALATION"}, "content_filter"
)

_KINDS = ("prompt", "candidates", "thoughts", "toolUsePrompt", "total")
_TRAFFIC = {"ON_DEMAND_PRIORITY": "priority", "FLEX": "flex", "BATCH": "flex", "ON_DEMAND_FLEX": "flex"}


class Reader:
    """Reads one reply. Of a stream it keeps how many calls each candidate has made."""

    def __init__(self) -> None:
        self._calls: dict[int, int] = {}

    def reply(self, data: bytes, headers: Mapping[str, str]) -> object:
        body = _parsed(data)
        candidates = _candidates(body)
        if not candidates and (error := body.get("error")):
            raise MidStreamFallbackError(error)
        if not candidates and not isinstance(body.get("promptFeedback"), Mapping) and "usageMetadata" not in body:
            raise APIResponseValidationError(data.decode("utf-8", "replace"), headers)
        choices = [self._whole(candidate) for candidate in candidates]
        if _blocked(body) or (candidates and candidates[0].get("finishReason") in _FLAGGED):
            choices = [Made(message=Made(), finish_reason="content_filter")]
        usage = _usage(body, tier=str(headers.get("x-gemini-service-tier") or ""))
        return Made(id=body.get("responseId"), model=_model(body), choices=choices, usage=usage)

    def chunk(self, data: bytes) -> object | None:
        if (body := event(data)) is None:
            return None
        if error := body.get("error"):
            raise MidStreamFallbackError(error)
        choices = [self._piece(candidate, index) for index, candidate in enumerate(_candidates(body))]
        if _blocked(body) and not choices:
            choices = [Made(index=0, delta=Made(), finish_reason="content_filter")]
        return Made(id=body.get("responseId"), model=_model(body), choices=choices, usage=_usage(body))

    def _whole(self, candidate: Mapping[str, Any]) -> Made:
        read = _read(candidate)
        calls = [_call(part) for part in read.calls]
        message = _said(read, calls, role="assistant")
        return Made(message=message, finish_reason=_finish(candidate, called=bool(calls)))

    def _piece(self, candidate: Mapping[str, Any], place: int) -> Made:
        read = _read(candidate)
        index = candidate.get("index", place)
        calls = [_call(part) for part in read.calls]
        for call in calls:
            call.index = self._calls.get(index, 0)
            self._calls[index] = call.index + 1
        finish = _finish(candidate, called=index in self._calls)
        return Made(index=index, delta=_said(read, calls), finish_reason=finish)


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _candidates(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = body.get("candidates")
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _blocked(body: Mapping[str, Any]) -> bool:
    feedback = body.get("promptFeedback")
    return isinstance(feedback, Mapping) and "blockReason" in feedback


def _model(body: Mapping[str, Any]) -> str:
    return str(body.get("modelVersion") or "").partition("@")[0]


@dataclass(frozen=True, slots=True)
class _Read:
    """The parts of a candidate by what they are: what is said, what is thought, and what is called."""

    said: list[Mapping[str, Any]]
    thought: list[Mapping[str, Any]]
    calls: list[Mapping[str, Any]]


def _read(candidate: Mapping[str, Any]) -> _Read:
    content = candidate.get("content")
    found = content.get("parts") if isinstance(content, Mapping) else None
    parts = [part for part in found if isinstance(part, Mapping)] if isinstance(found, list) else []
    thought = [part for part in parts if part.get("thought")]
    calls = [part for part in parts if isinstance(part.get("functionCall"), Mapping)]
    return _Read([part for part in parts if not part.get("thought")], thought, calls)


def _said(read: _Read, calls: list[Made], **more: str) -> Made:
    blocks = [{"type": "thinking", "thinking": part.get("text", ""), **_signature(part)} for part in read.thought]
    return Made(
        content=_text(read.said),
        reasoning_content=_text(read.thought),
        thinking_blocks=blocks,
        tool_calls=calls,
        **more,
    )


def _text(parts: list[Mapping[str, Any]]) -> str:
    return "".join(str(part.get("text") or "") for part in parts)


def _signature(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"signature": part["thoughtSignature"]} if "thoughtSignature" in part else {}


def _call(part: Mapping[str, Any]) -> Made:
    """A call. The older models number none, so that one is made up; a signature is kept behind it."""
    made = part["functionCall"]
    if "partialArgs" in made:
        raise APIResponseValidationError(json.dumps(made))
    id = str(made.get("id") or f"call_{uuid.uuid4().hex[:28]}")
    if signature := part.get("thoughtSignature"):
        id = f"{id}{SIGNED}{signature}"
    arguments = json.dumps(made.get("args") or {}, ensure_ascii=False)
    return Made(id=id, function=Made(name=made.get("name"), arguments=arguments))


def _finish(candidate: Mapping[str, Any], *, called: bool) -> str | None:
    native = candidate.get("finishReason")
    word = native if isinstance(native, str) else None
    return true_finish("tool_calls" if called else _FINISH.get(word or "", "stop"), word)


def _usage(body: Mapping[str, Any], tier: str = "") -> object:
    """The count. Thoughts are mostly counted beside the answer, and what tools read beside the prompt."""
    told = body.get("usageMetadata")
    if not isinstance(told, Mapping):
        return None
    into, out, thoughts, tools, total = (_number(told.get(f"{kind}TokenCount")) for kind in _KINDS)
    beside = 0 if into + out + tools == total else thoughts
    return Made(
        prompt_tokens=into + (0 if _searched(body) else tools),
        completion_tokens=out + beside,
        prompt_tokens_details=Made(cached_tokens=_number(told.get("cachedContentTokenCount"))),
        completion_tokens_details=Made(reasoning_tokens=thoughts),
        bill=Bill(tier=_TRAFFIC.get(str(told.get("trafficType")), tier.lower())),
    )


def _searched(body: Mapping[str, Any]) -> bool:
    """Whether the web was searched, which is paid by the search and not by its tokens."""
    grounds = [candidate.get("groundingMetadata") for candidate in _candidates(body)]
    return any(isinstance(ground, Mapping) and ground.get("webSearchQueries") for ground in grounds)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
