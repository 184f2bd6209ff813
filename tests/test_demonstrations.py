"""The examples that a call shows: the template's or its own, chosen, and told on the result."""

from __future__ import annotations

from pathlib import Path

import pytest

import patterns
from patterns import Example, InputError, Pattern, Selection
from patterns.testing import FakeModel

HEAD = """---
description: Route a message.
inputs: {text: The message.}
output: {type: object, properties: {team: {type: string}}, required: [team]}
examples: {file: rows.csv, choose: similar, k: 2}
---
"""
BODY = """{% system %}Route it. {{ output_format }}{% endsystem %}
{% for example in examples %}
{% user %}{{ example.input.text | quote("text") }}{% enduser %}
{% assistant %}{{ example.output | json }}{% endassistant %}
{% endfor %}
{% user %}{{ text | quote("text") }}{% enduser %}
"""
ROWS = "text,team\nthe printer is broken,it\nmy salary is late,pay\nthe printer has no paper,it\na new laptop,it\n"


@pytest.fixture
def route(tmp_path: Path) -> Pattern[[str], dict[str, str]]:
    (tmp_path / "route.md.jinja").write_text(HEAD + BODY)
    (tmp_path / "rows.csv").write_text(ROWS)
    with patterns.override(templates=(tmp_path,)):
        yield Pattern("route")  # type: ignore[misc]


def test_result_tells_which_examples_were_chosen_and_why(route: Pattern[[str], dict[str, str]]) -> None:
    with FakeModel(['{"team": "it"}']) as model:
        result = route.run("printer without paper")
    assert [(each.number, each.example.output) for each in result.examples] == [
        (1, {"team": "it"}),
        (3, {"team": "it"}),
    ]
    assert result.examples[-1].why == "similar: rank 1 by words (BM25)"
    assert result.examples[-1].score is not None
    assert [m.content for m in model.requests[0].messages if m.role == "assistant"] == ['{"team": "it"}'] * 2
    assert route.render("printer without paper") == list(result.messages)


def test_call_chooses_otherwise_than_its_template(route: Pattern[[str], dict[str, str]]) -> None:
    with FakeModel(['{"team": "it"}', '{"team": "it"}']):
        balanced = route.with_options(choose=Selection("balanced", by="team")).run("x")
        everything = route.with_options(choose=Selection(k=10)).run("my salary")
    assert {each.example.output["team"] for each in balanced.examples} == {"it", "pay"}
    assert [each.number for each in everything.examples][-1] == 2
    assert len(everything.examples) == 4


def test_call_brings_its_own_examples(route: Pattern[[str], dict[str, str]]) -> None:
    own = [Example({"text": "door jammed"}, {"team": "house"}), Example({"text": "lamp broken"}, {"team": "house"})]
    with FakeModel(['{"team": "house"}']):
        result = route.with_options(examples=own, choose=Selection(k=1)).run("the lamp")
    assert [each.example for each in result.examples] == [own[1]]


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ([Example({"txt": "x"}, {"team": "a"})], r"example 1 of examples=: route has no input 'txt'"),
        ([Example({"text": "x"}, {"tem": "a"})], r"the output of example 1 of examples= does not fit"),
    ],
)
def test_own_examples_that_do_not_fit_are_told(
    route: Pattern[[str], dict[str, str]], own: list[Example], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        route.with_options(examples=own).render("x")


def test_examples_that_are_none_are_refused(route: Pattern[[str], dict[str, str]]) -> None:
    with pytest.raises(InputError, match=r"a list of patterns\.Example"):
        route.with_options(examples=[("a", "b")])  # type: ignore[list-item]
    with pytest.raises(InputError, match=r"a patterns\.Selection"):
        route.with_options(choose="similar")  # type: ignore[arg-type]


def test_template_without_a_choice_shows_all_and_tells_none(route: Pattern[[str], dict[str, str]]) -> None:
    with FakeModel(['{"label": "positive", "confidence": 1.0}']):
        result = patterns.classify_sentiment.run("It works.")
    assert result.examples == ()
