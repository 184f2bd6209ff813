"""Examples from CSV files: what the columns are for, what the cells hold, and what is no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from patterns.errors import TemplateError
from patterns.messages import Json
from patterns.prompt.table import TableError, rows
from tests.prompt.folders import catalog


def read(text: str, inputs: frozenset[str] = frozenset({"text", "count"})) -> list[Json]:
    return [example for example, _ in rows(text, inputs)]


def test_bare_names_are_inputs_or_members_of_the_output() -> None:
    assert read("text,label\nhi,greeting\n") == [{"input": {"text": "hi"}, "output": {"label": "greeting"}}]


def test_sides_and_dots_say_where_a_cell_goes() -> None:
    assert read("input.text,output.team.name,output.team.size\nhi,ops,3\n") == [
        {"input": {"text": "hi"}, "output": {"team": {"name": "ops", "size": 3}}}
    ]


def test_output_alone_is_the_whole_output() -> None:
    assert read("text,output\nhi,[1]\nyo,[2]\n") == [
        {"input": {"text": "hi"}, "output": [1]},
        {"input": {"text": "yo"}, "output": [2]},
    ]


def test_column_holds_json_where_every_cell_does() -> None:
    found = read("text,count,label,sure\na,1,1,true\nb,2,two,\nc,,3,false\n")
    assert [each["input"] for each in found] == [  # type: ignore[index, call-overload]
        {"text": "a", "count": 1},
        {"text": "b", "count": 2},
        {"text": "c"},
    ]
    assert [each["output"] for each in found] == [  # type: ignore[index, call-overload]
        {"label": "1", "sure": True},
        {"label": "two"},
        {"label": "3", "sure": False},
    ]


@pytest.mark.parametrize("cell", ["007", "NaN", "Infinity", '"1"', "1,5", "+1", "0x1"])
def test_what_json_does_not_know_is_text(cell: str) -> None:
    quoted = cell.replace('"', '""')
    assert read(f'text,label\nhi,"{quoted}"\n')[0]["output"] == {"label": cell}  # type: ignore[index, call-overload]


def test_cells_hold_commas_quotes_and_lines_and_each_row_its_line() -> None:
    text = 'text,label\n"a, ""b""\nc",x\n\n=1+1,y\n'
    assert list(rows(text, frozenset({"text"}))) == [
        ({"input": {"text": 'a, "b"\nc'}, "output": {"label": "x"}}, 2),
        ({"input": {"text": "=1+1"}, "output": {"label": "y"}}, 5),
    ]


WRONG = {
    "nothing": ("", 1, "empty"),
    "too few cells": ("text,label\nhi,a\nyo\n", 3, "1 cells in a table of 2 columns"),
    "an open quote": ('text,label\nhi,"a\n', 2, "not CSV"),
    "a column twice": ("text,input.text,label\na,b,c\n", 1, "two columns are for input.text"),
    "a column inside another": ("text,output,output.a\na,b,c\n", 1, "two columns are for output"),
    "no output": ("text,input.more\na,b\n", 1, "no column is for the output"),
    "an empty output": ("text,label\na,x\nb,\n", 3, "the output is empty"),
    "a column without a name": ("text,,label\na,b,c\n", 1, "cannot name a column"),
    "a huge cell": ("text,label\nhi," + "x" * 200_000 + "\n", 2, "field larger than field limit"),
}


@pytest.mark.parametrize(("text", "line", "says"), WRONG.values(), ids=WRONG)
def test_what_is_no_table_is_told_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(TableError, match=says) as caught:
        list(rows(text, frozenset({"text"})))
    assert caught.value.line == line


def test_template_reads_a_table_with_a_mark_at_its_start(tmp_path: Path) -> None:
    files = {
        "t": "---\ninputs: {text: x}\nexamples: rows.csv\n---\n{% user %}{{ text }}{% enduser %}",
        "rows.csv": "\ufefftext,label\r\nhi,a\r\nyo,b\r\n",
    }
    loaded = catalog(tmp_path, **files).load("t")
    assert [(example.input, example.output) for example in loaded.examples] == [
        ({"text": "hi"}, {"label": "a"}),
        ({"text": "yo"}, {"label": "b"}),
    ]
    assert loaded.pool.lines == (2, 3)


def test_row_that_does_not_fit_the_inputs_is_told_with_its_line(tmp_path: Path) -> None:
    files = {
        "t": "---\ninputs: {text: x, count: {type: integer}}\nexamples: rows.csv\n---\n{% user %}x{% enduser %}",
        "rows.csv": "text,count,label\nhi,1,a\nyo,many,b\n",
    }
    with pytest.raises(TemplateError, match="the input of example 1 does not fit: t: input count") as caught:
        catalog(tmp_path, **files).load("t")
    assert caught.value.line == 2
