"""Inputs that are images, documents or sounds: how a front matter declares them, and whether a value is one.

`type: image` is one of them, `type: [string, image, document]` text or one of two, and an array has them as `items`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from patterns.errors import Problem
from patterns.messages import Json, Part
from patterns.parts import PARTS, named
from patterns.schemas import Checker, checker

Fragment = Mapping[str, Json]


def types_of(fragment: Fragment) -> tuple[str, ...]:
    """The types that a fragment allows; none where it does not say."""
    found = fragment.get("type")
    return tuple(each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str))


def parts_of(fragment: Fragment) -> tuple[str, ...]:
    """The kinds of parts that a fragment allows, those of the items of an array too."""
    items = fragment.get("items")
    inner = parts_of(items) if isinstance(items, Mapping) else ()
    return (*(each for each in types_of(fragment) if each in PARTS), *inner)


def bare(fragment: Fragment) -> dict[str, Json]:
    """What is left of a fragment for JSON Schema, which knows no parts."""
    rest = {name: value for name, value in fragment.items() if name != "items"}
    if any(each in PARTS for each in types_of(fragment)):
        left: list[Json] = [each for each in types_of(fragment) if each not in PARTS]
        del rest["type"]
        if left:
            rest["type"] = left if len(left) > 1 else left[0]  # a single one needs no library to be checked
    items = fragment.get("items")
    if items is not None:
        rest["items"] = bare(items) if isinstance(items, Mapping) else items
    return rest


class PartChecker:
    """Says what is wrong with values by a fragment that allows parts."""

    def __init__(self, fragment: Fragment) -> None:
        types, items = types_of(fragment), fragment.get("items")
        self._kinds = tuple(each for each in types if each in PARTS)
        self._wanted = " or ".join(f"patterns.{PARTS[kind].__name__}(…)" for kind in self._kinds)
        plain = len(types) > len(self._kinds)
        self._items = checking(items) if plain and isinstance(items, Mapping) else None
        rest = bare(fragment)
        if self._items is not None:
            rest.pop("items", None)
        self._rest = checker(rest) if plain else None

    def problems(self, value: Json | Part) -> tuple[Problem, ...]:
        """What is wrong with `value`; nothing when it fits."""
        if isinstance(value, Part):
            return () if value.kind in self._kinds else (Problem("$", f"cannot be {named(value.kind)}"),)
        if self._rest is None:
            return (Problem("$", f"must be {self._wanted}"),)
        if self._items is None or not isinstance(value, list):
            return self._rest.problems(value)
        inside = [
            replace(problem, path=f"$[{index}]{problem.path.removeprefix('$')}")
            for index, item in enumerate(value)
            for problem in self._items.problems(item)
        ]
        told: list[Json] = [item.digest if isinstance(item, Part) else item for item in value]
        return (*self._rest.problems(told), *inside)


def checking(fragment: Fragment) -> Checker | PartChecker:
    """What checks the values of an input."""
    return PartChecker(fragment) if parts_of(fragment) else checker(fragment)


def in_words(value: Json | Part) -> Json:
    """A value with what each part is in its place: `[image/png 12 kB]`."""
    if isinstance(value, Part):
        return str(value)
    if isinstance(value, Mapping):
        return {name: in_words(member) for name, member in value.items()}
    return [in_words(item) for item in value] if isinstance(value, list) else value
