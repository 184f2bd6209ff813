"""The tokens of JSON: one pattern for all of them, and the nodes of numbers and literals."""

from __future__ import annotations

import math
import re

from patterns.output.tree import Node

TOKEN = re.compile(
    r'[ \t\r\n]*+(?:([{}\[\],:])|"([^"\\\x00-\x1f]*+)"|(")'
    r"|(-?(?:0|[1-9]\d{0,4000}+)(?:\.\d{1,4000}+)?+(?:[eE][+-]?\d{1,3}+)?+|true|false|null)(?=[\s,}\]])|\Z)"
).match
UNFINISHED = re.compile(r"[ \t\r\n]*+[-+.\w]{1,8000}\Z").match
_LITERALS = {"true": True, "false": False, "null": None}


def word_node(written: str, start: int) -> Node | None:
    """Make the node of a number or a literal; None for a number that is out of range."""
    past = start + len(written)
    if written in _LITERALS:
        value = _LITERALS[written]
        return Node("null" if value is None else "bool", value, start, past, True, written)
    number = int(written) if written.lstrip("-").isdigit() else float(written)
    if isinstance(number, float) and not math.isfinite(number):
        return None
    return Node("number", number, start, past, True, written)
