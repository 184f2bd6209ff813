"""The shorthand: an output type in one line of text."""

from __future__ import annotations

import pickle
import warnings
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from patterns.errors import SchemaError
from patterns.output.shape import shape_of
from patterns.output.shorthand import Extracted, type_of

LINES = """
name: full name, as printed
age int: in years,
address {
    street
    city: the city, if there is one
}
items list[{sku: code (a, b), qty int}]
"""

MEANS: list[tuple[str, str]] = [
    ("name", "{name: string}"),
    ("name, age int", "{name: string, age: integer}"),
    ("a str, b int, c float, d bool", "{a: string, b: integer, c: number, d: boolean}"),
    ("a string, b integer, c boolean, d any", "{a: string, b: integer, c: boolean, d: any}"),
    ("day date", "{day: string (YYYY-MM-DD)}"),
    ("at datetime", "{at: string (YYYY-MM-DDTHH:MM:SS)}"),
    ("skills list[str]", "{skills: string[]}"),
    ("skills list", "{skills: string[]}"),
    ("ids set[int]", "{ids: integer[] (no item twice)}"),
    ("counts dict[int]", "{counts: {[string]: integer}}"),
    ("rows list[list[int]]", "{rows: integer[][]}"),
    ("age int?", "{age?: integer | null}"),
    ("age? int", "{age?: integer | null}"),
    ("age?", "{age?: string | null}"),
    ("age int|null", "{age: integer | null}"),
    ("id int|str", "{id: integer | string}"),
    ("status open|closed|in progress", '{status: "open" | "closed" | "in progress"}'),
    ("status open | closed?", '{status?: "open" | "closed" | null}'),
    ("status open|closed|null", '{status: "open" | "closed" | null}'),
    ("rating 1|2|3", "{rating: 1 | 2 | 3}"),
    ("mixed 1|b", '{mixed: "1" | "b"}'),
    ("kind date|time|place", '{kind: "date" | "time" | "place"}'),
    ('kind "int"|"str"', '{kind: "int" | "str"}'),
    ('kind "a|b, c"|d', '{kind: "a|b, c" | "d"}'),
    ('kind "one"', '{kind: "one"}'),
    ("address {street, zip int}", "{address: {street: string, zip: integer}}"),
    ("items list[{sku, qty int}]", "{items: {sku: string, qty: integer}[]}"),
    ("list[{sku, qty int}]", "{sku: string, qty: integer}[]"),
    ("list[int]", "integer[]"),
    ("{name, age int}", "{name: string, age: integer}"),
    ("positive|negative", '"positive" | "negative"'),
    ('"very good"|bad', '"very good" | "bad"'),
    ("int|null", "integer | null"),
    ("name: the full name", "{\n  name: string  // the full name\n}"),
    (
        "name: first (and, if given, middle) name, age int",
        "{\n  name: string  // first (and, if given, middle) name\n  age: integer\n}",
    ),
    ('name: "first, last", age int', "{\n  name: string  // first, last\n  age: integer\n}"),
    ("due date?: when it must be paid", "{\n  due?: string (YYYY-MM-DD) | null  // when it must be paid\n}"),
    ("when: at 10:30, later", "{\n  when: string  // at 10:30\n  later: string\n}"),
    ('"due date" date', '{"due date": string (YYYY-MM-DD)}'),
    ("e-mail, größe float", '{"e-mail": string, größe: number}'),
    ("name,\nage int\nteam", "{name: string, age: integer, team: string}"),
    ("name, age int,", "{name: string, age: integer}"),
    (
        LINES,
        "{\n  name: string  // full name, as printed\n  age: integer  // in years\n  address: {\n    street: string\n"
        "    city: string  // the city, if there is one\n  }\n  items: {\n    sku: string  // code (a, b)\n"
        "    qty: integer\n  }[]\n}",
    ),
]


@pytest.mark.parametrize(("text", "notation"), MEANS, ids=[case[0].strip()[:40] for case in MEANS])
def test_a_shorthand_means_a_type(text: str, notation: str) -> None:
    assert shape_of(text).words.partition("\n")[2] == notation


WRONG: list[tuple[str, int, str, str]] = [
    ("invoice number, total float", 9, "'number' is not a type", "invoice_number"),
    ("a, b strr", 6, "'strr' is not a type", "Did you mean str?"),
    ("a number", 3, "'number' is not a type", "int or float"),
    ("a int b", 3, "'int b' is not a type", "a_int_b"),
    ("list[sku, qty int]", 6, "'sku' is not a type", "list[{sku, qty int}]"),
    ("a list[str", 11, "']' is missing", ""),
    ("a list[]", 8, "a type is missing", ""),
    ("a {b", 5, "'}' is missing", ""),
    ("a {}", 4, "a field is missing", ""),
    ("a, a", 4, "stands here twice", ""),
    ("a-b, a_b", 6, "too close", ""),
    ("a: b}", 5, "'}' is not expected", "double quotes"),
    ("a int extra: b", 3, "'int extra' is not a type", ""),
    ("a,,b", 3, "a name is missing", ""),
    ("5 int", 1, "a name is missing", "double quotes"),
    ('"abc', 1, "does not end", ""),
    ('a "\\x"', 3, "bad escape", ""),
    ("when: at 10:30, or later", 20, "'later' is not a type", "A description with a comma"),
    ("a |", 4, "a type is missing", ""),
    ("a b|{c}", 3, "'b' is not a type", ""),
    ("a list[int]|c", 13, "'c' is not a type", ""),
    ("a (b)", 3, "a type is missing", ""),
    ("a int] , b", 6, "']' is not expected", ""),
    ("{a} b", 5, "'b' is not expected", ""),
    ("list[" * 40 + "int" + "]" * 40, 166, "32 levels", ""),
    ("a {" * 40 + "b" + "}" * 40, 102, "32 levels", ""),
    (",".join(f"a{n}" for n in range(501)), 2391, "500 fields", ""),
]


