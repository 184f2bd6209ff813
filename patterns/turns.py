"""What is asked next when an answer will not do: for more room, for the rest, for the faulty places, or all anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Generic, TypeVar

from patterns.errors import Invalid, OutputError
from patterns.exchange import Mode, Options, Repair, Request
from patterns.judge import was_cut
from patterns.messages import Message
from patterns.model.known import facts
from patterns.model.verdicts import moves
from patterns.plan import Plan, Turn, Verdict, Whole

T = TypeVar("T")

_FACTOR = 4
"""How much more room an answer gets that was cut off at a limit below the model's own."""


class Course(Generic[T]):
    """The way of one call from turn to turn; what it has used up it remembers, so that every call ends."""

    def __init__(self, plan: Plan[T]) -> None:
        self._plan = plan
        self._whole = plan.request
        self._options = plan.request.options
        self._seen: tuple[str, ...] = ()
        self._reasked = self._parts = 0
        self._grown = not plan.grows
        self._patched = plan.patch is None
        self._cut = False

    def first(self) -> Turn:
        return Turn(self._whole, self._whole)

    def informed(self, turn: Turn, said: tuple[Message, ...]) -> Turn:
        """Go on from what tools gave: from now on every whole answer is asked for behind it.

        A choice of tools that the caller made was for the first round: kept up, it would have them called for ever. A
        patch would not show what the tools gave, and is no longer made.
        """
        asked = self._whole if turn.request.part else turn.request
        self._options = replace(self._options, tool_choice=None)
        self._whole = replace(asked, messages=(*asked.messages, *said), options=self._options)
        self._patched = True
        return self.first()

    def after(self, turn: Turn, asked: Request, verdict: Verdict[T]) -> Turn | None:
        """Give the next turn, None when asking on is pointless or used up; the verdict's error is final then.

        A cut answer is first given more room, then continued. Neither is a re-ask; `reasks` bounds what is said
        about faults.
        """
        error = verdict.error
        if error is None or asked.model == "rules" or "re-ask" not in (able := moves(error)):
            return None
        if (larger := self._grow(turn, asked, verdict)) is not None:
            return larger
        self._cut = self._cut or (was_cut(verdict.choice) and not _mending(turn))
        if self._repeated(verdict, error):
            return None
        if "grow" in able:
            rest = self._continue(turn, asked, verdict)
            if rest is not None or self._cut:
                return rest
        if self._reasked >= self._plan.reasks:
            return None
        self._reasked += 1
        return self._patch(turn.mode(asked), verdict, error) or self._again(turn.mode(asked), verdict, error)

    def _grow(self, turn: Turn, asked: Request, verdict: Verdict[T]) -> Turn | None:
        """Begin anew with more room, once, where the limit was set lower than the model's own."""
        limit, most = asked.options.max_tokens, facts(asked.model).get("max_output_tokens")
        if self._grown or not was_cut(verdict.choice) or asked.model != turn.request.model:
            return None
        if limit is None or not isinstance(most, int) or limit >= most:
            return None
        self._grown = True
        self._options = replace(self._options, max_tokens=min(_FACTOR * limit, most))
        larger = replace(turn.request, options=replace(turn.request.options, max_tokens=self._options.max_tokens))
        return replace(turn, request=larger, base=larger if turn.base is turn.request else turn.base)

    def _continue(self, turn: Turn, asked: Request, verdict: Verdict[T]) -> Turn | None:
        """Ask for the rest of an answer, as long as each part brings something new."""
        seam = self._plan.seam
        if seam is None or self._parts >= self._plan.parts or _mending(turn):
            return None
        kept = seam.keep(verdict.text)
        if len(kept) <= len(turn.kept):
            return None
        self._parts += 1
        number = self._parts + 1
        base = replace(turn.base, model=asked.model, mode=turn.mode(asked))
        rest = _part(base, (*base.messages, *seam.go_on(kept)), self._options)

        def whole(more: str) -> Whole:
            told = Repair("continued", before="cut off", after=f"{number} parts", cost=0)
            return Whole(seam.join(kept, more), (told,))

        return Turn(rest, base, whole, kept)

    def _patch(self, mode: Mode, verdict: Verdict[T], error: OutputError) -> Turn | None:
        """Ask for the faulty places alone, once, where that is possible and pays."""
        plan = self._plan
        if self._patched or plan.patch is None or not isinstance(error, Invalid):
            return None
        patch = plan.patch(replace(self._whole, mode=mode), verdict.text, verdict.value, error)
        if patch is None:
            return None
        self._patched = True
        options = replace(self._options, stop=None)  # that was for the whole answer
        return Turn(_part(self._whole, patch.messages, options), self._whole, patch.merge)

    def _again(self, mode: Mode, verdict: Verdict[T], error: OutputError) -> Turn:
        """Ask anew: the first messages, then the faulty answer quoted as data with what was wrong in it.

        An answer of quite another shape than the one it was held to comes of a server that holds to none: there, the
        model has not been shown it yet.
        """
        problems = [error.message]
        if isinstance(error, Invalid) and error.errors:
            problems = [problem.message if problem.path == "$" else str(problem) for problem in error.errors]
        unsaid = self._plan.unsaid
        if unsaid is not None and mode == self._plan.request.mode and verdict.value is None and _shapeless(error):
            problems.append(unsaid())
        messages = (*self._whole.messages, *self._plan.complain(verdict.text, problems))
        request = replace(self._whole, messages=messages, options=self._options)
        return Turn(request, request)

    def _repeated(self, verdict: Verdict[T], error: OutputError) -> bool:
        """Tell whether the same faulty answer came before."""
        normal = " ".join(verdict.text.split())
        if normal in self._seen:
            if not self._cut:
                error.advise("the model gave the same wrong answer again; an example or another model may help")
            return True
        self._seen += (normal,)
        return False


def _shapeless(error: OutputError) -> bool:
    """Tell an answer in which nothing is of the shape that was asked for."""
    return not isinstance(error, Invalid) or any(problem.path == "$" for problem in error.errors)


def _mending(turn: Turn) -> bool:
    """Tell a turn that asks for faulty places: neither a whole answer, nor the rest of one."""
    return turn.request.part and not turn.kept


def _part(base: Request, messages: tuple[Message, ...], options: Options) -> Request:
    """Ask for a part of an answer in words alone: a shape that is enforced would make the model begin anew."""
    talked = any(message.tool_calls or message.role == "tool" for message in messages)
    return replace(
        base,
        messages=messages,
        options=replace(options, n=None, tool_choice=None),
        target=None,
        mode="prompted",
        tools=base.tools if talked else (),
        part=True,
        marks=tuple(n for n in base.marks if n < len(messages) and messages[n] is base.messages[n]),
    )
