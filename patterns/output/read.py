"""Any text to a value of a type: the strict way first, then scan and align, with an account of every mend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, cast, overload

from patterns.errors import InputError, Invalid, OutputError, Unreadable
from patterns.exchange import Repair
from patterns.messages import Format, Json
from patterns.output.align.choose import Chosen, choose
from patterns.output.align.compile import compile_plan
from patterns.output.align.plan import Plan
from patterns.output.scan import scan
from patterns.output.shape import Shape, shape_of
from patterns.output.tree import Candidate, Node

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Leniency: TypeAlias = Literal["none", "syntax", "align"]
"""What may be mended: nothing, the syntax of the text, or also its fit to the type."""

LIMIT: Final = 1_000_000
"""Characters of a text that are read, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """A value read from a text, and the account of it.

    `candidates` are the readings of syntax that were found, best first; `complete` is False when the text ended
    before the value did, or an item of it may be missing.
    """

    output: T_co
    repairs: tuple[Repair, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    complete: bool = True


@overload
def read(
    text: str,
    into: type[T],
    *,
    format: Format = ...,
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
    repair: Leniency = ...,
    partial: bool = ...,
    limit: int = ...,
) -> Any: ...
def read(
    text: str,
    into: object = Any,
    *,
    format: Format = "json",
    repair: Leniency = "align",
    partial: bool = False,
    limit: int = LIMIT,
) -> object:
    """Read a value of a type out of a text. Raises `Unreadable`, `Invalid` or `Truncated`."""
    return examine(text, into, format=format, repair=repair, partial=partial, limit=limit).output


def examine(
    text: str,
    into: object = Any,
    *,
    format: Format = "json",
    repair: Leniency = "align",
    partial: bool = False,
    limit: int = LIMIT,
) -> Reading[Any]:
    """Read a value out of a text, with the account of every mend. Raises what `read` raises."""
    if len(text) > limit:
        raise Unreadable(f"The text has {len(text):,} characters, more than the {limit:,} that are read", hint="raise limit=")
    try:
        return _json(text, into, repair, partial)
    except OutputError as error:
        error.raw_text = error.raw_text or text
        raise
    except RecursionError:
        raise Unreadable("The value is nested too deeply", raw_text=text) from None


def _json(text: str, into: object, repair: Leniency, partial: bool) -> Reading[Any]:
    shape = shape_of(into)
    taken = shape.take_json(text)
    if taken is not None:
        return Reading(taken[0])
    if repair == "none":
        return Reading(shape.parse_json(text))
    candidates = scan(text, partial=partial)
    plan = plan_of(shape)
    chosen = choose(text, candidates, plan, shape.validate, partial=partial)
    return Reading(chosen.output, chosen.repairs, tuple(candidates), chosen.complete)


@lru_cache(maxsize=512)
def plan_of(shape: Shape[Any]) -> Plan:
    return compile_plan(shape.schema)