@pytest.mark.parametrize(("text", "column", "words", "advice"), WRONG, ids=[case[0][:30] for case in WRONG])
def test_a_mistake_is_pointed_at(text: str, column: int, words: str, advice: str) -> None:
    with pytest.raises(SchemaError) as caught:
        type_of(text)
    first, line, caret = caught.value.message.split("\n")
    assert first.startswith(f"the shorthand cannot be read at column {column}: ")
    assert words in first
    assert advice in caught.value.hint
    assert line[caret.index("^") :][:1] == text[column - 1 : column]


def test_a_mistake_on_a_later_line_is_pointed_at_there() -> None:
    with pytest.raises(SchemaError, match="line 2, column 5") as caught:
        type_of("name\nage number\nteam")
    assert caught.value.message.split("\n")[1].strip() == "age number"


@pytest.mark.parametrize("text", ["", " \n ", "x" * 70_000])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(SchemaError):
        type_of(text)


def read(text: str, content: str) -> Any:
    return shape_of(text).parse_json(content)


def test_a_value_has_attributes_and_a_readable_repr() -> None:
    value = read("name, age int, due date?", '{"name": "Ada", "age": 36, "due": "2026-02-28"}')
    assert (value.name, value.age, value.due) == ("Ada", 36, date(2026, 2, 28))
    assert repr(read("name, age int", '{"name": "Ada", "age": 36}')) == "Extracted(name='Ada', age=36)"


def test_inner_objects_are_named_after_their_field() -> None:
    value = read("order_lines list[{sku}]", '{"order_lines": [{"sku": "A"}]}')
    assert repr(value) == "Extracted(order_lines=[OrderLines(sku='A')])"


def test_an_optional_field_may_be_missing_or_null() -> None:
    for content in ("{}", '{"age": null}'):
        assert read("age int?", content).age is None


@pytest.mark.parametrize(
    "name", ["class", "from", "copy", "json", "schema", "model_dump", "model_config", "dict", "self"]
)
def test_names_that_python_or_pydantic_need_still_work(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shape = shape_of(f"{name} int, other")
    value = shape.parse_json(f'{{"{name}": 1, "other": "x"}}')
    attribute = next(iter(type(value).model_fields))
    assert attribute in (name, f"{name}_")
    assert getattr(value, attribute) == 1
    assert shape.dump(value) == {name: 1, "other": "x"}


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ('"due date"', "due_date"),
        ("e-mail", "e_mail"),
        ("_hidden", "hidden"),
        ('"2nd"', "field_2nd"),
        ('"?!"', "field"),
    ],
)
def test_names_that_are_no_identifiers_get_an_attribute_close_to_them(name: str, attribute: str) -> None:
    key = name.strip('"')
    shape = shape_of(f"{name} int")
    value = shape.validate({key: 5})
    assert getattr(value, attribute) == 5
    assert shape.dump(value) == {key: 5}


def test_the_same_text_is_the_same_type() -> None:
    assert type_of("name, age int") is type_of("name, age int")


def test_values_can_be_pickled() -> None:
    text = "name, lines list[{sku, 'x' int}]".replace("'x'", '"due date"')
    value = read(text, '{"name": "Ada", "lines": [{"sku": "A", "due date": 5}]}')
    assert pickle.loads(pickle.dumps(value)) == value
    assert pickle.loads(pickle.dumps(value.lines[0])).due_date == 5


def test_every_model_is_extracted() -> None:
    kind: Any = type_of("a {b {c}}")
    assert issubclass(kind, Extracted)
    assert issubclass(kind.model_fields["a"].annotation, Extracted)
    assert kind.__doc__ is None, "a docstring would end up in every prompt"


def test_labels_are_a_literal() -> None:
    assert get_args(type_of("good|bad|good")) == ("good", "bad")


words = st.text("abcdefg", min_size=1, max_size=5)
simple = st.sampled_from(["", " str", " int", " float", " bool", " date", " list[int]", " a|b", " {x, y int}"])
described = st.sampled_from(["", ": some words", ': "a, b"'])


@given(st.lists(st.tuples(words, simple, st.sampled_from(["", "?"]), described), min_size=1, unique_by=lambda f: f[0]))
def test_fields_come_back_in_order(fields: list[tuple[str, str, str, str]]) -> None:
    for separator in (", ", ",\n", "\n"):
        kind = type_of(separator.join("".join(field) for field in fields))
        assert isinstance(kind, type)
        assert issubclass(kind, BaseModel)
        assert [info.alias or name for name, info in kind.model_fields.items()] == [field[0] for field in fields]
        required = [info.is_required() for info in kind.model_fields.values()]
        assert required == [field[2] == "" for field in fields]


pieces = st.sampled_from([*'ab ,:?|[]{}()"\\\n1', "list[", "int", " date", "null"])


@given(st.lists(pieces, max_size=30).map("".join))
def test_any_text_is_a_type_or_a_schema_error(text: str) -> None:
    try:
        shape = shape_of(text)
    except SchemaError:
        return
    assert shape.words
    assert shape.target.schema["type"] == "object"
