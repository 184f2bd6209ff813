"""What `patterns render` shows: the messages, what they weigh for models, and what stays the same."""

from __future__ import annotations

import json

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
