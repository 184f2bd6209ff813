"""Any text to a value of a type: the strict way first, then scan and align, with an account of every mend."""

from __future__ import annotations

import warnings
from functools import cache
from types import ModuleType
from typing import Any, Final, TypeAlias, TypeVar, get_args, overload

from patterns.errors import InputError, OutputError, Truncated, Unreadable
from patterns.messages import Format
from patterns.output.formats import READERS
from patterns.output.reading import CutOff, Leniency, Reading
from patterns.output.shape import shape_of
from patterns.output.sound import as_it_stands

__all__ = ["LIMIT", "CutOff", "Leniency", "Reading", "examine", "read"]

T = TypeVar("T")
Dynamic: TypeAlias = Any  # the value of a type that is known at run time only

_LENIENCIES: Final = get_args(Leniency)
LIMIT: Final = 1_000_000
"""Characters of a text that are read, unless told otherwise."""


@overload
def read(
    text: str,
    into: type[T],
    *,
    format: Format = ...,
    language: str = ...,
    repair: Leniency = ...,
    partial: bool = ...,
    limit: int = ...,
) -> T: ...
@overload
def read(
    text: str,
    into: object = ...,
    *,
    format: Format = ...,
    language: str = ...,
    repair: Leniency = ...,
    partial: bool = ...,
    limit: int = ...,
) -> Dynamic: ...
def read(
    text: str,
    into: object = Any,
    *,
    format: Format = "json",
    language: str = "",
    repair: Leniency = "align",
    partial: bool = False,
    limit: int = LIMIT,
) -> object:
    """Read a value of a type out of a text that came from anywhere.

    `language` is the one that code was asked for in; without it, any is read. `partial=True` asks for what is there
    so far. Raises `Unreadable` when there is no value in the text, `Invalid` when it breaks the type or could be two,
    and `Truncated` when the end that it needs is missing. Warns with `CutOff` when something may be missing all the
    same.
    """
    reading = examine(text, into, format=format, language=language, repair=repair, partial=partial, limit=limit)
    if not (reading.complete or partial):
        warnings.warn("the text was cut off; the value holds what was there", CutOff, stacklevel=2)
    return reading.output


@overload
def examine(
    text: str,
    into: type[T],
    *,
    format: Format = ...,
    language: str = ...,
    repair: Leniency = ...,
    partial: bool = ...,
    limit: int = ...,
) -> Reading[T]: ...
@overload
def examine(
    text: str,
    into: object = ...,
    *,
    format: Format = ...,
    language: str = ...,
    repair: Leniency = ...,
    partial: bool = ...,
    limit: int = ...,
) -> Reading[Dynamic]: ...
def examine(
    text: str,
    into: object = Any,
    *,
    format: Format = "json",
    language: str = "",
    repair: Leniency = "align",
    partial: bool = False,
    limit: int = LIMIT,
) -> Reading[Any]:
    """Read a value out of a text, with the account of every mend. Raises what `read` raises."""
    if not isinstance(text, str):
        raise InputError(f"A text is read, not {type(text).__name__}", hint="decode bytes first")
    if repair not in _LENIENCIES:
        raise InputError(f"There is no repair {repair!r}", hint="none, syntax or align")
    if len(text) > limit:
        size = f"The text has {len(text):,} characters, more than the {limit:,} that are read"
        raise Unreadable(size, hint="pass a higher limit=", raw_text=text[:10_000])
    try:
        if format == "json" and not partial and (sound := as_it_stands(text, shape_of(into), repair)) is not None:
            return sound
        if format == "json" or format in READERS:
            return _examined(text, into, format, language, repair, partial)
    except OutputError as error:
        error.raw_text = error.raw_text or text
        if isinstance(error, Unreadable) and not partial and _ends_in_reasoning(text):
            lost = "The answer ends within its reasoning, before there is a value"
            raise Truncated(lost, raw_text=text, hint="allow more tokens") from None
        raise
    except RecursionError:
        raise Unreadable("The value is nested too deeply", raw_text=text) from None
    raise InputError(f"There is no format {format!r}", hint="json, code, text or answer")


def _examined(text: str, into: object, format: Format, language: str, repair: Leniency, partial: bool) -> Reading[Any]:
    """Read what is not sound, or no JSON."""
    ways = _ways()
    found: Reading[Any]
    if format != "json":
        found = ways.read_words(text, shape_of(into), format, language)
    else:
        found = ways.read_so_far(text, into, repair) if partial else ways.read_unsound(text, shape_of(into), repair)
    return found


@cache
def _ways() -> ModuleType:
    """What mends damaged answers is loaded with the first of them: a hundred files."""
    from patterns.output import ways

    return ways


def _ends_in_reasoning(text: str) -> bool:
    from patterns.output.reasoning import find_reasoning

    return find_reasoning(text).unclosed
