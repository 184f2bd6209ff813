"""A streamed answer put together: chunks go in, what they add comes out, and the whole Response at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from patterns.exchange import Choice, Delta, Request, Response
from patterns.model.incoming import answer_among, call_of, usage
from patterns.model.outgoing import target_name
from patterns.model.raw import common_finish, true_finish
from patterns.model.tap import Tap
from patterns.model.thoughts import Block, blocks_of, joined


@dataclass(slots=True)
class Candidate:
    """One candidate as far as it has come. `calls` are [id, name, arguments] by their index and, where a server gives
    one index to several calls, by their order under it.
    """

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    calls: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    latest: dict[int, int] = field(default_factory=dict)
    thoughts: list[Block] = field(default_factory=list)
    finish: str | None = None


@dataclass(slots=True)
class Growth:
    """Everything a stream has brought so far."""

    request: Request
    candidates: dict[int, Candidate] = field(default_factory=dict)
    counted: object = None
    model: str = ""
    id: str = ""

    @property
    def text(self) -> str:
        """The first candidate's text so far, as it came."""
        first = self.candidates.get(0, Candidate())
        return "".join(first.text) or "".join(call[2] for call in first.calls.values())

    def take(self, chunk: object) -> Delta:
        """Add a chunk; give what it adds to the first candidate."""
        groq = getattr(chunk, "x_groq", None)
        self.counted = getattr(chunk, "usage", None) or getattr(groq, "usage", None) or self.counted
        self.model = str(getattr(chunk, "model", None) or self.model)
        self.id = str(getattr(chunk, "id", None) or self.id)
        first = Delta()
        for choice in getattr(chunk, "choices", None) or ():
            index = getattr(choice, "index", 0) or 0
            delta = self._grow(self.candidates.setdefault(index, Candidate()), choice)
            first = delta if index == 0 else first
        return first

    def count(self, tap: Tap | None) -> object:
        """The provider's count of tokens as an object; None where it sent none, for litellm makes one up."""
        return self.counted if tap is None or tap.counted else tap.usage

    def response(self, tap: Tap | None = None, cost: float | None = None) -> Response:
        """The answer as it stands."""
        return Response(
            choices=tuple(self._choice(i, tap) for i in sorted(self.candidates)),
            model=(tap.model if tap else "") or self.model or self.request.model,
            usage=usage(self.count(tap)),
            cost=cost,
            id=self.id,
        )

    def _grow(self, candidate: Candidate, choice: object) -> Delta:
        delta = getattr(choice, "delta", None)
        text = getattr(delta, "content", None) or ""
        reasoning = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None) or ""
        candidate.text.append(text)
        candidate.reasoning.append(reasoning)
        candidate.thoughts.extend(blocks_of(delta))
        if refusal := getattr(delta, "refusal", None):
            candidate.refusal.append(str(refusal))
        candidate.finish = getattr(choice, "finish_reason", None) or candidate.finish
        answer = "".join(self._call(candidate, piece) for piece in getattr(delta, "tool_calls", None) or ())
        return Delta(text=text + answer, reasoning=reasoning)

    def _call(self, candidate: Candidate, piece: object) -> str:
        """Add a piece of a tool call; give its text when it belongs to the answering call."""
        function, index = getattr(piece, "function", None), getattr(piece, "index", 0) or 0
        id, name = str(getattr(piece, "id", None) or ""), str(getattr(function, "name", None) or "")
        arguments = str(getattr(function, "arguments", None) or "")
        order = candidate.latest.setdefault(index, 0)
        call = candidate.calls.setdefault((index, order), ["", "", ""])
        if id and name and _is_another(call, id, name):
            candidate.latest[index] = order + 1
            call = candidate.calls.setdefault((index, order + 1), ["", "", ""])
        call[0] = call[0] or id
        call[1] = call[1] or name
        call[2] += arguments
        target = self.request.target if self.request.mode == "tools" else None
        return arguments if target is not None and call[1] == target_name(target) else ""

    def _choice(self, index: int, tap: Tap | None) -> Choice:
        candidate = self.candidates[index]
        calls = [call_of(*call) for (_, order), call in sorted(candidate.calls.items()) if call[2].strip() or not order]
        answer, others = answer_among(self.request, calls)
        return Choice(
            text="".join(candidate.text) if answer is None else answer,
            finish_reason=candidate.finish if tap is None else _ended(candidate.finish, tap.finish.get(index)),
            reasoning="".join(candidate.reasoning),
            refusal=tap.refusals.get(index) if tap else "".join(candidate.refusal) or None,
            tool_calls=others,
            thoughts=joined(candidate.thoughts),
        )


def _is_another(call: list[str], id: str, name: str) -> bool:
    """Tell a call that begins under the index of one before it. Some servers give each piece an id of its own."""
    return bool(call[0]) and call[0] != id and (call[1] != name or call_of(*call).arguments is not None)


def _ended(mapped: str | None, native: str | None) -> str | None:
    """Why it ended: litellm ends a stream at the first candidate's end, and forgets how the others did."""
    return true_finish(mapped, native) if mapped else common_finish(native)
