"""The body of a template cut into its tags and the text between them, every character in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from patterns.prompt.sandbox import PromptEnvironment

Kind: TypeAlias = Literal["block", "variable", "comment", "raw"]
_BEGINS: dict[str, Kind] = {
    "block_begin": "block", "variable_begin": "variable", "comment_begin": "comment", "raw_begin": "raw",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, from its brace to its brace. `name` is the word that a block tag begins with; `sets` tells a
    {% set %} with a value from one that captures. `start` and `end` are places in the body.
    """

    kind: Kind
    start: int
    end: int
    words: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return next((value for kind, value in self.words if kind == "name"), "") if self.kind == "block" else ""

    @property
    def sets(self) -> bool:
        return ("operator", "=") in self.words


@lru_cache(maxsize=1)
def _lexer() -> PromptEnvironment:
    """Jinja's lexer, told to take nothing away around tags."""
    environment = PromptEnvironment()
    environment.trim_blocks = environment.lstrip_blocks = False
    return environment


def tags(body: str) -> Iterator[Tag]:
    """Cut a body that can be parsed."""
    at, begun, kind, words = 0, 0, None, list[tuple[str, str]]()
    for _, token, value in _lexer().lex(body):
        start = body.index(value, at)  # a dash lets the lexer drop blanks
        at = start + len(value)
        if token in _BEGINS:
            begun, kind, words = start, _BEGINS[token], []
        elif kind is not None and token == f"{kind}_end":
            yield Tag(kind, begun, start + len(value.rstrip()), tuple(words))
            kind = None
        elif kind is not None:
            words.append((token, value))
