"""How many messages of a prompt, from the first on, are the same in every call: what a provider may keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from patterns.exchange import ChosenExample, Example
from patterns.messages import Message
from patterns.prompt.catalog import default_catalog
from tests.prompt.folders import catalog, template

HEAD = "---\ninputs: {text: '', tone: {default: dry}}\nexamples: [{input: {text: a}, output: b}]\nformat: text\n---\n"
SYSTEM = "{% system %}Be brief.{% endsystem %}\n"
USER = "{% user %}{{ text | raw }}{% enduser %}\n"
SHOTS = (
    "{% for example in examples %}{% user %}{{ example.input.text | raw }}{% enduser %}\n"
    "{% assistant %}{{ example.output | raw }}{% endassistant %}{% endfor %}\n"
)


@pytest.mark.parametrize(
    ("body", "steady"),
    [
        (SYSTEM + USER, 1),
        (SYSTEM + SHOTS + USER, 3),
        ("{% system %}Be brief. {{ output_format }}{% endsystem %}\n" + USER, 1),
        ("{% system %}Be {{ tone | raw }}.{% endsystem %}" + SHOTS + USER, 0),
        (SYSTEM + USER + SHOTS, 1),
        ("{% if text %}" + SYSTEM + "{% endif %}" + USER, 0),
        ("{% if examples %}" + SYSTEM + "{% endif %}" + USER, 1),
        ("{% for word in text.split() %}" + SYSTEM + "{% endfor %}" + USER, 0),
        ("{% macro m(text) %}<{{ text | raw }}>{% endmacro %}\n{% system %}{{ m('x') }}{% endsystem %}\n" + USER, 1),
        ("{% macro m(text) %}<{{ text | raw }}>{% endmacro %}\n{% system %}{{ m(text) }}{% endsystem %}\n" + USER, 0),
        ("{% macro m() %}<{{ text | raw }}>{% endmacro %}\n{% system %}{{ m() }}{% endsystem %}\n" + USER, 0),
        ("{% macro m(a=text) %}<{{ a | raw }}>{% endmacro %}\n{% system %}{{ m() }}{% endsystem %}\n" + USER, 0),
        ("{% system %}{% if text %}a{% else %}b{% endif %}{% endsystem %}\n" + USER, 0),
        ("{% block b %}" + SYSTEM + "{% endblock %}" + USER, 0),
        ("{% system %}{{ history | length }}{% endsystem %}\n" + USER, 0),
        (SYSTEM + "{% history %}" + USER, 1),
    ],
)
def test_messages_that_no_input_changes_are_counted(tmp_path: Path, body: str, steady: int) -> None:
    made = template(tmp_path, HEAD + body)
    found = made.rendered({"text": "one two"})
    assert [found.steady, made.rendered({"text": "one two"}).steady] == [steady, steady], "said, and repeated"
    other = made.rendered({"text": "other", "tone": "wet"})
    assert found.messages[:steady] == other.messages[:steady]


def test_the_ready_templates_are_the_same_up_to_what_is_asked() -> None:
    load = default_catalog(()).load
    given = {"text": "So so.", "labels": {"a": "", "b": ""}, "question": "Why?", "task": "add", "words": 5}
    found = {}
    for name in ("json_extraction/extract", "few_shot/sentiment", "plain_text/summarize", "chain_of_thought/solve"):
        made = load(name)
        rendered = made.rendered({key: value for key, value in given.items() if key in made.inputs})
        found[name] = len(rendered.messages) - rendered.steady
    assert found == dict.fromkeys(found, 1)


def test_with_examples_chosen_for_a_call_nothing_is(tmp_path: Path) -> None:
    made = template(tmp_path, HEAD + SYSTEM + SHOTS + USER)
    chosen = [ChosenExample(Example({"text": "a"}, "b"), 1, "first")]
    assert made.rendered({"text": "x"}, examples=chosen).steady == 0


def test_history_comes_behind_them(tmp_path: Path) -> None:
    turns = [Message("user", "Hi"), Message("assistant", "Hello")]
    for body in (SYSTEM + "{% history %}\n" + USER, SYSTEM + USER):
        found = template(tmp_path, HEAD + body).rendered({"text": "x"}, history=turns)
        assert (found.steady, found.messages[1:3]) == (1, tuple(turns))


def test_what_is_imported_stays_and_what_is_included_may_not(tmp_path: Path) -> None:
    files = {"_m": "{% macro m(a) %}<{{ a | raw }}>{% endmacro %}", "_i": "{{ text | raw }}"}
    imported = HEAD + "{% from '_m.md.jinja' import m %}{% system %}{{ m('x') }}{% endsystem %}\n" + USER
    included = HEAD + "{% system %}{% include '_i.md.jinja' %}{% endsystem %}\n" + USER
    made = catalog(tmp_path, **files, a=imported, b=included)
    assert [made.load(name).rendered({"text": "x"}).steady for name in "ab"] == [1, 0]
