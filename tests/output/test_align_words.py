"""What words say: spellings, numbers, dates, mentions, and texts that decline to answer."""

from __future__ import annotations

from datetime import date

import pytest

from patterns.output.align.dates import date_in, time_in
from patterns.output.align.declines import declines
from patterns.output.align.listed import between_commas, bullets
from patterns.output.align.mentions import named_in
from patterns.output.align.numerals import number_in, number_of
from patterns.output.align.spelling import fold, misspelled, nearest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fullName", "full_name"),
        ("Full-Name", "fullname"),
        ("catégorie", "Categorie"),
        ("Straße", "STRASSE"),
        ("a.b/1", "a b 1"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("word", "other", "wrong"),
    [
        ("nam", "name", 1), ("agge", "age", 1), ("emial", "email", 1), ("usr_nme", "user_name", 2),
        ("cart_idd", "cart_id", 1),
        ("inactive", "active", 0), ("min_value", "max_value", 0), ("item1", "item2", 0), ("tax", "tag", 0),
        ("name", "name", 0), ("wrong", "name", 0), ("end_date", "send_date", 0),
    ],
)  # fmt: skip
def test_misspelling_is_told_from_another_word(word: str, other: str, wrong: int) -> None:
    assert misspelled(word, other) == wrong


def test_word_as_near_to_two_is_neither() -> None:
    assert nearest("positiv", ["positive", "negative"]) == "positive"
    assert nearest("catt", ["cart", "cast"]) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234,567.89", 1234567.89), ("$ 3.50", 3.5), ("−5", -5), ("20%", 20), ("1/4", 0.25),
        ("1 234", 1234), ("12.", 12),
        ("3,14", None), ("1.234,56", None), ("1/0", None), ("12:30", None), ("v1.2", None), ("9" * 400, None),
        ("", None),
    ],
)  # fmt: skip
def test_text_that_is_a_number_reads_as_one(text: str, number: float | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42 years old", 42), ("about 2.5 million people", 2_500_000), ("it costs $1,200 in all", 1200),
        ("between 2 and 3", None), ("GPT-4 says so", None), ("on 2024-05-02", None), ("call foo(1)", None),
        ("There are 3 of them", None), ("no number", None),
    ],
)  # fmt: skip
def test_only_number_of_a_sentence_is_found(text: str, number: float | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("minus 5 degrees", -5), ("negative 3", -3), ("3 hundred", 300), ("2 crore rupees", 20_000_000),
        ("5 Mrd. €", 5_000_000_000), ("5 millions", 5_000_000), ("5 dozen eggs", 60), ("5 m tall", 5),
        ("100 (one hundred)", 100), ("(5)", 5),
    ],
)  # fmt: skip
def test_words_beside_a_number_give_its_sign_and_size(text: str, number: float) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "not 5", "it isn't 5", "5 below zero", "5 hundred thousand", "5 M", "5 mil", "5 millones", "5 万", "5 млн",
        "3 and a half hours", "half of 10", "5 out of ten", "all out of 10", "(1,234.50)", "74.006° W",
    ],
)  # fmt: skip
def test_number_that_words_deny_or_change_is_not_read(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2 May 2024", date(2024, 5, 2)), ("the 2nd of May 2024", date(2024, 5, 2)),
        ("Sept. 3, 2024", date(2024, 9, 3)),
        ("31.12.2024", date(2024, 12, 31)), ("2024/5/2", date(2024, 5, 2)), ("05/05/2024", date(2024, 5, 5)),
        ("03/04/2024", None), ("31/02/2024", None), ("2 May 2024 or 3 May 2024", None), ("May", None),
        ("before 2 May 2024", None), ("not 2 May 2024", None), ("by 2 May 2024", date(2024, 5, 2)),
    ],
)  # fmt: skip
def test_clear_date_is_found_and_an_unclear_one_is_not(text: str, day: date | None) -> None:
    assert date_in(text) == day


def test_time_of_day_is_written_as_iso() -> None:
    assert time_in("at 10:30 pm") == "22:30:00"
    assert time_in("12:05 AM UTC") == "00:05:00Z"
    assert time_in("25:00") is None
    assert time_in("10:30 PM (UTC)") == "22:30:00Z"


