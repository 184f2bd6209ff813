"""Answers that are no JSON: code, plain text, and the final answer of a reasoning text, as values to validate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from patterns.exchange import Repair
from patterns.messages import Json
from patterns.output.code import read_code


@dataclass(frozen=True, slots=True)
class Words:
    """What an answer says, as JSON values of several shapes, the plainest first: the type takes the one it can."""

    values: tuple[Json, ...]
    repairs: tuple[Repair, ...] = ()
    complete: bool = True


def _code(text: str, options: tuple[str, ...]) -> Words:
    found = read_code(text)
    record: Mapping[str, Json] = {"language": found.language, "source": found.source}
    return Words((found.source, record, {"code": found.source}), found.repairs, found.complete)


READERS: Final[Mapping[str, Callable[[str, tuple[str, ...]], Words]]] = {"code": _code}
