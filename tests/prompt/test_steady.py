"""What says the same in every call is said once; whatever may differ is written anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patterns.errors import TemplateError
from patterns.exchange import ChosenExample
from patterns.prompt.sheet import Limits
from patterns.prompt.template import Template
from tests.prompt.folders import catalog, spoken, template, write

FRONT = """\
---
inputs:
  text: A text.
  word: {type: string, description: A word., default: ""}
examples:
  - {input: {text: one}, output: 1}
  - {input: {text: two}, output: 2}
---
"""
LAST = '{% user %}{{ text | quote("text") }}{% enduser %}\n'


def kept(loaded: Template) -> list[int]:
    """How many messages each steady part holds, of all output formats."""
    return [len(part.messages) for known in loaded._program._kept.values() for part in known.parts.values()]


def twice(loaded: Template, **more: Any) -> list[tuple[str, str]]:
    """Render for other inputs, then twice for the same; give what came both times."""
    loaded.render({"text": "before", "word": "before"}, **more)
    first, second = (spoken(loaded.render({"text": "now", "word": "now"}, **more)) for _ in range(2))
    assert first == second
    return first


STEADY = [
    ("{% system %}Rules.{% endsystem %}\n", [1]),
    ("{% system %}{{ output_format }} and {{ examples | length }}{% endsystem %}\n", [1]),
    ("{% for e in examples %}\n{% user %}{{ e.input.text | raw }}{% enduser %}\n{% endfor %}\n", [2]),
    ("{% macro m(text) %}<{{ text | raw }}>{% endmacro %}\n\n{% system %}{{ m('a') }}{% endsystem %}\n", [1]),
    ("{% if examples %}\n{% system %}Look.{% endsystem %}\n{% endif %}\n", [1]),
]
LIVELY = [
    "{% system %}{{ text | raw }}{% endsystem %}\n",
    "{% system %}{% if text == 'now' %}now{% else %}not{% endif %}{% endsystem %}\n",
    "{% macro m() %}<{{ text | raw }}>{% endmacro %}\n{% system %}{{ m() }}{% endsystem %}\n",
    "{% macro m() %}<{{ text | raw }}>{% endmacro %}\n{% macro n() %}{{ m() }}{% endmacro %}\n"
    "{% system %}{{ n() }}{% endsystem %}\n",
    "{% set word = text %}\n{% system %}{{ word | raw }}{% endsystem %}\n",
    "{% for text in examples %}\n{% system %}{{ word | raw }}{% endsystem %}\n{% endfor %}\n",
    "{% if text == 'now' %}\n{% system %}now{% endsystem %}\n{% endif %}\n",
    "{% if examples %}\n{% set word = 'set' %}\n{% system %}Hi.{% endsystem %}\n{% endif %}\n"
    "{% user %}{{ word | raw }}{% enduser %}\n",
    "{% system %}{{ history | length }}{% endsystem %}\n{% history %}\n",
]


@pytest.mark.parametrize(("body", "messages"), STEADY)
def test_what_reads_only_the_examples_is_said_once(tmp_path: Path, body: str, messages: list[int]) -> None:
    loaded = template(tmp_path, FRONT + body + LAST)
    assert twice(loaded)[-1] == ("user", "<text>\nnow\n</text>")
    assert kept(loaded) == messages


@pytest.mark.parametrize("body", LIVELY)
def test_what_may_differ_is_written_anew(tmp_path: Path, body: str) -> None:
    loaded = template(tmp_path, FRONT + body + LAST)
    shown = twice(loaded)
    assert "before" not in str(shown)
    assert kept(loaded) == []


def test_another_output_format_is_another_prompt(tmp_path: Path) -> None:
    loaded = template(tmp_path, FRONT + "{% system %}As {{ output_format }}.{% endsystem %}\n" + LAST)
    for wanted in ("JSON", "YAML", "JSON"):
        assert twice(loaded, output_format=wanted)[0] == ("system", f"As {wanted}.")


def test_many_output_formats_do_not_fill_the_memory(tmp_path: Path) -> None:
    loaded = template(tmp_path, FRONT + "{% system %}As {{ output_format }}.{% endsystem %}\n" + LAST)
    for number in range(1_000):
        loaded.render({"text": "x"}, output_format=f"number {number}")
    assert len(kept(loaded)) <= 64


def test_a_file_that_is_included_is_told_the_words_of_its_includer(tmp_path: Path) -> None:
    """Its own part is steady; a loop around the include gives it other examples each time."""
    part = "{% for e in examples %}{% user %}{{ e | raw }}{% enduser %}{% endfor %}\n"
    body = '{% for examples in [["a"], ["b", "c"]] %}\n{% include "_part.md.jinja" %}\n{% endfor %}\n'
    write(tmp_path, {"t.md.jinja": FRONT + body + LAST, "_part.md.jinja": part})
    loaded = catalog(tmp_path).load("t")
    assert [text for _, text in twice(loaded)[:-1]] == ["a", "b", "c"]


def test_examples_that_are_chosen_are_written_anew(tmp_path: Path) -> None:
    body = "{% for e in examples %}\n{% user %}{{ e.input.text | raw }}{% enduser %}\n{% endfor %}\n"
    loaded = template(tmp_path, FRONT + body + LAST)
    assert len(twice(loaded)) == 3
    chosen = [ChosenExample(example=loaded.examples[1], number=2, why="asked for")]
    assert [text for _, text in twice(loaded, examples=chosen)] == ["two", "<text>\nnow\n</text>"]


def test_what_is_repeated_is_counted_all_the_same(tmp_path: Path) -> None:
    body = "{% for e in examples %}\n{% user %}{{ e.input.text | raw }} long{% enduser %}\n{% endfor %}\n"
    loaded = template(tmp_path, FRONT + body + LAST)
    assert len(twice(loaded)) == 3
    assert kept(loaded) == [2]
    for limits in (Limits(steps=2), Limits(characters=10)):
        with pytest.raises(TemplateError):
            loaded.render({"text": "x"}, limits=limits)
