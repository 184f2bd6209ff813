"""The choice where no type is known: the best candidate, and the plain value of a tree."""

from __future__ import annotations

from collections.abc import Sequence

from patterns.messages import Json
from patterns.output.tree import Candidate, Node, Origin

_RANKS: dict[Origin, int] = {"strict": 0, "lines": 1, "fence": 2, "tag": 3, "span": 3, "tool": 4, "pairs": 6, "text": 7}


def rank(candidate: Candidate) -> tuple[int, float]:
    """Order candidates: where they were found, then how much text they account for against how far it was bent."""
    root = candidate.root
    weight = (root.end - root.start) / (1 + candidate.cost)
    place = _RANKS[candidate.origin]
    if candidate.origin == "lines" and candidate.outside:
        place = 4
    elif candidate.origin == "span" and not believable(candidate):
        place = 8
    elif (candidate.origin == "text" and root.kind != "bare") or (candidate.origin == "span" and _is_note(candidate)):
        place = 5
    return place, -weight


def _is_note(candidate: Candidate) -> bool:
    """Tell a number in brackets among words, which refers to something."""
    items = candidate.root.value
    if candidate.root.kind != "array" or not isinstance(items, list) or len(items) != 1:
        return False
    return items[0].kind == "number" and any(map(str.isalpha, candidate.outside))


def believable(candidate: Candidate) -> bool:
    """Tell a value from prose that happens to have brackets in it."""
    root = candidate.root
    if root.kind == "object" and isinstance(root.value, list) and root.value:
        return any(value.start != value.end or value.start > key.end for key, value in root.value)
    unfinished = not root.value and not candidate.complete
    if unfinished and any(mend.kind == "stray text" for mend in candidate.mends):
        return False
    if not candidate.outside.strip(",;."):
        return True
    if unfinished:
        return False
    if root.kind == "array" and isinstance(root.value, list):
        return not root.value or any(item.kind != "bare" for item in root.value)
    return True


def best(candidates: Sequence[Candidate]) -> Candidate | None:
    """Give the candidate to read when no type is known; None when the text holds no value."""
    for candidate in candidates:
        if candidate.root.kind == "bare" and candidate.origin != "tag":
            continue
        if (candidate.origin == "pairs" and candidate.cost > 10) or candidate.doubtful:
            continue
        if rank(candidate)[0] >= 8:
            return None
        return candidate if candidate.origin == "strict" else _around(candidate, candidates)
    return None


def _around(chosen: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """Give the lines of a text that a value is a member of, where every line of it is a member."""
    root = chosen.root
    for one in candidates:
        sure = one.origin == "pairs" and not one.doubtful and one.cost <= 2
        if sure and one.root.start < root.start and root.end <= one.root.end:
            return one
    return chosen


def to_value(node: Node) -> Json:
    """Give the value of a tree: bare words become strings, of duplicate keys the last counts."""
    if node.kind == "object":
        assert isinstance(node.value, list)
        return {str(key.value): to_value(value) for key, value in node.value}
    if node.kind == "array":
        assert isinstance(node.value, list)
        return [to_value(item) for item in node.value]
    value = node.value
    assert value is None or isinstance(value, (str, int, float, bool))
    return value
