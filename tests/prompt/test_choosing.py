"""Examples that choose themselves: which, how many, in which order, and why."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import InputError, TemplateError
from patterns.exchange import Example
from patterns.prompt.choosing import MARKUP, choose, tokens
from patterns.prompt.pool import Pool
from patterns.prompt.selection import Selection
from tests.prompt.folders import catalog

ROWS = [
    ("I was charged twice for March", "billing"),
    ("The invoice shows the wrong amount", "billing"),
    ("Please refund the second payment", "billing"),
    ("My invoice is missing", "billing"),
    ("The app crashes when I open the camera", "technical"),
    ("Login fails with an error", "technical"),
    ("How do I delete my profile?", "account"),
]
POOL = Pool([Example({"text": text}, {"label": label}) for text, label in ROWS])


def numbers(selection: Selection, text: str = "?", pool: Pool = POOL) -> list[int]:
    return [each.number for each in choose(pool, selection, {"text": text}, count=len)]


def test_first_examples_come_in_the_order_of_the_file() -> None:
    assert numbers(Selection(k=3)) == [1, 2, 3]
    assert numbers(Selection("first", k=99)) == [1, 2, 3, 4, 5, 6, 7]


def test_random_examples_are_the_same_for_one_seed_in_every_process() -> None:
    selection = Selection("random", k=3, seed=7)
    code = "import random; order = list(range(7)); random.Random(7).shuffle(order); print(sorted(order[:3]))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert [n - 1 for n in numbers(selection)] == json.loads(other)
    assert numbers(selection, "another text") == numbers(selection)


def test_random_examples_differ_from_seed_to_seed() -> None:
    assert len({tuple(numbers(Selection("random", k=3, seed=seed))) for seed in range(20)}) > 5


def test_balanced_examples_are_of_each_label_in_turn() -> None:
    chosen = choose(POOL, Selection("balanced", k=5), {"text": "?"})
    labels = [each.example.output["label"] for each in chosen]  # type: ignore[index, call-overload]
    assert sorted(labels) == ["account", "billing", "billing", "technical", "technical"]
    assert "'account'" in next(each.why for each in chosen if each.number == 7)


def test_similar_examples_are_ranked_by_words_the_most_alike_last() -> None:
    chosen = choose(POOL, Selection("similar", k=2), {"text": "There is an error in my INVOICE, it is missing lines"})
    assert [each.number for each in chosen] == [6, 4]
    assert [each.why for each in chosen] == ["similar: rank 2 by words (BM25)", "similar: rank 1 by words (BM25)"]
    assert chosen[1].score is not None
    assert chosen[0].score is not None
    assert chosen[1].score > chosen[0].score > 0


def test_similar_fills_up_with_the_first_ones_where_no_word_is_shared() -> None:
    chosen = choose(POOL, Selection("similar", k=2), {"text": "Guten Tag"})
    assert [(each.number, each.score) for each in chosen] == [(2, None), (1, None)]
    assert "shares a word" in chosen[0].why


@pytest.mark.parametrize(
    ("question", "nearest"),
    [("CAMÉRA", 5), ("caméra cassée", 5), ("領収書の金額", 8), ("'; DROP TABLE texts; --\" NEAR(crashes", 5)],
)
def test_words_are_compared_without_case_accents_spaces_or_syntax(question: str, nearest: int) -> None:
    pool = Pool([*POOL.examples, Example({"text": "請求書の金額が違います"}, {"label": "billing"})])
    chosen = choose(pool, Selection("similar", k=1), {"text": question})
    assert [each.number for each in chosen] == [nearest]


def test_example_with_the_very_same_inputs_is_left_out() -> None:
    for way in ("first", "random", "balanced", "similar"):
        assert 1 not in numbers(Selection(way, k=7), ROWS[0][0])


def test_second_example_of_the_same_inputs_is_left_out() -> None:
    twice = Pool([*POOL.examples, POOL.examples[0]])
    assert numbers(Selection(k=8), pool=twice) == [1, 2, 3, 4, 5, 6, 7]


def test_examples_stay_within_their_tokens() -> None:
    sizes = [tokens(example, len) for example in POOL.examples]
    chosen = choose(POOL, Selection(max_tokens=sizes[0] + sizes[1] + 5), {"text": "?"}, count=len)
    assert [each.number for each in chosen] == [1, 2]
    assert [each.tokens for each in chosen] == sizes[:2]
    assert sizes[0] == len(json.dumps({"text": ROWS[0][0]})) + len('{"label": "billing"}') + MARKUP


@given(
    way=st.sampled_from(["first", "random", "balanced", "similar"]),
    k=st.integers(1, 12),
    most=st.integers(1, 900),
    seed=st.integers(0, 50),
    text=st.text(max_size=60),
)
def test_neither_number_nor_tokens_are_ever_passed(way: str, k: int, most: int, seed: int, text: str) -> None:
    drawn = seed if way in ("random", "balanced") else None
    selection = Selection(way, k=k, max_tokens=most, seed=drawn)  # type: ignore[arg-type]
    chosen = choose(POOL, selection, {"text": text}, count=len)
    assert len(chosen) <= k
    assert sum(tokens(each.example, len) for each in chosen) <= most
    assert len({each.number for each in chosen}) == len(chosen)
    assert chosen == choose(POOL, selection, {"text": text}, count=len)


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5), k=st.integers(1, 30), seed=st.integers(0, 9))
def test_no_label_is_ahead_of_another_that_has_examples_left(sizes: list[int], k: int, seed: int) -> None:
    pool = Pool(
        [Example({"text": f"{label} {n}"}, str(label)) for label, size in enumerate(sizes) for n in range(size)]
    )
    chosen = choose(pool, Selection("balanced", k=k, seed=seed), {"text": "?"})
    counts = {str(label): 0 for label in range(len(sizes))}
    for each in chosen:
        counts[str(each.example.output)] += 1
    assert len(chosen) == min(k, len(pool))
    for label, size in enumerate(sizes):
        if counts[str(label)] < size:
            assert max(counts.values()) <= counts[str(label)] + 1


WRONG = {
    "no such way": ({"choose": "best", "k": 3}, "choose must be one of all, first"),
    "no number": ({"choose": "similar"}, "does not say how many"),
    "zero": ({"k": 0}, "k must be a whole number"),
    "a key of another way": ({"choose": "first", "k": 2, "by": "label"}, "by says nothing where choose is first"),
    "a model for words": ({"choose": "random", "k": 2, "model": "openai/x"}, "model says nothing"),
    "a mistyped key": ({"chose": "random", "k": 2}, "unknown key 'chose'"),
    "a missing label": ({"choose": "balanced", "k": 2, "by": "team"}, "has no 'team' to balance by"),
    "a missing input": ({"choose": "similar", "k": 2, "on": "title"}, "no input 'title' to compare by"),
}


@pytest.mark.parametrize(("choice", "says"), WRONG.values(), ids=WRONG)
def test_wrong_choice_is_told_with_its_line(choice: dict[str, object], says: str, tmp_path: Path) -> None:
    lines = "\n".join(f"  {key}: {value}" for key, value in choice.items())
    head = f"---\ninputs: {{text: x}}\nexamples:\n  file: rows.csv\n{lines}\n---\n"
    files = {
        "t": head + "{% user %}{{ text }}{% enduser %}",
        "rows.csv": "text,label\nhello,a\nbye,b\n",
    }
    with pytest.raises(TemplateError, match=says) as caught:
        catalog(tmp_path, **files).load("t")
    assert caught.value.line is not None
    assert 3 <= caught.value.line <= 4 + len(choice)


def test_template_shows_what_its_front_matter_chooses(tmp_path: Path) -> None:
    shown = "{% for e in examples %}{% user %}{{ e.input.text }}{% enduser %}{% endfor %}"
    body = shown + "{% user %}{{ text }}{% enduser %}"
    files = {
        "t": "---\ninputs: {text: x}\nexamples: {file: rows.csv, choose: similar, k: 1}\n---\n" + body,
        "rows.csv": "text,label\nred apple,fruit\ngreen car,thing\nred bus,thing\n",
    }
    found = catalog(tmp_path, **files)
    assert [m.content for m in found.load("t").render({"text": "a green bike"})] == ["green car", "a green bike"]
    (tmp_path / "rows.csv").write_text("text,label\ngreen bike!,thing\ngreen car,thing\n")
    assert [m.content for m in found.load("t").render({"text": "a green bike"})] == ["green bike!", "a green bike"]


def test_variant_inherits_the_choice_with_the_examples(tmp_path: Path) -> None:
    head = "---\ninputs: {text: x}\nexamples: {file: rows.csv, k: 1}\n---\n"
    base = head + "{% block b %}{% user %}{{ examples | json }}{{ text }}{% enduser %}{% endblock %}"
    files = {"t": base, "t.v": '{% extends "t.md.jinja" %}', "rows.csv": "text,output\na,1\nb,2\n"}
    loaded = catalog(tmp_path, **files).load("t.v")
    assert loaded.selection == Selection(k=1)
    assert '"b"' not in loaded.render({"text": "c"})[0].content


def test_tokens_are_counted_by_who_brings_a_tokenizer() -> None:
    with pytest.raises(InputError, match="needs a tokenizer"):
        choose(POOL, Selection(max_tokens=100), {"text": "?"})
