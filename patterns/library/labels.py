"""The labels of a classification, however they are written: names, names with meanings, an Enum, a Literal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Literal, get_args, get_origin

from patterns.errors import InputError

_HINT = 'labels=["spam", "ham"], {"spam": "advertising", "ham": "anything else"}, an Enum or a Literal'


def meanings(labels: object) -> dict[str, str]:
    """Give every label with what belongs under it, `""` where nobody said; raise InputError for unusable labels."""
    given = [_text(label, meaning) for label, meaning in _read(labels)]
    if not given:
        raise InputError("there are no labels to choose from", hint=_HINT)
    _refuse_twins([label for label, _ in given])
    return dict(given)


def type_of(labels: object, names: Iterable[str]) -> object:
    """Give the type that holds exactly these labels: the Enum or Literal itself, else a Literal of the names."""
    if _is_enum(labels) or get_origin(labels) is Literal:
        return labels
    return Literal[tuple(names)]


def _read(labels: object) -> Sequence[tuple[object, object]]:
    if _is_enum(labels):
        return [(member.value, "") for member in labels]  # type: ignore[attr-defined]
    if get_origin(labels) is Literal:
        return [(member.value if isinstance(member, Enum) else member, "") for member in get_args(labels)]
    if isinstance(labels, Mapping):
        return list(labels.items())
    if isinstance(labels, Iterable) and not isinstance(labels, str | bytes):
        return [(label, "") for label in labels]
    raise InputError(f"these are no labels: {labels!r}", hint=_HINT)


def _text(label: object, meaning: object) -> tuple[str, str]:
    if not isinstance(label, str) or not isinstance(meaning, str):
        raise InputError(f"a label and its description are text, not {label!r}: {meaning!r}", hint=_HINT)
    if not label.strip():
        raise InputError("a label is empty", hint=_HINT)
    return str.__str__(label), meaning


def _is_enum(labels: object) -> bool:
    return isinstance(labels, type) and issubclass(labels, Enum)


def _refuse_twins(labels: Sequence[str]) -> None:
    """Two labels that differ in case or blanks only cannot be told apart in an answer."""
    seen: dict[str, str] = {}
    for label in labels:
        key = " ".join(label.casefold().split())
        if key in seen:
            raise InputError(f"the labels {seen[key]!r} and {label!r} are the same", hint="give each label once")
        seen[key] = label
