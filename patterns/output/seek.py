"""Where in a growing text its value begins."""

from __future__ import annotations

import re

_START = re.compile(r"[{\[]|<(think(?:ing)?|thought|reasoning|reflection|scratchpad|analysis)>").search
_QUOTE_FIRST = re.compile(r'\s*+()"').match
_OPEN_TAG = re.compile(r"<[a-z]{0,11}+\Z").search


class Seek:
    """The search for the first bracket outside of thoughts, or a quote before all else, piece by piece."""

    __slots__ = ("_blank", "_kept", "_thought")

    def __init__(self) -> None:
        self._kept = ""
        self._blank = True
        self._thought = ""

    def begun(self, chunk: str) -> str:
        """Take the next piece of the text; give it from where the value begins, empty while it has not."""
        text = self._kept + chunk
        quote = _QUOTE_FIRST(text) if self._blank else None
        if quote is not None:
            return text[quote.start(1) :]
        self._blank = self._blank and not text.strip()
        while True:
            if self._thought:
                close = text.find(self._thought)
                if close < 0:
                    self._kept = text[-len(self._thought) :]
                    return ""
                text = text[close + len(self._thought) :]
                self._thought = ""
            start = _START(text)
            if start is None:
                tag = _OPEN_TAG(text)
                self._kept = text[tag.start() :] if tag else ""
                return ""
            if not start[1]:
                return text[start.start() :]
            self._thought = f"</{start[1]}>"
            text = text[start.end() :]
