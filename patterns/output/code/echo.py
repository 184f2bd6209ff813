"""An echoed prompt: where the answer begins in a text that repeats the instruction before it."""

from __future__ import annotations

import re

_MARK = r"^(?:#{1,4}|@@|<\|?)[ \t]*"
_FLAGS = re.MULTILINE | re.IGNORECASE
_ASKED = re.compile(rf"{_MARK}(?:Instruction|User|Human|Input|Prompt|Task|Question)s?\b[^\n]{{0,20}}$", _FLAGS)
_ANSWERED = re.compile(rf"{_MARK}(?:Response|Assistant|Answer|Output|Completion)\b[ \t]*(?:\|?>)?[ \t]*:?", _FLAGS)


def answer_window(text: str) -> tuple[int, int]:
    """Give the part of a text that answers: after the mark that ends an echoed prompt, up to an invented next turn.

    The whole text, when it shows no such marks.
    """
    asked = _ASKED.search(text)
    answered = _ANSWERED.search(text, asked.end()) if asked else None
    if not asked or not answered:
        return 0, len(text)
    again = _ASKED.search(text, answered.end())
    return answered.end(), again.start() if again else len(text)
