"""Whatever the text and the schema: an answer that fits, sources that match, or one of our own errors."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patterns.errors import NeedsModel
from patterns.schemas import problems
from tests.model.rules.asking import ask, optional

NAMES = st.sampled_from(
    [
        "name",
        "total",
        "price",
        "date",
        "due_date",
        "email",
        "phone",
        "url",
        "skills",
        "items",
        "status",
        "paid",
        "age",
        "quantity",
        "weight_kg",
        "rating",
        "currency",
        "id",
        "invoice_number",
        "company",
        "location",
        "occupation",
        "time",
        "created_at",
        "salary_min",
        "vat_rate",
        "ip",
        "summary",
        "address",
        "x",
    ]
)
LEAVES = st.sampled_from(
    [{"type": kind} for kind in ("string", "integer", "number", "boolean")]
    + [{"type": "string", "format": kind} for kind in ("date", "date-time", "time", "email", "uri", "duration", "uuid")]
    + [{"enum": ["open", "closed", "urgent"]}, {"const": "x"}, {"type": "integer", "minimum": 3, "maximum": 40}]
    + [{"type": ["string", "null"]}, {"anyOf": [{"type": "number"}, {"type": "string"}]}, {}, {"type": "null"}]
)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    made = st.dictionaries(NAMES, inner, min_size=1, max_size=4)
    return made.flatmap(
        lambda parts: st.lists(st.sampled_from(sorted(parts)), unique=True).map(
            lambda needed: {"type": "object", "properties": parts, "required": needed}
        )
    )


SCHEMAS = st.recursive(
    LEAVES, lambda inner: objects(inner) | inner.map(lambda item: {"type": "array", "items": item}), max_leaves=8
)
WORDS = st.sampled_from(
    [
        "Total:",
        "Name:",
        "Invoice",
        "no.",
        "John",
        "Smith",
        "is",
        "a",
        "35-year-old",
        "engineer",
        "2",
        "May",
        "2026",
        "2026-05-02",
        "02.05.2026",
        "$5.00",
        "40",
        "euros",
        "3-5",
        "years",
        "x@example.com",
        "+47",
        "22",
        "34",
        "56",
        "78",
        "https://example.com",
        "2",
        "x",
        "Beans",
        "9.50",
        "|",
        "a",
        "|",
        "b",
        "|\n",
        "\n\n",
        "-",
        "*",
        "#",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "=",
        ",",
        ";",
        ":",
        "not",
        "never",
        "open",
        "urgent",
        "10.0.0.1",
        "12:30",
        "5",
        "%",
        "★★★",
        "Skills:",
        "and",
        "Regards,",
        "Dear",
        "1,234.56",
        "１２",
        "12/13/14",
        "00:00:99",
        "€-",
        "-€",
        "99999999999999999999",
        "²",
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=12), max_size=40).map(" ".join)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, schema=SCHEMAS)
def test_an_answer_fits_its_schema_or_a_model_is_asked_for(text: str, schema: dict[str, Any]):
    try:
        response = ask(text, schema)
    except NeedsModel:
        return
    assert not problems(json.loads(response.choices[0].text), schema)
    for source in response.sources:
        assert text[source.start : source.end] == source.text


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_the_same_question_gets_the_same_answer(text: str):
    schema = optional({"name": "string", "total": "number", "date": "date", "status": "enum(open|closed)"})
    assert ask(text, schema) == ask(text, schema)


def test_a_recursive_schema_comes_to_an_end():
    node = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "left": {"$ref": "#/$defs/N"}, "right": {"$ref": "#/$defs/N"}},
        "required": ["name"],
    }
    response = ask("Name: Ada Winter\nLeft: nobody", {"$defs": {"N": node}, "$ref": "#/$defs/N"})
    assert json.loads(response.choices[0].text)["name"] == "Ada Winter"
