"""Which of two readings that differ is the answer: what the words beside them say, where they stand, what they hold."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from patterns.output.align.fitting import Fit
from patterns.output.align.rivals import announced, corrects, is_draft, offers
from patterns.output.tree import Node

_SET_APART: Final = frozenset({"strict", "tag", "tool", "fence"})
"""Places that an answer is put in; what stands in prose beside them is a mention."""
_WITHDRAWN = re.compile(
    r"[\s`.,)]{0,8}(?:\(|--?|—)?\s?(?:this |that |it |which )?(?:is|was|would be) "
    r"(?:just |only |merely |my |an? |the )*(?:example|illustration|draft|placeholder|template|wrong|incorrect|"
    r"not (?:right|correct)|first (?:attempt|try))\b",
    re.IGNORECASE,
)
"""Words behind a value that take it back."""
_REACH: Final = 100
_PLACEHOLDERS: Final = re.compile(
    r"(?:str(?:ing)?|text|number|int(?:eger)?|float|bool(?:ean)?|null|date|any|\.\.\.|…|<.*>)?", re.IGNORECASE
)


class Meant(Enum):
    """Which of two readings the text means; `BOTH` where it offers them for a choice, `UNSAID` where nothing tells."""

    FIRST = "first"
    LATER = "later"
    BOTH = "both"
    UNSAID = "unsaid"


def meant(text: str, first: Fit, later: Fit) -> Meant:
    """Weigh two readings, given in the order of the text.

    Words count most: a correction, a choice offered, an example, an announced result. Then the place: a fence or a
    tag before prose. Then the values: one that holds all of the other, and perhaps more, is the
    fuller account of the same.
    """
    one, two = first.nodes[0], later.nodes[0]
    if corrects(text, one, two) or (announced(text, two) and not announced(text, one)):
        return Meant.LATER
    if offers(text, one, two):
        return Meant.BOTH
    against = (
        (_is_withdrawn(text, one), _is_withdrawn(text, two)),
        (is_draft(text, one), is_draft(text, two, one.end)),
        (not announced(text, one), not announced(text, two)),
        (first.candidate.origin not in _SET_APART, later.candidate.origin not in _SET_APART),
        (_is_template(first.value), _is_template(later.value)),
        (not holds(first.value, later.value), not holds(later.value, first.value)),
    )
    weighed = next((Meant.LATER if mine else Meant.FIRST for mine, others in against if mine != others), None)
    same = holds(first.value, later.value) and holds(later.value, first.value)
    return weighed or (Meant.FIRST if same else Meant.UNSAID)


def _is_withdrawn(text: str, node: Node) -> bool:
    return _WITHDRAWN.match(text[node.end : node.end + _REACH]) is not None


def _is_template(value: object) -> bool:
    """Tell a value whose every part merely names a type or says nothing."""
    if isinstance(value, dict):
        return bool(value) and all(map(_is_template, value.values()))
    if isinstance(value, list):
        return all(map(_is_template, value))
    if isinstance(value, str):
        return _PLACEHOLDERS.fullmatch(value.strip()) is not None
    return value is None or value == 0


def holds(one: object, other: object) -> bool:
    """Tell whether one value says all that the other says: the same words, members and items, and perhaps more."""
    if other is None or one == other:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return all(key in one and holds(one[key], value) for key, value in other.items())
    if isinstance(one, list) and isinstance(other, list):
        ahead = iter(one)
        return all(any(holds(mine, value) for mine in ahead) for value in other)
    if isinstance(one, str) and isinstance(other, str):
        return _words(one) == _words(other)
    return False


def _words(text: str) -> list[str]:
    return text.casefold().rstrip(" \n.").split()
