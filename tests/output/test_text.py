"""Plain text out of answers, with nothing taken that belongs to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import OutputError, Truncated, Unreadable
from patterns.output.text import read_text

READ: dict[str, tuple[str, str, list[str]]] = {
    "plain text": ("Cats sleep.\n\nA lot.", "Cats sleep.\n\nA lot.", []),
    "blank lines around": ("\n\nCats sleep.\n", "Cats sleep.", []),
    "reasoning": ("<think>Hm.</think>\n\nCats sleep.", "Cats sleep.", ["reasoning"]),
    "reasoning begun before the text": ("Hm.\n</think>\n\nCats sleep.", "Cats sleep.", ["reasoning"]),
    "a mention of the tag": ("Put it in `<think>` tags.", "Put it in `<think>` tags.", []),
    "a control token": ("Cats sleep.<|im_end|>", "Cats sleep.", ["control tokens"]),
    "a preamble": ("Sure, here is the summary:\n\nCats sleep.", "Cats sleep.", ["preamble"]),
    "a preamble and a fence": ("Here's a haiku:\n\n```text\nCats\n```", "Cats", ["preamble", "fence"]),
    "a fence of prose": ("```\nCats sleep.\n```", "Cats sleep.", ["fence"]),
    "a fence of code": ("```python\nx = 1\n```", "```python\nx = 1\n```", []),
    "a fence with text after it": ("```\nCats\n```\nsleep.", "```\nCats\n```\nsleep.", []),
    "quotes around it": ('"Cats sleep."', "Cats sleep.", ["quotes"]),
    "typographic quotes around it": ("“Cats sleep.”", "Cats sleep.", ["quotes"]),
    "two quotations": ('"Cats" and "dogs"', '"Cats" and "dogs"', []),
    "a sentence that begins like a preamble": ("Here is the thing: cats sleep.", "Here is the thing: cats sleep.", []),
    "a preamble and nothing after it": ("Here is the list:\n", "Here is the list:", []),
    "empty quotes": ('""', '""', []),
}


@pytest.mark.parametrize("case", READ)
def test_text_is_read_from(case: str) -> None:
    text, expected, kinds = READ[case]
    reading = read_text(text)
    assert (reading.text, [repair.kind for repair in reading.repairs]) == (expected, kinds)


def test_text_that_ends_within_its_reasoning_is_truncated() -> None:
    with pytest.raises(Truncated):
        read_text("<think>Cats, hm")


@pytest.mark.parametrize("text", ["", " \n", "<think>Cats.</think>", "<|im_end|>"])
def test_empty_text_is_an_error(text: str) -> None:
    with pytest.raises(Unreadable):
        read_text(text)


@given(st.text(alphabet='abc :.\n"`~<>/|#éthinkSurehe', max_size=80))
def test_text_is_never_emptied_without_an_error(text: str) -> None:
    try:
        assert read_text(text).text.strip()
    except OutputError:
        assert not text.strip() or "<" in text


@given(st.text(alphabet="abc .,\n", min_size=1, max_size=80).filter(str.strip))
def test_ordinary_text_comes_back_as_it_was(text: str) -> None:
    assert read_text(text).text == text.strip()


@pytest.mark.parametrize("piece", ["<think>\n", "</think>\n", "```\n", '"', "Here is: \n", "<|im_end|>", "word ", "`"])
def test_hostile_text_is_read_or_refused(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    try:
        length = len(read_text(text).text)
    except OutputError:
        length = 1
    assert length
