"""The quick ways read what the scanner and the aligner read: the same value, as complete, and refuse nothing else.

They are compared on every text that a quick way takes; on the others there is only one way. The mends agree, too, but
for quotes, which the scanner tells of for a whole stretch, and the quick way one by one. One difference is on purpose,
and rare: where a type takes keys that it does not know, a damaged text is read as the sound one would be, with such a
key left alone, and the aligner may take it for a field that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any, Literal

import pytest
from typing_extensions import TypedDict

from patterns.errors import OutputError, SchemaError
from patterns.output import ways
from patterns.output.quick import quickly
from patterns.output.read import examine
from patterns.output.reading import Reading
from patterns.output.shape import Shape, shape_of
from patterns.output.ways import by_scanning, read_json
from tests.corpus import corpus_rows
from tests.output.damage import EDITS, STYLES, WRAPS
from tests.output.documents import document
from tests.output.judged import plain, target
from tests.output.kinds import type_of
from tests.output.test_account import faults
from tests.output.written import Written


def outcome(read: Callable[[], Any]) -> tuple[object, ...]:
    """Give what came of a reading: the value, whether it is all there, and the mends; or the error."""
    try:
        reading = read()
    except OutputError as error:
        return (type(error).__name__,)
    kinds = {mend.kind for mend in reading.mends}
    loose = {"found", "quotes"} | ({"escape"} if "quotes" in kinds else set())
    mends = {mend for mend in reading.mends if mend.kind not in loose}
    return repr(plain(reading.output)), reading.complete, kinds - {"escape"} if "quotes" in kinds else kinds, mends


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Reading[Any]]:
    """The readings that were quick, in order."""
    readings: list[Reading[Any]] = []

    def watched(*args: Any, **options: Any) -> Reading[Any] | None:
        reading: Reading[Any] | None = quickly(*args, **options)
        if reading is not None:
            readings.append(reading)
        return reading

    monkeypatch.setattr(ways, "quickly", watched)
    return readings


def compared(text: str, shape: Shape[Any], taken: list[Reading[Any]], *, partial: bool = False) -> None:
    """Read a text both ways, where a quick one takes it."""
    before = len(taken)
    quick = outcome(lambda: read_json(text, shape, "align", partial=partial))
    if len(taken) > before:
        full = outcome(lambda: by_scanning(text, shape, quick=False, partial=partial))
        assert quick == full, f"{text!r} into {shape.schema}"
        if not isinstance(taken[before].account, tuple):  # mended by syntax alone
            assert not list(faults(text, taken[before].mends))


def damaged(random: Random, count: int) -> Iterator[tuple[str, Any]]:
    """Give documents with damage of one to three kinds, each with a type that it is of, or nearly."""
    edits, styles = list(EDITS.values()), list(STYLES.values())
    for _ in range(count):
        value = document(random)
        written = Written(value, random.choice((None, None, 2)))
        if random.random() < 0.25:
            random.choice(styles)(written, random)
        else:
            for edit in random.sample(edits, random.choice((1, 1, 1, 2, 3))):
                edit(written, random)
        text = str(written)
        if random.random() < 0.2:
            text = random.choice(list(WRAPS.values()))(text, random)
        if random.random() < 0.2:
            text = text[: random.randrange(1, len(text) + 1)]
        if random.random() < 0.1:
            at = random.randrange(len(text) + 1)
            text = text[:at] + random.choice("\"'{}[],: \n\\x1/#.“”") + text[at + random.choice((0, 1)) :]
        yield text, type_of(value, random if random.random() < 0.7 else None)


_SAID = (
    "Sure! Here it is:", "as asked (see [1])", "Use {name} as a key.", "I used {this}:", "For example:", "or", "Done.",
    "I'm sorry, I cannot do that.", "Is that what you want?", "[ ] to do", "[1, 2]", '["a"]', '{"a": 1}', "{}", "[]",
    "{first name}", "```", "```json", "~~~", "<b>", "Result:", "a: b", "- x", "| a | b |", "\n", "\n\n", ";",
)  # fmt: skip


def framed(random: Random, count: int) -> Iterator[tuple[str, Any]]:
    """Give documents, some with a damage, in the middle of what is said around them."""
    for _ in range(count):
        value = document(random)
        written = Written(value, random.choice((None, 2)))
        if random.random() < 0.4:
            random.choice(list(EDITS.values()))(written, random)
        fence = random.choice(("", "", "```json\n", "```\n"))
        before, after = (
            random.choice((" ", "\n")).join(random.choices(_SAID, k=random.choice((0, 1, 2)))) for _ in "ab"
        )
        close = "\n```\n" if fence else random.choice(("", "\n"))
        yield f"{before}{random.choice(('', ' ', chr(10)))}{fence}{written}{close}{after}", type_of(value)


def test_what_is_said_around_a_value_is_weighed_alike(taken: list[Reading[Any]]) -> None:
    for text, into in framed(Random("framed"), 2_000):
        compared(text, shape_of(into), taken)
    assert len(taken) > 200, "too few texts are read quickly to compare"


@pytest.mark.parametrize("seed", range(4))
def test_damaged_documents_are_read_alike(seed: int, taken: list[Reading[Any]]) -> None:
    for text, into in damaged(Random(seed), 900):
        compared(text, shape_of(into), taken)
    assert len(taken) > 150, "too few texts are read quickly to compare"


def test_the_corpus_is_read_alike(taken: list[Reading[Any]]) -> None:
    for row in corpus_rows("repair.jsonl"):
        source = row.get("derived_type") or row.get("python_type")
        if source:
            try:
                shape = shape_of(target.__wrapped__(str(source)))  # made anew: a type is resolved in its own module
            except SchemaError:
                continue
            compared(str(row["input"]), shape, taken)
    assert len(taken) > 300, "too few texts are read quickly to compare"


def test_what_still_grows_is_read_alike(taken: list[Reading[Any]]) -> None:
    for text, into in damaged(Random("growing"), 900):
        compared(text, shape_of(into), taken, partial=True)
    assert len(taken) > 50, "too few texts are read quickly to compare"


@pytest.mark.parametrize("text", ['{"a": +5.10}', '{"a": 1_000.50,}', '{"a": 5.10,}', "{a: 7}", '{"a": .5'])
def test_decimals_keep_the_digits_that_were_written(text: str, taken: list[Reading[Any]]) -> None:
    compared(text, shape_of(TypedDict("Price", {"a": Decimal})), taken)


@pytest.mark.parametrize("text", ["so \udb44 so", "\ud800", '"\udbda"', "yes\udfff"])
@pytest.mark.parametrize("into", [str, Any, list[str], dict[str, int], bool, Literal["yes", "no"]])
def test_half_of_a_character_ends_in_a_value_or_an_error_of_ours(text: str, into: Any) -> None:
    """No JSON text holds one, so that no quick way may count on writing the value down."""
    with suppress(OutputError):
        assert examine(text, into).text == text
