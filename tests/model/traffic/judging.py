"""What came through the gateway beside what an independent reader found in the same bytes, field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from patterns.errors import (
    AuthenticationError,
    BadRequest,
    ContextOverflow,
    EmptyResponse,
    PatternsError,
    QuotaExceeded,
    Refused,
    TransientError,
    UnknownModel,
)
from patterns.exchange import Choice, Response, Usage
from patterns.model.verdicts import declined

FIELDS = ("text", "calls", "reasoning", "refusal", "finish", "usage", "error")

_THOUGHTS = re.compile(r"\s*<(think|thinking|reasoning)>(.*?)</\1>", re.DOTALL)
_TOOLS_TOKENS = re.compile(r'"toolUsePromptTokenCount":\s*(\d+)')
_ROUNDS = re.compile(r'"iterations":\s*(\[.*?\}\])', re.DOTALL)
_WORDS = {
    **dict.fromkeys(("stop", "end_turn", "stop_sequence", "completed", "complete", "STOP_SEQUENCE"), "stop"),
    **dict.fromkeys(("STOP", "COMPLETE"), "stop"),
    **dict.fromkeys(("tool_calls", "tool_use", "TOOL_CALL", "function_call"), "tool_calls"),
    **dict.fromkeys(("length", "max_tokens", "MAX_TOKENS", "incomplete:max_output_tokens"), "length"),
    **dict.fromkeys(("content_filter", "refusal", "guardrail_intervened", "SAFETY", "RECITATION"), "content_filter"),
    **dict.fromkeys(("PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "incomplete:content_filter"), "content_filter"),
}
"""Words for the end of an answer that say the same. Any other has to come through as it is."""


def wrong(found: Response | PatternsError, row: Mapping[str, Any]) -> list[str]:
    """The fields in which the two part; none for a right answer."""
    expected = row["expected"]
    if expected["error"]:
        return [] if _same_error(found, row) else ["error"]
    response = _answer(found)
    if response is None:
        return ["error"]
    choice = response.choices[0] if response.choices else Choice("", None)
    said = [thoughts for text, thoughts in _readings(expected) if _flat(text) == _flat(choice.text)]
    checks = {
        "text": bool(said),
        "calls": _calls(choice, expected),
        "reasoning": _bare(choice.reasoning) in map(_bare, said or [expected["thinking"] or ""]),
        "refusal": _refused(found, response, choice, expected),
        "finish": _finish(choice, expected),
        "usage": any(_usage(response.usage, counted) for counted in _counts(row)),
    }
    return [name for name in FIELDS if not checks.get(name, True)]


def _answer(found: Response | PatternsError) -> Response | None:
    """The answer; of an error that says that nothing was said, or that a filter stepped in, the one that is on it."""
    if isinstance(found, Response):
        return found
    attempts = getattr(found, "attempts", ())
    if isinstance(found, EmptyResponse | Refused) and attempts:
        response: Response | None = attempts[-1].response
        return response
    return None


def _readings(expected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Text and thoughts: as the reader has them, and with thoughts that lead the text between tags taken out of it."""
    text, thoughts = expected["text"] or "", expected["thinking"] or ""
    yield text, thoughts
    if not thoughts and (block := _THOUGHTS.match(text)):
        yield text[block.end() :], block[2]


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _bare(text: str) -> str:
    """A text without white space: thoughts come in parts, and nobody says what stands between these."""
    return re.sub(r"\s+", "", text)


def _calls(choice: Choice, expected: Mapping[str, Any]) -> bool:
    """The same calls in the same order, by the same ids. A call without a name is none; litellm hangs a thought's
    signature on Gemini's ids, to send it back with the tool's answer."""
    wanted = [call for call in expected["tool_calls"] if call["name"]]
    ours = [(call.name, _parsed(call.raw)) for call in choice.tool_calls]
    theirs = [(call["name"], _parsed(call["arguments"])) for call in wanted]
    ids = [call.id.partition("__thought__")[0] for call in choice.tool_calls]
    return ours == theirs and all(call["id"] in (None, "", id) for call, id in zip(wanted, ids, strict=True))


def _parsed(arguments: str) -> object:
    try:
        return json.loads(arguments or "{}")
    except ValueError:
        return arguments


def _refused(found: object, response: Response, choice: Choice, expected: Mapping[str, Any]) -> bool:
    """A refusal comes through in its words, or, where a filter gave none, as a refusal."""
    if expected["refusal"] is None:
        return choice.refusal is None
    return (choice.refusal or "") == expected["refusal"] or declined(response) is not None or isinstance(found, Refused)


def _finish(choice: Choice, expected: Mapping[str, Any]) -> bool:
    word = expected["finish"] or None
    wanted = _WORDS.get(word, word) if word else None
    ours = _WORDS.get(choice.finish_reason, choice.finish_reason) if choice.finish_reason else None
    if expected["tool_calls"] and wanted == "stop":
        return ours in ("stop", "tool_calls")
    return ours == wanted or (wanted is None and expected["refusal"] is not None and ours == "content_filter")


def _counts(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The reader's count, and the one with the tokens of tools that the provider runs itself, which are paid for too:
    Gemini counts them apart, Anthropic says only in a list of rounds what all rounds took together."""
    expected = row["expected"]["usage"]
    yield expected
    body = row["response"].get("body") or ""
    if row["wire"] == "gemini.generate" and (tools := _TOOLS_TOKENS.findall(body)):
        yield {**expected, "in": (expected["in"] or 0) + int(tools[-1])}
    if row["wire"] == "anthropic.messages" and (rounds := _ROUNDS.findall(body)):
        took = json.loads(rounds[-1])
        yield {"in": sum(r["input_tokens"] for r in took), "out": sum(r["output_tokens"] for r in took)}


def _usage(ours: Usage | None, counted: Mapping[str, Any]) -> bool:
    """The same counts. Some providers count what a cache gave or took apart from the input, which we count in.

    What the reader does not find it does not judge.
    """
    given, made = counted.get("in"), counted.get("out")
    if made is None:
        return True
    if ours is None or ours.estimated:
        return not given and not made
    fresh = ours.input_tokens - ours.cached_tokens - ours.cache_write_tokens
    return ours.output_tokens == (made or 0) and (given or 0) in (
        ours.input_tokens,
        fresh,
        ours.input_tokens - ours.cached_tokens,
        ours.input_tokens - ours.cache_write_tokens,
    )


def _same_error(found: Response | PatternsError, row: Mapping[str, Any]) -> bool:
    """The right class, and the provider's own words in it."""
    if isinstance(found, Response):
        return False
    said = " ".join(str(row["expected"]["error"]["message"]).split())
    return isinstance(found, _error_class(row)) and said[:120] in str(found)


def _error_class(row: Mapping[str, Any]) -> type[PatternsError] | tuple[type[PatternsError], ...]:
    """What a failure is, by its status and by words that say more than that."""
    status, said = row["response"]["status"], str(row["expected"]["error"]).lower()
    if status == 200:
        return BadRequest, TransientError, Refused
    if status in (401, 403) or "api key not valid" in said:
        return AuthenticationError
    if "insufficient_quota" in said or status == 402:
        return QuotaExceeded
    if "context_length" in said or "too long" in said:
        return ContextOverflow
    if status == 404 or "model_not_found" in said or re.search(r"model '[^']*' does not exist", said):
        return UnknownModel
    return TransientError if status in (408, 409, 429) or status >= 500 else BadRequest
