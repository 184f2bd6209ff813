"""Lists, tables, log lines and nested objects."""

from __future__ import annotations

import pytest

from patterns.errors import NeedsModel
from tests.model.rules.asking import answer, ask, needed, optional

ITEMS = {"type": "array", "items": needed({"name": "string", "quantity": "integer", "price": "number"})}
BEANS = [
    {"name": "Coffee beans", "quantity": 2, "price": 9.5},
    {"name": "Filter paper", "quantity": 1, "price": 3.2},
]


@pytest.mark.parametrize(
    "text",
    [
        "Receipt\n2 x Coffee beans 9.50\n1 x Filter paper 3.20\nTotal: 22.20",
        "- 2x Coffee beans @ $9.50\n- 1x Filter paper @ $3.20\nTotal $22.20",
        "Coffee beans x2 - €9.50\nFilter paper x1 - €3.20\nVAT - €1.00",
        "| Item | Qty | Unit price |\n|---|---:|---:|\n"
        "| Coffee beans | 2 | 9.50 |\n| Filter paper | 1 | 3.20 |\n| Total | | 22.20 |",
        "Description       Qty   Price   Amount\n"
        "Coffee beans        2    9.50    19.00\nFilter paper        1    3.20     3.20\n\nTotal  22.20",
        "name,quantity,price\nCoffee beans,2,9.50\nFilter paper,1,3.20\n",
        'product;count;price\n"Coffee beans";2;9,50\n"Filter paper";1;3,20\n',
        "Product\tQuantity\tPrice\nCoffee beans\t2\t9.50\nFilter paper\t1\t3.20",
        "Name: Coffee beans\nQuantity: 2\nPrice: 9.50\n\nName: Filter paper\nQuantity: 1\nPrice: 3.20",
    ],
    ids=["item lines", "bullets", "counts behind", "markdown", "columns", "csv", "semicolons", "tabs", "blocks"],
)
def test_rows_become_objects_however_they_are_laid_out(text: str):
    assert answer(text, ITEMS) == BEANS


def test_a_row_without_a_needed_value_asks_for_a_model():
    with pytest.raises(NeedsModel):
        ask("We bought coffee and paper.", ITEMS)


def test_every_cell_has_its_source():
    text = "2 x Coffee beans 9.50\n1 x Filter paper 3.20"
    sources = {source.path: source.text for source in ask(text, ITEMS).sources}
    assert sources["$[0].name"] == "Coffee beans"
    assert sources["$[1].price"] == "3.20"


def test_log_lines_become_entries():
    text = "2026-05-02 10:15:03 ERROR db.pool: Connection refused\n2026-05-02 10:15:09 INFO web: retrying in 5 s\n"
    entry = needed({"timestamp": "date-time", "level": "enum(ERROR|INFO)", "component": "string", "message": "string"})
    assert answer(text, {"type": "array", "items": entry}) == [
        {"timestamp": "2026-05-02T10:15:03", "level": "ERROR", "component": "db.pool", "message": "Connection refused"},
        {"timestamp": "2026-05-02T10:15:09", "level": "INFO", "component": "web", "message": "retrying in 5 s"},
    ]


def test_each_sentence_may_tell_of_somebody():
    text = "John Smith is a 35-year-old software engineer. Jane Doe, 28, is a nurse."
    people = {"type": "array", "items": needed({"name": "string", "age": "integer", "occupation": "string"})}
    assert answer(text, people) == [
        {"name": "John Smith", "age": 35, "occupation": "software engineer"},
        {"name": "Jane Doe", "age": 28, "occupation": "nurse"},
    ]


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("Skills: Python, SQL and Go.", {"skills": "list(string)"}, ["Python", "SQL", "Go"]),
        ("Her skills include Python, SQL and Go.", {"skills": "list(string)"}, ["Python", "SQL", "Go"]),
        ("## Steps\n1. Open\n2. Close\n\nDone.", {"steps": "list(string)"}, ["Open", "Close"]),
        ("Write to a@example.com or b@example.org.", {"emails": "list(email)"}, ["a@example.com", "b@example.org"]),
        ("Dates: 1 May 2026, 3 May 2026", {"dates": "list(date)"}, ["2026-05-01", "2026-05-03"]),
        ("We like #hiking and #tea.", {"tags": "list(string)"}, ["hiking", "tea"]),
        ("Sizes: S, M", {"sizes": {"type": "array", "items": {"enum": ["S", "M", "L"]}}}, ["S", "M"]),
        ("Scores: 3, 4 and 5", {"scores": "list(integer)"}, [3, 4, 5]),
        ("Nothing to list here.", {"skills": "list(string)"}, None),
    ],
)
def test_lists_of_single_values(text: str, field, wanted):
    (name,) = field
    assert answer(text, optional(field))[name] == wanted


def test_nested_objects_take_the_section_that_names_them():
    party = optional({"name": "string", "email": "email"})
    text = "Seller:\nAcme Tools GmbH\nsales@example.com\n\nBuyer:\nJane Roe\njane@example.org"
    assert answer(text, needed({"seller": party, "buyer": party})) == {
        "seller": {"name": "Acme Tools GmbH", "email": "sales@example.com"},
        "buyer": {"name": "Jane Roe", "email": "jane@example.org"},
    }


def test_labels_that_begin_with_the_name_of_a_nested_object_belong_to_it():
    person = optional({"name": "string", "phone": "string"})
    text = "Customer name: Jane Roe\nCustomer phone: +44 117 496 0123\nDriver name: Bo Lund"
    assert answer(text, optional({"customer": person, "driver": person})) == {
        "customer": {"name": "Jane Roe", "phone": "+44 117 496 0123"},
        "driver": {"name": "Bo Lund", "phone": None},
    }


def test_a_nested_object_that_is_not_there_is_null():
    schema = optional({"name": "string", "address": needed({"street": "string", "city": "string"})})
    assert answer("Name: Jane Roe", schema) == {"name": "Jane Roe", "address": None}


def test_what_a_needed_nested_object_lacks_is_named():
    with pytest.raises(NeedsModel, match="address"):
        ask("Name: Jane Roe", needed({"name": "string", "address": needed({"street": "string", "city": "string"})}))


@pytest.mark.parametrize(
    ("text", "schema", "wanted"),
    [
        ("See you on 2 May 2026.", {"type": "string", "format": "date"}, "2026-05-02"),
        ("That makes 12.50 EUR.", {"type": "number"}, 12.5),
        ("We need 7 chairs.", {"type": "integer"}, 7),
        ("Mail me: a@example.com", {"type": "string", "format": "email"}, "a@example.com"),
    ],
)
def test_a_single_value_is_taken_when_it_is_the_only_one(text: str, schema, wanted):
    assert answer(text, schema) == wanted


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        ("1 May 2026 or 2 May 2026", {"type": "string", "format": "date"}),
        ("3 chairs and 4 tables", {"type": "integer"}),
        ("Tell me a story.", {"type": "string"}),
    ],
)
def test_a_single_value_is_not_chosen_among_several(text: str, schema):
    with pytest.raises(NeedsModel):
        ask(text, schema)


def test_bounds_of_the_schema_rule_values_out():
    schema = {"type": "object", "properties": {"code": {"type": "string", "pattern": "^[A-Z]{2}-\\d{4}$"}}}
    assert answer("Code: AB-1234", schema) == {"code": "AB-1234"}
    assert answer("Code: 99", schema) == {}
