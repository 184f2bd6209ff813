"""The final answer out of reasoning text, and none where none is stated."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.errors import OutputError, Unreadable
from patterns.output.answer import read_answer
from tests.corpus import corpus_rows

KEYS = ("A", "B", "C", "D", "I")
CITIES = ("A. London", "B. Paris", "C. New York", "D. York", "I. Ith")
YES_NO = ("yes", "no")

STATED: dict[str, tuple[str, tuple[str, ...], str]] = {
    "the sentence asked for": ("It is 12 + 3. The answer is (C).", KEYS, "C"),
    "without brackets": ("Hence the answer is C because it fits.", KEYS, "C"),
    "bold": ("**Answer:** B", KEYS, "B"),
    "on a line of its own": ("The correct answer is:\n\n**B**", KEYS, "B"),
    "boxed": (r"Thus \[\boxed{D}\]", KEYS, "D"),
    "boxed and typeset": (r"So $\boxed{\textbf{(B)}}$.", KEYS, "B"),
    "a letter that is a word": ("The answer is I.", KEYS, "I"),
    "a letter that is a word, with a reason": ("The answer is A because it is.", KEYS, "A"),
    "a small letter in brackets": ("The answer is (b).", KEYS, "B"),
    "a key with the words of the option": ("Therefore, the correct answer is D. York", CITIES, "D"),
    "the words of the option": ("The answer is New York.", CITIES, "C"),
    "the longer of two options that fit": ("The answer is New York, of course.", CITIES, "C"),
    "options without keys": ("The answer is Paris.", ("London", "Paris"), "Paris"),
    "options without keys, named by place": ("The answer is (B).", ("London", "Paris"), "Paris"),
    "options that are numbers": ("The answer is 2.", ("1", "2", "3"), "2"),
    "options in signs of mathematics": (r"The answer is $[1, 2]$.", ("A. [2, 1]", "B. [1, 2]"), "B"),
    "key and words in the last sentence": ("The city that is meant is: B. Paris", CITIES, "B"),
    "turned round": ("Hence $9$ is the answer.", ("A. 8", "B. 9"), "B"),
    "an option that is called correct": ("A is wrong. Option B is correct.", KEYS, "B"),
    "a choice": ("I would choose option (D) here.", KEYS, "D"),
    "the closest": ("None is exact; the closest option is C, 2 times.", KEYS, "C"),
    "the last of two": ("The answer is A. Wait, that is wrong. The answer is B.", KEYS, "B"),
    "two at once: the first": ("The answer is (C) and (D).", KEYS, "C"),
    "restated many times": ("The answer is (B).\n" * 20, KEYS, "B"),
    "before an invented question": (
        "The answer is (B).\n\nQuestion:\nWhat else?\nAnswer: The answer is (D).",
        KEYS,
        "B",
    ),
    "before a list of other answers": (
        "The answer is (B).\n\nNow, combining all the answers:\nThe answer is (D).",
        KEYS,
        "B",
    ),
    "after reasoning": ("<think>The answer is (A)?</think>The answer is (B).", KEYS, "B"),
    "nothing but the key": ("B", KEYS, "B"),
    "nothing but key and words": ("B. Paris", CITIES, "B"),
    "a word and its reason": ("Yes, because it rains.", YES_NO, "yes"),
    "yes or no at the end": ("It rains. So the answer is no.", YES_NO, "no"),
    "not an option of no concern": ("The answer is B. None of the other options are correct.", KEYS, "B"),
    "a number": ("2 + 2 = 4, so the answer is 4.", (), "4"),
    "a decimal number": ("The answer is 3.14 because of pi.", (), "3.14"),
    "a negative quantity": ("The final answer is -5 degrees.", (), "-5 degrees"),
    "money": ("The answer is $18.", (), "$18"),
    "after four hashes": ("5 * 2 = 10\n#### 1,234", (), "1,234"),
    "boxed with braces within": (r"so \boxed{\frac{1}{2}} it is", (), r"\frac{1}{2}"),
    "between tags": ("Hm. <answer>Paris</answer>", (), "Paris"),
    "short free text": ("Final answer: **the Seine**.", (), "the Seine"),
    "nothing but a short text": ("Paris", (), "Paris"),
    "Chinese": ("所以，答案是 B。", KEYS, "B"),
    "Spanish": ("Por eso la respuesta correcta es B.", KEYS, "B"),
    "French": ("Donc la réponse est (C).", KEYS, "C"),
    "German": ("Die Antwort ist D.", KEYS, "D"),
}

NOT_STATED: dict[str, tuple[str, tuple[str, ...]]] = {
    "nothing": ("", KEYS),
    "a refusal": ("I cannot answer this.", KEYS),
    "a refusal where an answer was announced": ("The answer is I cannot say.", KEYS),
    "a negation": ("The answer is not B.", KEYS),
    "a negation with a short form": ("B isn't the answer.", KEYS),
    "a condition": ("If the answer is A, we are done.", KEYS),
    "a choice left open": ("The answer is either A or B.", KEYS),
    "none of them": ("The answer is (None of the above).", KEYS),
    "an answer taken back": ("The closest option is (C), but this is not the correct answer.", KEYS),
    "a value that is no option": ("The answer is 7.", CITIES),
    "text cut off before the answer": ("Let us see. The answer is (", KEYS),
    "text cut off after the announcement": ("Let us see. The answer is", ()),
    "the options gone through": ("(A) means one. (B) means two. (C) means three.\n(D)", KEYS),
    "an answer to an invented question only": (
        "The pressure rises until the valve opens, and then it falls again.\n\nQuestion:\nWhat?\nThe answer is (D).",
        KEYS,
    ),
    "a roman list": ("The answer is I, II, and III.", KEYS),
    "a word that begins like a key": ("The answer is B12.", KEYS),
    "reasoning without end": ("<think>The answer is (A).", KEYS),
    "a long text without options": ("The river rises in the hills and runs to the sea. " * 3, ()),
}


@pytest.mark.parametrize("case", STATED)
def test_answer_is_read_from(case: str) -> None:
    text, options, expected = STATED[case]
    assert read_answer(text, options).answer == expected


@pytest.mark.parametrize("case", NOT_STATED)
def test_no_answer_is_made_up_from(case: str) -> None:
    text, options = NOT_STATED[case]
    with pytest.raises(Unreadable):
        read_answer(text, options)


def test_span_and_place_of_the_option_are_given() -> None:
    text = "So the answer is (B), I think."
    reading = read_answer(text, CITIES)
    assert text[slice(*reading.span)] == "(B)"
    assert (reading.option, reading.how) == (1, "is")


def test_options_that_begin_like_keys_keep_their_text() -> None:
    assert read_answer("The answer is E. coli.", ("E. coli", "Salmonella")).answer == "E. coli"


_PARTS = st.sampled_from(
    ["The answer is ", "(B)", "A", ".", "\n", "\\boxed{", "}", "not ", "####", "<answer>", "$", "Question:", "\ud800"]
)


@given(st.lists(_PARTS, max_size=30).map("".join), st.sampled_from([(), KEYS, CITIES, YES_NO]))
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str, options: tuple[str, ...]) -> None:
    try:
        reading = read_answer(text, options)
    except OutputError:
        return
    assert reading.answer
    assert 0 <= reading.span[0] <= reading.span[1] <= len(text)
    if options:
        assert reading.option is not None


@given(st.sampled_from(KEYS), st.text(alphabet="xyz ,.\n", max_size=200))
def test_a_stated_key_is_read_after_any_words(key: str, before: str) -> None:
    assert read_answer(f"{before}\nThe answer is ({key}).", KEYS).answer == key


HOSTILE = {
    "statements": "The answer is not. " * 50_000,
    "answers": "The answer is (B). " * 50_000,
    "boxes": "\\boxed{" * 100_000,
    "boxes with options": "\\boxed{B " * 100_000,
    "tags": "<answer>" * 100_000,
    "brackets": "(" * 500_000,
    "one word": "a" * 1_000_000,
    "words": "B is the answer or " * 50_000,
    "blanks": "answer is" + " " * 1_000_000,
    "line breaks": "answer:" + "\n" * 1_000_000,
    "dollars": "answer: " + "$" * 500_000,
    "questions": "Question: \n" * 90_000,
    "dots": "." * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("options", [(), KEYS, CITIES], ids=["free", "keys", "texts"])
def test_hostile_text_is_read_or_refused(name: str, options: tuple[str, ...]) -> None:
    try:
        answer = read_answer(HOSTILE[name], options).answer
    except OutputError:
        answer = "refused"
    assert answer


def _read(row: dict[str, object]) -> str | None:
    options = row["options"]
    assert isinstance(options, list)
    try:
        return read_answer(str(row["raw_text"]), [f"{option['key']}. {option['text']}" for option in options]).answer
    except OutputError:
        return None


def test_real_answers_are_read_as_stated() -> None:
    rows = [row for row in corpus_rows("outputs_cot.jsonl") if row["stated"]]
    assert sum(_read(row) == row["stated"] for row in rows) >= 0.985 * len(rows)


def test_no_answer_is_made_up_from_real_ones_that_state_none() -> None:
    rows = [row for row in corpus_rows("outputs_cot.jsonl") if row.get("abstain")]
    assert [row["id"] for row in rows if _read(row) is not None] == []
