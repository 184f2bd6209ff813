"""The seam between the kept beginning of a JSON answer and the rest of it, as a model may write that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from patterns.output.kept import is_open
from patterns.output.scan import best, scan
from patterns.output.scan.incremental import Incremental

_FENCE = re.compile(r"```[^\n`]*\n(.*?)(?:\n[ \t]*```|\Z)", re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_STRUCTURE = re.compile(r'[{}\[\]"]')
_BEGINNING = re.compile(r'[{\["]')
_BRACKET = re.compile(r"[{}\[\]]")
_DOTS = re.compile(r"\A\s*(?:\.\.\.|…)")
_NEAR: Final = 400
"""Tokens on either side of the seam in which something may stand twice."""
_ALIKE: Final = 12
"""Tokens that no rest of an answer shares by chance with the beginning of it; characters, with the end of it."""
_WORDY: Final = 24
"""Characters that say enough to be known again."""


class JsonSeam:
    """The kept beginning, looked through once."""

    def __init__(self, kept: str) -> None:
        self.kept = kept
        self._open = is_open(kept)
        start = _BEGINNING.search(kept)
        self._tokens = [match[0] for match in _TOKEN.finditer(kept, start.start() if start else 0)]
        self._opening = _opening(self._tokens)

    def join(self, more: str) -> str:
        """Put the rest behind it, in the likeliest of the ways that give the soundest text."""
        if not more.strip():
            return self.kept
        ways = self._in_string if self._open else self._behind_value
        return max((text for rest in (more, *_without_run_up(more)) for text in ways(rest)), key=soundness)

    def _behind_value(self, more: str) -> Iterator[str]:
        """Join behind a value that has closed."""
        rest = _Rest(more)
        if self._begins_again(rest):
            yield more
        yield from self._said_once(rest, telling=True)
        if len(self._opening) > 1 and rest.words[: len(self._opening)] == self._opening:
            yield from self._said_once(_Rest(rest.after(len(self._opening))))
        if self._opens_again(rest.words):
            yield from self._said_once(_Rest(rest.after(1)), telling=True)
            yield self._glued(rest.after(1))
        yield self._glued(more)
        yield from self._said_once(rest)

    def _said_once(self, rest: _Rest, *, telling: bool = False) -> Iterator[str]:
        """Join what overlaps, said once: to the letter, or but for blanks. `telling`: only what can be no chance."""
        letters = overlap(self.kept, rest.text)
        if letters and (not telling or self._tells(rest.text[:letters])):
            yield self._glued(rest.text[letters:])
        words = _longest(self._tokens[-_NEAR:], rest.words)
        if words and (not telling or self._tells(" ".join(rest.words[:words]))):
            yield self._glued(rest.after(words))
        if not telling and not words:
            yield self._glued(rest.text)

    def _tells(self, twice: str) -> bool:
        """Tell an overlap from a chance: named or long words, enough of them, that stand in the kept text just once.

        Whole items behind a comma are new ones, however alike they are.
        """
        words = _TOKEN.findall(twice)
        if len(twice.strip()) < _WORDY or (words[0] == "," and not _opening(words) and not _unopened(words)):
            return False
        wordy = '" :' in " ".join(words) or any(len(word) > _WORDY for word in words)
        return wordy and " ".join(self._tokens).count(" ".join(words)) < 2 and not _recurs(words)

    def _begins_again(self, rest: _Rest) -> bool:
        """Tell the whole answer from the top: it begins as the kept one does, beyond the brackets that open it.

        What is much shorter must share more: the rest of a list of like items may begin as the list does.
        """
        pairs = enumerate(zip(self._tokens, rest.words, strict=False))
        alike = next((at for at, (one, other) in pairs if one != other), min(len(self._tokens), len(rest.words)))
        least = min(len(self._tokens), max(_ALIKE, len(self._opening) + 1))
        if alike <= len(self._opening) or alike < least:
            return False
        return alike > 3 * _ALIKE or len(_TOKEN.findall(rest.text)) > 0.8 * len(self._tokens)

    def _opens_again(self, words: Sequence[str]) -> bool:
        """Tell a bracket that opens anew what is open already from one that opens the next item."""
        if not words or not self._opening or words[0] not in ("{", "["):
            return False
        if self._opening[-1] == "{":
            return True
        return words[0] == "[" and self._tokens[-1] != "]"

    def _glued(self, more: str) -> str:
        return glued(self.kept, more)

    def _in_string(self, more: str) -> Iterator[str]:
        """Join inside a string: its next words, or the member again from its key."""
        kept = self.kept
        rest = _DOTS.sub("", more, count=1)
        if (twice := overlap(kept, rest)) and not recurs(rest[:twice]):
            yield kept + rest[twice:]
        if self._begins_again(_Rest(more)):
            yield more
        rest = rest.lstrip(" ") if kept.endswith((" ", "\n")) else rest
        yield kept + rest
        yield kept + rest.lstrip().removeprefix('"')
        before = kept[: kept.rfind('"')].rstrip().removesuffix(":").rstrip()
        if before.endswith('"'):  # the key
            before = before[: before.rfind('"', 0, -1)].rstrip().removesuffix(",")
            yield glued(before, more)
            yield glued(before, more.lstrip().removeprefix("{"))


class _Rest:
    """What came behind the seam, and its first tokens."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _found(self) -> list[tuple[str, int]]:
        return [(match[0], match.end()) for match in _TOKEN.finditer(self.text[: 40 * _NEAR])][:_NEAR]

    @cached_property
    def words(self) -> list[str]:
        return [token for token, _ in self._found]

    def after(self, count: int) -> str:
        """The text behind that many tokens."""
        return self.text[self._found[count - 1][1] :]


