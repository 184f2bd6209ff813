"""The tokens of JSON, and of its light damage: one pattern for each, and the nodes of numbers and literals."""

from __future__ import annotations

import math
import re

from patterns.output.tree import Node

TOKEN = re.compile(
    r'[ \t\r\n]*+(?:([{}\[\],:])|"([^"\\\x00-\x1f]*+)"(?:[ \t\r\n]*+([,:]))?+|(")'
    r"|(-?(?:0|[1-9]\d{0,4000}+)(?:\.\d{1,4000}+)?+(?:[eE][+-]?\d{1,3}+)?+|true|false|null)(?=[\s,}\]])"
    r"(?:[ \t\r\n]*+(,))?+|\Z)"
).match
"""A sign, a string with the comma or colon behind it, the quote of one that has escapes or no end yet, or a word."""

SLIP = re.compile(
    r"(?:(')|([^\W\d][\w$-]{0,200}+)(?=\s*+:)|(True|False|None|undefined)(?=[\s,}\]])"
    r"|//[^\n]*+\n|#(?=[ \t\n])[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/)"
).match
"""What no JSON has, and only one meaning: a single quote, a bare key, a literal of another language, a comment."""

BLANK = re.compile(r"[ \t\r\n]*+").match
WORD_GOES_ON = re.compile(r"[-+.\w]{1,8000}\Z").match
SLIP_GOES_ON = re.compile(
    r"(?:[^\W\d][\w$-]{0,200}+\s{0,200}+|/|//[^\n]{0,2000}+|#(?:[ \t][^\n]{0,2000}+)?"
    r"|/\*(?:[^*]|\*(?!/)){0,2000}+\*?)\Z"
).match

_LITERALS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None, "undefined": None}


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
