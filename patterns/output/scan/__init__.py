"""Text to candidate trees: where values stand in an answer, and what each reads as."""

from __future__ import annotations

import json
import re

from patterns.output.tree import Candidate, Node

_FENCE = re.compile(r"```[\w+-]*[ \t]*\r?\n(.*?)(?:```|\Z)", re.S)
_decode = json.JSONDecoder(object_pairs_hook=lambda pairs: _Pairs(pairs)).raw_decode


class _Pairs(list[tuple[str, object]]):
    pass


def scan(text: str, *, partial: bool = False) -> list[Candidate]:
    """Give every reading of the text, best first."""
    found = []
    for origin, start in _starts(text):
        try:
            value, end = _decode(text, start)
        except (ValueError, RecursionError):
            continue
        whole = not text[:start].strip() and not text[end:].strip()
        found.append(Candidate(_node(value, start, end), "strict" if whole else origin))
    found.append(Candidate(Node("bare", text.strip(), 0, len(text), raw=text.strip()), "text"))
    return found


def _starts(text: str):
    first = len(text) - len(text.lstrip())
    yield "span", first
    for fence in _FENCE.finditer(text):
        yield "fence", fence.start(1) + len(fence[1]) - len(fence[1].lstrip())
    for bracket in re.finditer(r"[{\[]", text):
        if bracket.start() != first:
            yield "span", bracket.start()
            break


def _node(value: object, start: int, end: int) -> Node:
    if isinstance(value, _Pairs):
        pairs = [(Node("string", k, start, end), _node(v, start, end)) for k, v in value]
        return Node("object", pairs, start, end)
    if isinstance(value, list):
        return Node("array", [_node(v, start, end) for v in value], start, end)
    if isinstance(value, str):
        return Node("string", value, start, end)
    if isinstance(value, bool):
        return Node("bool", value, start, end)
    if value is None:
        return Node("null", None, start, end)
    return Node("number", value, start, end, raw=repr(value))
