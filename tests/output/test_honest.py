"""Never silently wrong: what a text leaves out, hides in thoughts or says in two ways is told, or refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from patterns.errors import OutputError, Truncated, Unreadable
from patterns.output.read import examine, read

ROWS = [
    '"red", "blue"',
    '"red"\n"blue"',
    '"red",\n"blue",\n',
    '"red" and "blue"',
    '"red" "blue"',
    '"red"; "blue"',
    "'red', 'blue'",
    "“red”, “blue”",
    "«red», «blue»",
    '```\n"red"\n"blue"\n```',
    'The colors:\n"red", "blue"',
    '<think>hm</think>\n"red", "blue"',
    '"red", "blue"\n\nLet me know!',
]


@pytest.mark.parametrize("text", ROWS)
def test_strings_in_a_row_are_a_list_without_brackets(text: str) -> None:
    reading = examine(text, list[str])
    assert (reading.output, reading.complete) == (["red", "blue"], True)
    assert [mend.after for mend in reading.repairs if mend.kind == "implied list"] == ["[", "]"]


@pytest.mark.parametrize("text", [row for row in ROWS if "think" not in row])
def test_strings_in_a_row_are_no_half_of_a_text(text: str) -> None:
    assert read(text, str) == text


def test_row_keeps_other_scalars_and_quotes_inside_its_strings() -> None:
    assert read('"a", 3, true, "the "big" one"') == ["a", 3, True, 'the "big" one']
    assert read("'it's', 'so'", list[str]) == ["it's", "so"]


@pytest.mark.parametrize("text", ['"Hello," she said, "it is me."', '"a" or "b"', '"Yes" is what they said, not "no"'])
def test_quotations_in_a_sentence_are_no_value(text: str) -> None:
    assert read(text, str) == text
    for into in (Any, list[str]):
        with pytest.raises(Unreadable):
            read(text, into)


SHORTENED = [
    '["a", "b", ...]',
    '["a", "b", …]',
    '["a", "b" ...]',
    '["a", "b", ... and 10 more]',
    '["a", "b", // 10 more items\n]',
    '["a", "b" # … and so on\n]',
    '["a", "b", // add more names here\n]',
    '["a", /* remaining items omitted */ "b"]',
    '["a", "b", etc.]',
    "[a, b, etc]",
    '["a", "b", and 10 more]',
    '["a", "b" /* truncated for brevity */]',
    '["a", "b"] // 10 more items',
    '["a", "b"] (and 12 more)',
    "- a\n- b\n- ...",
    "- a\n- b\n...",
    "1. a\n2. b\n3. and so on",
    "- a\n- b\n- (3 more items)",
    '"a", "b" // and 10 more',
]


@pytest.mark.parametrize("text", SHORTENED)
@pytest.mark.parametrize("into", [Any, list[str]])
def test_list_that_says_it_was_shortened_is_not_complete(text: str, into: Any) -> None:
    reading = examine(text, into)
    assert (reading.output, reading.complete) == (["a", "b"], False)
    (mend,) = (mend for mend in reading.repairs if mend.kind == "ellipsis")
    assert mend.span is not None
    assert text[slice(*mend.span)] == mend.before


def test_shortened_part_marks_what_is_around_it() -> None:
    for text in ('{"t": ["a", ...], "n": 1}', '{"t": ["a"], "n": 1, ...}', '{"t": ["a"], // ... other fields\n"n": 1}'):
        reading = examine(text, dict[str, Any])
        assert (reading.output, reading.complete) == ({"t": ["a"], "n": 1}, False)
    assert examine("| a |b|\n|--|--|\n| 1 | 2 |\n| ... | ... |", list[dict[str, int]]).complete is False
    assert examine('[{"a": 1}, {...}, {"a": 9}]', list[dict[str, int]]).output == [{"a": 1}, {"a": 9}]


@pytest.mark.parametrize(
    "text",
    [
        '{"t": [1, 2], // see below...\n"n": 20 // 10 more than before\n}',
        '{"t": [1, 2], # other fields\n"n": 20}',
        '{"t": [1, 2], /* no more items */ "n": 20}',
        '{"t": [1, 2], "n": 20, // the additional fee\n}',
    ],
)
def test_comment_about_a_value_shortens_nothing(text: str) -> None:
    reading = examine(text)
    assert (reading.output, reading.complete) == ({"t": [1, 2], "n": 20}, True)


def test_words_for_more_are_items_like_any_other() -> None:
    assert examine("- less\n- more", list[str]).complete
    assert examine("[less, more]", list[str]).output == ["less", "more"]


OPENERS = [
    "<think>",
    "<thinking>\n",
    "<THINK>",
    "[THINK]",
    "◁think▷",
    "<think>x</think><think>",
    "<|begin_of_thought|>",
]


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize(
    "thought", ['{"n": 1}', 'So: {"n": 1}\nor {"n": 2}', '```json\n{"n": 1}\n```', "n: 1\nm: 2", "1"]
)
@pytest.mark.parametrize("into", [Any, dict[str, int], int, str])
def test_thoughts_without_an_end_hold_no_answer(opener: str, thought: str, into: Any) -> None:
    with pytest.raises(Truncated):
        read(opener + thought, into)


@pytest.mark.parametrize(
    ("opener", "closer"),
    [
        ("<think>", "</think>"),
        ("<THINK>", "</THINK>"),
        ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
        ("", "</think>"),
    ],
)
def test_answer_stands_behind_the_thoughts(opener: str, closer: str) -> None:
    assert read('{"n": 1}\n</think>\n{"n": 2}', dict[str, int]) == {"n": 2}
    assert read(f'{opener}{{"n": 1}}{closer}\n{{"n": 2}}', dict[str, int]) == {"n": 2}


def test_answer_before_thoughts_and_words_about_their_tags_are_no_thoughts() -> None:
    assert read('{"n": 2}\n<think>or {"n": 1}', dict[str, int]) == {"n": 2}
    assert read('I use no <think> tags: {"n": 1}', dict[str, int]) == {"n": 1}
    assert read("Use the <think> tag", str) == "Use the <think> tag"


def test_value_inside_finished_thoughts_is_a_guess_to_be_seen() -> None:
    for text in ('<think>{"n": 1}</think>', '{"n": 1}\n</think>\n'):
        assert max(mend.cost for mend in examine(text, dict[str, int]).repairs) >= 10
        with pytest.raises(OutputError):
            examine(text, dict[str, int], partial=True)


def test_thoughts_are_no_part_of_a_text() -> None:
    reading = examine("<think>hm</think>\nHello", str)
    assert reading.output == "Hello"
    assert [mend.kind for mend in reading.repairs] == ["reasoning"]


@pytest.mark.parametrize("text", ['{"a": "x\\ud800"}', '{"a": "x\ud800"}', "{'a': 'x\\ud800'}", '{"a": "x\ud800", }'])
@pytest.mark.parametrize("into", [Any, dict[str, str]])
def test_half_of_a_pair_of_surrogates_is_told(text: str, into: Any) -> None:
    reading = examine(text, into)
    assert reading.output == {"a": "x\ufffd"}
    assert [mend.kind for mend in reading.repairs if mend.cost >= 1] == ["surrogate"]
    str(reading.repairs).encode()


class Named(BaseModel):
    a: int
    b: str = "x"


@pytest.mark.parametrize("frame", ["{}", "So: {} there", "```json\n{}\n```", "{},"])
@pytest.mark.parametrize("into", [Any, Named])
def test_name_given_twice_is_told(frame: str, into: Any) -> None:
    for text, cost in (('{"a": 1, "b": "y", "a": 2}', 10.0), ('{"a": 2, "b": "y", "a": 2}', 0.1)):
        reading = examine(frame.format(text), into)
        assert (reading.output["a"] if into is Any else reading.output.a) == 2
        (mend,) = (mend for mend in reading.repairs if mend.kind == "duplicate key")
        assert (mend.path, mend.before, mend.cost) == ("$.a", text[1:7], cost)


def test_name_given_twice_is_read_where_it_fits() -> None:
    reading = examine('{"a": 1, "b": "y", "a": "z"}', Named)
    assert reading.output == Named(a=1, b="y")
    assert [(mend.kind, mend.before, mend.after, mend.cost) for mend in reading.repairs] == [
        ("duplicate key", "z", "1", 10.0)
    ]


def test_name_given_twice_deep_inside_is_told_with_its_path() -> None:
    (mend,) = examine('{"t": [{"x": 0}, {"x": {"y": 1, "y": [2]}}]}').repairs
    assert (mend.kind, mend.path) == ("duplicate key", "$.t[1].x.y")
    assert not examine('[{"a": 1}, {"a": 2}]').repairs


def test_part_of_a_broken_value_is_a_guess_to_be_seen() -> None:
    text = '{"rows: [[60, Ann"], [15, "pending"], [64, "x"]], on: true}'
    assert [mend.cost for mend in examine(text).repairs if mend.kind == "torn out"] == [10.0]
    row = examine('{"a": 1}, {"a": 2}, {"a": 3}', list[dict[str, int]])
    assert "torn out" not in {mend.kind for mend in row.repairs}
