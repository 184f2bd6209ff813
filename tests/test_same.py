"""What is remembered by the very objects that it was made of."""

from __future__ import annotations

import gc
from dataclasses import dataclass

import pytest

from patterns.same import of_the_same


@dataclass(frozen=True)
class Value:
    """A frozen value without a hash, as one with a mapping in it has none."""

    what: dict[str, int]


def test_it_is_made_once_for_the_same_and_again_for_another() -> None:
    made: list[Value] = []

    @of_the_same(8)
    def total(value: Value) -> int:
        made.append(value)
        return sum(value.what.values())

    one, other = Value({"a": 1}), Value({"a": 1})
    assert [total(one), total(one), total(other), total(one)] == [1, 1, 1, 1]
    assert len(made) == 2


def test_an_object_that_takes_the_place_of_another_is_not_taken_for_it() -> None:
    @of_the_same(4)
    def shown(value: Value) -> str:
        return repr(value)

    for number in range(1_000):
        assert shown(Value({"number": number})) == f"Value(what={{'number': {number}}})"
        gc.collect(0)


def test_few_are_remembered() -> None:
    asked = 0

    @of_the_same(2)
    def count(value: Value) -> int:
        nonlocal asked
        asked += 1
        return asked

    values = [Value({}) for _ in range(3)]
    assert [count(value) for value in (*values, values[2], values[0])] == [1, 2, 3, 3, 4]


def test_an_error_is_not_remembered() -> None:
    asked = 0

    @of_the_same(2)
    def fail(value: Value) -> int:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise ValueError("once")
        return asked

    value = Value({})
    with pytest.raises(ValueError, match="once"):
        fail(value)
    assert fail(value) == 2
