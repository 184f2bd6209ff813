"""A question for the faulty places of an answer alone, and its answer put into the faulty one.

A patch is asked for where it is surely cheaper than all of the answer again: of a long answer, of which a value could
be read, that is wrong in a few places with a path of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from patterns.errors import Invalid, Problem, Truncated, Unreadable
from patterns.exchange import Mode, Repair, Request
from patterns.messages import Json, Message
from patterns.output.excerpt import excerpt
from patterns.output.faulty import Faulty, faulty
from patterns.output.read import examine
from patterns.output.spots import ABSENT, Absent, Steps, at, beside, leaves, meant, outermost, put
from patterns.plan import Patch, Patcher, Whole
from patterns.reading import enveloped, opened
from patterns.recipe import Recipe
from patterns.schemas import nullable, required, steps_of, within
from patterns.sendable import sendable
from patterns.setup import Dial

T = TypeVar("T")

_SHORT = 400
"""Characters of an answer that is given again as a whole as cheaply as in parts."""
_SHARE = 1 / 3
"""The part of its values that may be wrong in an answer worth patching."""
_MOST = 20
"""Problems that are told of an answer at most: where there are as many, there may be more."""
_GAIN = 2
"""How many times cheaper a patch must be, by characters; it may fail, and then all is asked for after it."""
_COMPLAINT = 700
"""Characters that a full re-ask says around the faulty answer."""


def patcher(recipe: Recipe[T], repair: Dial) -> Patcher[T]:
    """Make patches of a pattern's answers."""
    return _Patching(recipe, repair).patch


class _Patching:
    def __init__(self, recipe: Recipe[Any], repair: Dial) -> None:
        self._recipe = recipe
        self._repair: Dial = repair

    def patch(self, request: Request, text: str, value: object, error: Invalid) -> Patch | None:
        """Give the patch of one answer, None where the whole answer is better asked for again."""
        given = _given(request)
        found = self._found(text, value, error, request.mode)
        if found is None or not given or len(found.problems) >= _MOST:
            return None
        wrong = _by_place(found)
        if wrong is None or sum(leaves(at(found.value, steps)) for steps in wrong) > _SHARE * leaves(found.value):
            return None
        messages = self._messages(given, found.value, wrong)
        if len(text) < _SHORT or _GAIN * _patched(messages, found.value, wrong) > _again(request, text):
            return None
        return Patch(messages, lambda answer: self._merged(answer, found, wrong))

    def _found(self, text: str, value: object, error: Invalid, mode: Mode) -> Faulty | None:
        """The value with all that is wrong with it: what the checks said, or where it breaks the type."""
        if value is not None:
            return Faulty(self._recipe.shape.dump(value), error.errors)
        return faulty(opened(text)[1] if enveloped(self._recipe, mode) else text, self._recipe.shape, self._repair)

    def _messages(self, given: str, value: Json, wrong: Mapping[Steps, Problem]) -> tuple[Message, ...]:
        told: set[Steps] = set()
        places = []
        for steps, problem in wrong.items():
            known = {} if steps[:-1] in told else beside(value, steps, list(wrong))
            told.add(steps[:-1])
            places.append(sendable(_place(problem, at(value, steps), known)))
        types = {
            re.sub(r"\[\d+\]", "[*]", each.path): self._recipe.shape.words_at(steps) for steps, each in wrong.items()
        }
        return self._recipe.catalog.load("_patch").render(
            {
                "task": self._recipe.template.description or self._recipe.name,
                "given": given,
                "places": places,
                "types": [f"{path}: {words}" for path, words in types.items() if words],
                "keys": [json.dumps(problem.path, ensure_ascii=False) for problem in wrong.values()],
            }
        )

    def _merged(self, answer: str, found: Faulty, wrong: Mapping[Steps, Problem]) -> Whole:
        """Put the answer's values into the faulty one. An answer that names no place may be a whole one again."""
        reading = examine(answer, Any)
        if not reading.complete:
            raise Truncated("the answer ends before its value does", raw_text=answer)
        said = cast("Json", reading.output)
        new = _named(said, found.value, wrong)
        if not new and 2 * leaves(said) > leaves(found.value):
            return Whole(answer)
        if not new:
            raise Unreadable("the answer names none of the places that it was asked for", raw_text=answer)
        value = json.loads(json.dumps(found.value))
        repairs = []
        # From the last place to the first, so that an item that goes does not move those still to come.
        for steps in sorted(new, key=_order, reverse=True):
            taken = self._dropped(steps) if new[steps] is None else new[steps]
            before, after = excerpt(_written(at(value, steps))), excerpt(_written(taken))
            repairs.append(Repair("patched", wrong[steps].path, None, before, after, cost=0))
            put(value, steps, taken)
        return Whole(json.dumps(value, ensure_ascii=False), (*reversed(repairs), *found.mends))

    def _dropped(self, steps: Steps) -> Absent | None:
        """What null says of a place: null where that may stand there or something must, else that nothing does."""
        schema = self._recipe.shape.schema
        part = within(schema, steps)
        if part is not None and (nullable(part, schema) or required(schema, steps)):
            return None
        return ABSENT


