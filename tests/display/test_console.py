"""In a terminal: the same story, through rich, with nothing that moves the cursor."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from patterns import Invalid, classify_sentiment, examine
from patterns.setup import Changes
from tests.display.test_html import HOSTILE, Person, everything
from tests.faultserver import FaultServer


def printed(value: object, colour: bool = False) -> str:
    out = io.StringIO()
    Console(file=out, width=120, force_terminal=colour, color_system="standard" if colour else None).print(value)
    return out.getvalue()


def test_rich_prints_the_value_first_and_marks_what_was_bent() -> None:
    reading = examine('{name: \'Jo\', "skills": "tea"}', Person)
    assert printed(reading).startswith("name: Jo\nskills:\n  - tea\njobs: []\n")
    assert "unquoted key" in printed(reading)
    assert "\x1b[1;30;43mname\x1b[0m" in printed(reading, colour=True)


def test_print_tells_the_story_of_a_call(
    here: Changes, faults: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    faults.script(["A splendid day.", '{"label": "positive", "confidence": 0.9}'])
    result = classify_sentiment.with_options(**here, reasks=1).run("I love it.")
    print(result)
    told = capsys.readouterr().out
    assert told.startswith("label: positive\nconfidence: 0.9\n")
    assert "2 attempts" in told
    assert "model" in told
    assert "\x1b" not in told
    assert repr(result).startswith("Result(")


def test_an_error_is_told_with_its_attempts(here: Changes, faults: FaultServer) -> None:
    faults.script(['{"label": "splendid", "confidence": 0.5}'])
    with pytest.raises(Invalid) as caught:
        classify_sentiment.with_options(**here, reasks=0).run("I love it.")
    told = printed(caught.value)
    assert told.startswith("Invalid ")
    assert "$.label" in told
    assert "1 attempt · 50 + 10 tokens" in told
    assert "Invalid " not in str(caught.value)


@pytest.mark.parametrize("hostile", [*HOSTILE, "[bold red]x[/]", "[link=https://x.example]x[/link]", ":smile:"])
def test_nothing_of_a_model_moves_the_cursor_or_is_markup(hostile: str) -> None:
    for value in everything(hostile):
        told = printed(value)
        assert "\x1b" not in told
        assert "\x07" not in told
        assert "\u202e" not in told
    if hostile.startswith(("[", ":")):
        assert hostile in printed(everything(hostile)[0])


def test_big_values_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    big = examine(str([{"n": n} for n in range(5_000)]), list[dict[str, int]])
    assert "and 4,950 more items" in printed(big)
    assert len(printed(big)) < 20_000
