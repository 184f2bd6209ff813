"""Regular expressions that are compiled when first used: most texts need few of them, and compiling is slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property


class Regex:
    """A pattern with the methods of `re.Pattern` that the rules use; offsets count from the whole text."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text, start, len(text) if end is None else end)

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return self._compiled.match(text, start, len(text) if end is None else end)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return self._compiled.search(text, start, len(text) if end is None else end)

    def fullmatch(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return self._compiled.fullmatch(text, start, len(text) if end is None else end)

    def subn(self, replacement: str, text: str) -> tuple[str, int]:
        return self._compiled.subn(replacement, text)

    def sub(self, replacement: str, text: str) -> str:
        return self._compiled.sub(replacement, text)
