"""Blocks that a fence inside one of their strings cut short: Python that writes Markdown holds fences of its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from patterns.output.code.python_source import Broken, Parser
from patterns.output.fences import Block
from patterns.output.languages import NEUTRAL, language_of

_STRINGS = re.compile(
    r"#[^\n]*+|\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*+(?P<a>\"{3})?|'{3}(?:[^'\\]|\\.|'(?!''))*+(?P<b>'{3})?"
    r"|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?",
    re.S,
)
_CLOSING = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*$", re.M)
_TRIES = 12


def rejoined(text: str, blocks: Sequence[Block], parser: Parser) -> list[Block]:
    """Give the blocks, those whole that ended within a string; open where none of the later fences is their end."""
    found: list[Block] = []
    past = 0
    for block in blocks:
        if block.outer[0] < past:
            continue  # a fence inside a string
        whole = _whole(text, block, parser) if _may_be_cut(block) else block
        past = whole.outer[1] if whole.end > block.end else past
        found.append(whole)
    return found


def _may_be_cut(block: Block) -> bool:
    return language_of(block.tag) in {*NEUTRAL, "python"} and block.origin == "fence" and _ends_in_string(block.text)


def _ends_in_string(source: str) -> bool:
    """Say whether a string between three quotes is open at the end."""
    if '"""' not in source and "'''" not in source:
        return False
    last = next(iter(deque(_STRINGS.finditer(source), maxlen=1)), None)
    return last is not None and last[0][:3] in ('"""', "'''") and not (last["a"] or last["b"])


def _whole(text: str, block: Block, parser: Parser) -> Block:
    """Go on to the closing fence behind which the string, and the code, is over."""
    for tries, mark in enumerate(_CLOSING.finditer(text, block.end)):
        source = text[block.start : mark.start()]
        if tries >= _TRIES or parser.spent:
            break
        if not _ends_in_string(source) and not isinstance(parser.parse(source), Broken):
            return replace(block, text=source, end=mark.start(), closed=True, outer=(block.outer[0], mark.end()))
    return replace(block, closed=False) if language_of(block.tag) == "python" else block