@pytest.mark.parametrize("text", ["10:30 PM EST", "10:30 GMT+2", "10:30 +02", "10:30 Europe/Paris", "10:30 Pacific"])
def test_time_in_a_zone_that_is_not_read_is_no_time(text: str) -> None:
    assert time_in(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("It is red.", "r"), ("RED!", "r"), ("red, red, a bit of blue, but red", "r"), ("blue blue red", "b"),
        ("red or blue", None),
        ("reddish", None), ("not red", None), ("the señal", "s"), ("SENAL", "s"), ("緊急です", "u"),
    ],
)  # fmt: skip
def test_label_named_most_often_is_meant(text: str, meant: str | None) -> None:
    assert named_in(text, {"red": "r", "blue": "b", "señal": "s", "緊急": "u"}) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a+", "A+"), ("a-", "A-"), ("a", "A"), ("A+.", "A+"), ("an A - good", "A"), ("AB", None), ("A plus", None),
        ("B-", None), ("B#", None), ("level 2", "2"), ("-2", None), ("2.5", None), ("v1.2", None), ("2%", None),
        ("#2", "2"), ("+1", "+1"),
    ],
)  # fmt: skip
def test_marks_and_figures_that_make_another_label_are_minded(text: str, meant: str | None) -> None:
    assert named_in(text, {label: label for label in ("A+", "A", "A-", "B", "2", "+1")}) == meant


@pytest.mark.parametrize(
    "text",
    [
        "no longer red", "non-red", "not very red", "anything but red", "far from red", "hardly red", "less than red",
        "without red",
    ],
)  # fmt: skip
def test_label_that_is_denied_is_not_meant(text: str) -> None:
    assert named_in(text, {"red": 1, "blue": 2}) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("It is red, not blue.", 1), ("clearly **red**, not blue", 1), ("red rather than blue", 1),
        ("red (and not blue)", 1), ("RED – instead of BLUE", 1),
        ("not red, not blue", None), ("not red or blue", None), ("red, not red", None), ("neither red nor blue", None),
        ("red, but maybe it is not blue", None), ("not red, blue", None),
    ],
)  # fmt: skip
def test_label_that_is_told_from_another_is_meant(text: str, meant: int | None) -> None:
    assert named_in(text, {"red": 1, "blue": 2}) == meant


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, I can't do that.", "I cannot tell.", "Unfortunately the page is empty.", "Please provide the text.",
        "Could you say which?", "Which one?", "The text does not mention a date.", "<html><body>x</body></html>",
        "Error 503", "502 Bad Gateway", "ValueError: x", "def f(x):\n    return x", "As an AI, I have no opinion.",
    ],
)  # fmt: skip
def test_text_without_an_answer_declines(text: str) -> None:
    assert declines(text)


@pytest.mark.parametrize(
    "text",
    [
        "I am afraid so", "We need more", "We were unable", "There is no way to know", "My apologies",
        "impossible to say",
        "as a large language model", "Lo siento", "No puedo", "Désolé", "Je ne peux pas", "Tut mir leid",
        "Das kann ich nicht", "insufficient data", "lack of context", "missing input", "There is no result",
        "try again, please try again", "would you", "let me know", "happy to", "How can I help",
        "shall I go on?", "真的吗？",
        "Traceback (most recent call last)", '  File "a.py", line 3', "    at run (a.js:12)", "KeyError", "status: 404",
        "HTTP/1.1 500", "401 Unauthorized", "403 Forbidden", "408 Request", "409 Conflict", "410 Gone", "429 Too Many",
        "500 Internal", "503 Service", "504 Gateway", "Rate limited", "<p>no", "class A:", "import os",
        "from os import path", "const a = 1", "let a = 1", "var a = 1", "function f(", "#include", "print(1)",
        "console.log", "public static ", "SELECT a FROM b",
    ],
)  # fmt: skip
def test_every_sign_of_a_text_without_an_answer_is_seen(text: str) -> None:
    assert declines(text)
    assert declines(text.upper())


@pytest.mark.parametrize(
    "text", ["positive", "The answer is 42.", "It costs $3.", "Yes, it is.", "What is 2 + 2? It is 4."]
)
def test_text_with_an_answer_does_not_decline(text: str) -> None:
    assert not declines(text)


def test_listed_items_are_taken_without_their_marks() -> None:
    assert bullets("Items:\n- a b\n- c") == ["a b", "c"]
    assert bullets("- a\nand then") == []
    assert between_commas("(1, 2 and 3)") == ["1", "2", "3"]
    assert between_commas("1,200") == []
