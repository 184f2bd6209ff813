"""Sound JSON, read to the letter."""

from __future__ import annotations

import json

from patterns.output.scan.incremental import Incremental
from patterns.output.tree import Node


def read_sound(text: str, pos: int) -> tuple[Node, int] | None:
    """Read the JSON value at `pos` to the letter; give it and the position after it, None where it is damaged.

    Python's own decoder says first, at the speed of C, whether there is anything to read.
    """
    try:
        _, past = _DECODER.raw_decode(text, pos)
    except (ValueError, RecursionError):
        return None
    reading = Incremental(pos, strict=True)
    reading.feed(text[pos:past])
    root = reading.root
    return (root, past) if root is not None and reading.done and reading.sound else None


def _refuse(constant: str) -> None:
    """NaN and the infinities are no JSON."""
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
