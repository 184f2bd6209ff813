"""Everything by which a template can make values larger, counted or bounded before the value is made."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

from patterns.prompt.filters import Filter, printed
from patterns.prompt.sheet import Fault, spend

TICK = "\0tick"
CONCAT = "\0concat"
BUILT = "\0built"

MAX_RANGE = 10_000
MAX_NUMBER = 10**18
_MAX_POWER = 64
_HEAVIEST = 1_000_000

ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "*": operator.mul, "**": operator.pow, "%": operator.mod,
}  # fmt: skip
"""The operators that can make a small value large. Jinja's compiler sends them to `bounded`."""


def bounded(operator: str, left: object, right: object) -> object:
    """Do arithmetic on numbers, add texts or lists, repeat a text; raise Fault for anything else or too large."""
    operands = (left, right)
    for operand in operands:
        if isinstance(operand, Undefined):
            str(operand)  # raises, and says which name
    if all(isinstance(operand, int | float) for operand in operands):
        return _number(operator, left, right)  # type: ignore[arg-type]
    if operator == "+" and type(left) is type(right) and isinstance(left, str | list | tuple):
        return _added(left, right)  # type: ignore[arg-type]
    if operator == "*" and any(type(operand) is str for operand in operands):
        return _repeated(*operands)
    raise Fault(f"{operator} is for numbers" + ("; text is put together with ~" if operator in "+%" else ""))


def _number(sign: str, left: float, right: float) -> object:
    if sign == "**" and (abs(left) > MAX_NUMBER or abs(right) > _MAX_POWER):
        raise Fault("this power is too large")
    result = ARITHMETIC[sign](left, right)
    if not isinstance(result, int | float) or abs(result) > MAX_NUMBER:
        raise Fault("the result of this arithmetic is too large")
    return result


def _added(left: str, right: str) -> object:
    if isinstance(left, str):
        spend(0, len(left) + len(right))
    else:
        spend(_weight(left) + _weight(right), 0)
    return left + right


def _repeated(left: object, right: object) -> str:
    text, times = (left, right) if isinstance(left, str) else (right, left)
    if not isinstance(text, str) or type(times) is not int:
        raise Fault("* repeats a text a whole number of times")
    spend(1, len(text) * max(times, 0))
    return text * times


def bounded_range(*bounds: int) -> range:
    """Count; at most MAX_RANGE numbers."""
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise Fault(f"range({', '.join(map(str, bounds))}) has {len(numbers):,} numbers; at most {MAX_RANGE:,}")
    return numbers


@pass_context
def _tick(_context: Context, characters: int) -> None:
    spend(1, characters)


@pass_context
def _concat(_context: Context, parts: list[object]) -> str:
    return "".join(map(printed, parts))


@pass_context
def _built(_context: Context, value: object) -> object:
    spend(_weight(value), 0)
    return value


def _weight(value: object) -> int:
    """Count the members of a value, and theirs; a member met twice counts twice, as it would when written."""
    count, waiting = 0, [value]
    while waiting:
        member = waiting.pop()
        count += 1
        if isinstance(member, dict):
            waiting.extend(member.values())
        elif isinstance(member, list | tuple):
            waiting.extend(member)
        if count + len(waiting) > _HEAVIEST:
            break
    return count + len(waiting)


# A NUL in a filter's name keeps it out of reach of templates; see roles.
GROWTH_FILTERS: dict[str, Filter] = {TICK: _tick, CONCAT: _concat, BUILT: _built}
