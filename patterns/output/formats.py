"""Answers that are no JSON: code, plain text, and the final answer of a reasoning text, as values to validate.

Their readers are loaded when one is first asked for: two dozen files that most programs never need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from patterns.exchange import Repair
from patterns.messages import Json


@dataclass(frozen=True, slots=True)
class Words:
    """What an answer says, as JSON values of several shapes, the plainest first: the type takes the one it can."""

    values: tuple[Json, ...]
    repairs: tuple[Repair, ...] = ()
    complete: bool = True


def _code(text: str, options: Sequence[str], language: str) -> Words:
    from patterns.output.code import read_code

    found = read_code(text, language=language)
    record: Mapping[str, Json] = {"language": found.language, "source": found.source}
    return Words((found.source, record, {"code": found.source}), found.repairs, found.complete)


def _text(text: str, options: Sequence[str], language: str) -> Words:
    from patterns.output.text import read_text

    found = read_text(text)
    return Words((found.text, {"text": found.text}), found.repairs)


def _answer(text: str, options: Sequence[str], language: str) -> Words:
    from patterns.output.answer import read_answer

    found = read_answer(text, options)
    mend = Repair("stated", "$", found.span, text[found.span[0] : found.span[1]][:60], found.answer[:60], 1)
    return Words((found.answer,), (mend,))


READERS: Final[Mapping[str, Callable[[str, Sequence[str], str], Words]]] = {
    "code": _code,
    "text": _text,
    "answer": _answer,
}
"""How each format is read, with the answers to choose from where the type has a fixed few, and the language of code."""
