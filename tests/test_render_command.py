"""What `patterns render` shows: the messages, what they weigh for models, and what stays the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patterns import classify_sentiment
from tests.test_cli import patterns

KEYS = {"OPENAI_API_KEY": "sk-nobody-0123456789abcdef", "ANTHROPIC_API_KEY": "sk-nobody-0123456789abcdef"}


def test_messages_come_with_tokens_and_each_model_with_its_price() -> None:
    models = ("-m", "openai/gpt-4.1-mini", "-m", "anthropic/claude-sonnet-4-5", "-m", "openai/nobody-knows")
    done = patterns("render", "few_shot/sentiment", "-i", "text=So so.", *models, "--json", **KEYS)
    found = json.loads(done.stdout)
    counted = classify_sentiment.with_options(model="openai/gpt-4.1-mini").estimate("So so.")
    first, second, third = found["models"]
    assert (first["tokens"], first["cost"]) == (counted.input_tokens, counted.low)
    assert first["window"] > 1_000_000
    assert second["cost"] == pytest.approx(second["tokens"] * 3e-6)
    assert (third["cost"], third["window"]) == (None, None)
    assert len(found["tokens"]) == len(found["messages"])
    assert found["steady"] == len(found["messages"]) - 1


def test_page_for_a_person_marks_where_the_inputs_begin() -> None:
    done = patterns("render", "few_shot/sentiment", "-i", "text=So so.", "-m", "openai/gpt-4.1-mini", **KEYS)
    before, _, after = done.stdout.partition("from here on the inputs count")
    assert "always the same" in before
    assert "So so." in after
    assert "So so." not in before
    row = next(line for line in after.splitlines() if line.startswith("openai/gpt-4.1-mini"))
    assert "1,047,576" in row


def test_example_of_the_template_gives_the_inputs() -> None:
    done = patterns("render", "few_shot/sentiment", "--example", "2", "--json")
    assert "Great, it broke again." in json.loads(done.stdout)[-1]["content"]
    other = patterns("render", "few_shot/sentiment", "--example", "99")
    assert (other.returncode, "has 8 examples, and no example 99" in other.stderr) == (2, True)


def test_text_of_an_input_moves_neither_the_cursor_nor_the_style() -> None:
    hostile = "[bold red]x[/] \x1b[31m \x1b]0;title\x07 \u202e \x9b2J"
    done = patterns("render", "few_shot/sentiment", "-i", f"text={hostile}", TERM="xterm-256color", FORCE_COLOR="1")
    assert "[bold red]x[/]" in done.stdout
    assert "\x1b]0;" not in done.stdout
    assert "\x9b" not in done.stdout
    assert "\u202e" not in done.stdout
    last = done.stdout.rpartition("[bold red]")[2]
    assert "\x1b[31m" not in last


def test_examples_that_choose_themselves_are_named_with_the_reason(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "few_shot"
    folder.mkdir(parents=True)
    rows = "".join(f"the {kind} number {n} is late,{kind}\n" for n in range(5_000) for kind in ("parcel", "salary"))
    (folder / "tickets.csv").write_text(f"text,output\n{rows}my bonus is missing,salary\n")
    (folder / "route.md.jinja").write_text(
        """---
description: Route a ticket.
inputs: {text: The ticket.}
output: {enum: [parcel, salary]}
examples: {file: tickets.csv, choose: similar, k: 2, max_tokens: 500}
---
{% for example in examples %}
{% user %}{{ example.input.text | quote("text") }}{% enduser %}
{% assistant %}{{ example.output | json }}{% endassistant %}
{% endfor %}
{% user %}{{ output_format }}

{{ text | quote("text") }}{% enduser %}
"""
    )
    words = ("render", "few_shot/route", "-i", "text=a bonus was missing")
    found = json.loads(patterns(*words, "--json", cwd=tmp_path).stdout)
    last = found["examples"][-1]
    assert (last["number"], last["why"]) == (10_001, "similar: rank 1 by words (BM25)")
    assert last["score"] > 0
    assert last["tokens"] > 16
    assert "my bonus is missing" in found["messages"][-3]["content"]
    for_a_person = patterns(*words, cwd=tmp_path)
    assert f"example 10001: similar: rank 1 by words (BM25), {last['tokens']} tokens" in for_a_person.stderr
    with (folder / "tickets.csv").open("a") as file:
        file.write("a bonus was missing here,salary\n")
    assert json.loads(patterns(*words, "--json", cwd=tmp_path).stdout)["examples"][-1]["number"] == 10_002
