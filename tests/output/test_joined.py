"""The seam between a cut answer and its rest: nothing lost, nothing twice, however the rest is written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.output.joined import joined
from patterns.output.kept import is_over, kept
from patterns.output.read import examine

ORDERS = {
    "customer": "Kern & Söhne",
    "orders": [
        {"id": i, "item": f"bolt M{i}", "total": i * 1.5, "tags": [f"t{i}", f"u{i}"], "note": None} for i in range(9)
    ],
    "sum": 54.0,
    "paid": True,
}
ROWS = [{"id": i, "name": f"row {i}", "label": "positive" if i % 3 else "negative"} for i in range(9)]
LABELS = ["positive", "negative", "positive", "positive", "neutral", "negative"] * 4
ALIKE = [{"label": "a"}] * 3 + [{"label": "b"}] * 3 + [{"label": "a"}] * 4
TALE = "The committee met on Tuesday and spoke of the bridge in some detail. " * 5 + "At last it agreed to build it."
REPORT = {"title": "Bridge", "body": TALE, "pages": 3}

MANNERS: dict[str, Callable[[str, str, str], str]] = {
    "plainly": lambda said, rest, whole: rest,
    "without the comma": lambda said, rest, whole: rest.lstrip(", \n"),
    "in a fence": lambda said, rest, whole: "```json\n" + rest.lstrip(", \n") + "\n```",
    "behind a line": lambda said, rest, whole: "Here is the rest:\n" + rest.lstrip(", \n"),
    "behind a word": lambda said, rest, whole: "Sure, continuing. " + rest.lstrip(", \n"),
    "with a run-up": lambda said, rest, whole: said[-70:] + rest,
    "from the top": lambda said, rest, whole: whole,
    "from the top in a fence": lambda said, rest, whole: f"```json\n{whole}\n```",
}


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("indent", [None, 2])
def test_wherever_json_is_cut_it_is_whole_again(manner: str, indent: int | None) -> None:
    whole = json.dumps(ORDERS, indent=indent, ensure_ascii=False)
    for cut in range(40, len(whole), 11):
        said = kept(whole[:cut], "json")
        assert whole.startswith(said)
        text = joined(said, MANNERS[manner](said, whole[len(said) :], whole), "json")
        assert examine(text, {}).output == ORDERS, (cut, said[-40:])


def test_what_is_kept_is_never_an_unfinished_value() -> None:
    assert kept('[{"id": 1, "total": 12', "json") == '[{"id": 1'
    assert kept('[{"id": 1, "total": 12,', "json") == '[{"id": 1, "total": 12'
    assert kept('[{"id": 1, "name": "Jo', "json") == '[{"id": 1'
    assert kept('[{"id": 1}, {"id', "json") == '[{"id": 1}'
    assert kept('[{"id', "json") == ""
    assert kept("no JSON at all", "json") == ""
    assert kept('{"done": true}', "json") == "", "there is nothing to go on with"
    assert kept("def f():\n    return 1\n\ndef g", "code") == "def f():\n    return 1\n\n"
    assert kept("Once upon a ti", "text") == "Once upon a "


def test_a_long_text_is_kept_by_its_words_and_never_through_an_escape() -> None:
    text = json.dumps({"body": "word " * 60 + "end"})
    assert kept(text[:250], "json").endswith("word ")
    assert kept('{"body": "' + "字" * 300, "json") == '{"body": "' + "字" * 300
    assert kept('{"body": "' + "字" * 300 + "\\u5b", "json") == '{"body": "' + "字" * 300


BRACKETS = [
    ("list again", {"orders": ROWS}, 5, json.dumps(ROWS[5:]) + "}"),
    ("object and list again", {"orders": ROWS}, 5, json.dumps({"orders": ROWS[5:]})),
    ("the last item again", ROWS, 5, ", ".join(map(json.dumps, ROWS[4:])) + "]"),
    ("a list with the last items again", ROWS, 5, json.dumps(ROWS[3:])),
    ("a list of its own", ROWS, 5, json.dumps(ROWS[5:])),
    ("labels that recur", LABELS, 13, ", " + json.dumps(LABELS[13:])[1:]),
    ("labels in a list of their own", LABELS, 13, json.dumps(LABELS[13:])),
    ("labels from the top", LABELS, 13, json.dumps(LABELS)),
    ("items that are alike", ALIKE, 8, ", " + json.dumps(ALIKE[8:])[1:]),
    ("alike in a list of their own", ALIKE, 8, json.dumps(ALIKE[8:])),
    ("lists of lists", [[1, 2], [3, 4], [5, 6]], 2, "[5, 6]]"),
]


@pytest.mark.parametrize(("what", "whole", "items", "more"), BRACKETS, ids=[case[0] for case in BRACKETS])
def test_brackets_opened_again_and_items_said_again(what: str, whole: object, items: int, more: str) -> None:
    inside = whole["orders"] if isinstance(whole, dict) else whole
    begun = json.dumps(inside[:items])[:-1]  # type: ignore[index]
    said = '{"orders": ' + begun if isinstance(whole, dict) else begun
    assert json.loads(joined(said, more, "json")) == whole


def test_members_of_an_object_opened_again() -> None:
    said = '{"name": "Ada", "age": 36'
    for more in ('{"city": "London"}', '"city": "London"}', ', "city": "London"}'):
        assert json.loads(joined(said, more, "json")) == {"name": "Ada", "age": 36, "city": "London"}


def test_the_words_of_a_long_text_go_on() -> None:
    whole = json.dumps(REPORT)
    said = kept(whole[: whole.index("At last it agr") + 11], "json")
    rest = whole[len(said) :]
    key = whole[whole.index('"body"') :]
    for more in (rest, " " + rest, '"' + rest, "..." + rest, "…" + rest, said[-30:] + rest, key, "{" + key, whole):
        assert json.loads(joined(said, more, "json")) == REPORT, more[:40]


def test_few_words_over_and_over_are_no_overlap() -> None:
    words = "word " * 60
    whole = json.dumps({"a": [words] * 8})
    for at in range(40, len(whole), 35):
        said = kept(whole[:at], "json")
        if said:
            assert joined(said, whole[len(said) :], "json") == whole


def test_python_s_spelling_is_joined_too() -> None:
    whole = str(ORDERS)
    said = kept(whole[:400], "json")
    assert len(said) > 330
    assert examine(joined(said, whole[len(said) :], "json"), {}).output == ORDERS


def test_text_and_code() -> None:
    assert joined("Once upon a ", "time.", "text") == "Once upon a time."
    assert joined("Once upon a ", " time.", "text") == "Once upon a time."
    assert (
        joined("He said it and went away from ", "and went away from here.", "text")
        == "He said it and went away from here."
    )
    code = "```python\ndef f():\n    return 1\n\n"
    for more in (
        "def g():\n    return 2\n```",
        "```python\ndef g():\n    return 2\n```",
        "    return 1\n\ndef g():\n    return 2\n```",
    ):
        assert joined(code, more, "code") == code + "def g():\n    return 2\n```"
    assert joined(code, "```", "code") == code + "```"
    again = "def f():\n    return 1\n\ndef g():\n    return 2\n"
    assert joined("def f():\n    return 1\n\n", again, "code") == again


def test_only_a_whole_answer_is_over() -> None:
    for text in ('{"a": 1}', '```json\n[{"a": 1}]\n```', "[1, 2]\n"):
        assert is_over(text, "json")
    for text in ('{"a": 1', "12", '"text"', 'Draft: {"a": 1}', '{"a": 1} or rather {"a', '{"a": 1}}', "[1] [2]"):
        assert not is_over(text, "json")
    assert not is_over("All is said.", "text")


def test_a_long_answer_is_joined_in_good_time() -> None:
    whole = json.dumps([{"id": i, "name": f"row {i}", "total": i * 1.5} for i in range(2_000)])
    started = time.perf_counter()
    said = kept(whole[:60_000], "json")
    assert json.loads(joined(said, "Here it goes on:\n" + whole[len(said) :], "json")) == json.loads(whole)
    assert time.perf_counter() - started < 5


KEYS = st.text("abcdef ", min_size=1, max_size=5)
LEAVES = st.none() | st.booleans() | st.integers(-999, 9_999) | st.text(max_size=20) | st.just("word " * 60)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=25
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.integers(1, 10_000), st.sampled_from([None, 1]))
@settings(max_examples=150, deadline=None)
def test_any_json_cut_anywhere_goes_on_plainly(value: dict[str, object], at: int, indent: int | None) -> None:
    whole = json.dumps(value, indent=indent)
    said = kept(whole[: 1 + at % len(whole)], "json")
    assert whole.startswith(said)
    if said:
        assert json.loads(joined(said, whole[len(said) :], "json")) == value
