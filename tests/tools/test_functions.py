"""A function's signature and docstring are what a model is told of it; what a model cannot use is an error at once."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from patterns import Pattern, Tool, classify_sentiment, complete
from patterns.errors import InputError, Invalid
from patterns.output.read import examine
from patterns.tools.functions import Function, function_of


class Unit(Enum):
    CELSIUS = "celsius"
    KELVIN = "kelvin"


class Place(BaseModel):
    city: str
    land: str = "DE"


@dataclass
class Point:
    x: int


def weather(place: Place, day: date = date(2026, 5, 1), /, unit: Unit = Unit.CELSIUS, *, days: int = 1) -> str:
    """Tell the weather.

    Args:
        place: Where to look.
        days: How many days.
    """
    return f"{place.city} {day} {unit} {days}"


class Shop:
    """A shop with orders."""

    def __init__(self, name: str) -> None:
        self.name = name

    def order(self, number: int) -> str:
        """Look an order up."""
        return f"{self.name} {number}"

    @staticmethod
    def hours(day: Literal["mon", "sun"]) -> str:
        """Tell the hours."""
        return day

    def __call__(self, query: str) -> str:
        """Search the shop."""
        return f"{self.name} {query}"


def called(function: Function, raw: str) -> object:
    bound = function.bound(examine(raw, function.shape).output)
    return function.given(*bound.args, **bound.kwargs)


def test_the_schema_says_types_words_and_defaults() -> None:
    tool = function_of(weather).tool
    assert (tool.name, tool.description) == ("weather", "Tell the weather.")
    assert tool.parameters == {
        "type": "object",
        "$defs": {
            "Place": {
                "type": "object",
                "properties": {"city": {"type": "string"}, "land": {"type": "string", "default": "DE"}},
                "required": ["city"],
            },
            "Unit": {"type": "string", "enum": ["celsius", "kelvin"]},
        },
        "properties": {
            "place": {"$ref": "#/$defs/Place", "description": "Where to look."},
            "day": {"type": "string", "format": "date", "default": "2026-05-01"},
            "unit": {"$ref": "#/$defs/Unit", "default": "celsius"},
            "days": {"type": "integer", "description": "How many days.", "default": 1},
        },
        "required": ["place"],
    }


def test_values_come_as_the_types_that_the_signature_names() -> None:
    function = function_of(weather)
    assert called(function, '{"place": {"city": "Ulm"}}') == "Ulm 2026-05-01 Unit.CELSIUS 1"
    assert called(function, '{"place": {"city": "Ulm"}, "days": 3, "unit": "kelvin"}') == (
        "Ulm 2026-05-01 Unit.KELVIN 3"
    )


def test_methods_and_callable_objects_are_tools() -> None:
    shop = Shop("Here")
    order, hours, search = function_of(shop.order), function_of(shop.hours), function_of(shop)
    assert [each.tool.name for each in (order, hours, search)] == ["order", "hours", "Shop"]
    assert search.tool.description == "Search the shop."
    assert "self" not in str(order.tool.parameters)
    assert [called(order, '{"number": 7}'), called(search, '{"query": "x"}')] == ["Here 7", "Here x"]


def test_what_a_partial_fixes_is_hidden_from_the_model_and_cannot_be_given() -> None:
    function = function_of(functools.partial(weather, Place(city="Bonn"), days=2))
    assert set(function.tool.parameters["properties"]) == {"day", "unit"}  # type: ignore[arg-type]
    assert called(function, '{"days": 9, "unit": "kelvin"}') == "Bonn 2026-05-01 Unit.KELVIN 2"


def test_a_type_s_own_words_and_bounds_stay() -> None:
    def wait(seconds: Annotated[float, Field(ge=0, description="How long.")]) -> None:
        """Wait.

        Args:
            seconds: Other words.
        """

    assert function_of(wait).tool.parameters["properties"] == {
        "seconds": {"type": "number", "minimum": 0, "description": "How long."}
    }


def test_a_field_may_stand_as_the_default_as_in_a_model() -> None:
    def page(
        where: str = Field(description="Which shelf."),
        size: int = Field(10, ge=1),
        tags: list[str] = Field(default_factory=list),  # noqa: B008
        after: Annotated[int, "from here"] = Field(default=0),
    ) -> tuple[object, ...]:
        """Give a page.

        Args:
            where: Other words.
            size: How many.
        """
        return where, size, tags, after

    function = function_of(page)
    assert function.tool.parameters["required"] == ["where"]
    assert function.tool.parameters["properties"] == {
        "where": {"type": "string", "description": "Which shelf."},
        "size": {"type": "integer", "minimum": 1, "default": 10, "description": "How many."},
        "tags": {"type": "array", "items": {"type": "string"}},
        "after": {"type": "integer", "default": 0},
    }
    assert called(function, '{"where": "A"}') == ("A", 10, [], 0)
    assert called(function, '{"where": "A", "size": "3", "tags": ["x"], "after": 4}') == ("A", 3, ["x"], 4)
    with pytest.raises(Invalid):
        examine("{}", function.shape)
    with pytest.raises(Invalid):
        examine('{"where": "A", "size": 0}', function.shape)


def test_only_types_that_the_model_is_told_of_must_be_known() -> None:
    def find(database: Connection, number: int, *, cursor: Cursor) -> Row:  # type: ignore[name-defined]  # noqa: F821
        return database, number, cursor

    function = function_of(functools.partial(find, "db", cursor="c"))
    assert list(function.tool.parameters["properties"]) == ["number"]  # type: ignore[arg-type]
    assert called(function, '{"number": 7}') == ("db", 7, "c")


def test_names_that_mean_something_to_pydantic_are_names_like_any() -> None:
    def odd(schema: str, model_config: int = 1, _private: str = "", title: str = "t") -> str:
        return f"{schema} {model_config} {_private} {title}"

    function = function_of(odd)
    assert list(function.tool.parameters["properties"]) == ["schema", "model_config", "_private", "title"]  # type: ignore[arg-type]
    assert called(function, '{"schema": "s", "_private": "p", "title": "x"}') == "s 1 p x"


def test_a_default_that_json_cannot_hold_is_left_out_of_the_schema() -> None:
    marker = object()

    def find(where: Any = marker) -> bool:
        return where is marker

    function = function_of(find)
    assert function.tool.parameters["properties"] == {"where": {}}
    assert called(function, "{}") is True


def test_a_long_description_is_cut_where_providers_would_refuse_it() -> None:
    def talk() -> None: ...

    talk.__doc__ = "x" * 3000
    assert len(function_of(talk).tool.description) == 1024


def unknown(x: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def untyped(x) -> None: ...  # type: ignore[no-untyped-def]


def starred(*names: str) -> None: ...


def keyed(**names: str) -> None: ...


def strange(x: Callable[[], int]) -> None: ...


def misspelt(x: functools.Missing) -> None: ...  # type: ignore[name-defined]


async def dripping(x: int) -> AsyncIterator[int]:
    yield x


WRONG = [
    (unknown, "the tool unknown: a type in its signature is not known"),
    (untyped, "the tool untyped: its parameter x has no type"),
    (starred, r"the tool starred: a model cannot give \*names"),
    (keyed, r"the tool keyed: a model cannot give \*names"),
    (strange, "the tool strange: "),
    (misspelt, "the tool misspelt: a type in its signature is not known: module 'functools' has no"),
    (dripping, "the tool dripping is an async generator"),
    (lambda: 1, "a model cannot call a tool by the name '<lambda>'"),
    (Place, "Place is a class"),
    (classify_sentiment, r"the tool classify_sentiment: a model cannot give \*args"),
]


@pytest.mark.parametrize(("given", "words"), WRONG, ids=[words[:30] for _, words in WRONG])
def test_what_cannot_be_a_tool_says_why_when_it_is_given(given: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        Pattern("plain_text/complete", output=str).with_options(tools=[given])
    assert caught.value.hint


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="two tools are called weather"):
        complete.with_options(tools=[weather, Tool("weather")])


def test_a_program_without_tools_loads_nothing_of_them() -> None:
    code = (
        "import sys, patterns; patterns.extract('Total: 4', 'total int');"
        "print([name for name in sys.modules if name.startswith(('patterns.tools', 'patterns.rounds'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PATTERNS_MODEL": "rules"}
    )
    assert done.stdout.strip() == "[]"
