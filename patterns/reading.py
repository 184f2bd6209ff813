"""How a pattern's answers are read, whole and while they arrive, by the format and the type of its template."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

from pydantic_core import from_json

from patterns.errors import Truncated, Unreadable
from patterns.exchange import Mode, Repair
from patterns.output.read import Reading, examine
from patterns.plan import Grow, Grown, Reader
from patterns.recipe import Recipe
from patterns.same import of_the_same
from patterns.setup import Dial

T = TypeVar("T")

_BLOCK_END = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_ENVELOPE = re.compile(r"\s*\{\s*\"value\"\s*:(.*)\}\s*", re.DOTALL)


@of_the_same(64)
def reader(recipe: Recipe[T], repair: Dial, language: object = None) -> Callable[[Mode], Reader[T]]:
    """Say how answers in a mode are read: leniently, or strictly where nobody knows whether they are whole.

    `language` is the input of that name, which says what language code was asked for in.
    """
    shape, written = recipe.shape, recipe.template.format
    asked = language if isinstance(language, str) else ""

    def parse(text: str, leniency: Dial, wrapped: bool) -> tuple[T, tuple[Repair, ...]]:
        start, inside = opened(text) if wrapped else (0, text)
        reading = examine(inside, shape, format=written, language=asked, repair=leniency)
        if written == "code":
            _refuse_part(text, reading)
        if not reading.complete:
            raise Truncated("the answer ends before its value does", raw_text=text)
        return reading.output, tuple(_moved(mend, start) for mend in reading.repairs) if start else reading.repairs

    def ways(wrapped: bool) -> Reader[T]:
        return Reader(lambda text: parse(text, repair, wrapped), lambda text: parse(text, "none", wrapped))

    bare, in_envelope = ways(False), ways(True)
    return lambda mode: in_envelope if enveloped(recipe, mode) else bare


def _refuse_part(text: str, reading: Reading[T]) -> None:
    """Refuse code that was found beside broken lines of its own block: what those were meant to do would be lost.

    Where the block has no end, it was cut off instead.
    """
    spans = [repair.span for repair in reading.repairs if repair.kind == "part of a block" and repair.span]
    if spans and _BLOCK_END.search(text, spans[-1][1]):
        first = text[slice(*spans[0])].strip().partition("\n")[0]
        raise Unreadable(f"not all of the block parses: only the part that begins with `{first}` does", raw_text=text)


def enveloped(recipe: Recipe[T], mode: Mode) -> bool:
    """Where the provider enforces the shape, the envelope around a value that is no object is ours, not a mend."""
    return recipe.template.format == "json" and recipe.shape.wrapped and mode in ("json_schema", "tools")


def opened(text: str) -> tuple[int, str]:
    """Take the value out of its envelope, and say where it stands; a text in no envelope stays as it is."""
    found = _ENVELOPE.fullmatch(text)
    if found is None:
        return 0, text
    try:
        value = from_json(text)
    except ValueError:
        return 0, text
    return (found.start(1), found[1]) if isinstance(value, dict) and set(value) == {"value"} else (0, text)


def _moved(mend: Repair, by: int) -> Repair:
    """Count a mend's place from the start of the whole answer."""
    return mend if mend.span is None else replace(mend, span=(mend.span[0] + by, mend.span[1] + by))


@of_the_same(64)
def growth(recipe: Recipe[T]) -> Grow[T]:
    """Say how an answer is read while it arrives: JSON by its closed parts, text as it stands, code not at all."""
    if recipe.template.format == "json":
        return lambda mode: _growing_json(recipe, mode)
    if recipe.template.format == "text":
        return lambda mode: _growing_text()
    return lambda mode: lambda piece: Grown()


def _growing_json(recipe: Recipe[T], mode: Mode) -> Callable[[str], Grown[T]]:
    from patterns.output.growing import GrowingValue  # late: what is asked for as a whole needs none of it

    growing: GrowingValue[T] = GrowingValue(recipe.into, enveloped=enveloped(recipe, mode))

    def feed(piece: str) -> Grown[T]:
        items = growing.feed(piece)
        return Grown(growing.value, tuple(items))

    return feed


def _growing_text() -> Callable[[str], Grown[T]]:
    text = ""

    def feed(piece: str) -> Grown[T]:
        nonlocal text
        text += piece
        return Grown(cast("T", text))

    return feed
