"""Documents written as tokens, so that damage can be done to one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

from patterns.messages import Json

Role: TypeAlias = Literal["key", "string", "number", "literal", "open", "close", "comma", "colon"]


@dataclass
class Token:
    """A piece of a written document; `blank` stands before it, and `touched` tells that it was damaged."""

    role: Role
    text: str
    blank: str = ""
    touched: bool = False


class Written:
    """A document as tokens, with the blanks before each."""

    def __init__(self, value: Json, indent: int | None) -> None:
        self.tokens: list[Token] = []
        self._indent = indent
        self._write(value, 0)

    def __str__(self) -> str:
        return "".join(token.blank + token.text for token in self.tokens)

    def pick(self, random: Random, fits: Callable[[int], bool]) -> int | None:
        """Choose a token that fits, has not been touched and stands beside none that was; mark it."""
        free = [at for at in range(len(self.tokens)) if fits(at) and self._sound_around(at)]
        if not free:
            return None
        at = random.choice(free)
        self.tokens[at].touched = True
        return at

    def follows(self, at: int, *texts: str) -> bool:
        """Say whether the tokens behind a place begin with these signs."""
        return [token.text[:1] for token in self.tokens[at + 1 : at + 1 + len(texts)]] == list(texts)

    def _sound_around(self, at: int) -> bool:
        return not any(token.touched for token in self.tokens[max(0, at - 2) : at + 3])

    def _write(self, value: Json, depth: int, blank: str = "") -> None:
        if isinstance(value, dict):
            self._container("{}", list(value.items()), depth, blank)
        elif isinstance(value, list):
            self._container("[]", [(None, item) for item in value], depth, blank)
        else:
            role: Role = "string" if isinstance(value, str) else "literal"
            role = "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else role
            self.tokens.append(Token(role, json.dumps(value, ensure_ascii=False), blank))

    def _container(self, brackets: str, members: list[tuple[str | None, Json]], depth: int, blank: str) -> None:
        line = "" if self._indent is None else "\n" + " " * (self._indent * (depth + 1))
        self.tokens.append(Token("open", brackets[0], blank))
        for number, (key, value) in enumerate(members):
            if number:
                self.tokens.append(Token("comma", ","))
            before = line or (" " if number else "")
            if key is not None:
                self.tokens += [Token("key", json.dumps(key, ensure_ascii=False), before), Token("colon", ":")]
                before = " "
            self._write(value, depth + 1, before)
        end = line[: len(line) - (self._indent or 0)] if members else ""
        self.tokens.append(Token("close", brackets[1], end))