def _given(request: Request) -> str:
    """What the user says last, which holds the data; empty where it does not hold all of it."""
    if any(message.parts for message in request.messages):
        return ""
    last = []
    for message in reversed(request.messages):
        if message.role != "user":
            break
        last.append(message.text)
    given = "\n\n".join(reversed(last))
    inputs = request.task.inputs.values() if request.task else ()
    heads = [text.strip()[:40] for text in inputs if isinstance(text, str) and len(text) > 20]
    others = "\n".join(message.text for message in request.messages if message.role == "system")
    return "" if any(head not in given and head in others for head in heads) else given


def _by_place(found: Faulty) -> dict[Steps, Problem] | None:
    """Sort the problems by place, several of one place together; None when one has no place of its own in the value."""
    by_place: dict[Steps, Problem] = {}
    for problem in found.problems:
        steps = steps_of(problem.path)
        try:
            if not steps:
                return None
            at(found.value, steps)
        except LookupError:
            return None
        said = f"{by_place[steps].message}; {problem.message}" if steps in by_place else problem.message
        by_place[steps] = Problem(problem.path, said)
    return {steps: by_place[steps] for steps in outermost(list(by_place))} or None


def _named(said: Json, value: Json, wrong: Mapping[Steps, Problem]) -> dict[Steps, Json]:
    """Sort what was said by place. For a single place, it may be the bare value."""
    paths = {steps: problem.path for steps, problem in wrong.items()}
    named: dict[Steps, Json] = {}
    if isinstance(said, Mapping):
        named = {place: new for key, new in said.items() if (place := meant(str(key), paths)) is not None}
    if not named and len(wrong) == 1:
        (only,) = wrong
        if not isinstance(said, Mapping) or isinstance(at(value, only), Mapping):
            named[only] = said
    return named


def _place(problem: Problem, present: Json | Absent, known: Mapping[str, Json]) -> str:
    around = f" (in {json.dumps(known, ensure_ascii=False)})" if known else ""
    stands = "nothing stands there" if isinstance(present, Absent) else f"now {json.dumps(present, ensure_ascii=False)}"
    return f"{problem.path}{around}: {stands}; {problem.message}"


def _patched(messages: tuple[Message, ...], value: Json, wrong: Mapping[Steps, Problem]) -> int:
    """Estimate a patch in characters, question and answer."""
    answer = sum(len(each.path) + 8 + len(_written(at(value, steps))) for steps, each in wrong.items())
    return sum(len(message.text) for message in messages) + answer


def _again(request: Request, text: str) -> int:
    """Estimate a full re-ask in characters: all that was asked, the faulty answer, and a whole one again."""
    return sum(len(message.text) for message in request.messages) + _COMPLAINT + 2 * len(text)


def _order(steps: Steps) -> list[tuple[int, int, str]]:
    return [(1, step, "") if isinstance(step, int) else (0, 0, step) for step in steps]


def _written(value: Json | Absent) -> str:
    return "" if isinstance(value, Absent) else json.dumps(value, ensure_ascii=False)
