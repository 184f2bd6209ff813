"""A place in the text of a shorthand: looking ahead, moving on, and pointing at a mistake."""

from __future__ import annotations

import json
import re

from patterns.errors import SchemaError

_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_OPENERS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = frozenset(_OPENERS.values())


def mistake(text: str, at: int, message: str, hint: str = "") -> SchemaError:
    """The error for a mistake at a place, which it points at."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start:].partition("\n")[0]
    number, column = text.count("\n", 0, at) + 1, at - start + 1
    where = f"line {number}, column {column}" if "\n" in text.strip() else f"column {column}"
    left = max(0, column - 60)
    shown = f"    {line[left : left + 100]}\n    {' ' * (column - 1 - left)}^"
    return SchemaError(f"the shorthand cannot be read at {where}: {message}\n{shown}", hint=hint)


class Cursor:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def space(self, *, lines: bool = True) -> None:
        """Move past white space; past line ends only if `lines`."""
        blank = " \t\r\n" if lines else " \t\r"
        while self.at < len(self.text) and self.text[self.at] in blank:
            self.at += 1

    def peek(self) -> str:
        """The next character, empty at the end."""
        return self.text[self.at : self.at + 1]

    def take(self, mark: str) -> bool:
        """Move past `mark` if it comes next, white space before it included."""
        before = self.at
        self.space(lines=False)
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        self.at = before
        return False

    def match(self, pattern: re.Pattern[str]) -> str:
        """Move past what matches here, and give it; empty when nothing does."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def quoted(self) -> str | None:
        """Read a text in double quotes, None when none comes next."""
        if self.peek() != '"':
            return None
        start, found = self.at, self.match(_QUOTED)
        try:
            return str(json.loads(found))
        except ValueError:
            raise self.wrong("this text in double quotes does not end, or has a bad escape", at=start) from None

    def until(self, stops: str) -> str:
        """Read up to one of `stops` or a closing bracket, whichever stands outside of brackets opened on the way."""
        start, open_ = self.at, 0
        while char := self.peek():
            if open_ == 0 and (char in stops or char in _CLOSERS):
                break
            open_ += (char in _OPENERS) - (char in _CLOSERS)
            if char == "\n" and "\n" in stops:
                break
            self.at += 1
        return self.text[start : self.at]

    def has_lines(self) -> bool:
        """Whether the group that starts here has line ends between its fields."""
        depth = 0
        for char in self.text[self.at :].strip():
            depth += (char in _OPENERS) - (char in _CLOSERS)
            if depth < 0:
                return False
            if char == "\n" and depth == 0:
                return True
        return False

    def wrong(self, message: str, *, at: int | None = None, hint: str = "") -> SchemaError:
        """The error for a mistake here, or at `at`."""
        return mistake(self.text, self.at if at is None else at, message, hint)