def _without_run_up(more: str) -> Iterator[str]:
    """Give what stands in a fence, behind a first line that ends in a colon, and from the first mark of JSON on."""
    if fence := _FENCE.search(more):
        yield fence[1]
    line, _, below = more.lstrip().partition("\n")
    if line.rstrip().endswith(":") and line.lstrip()[:1] not in ('"', "{", "["):
        yield below
    if (start := _STRUCTURE.search(more)) and start.start():
        yield more[start.start() :]


def _unopened(tokens: Sequence[str]) -> bool:
    """Tell tokens that close a bracket which they did not open."""
    depth = 0
    for token in tokens:
        depth += (token in ("{", "[")) - (token in ("}", "]"))
        if depth < 0:
            return True
    return False


def _longest(before: Sequence[str], after: Sequence[str]) -> int:
    """Count the tokens at the end of one list with which the other begins."""
    return next((n for n in range(min(len(before), len(after)), 0, -1) if before[-n:] == after[:n]), 0)


def _recurs(words: Sequence[str]) -> bool:
    """Tell items that are alike: one of them more or less at a seam cannot be told."""
    return _longest(words[1:], words) > _ALIKE // 2


def _opening(tokens: Sequence[str]) -> list[str]:
    """The tokens that open all that is open at the end: brackets, with the keys before them."""
    stack: list[list[str]] = []
    for at, token in enumerate(tokens):
        if token in ("{", "["):
            keyed = at > 1 and tokens[at - 1] == ":"
            stack.append([*tokens[at - 2 : at], token] if keyed else [token])
        elif token in ("}", "]") and stack:
            stack.pop()
    return [token for group in stack for token in group]


def glued(kept: str, more: str) -> str:
    """Put a comma between two members where there is none."""
    begins, ends = more.lstrip()[:1], kept.rstrip()[-1:]
    return kept + more if begins in ",]}:" or ends in "{[:," else f"{kept},{more}"


def overlap(kept: str, more: str) -> int:
    """Count the characters at the end of one text with which the other begins; a few may be chance, and are none."""
    most = min(len(kept), len(more), 2_000)
    return next((n for n in range(most, _ALIKE - 1, -1) if kept.endswith(more[:n])), 0)


def recurs(text: str) -> bool:
    """Tell a text that is one shorter text, or a few words, over and over: once more or less of it cannot be told."""
    words = text.split()
    if 3 * len(set(words)) < len(words):
        return True
    return any(text[by:] == text[:-by] for by in range(1, len(text) // 2 + 1))


def soundness(text: str) -> tuple[int, float]:
    """Rank a text: sound and whole JSON, sound so far, or damaged, the more the worse."""
    start = _BEGINNING.search(text)
    reader = Incremental(0, strict=True)
    reader.feed(text[start.start() :] if start else text)
    if reader.sound:
        whole = reader.done and not _BRACKET.search(reader.rest)
        if whole or not reader.done:
            return (2 if whole else 1), 0.0
    found = best(scan(text, partial=True))
    if found is None:
        return 0, float("-inf")
    return 0, -found.cost - (len(text) - (found.root.end - found.root.start))  # what is left out is lost
