"""Coverage-guided fuzzing of the reader: any text, any of many types, only errors of ours, never slow.

    pip install atheris
    python -m fuzz.read_answer -max_total_time=600 -timeout=5 -max_len=1024 -len_control=0

What it holds the reader to: `examine` gives a value or raises `OutputError`; what is read without a mend is what
strict JSON says; a value that was given can be dumped and read back; growing text never raises, ends where the whole
text does, and shows the same for any pieces that the same beginning came in.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["patterns.output"]):
    from datetime import date
    from enum import Enum
    from typing import Any, Literal

    from pydantic import BaseModel

    from patterns.errors import OutputError
    from patterns.output.growing import GrowingValue
    from patterns.output.read import examine
    from patterns.output.shape import shape_of


class Colour(Enum):
    RED = "red"
    DARK_BLUE = "dark blue"


class Item(BaseModel):
    sku: str
    price: float
    count: int = 1


class Tree(BaseModel):
    name: str
    children: list[Tree] = []


class Order(BaseModel):
    id: int
    items: list[Item]
    colour: Colour | None = None
    due: date | None = None
    notes: dict[str, str] = {}
    paid: bool = False


TYPES: list[Any] = [
    Any,
    Order,
    Tree,
    Item,
    list[Item],
    list[str],
    dict[str, int],
    tuple[int, str],
    set[str],
    Colour,
    Literal["yes", "no", "not sure"],
    int,
    float,
    bool,
    str,
    date,
    Item | Tree,
    int | list[str] | None,
]
FORMATS = ["json", "json", "json", "json", "code", "text", "answer"]
DIALS = ["align", "align", "align", "syntax", "none"]
# Pieces that answers are made of: a fuzzer finds them by itself, in years.
PIECES = [
    *(
        "```json\n",
        "```\n",
        "<think>",
        "</think>",
        '"',
        "'",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\n",
        "//",
        "/*",
        "*/",
    ),
    *(
        '"sku"',
        '"price"',
        "items",
        '"id": 1',
        "null",
        "None",
        "True",
        "NaN",
        "...",
        "“",
        "”",
        "red",
        "Dark Blue",
        "$1,240.50",
    ),
    *(
        "42 years",
        "2026-05-02",
        "The answer is",
        "\\u00e9",
        "\\ud800",
        "\ufeff",
        "\x00",
        "#",
        "- ",
        "| a | b |",
        "<tool_call>",
    ),
    *(
        '{"sku": "a", "price": 1.5}, ',
        '{"sku": "say "b"", "price": 2}, ',
        "{'sku': 'it', price: 3,}, ",
        '"items": [',
        '"notes": {"a": "b"}, ',
        '{"name": "n", "children": [',
        '"count": 3, ',
        "'colour': 'red', ",
        "paid: true, ",
        " // so\n",
        "},",
        "]}",
        ", ...",
    ),
    *(
        "<item><sku>a</sku>",
        "</item>",
        "Item(sku='a', price=1)",
        "[[items]]\n",
        "sku = 'a'\n",
        "- sku: a\n  price: 1\n",
        "items: [{sku: a}]\n",
        "## Items\n",
        "1. a\n",
    ),
]


def text_of(data: atheris.FuzzedDataProvider) -> str:
    """A text of pieces and of anything."""
    parts: list[str] = []
    while data.remaining_bytes():
        if data.ConsumeBool():
            parts.append(PIECES[data.ConsumeIntInRange(0, len(PIECES) - 1)])
        else:
            parts.append(data.ConsumeUnicode(data.ConsumeIntInRange(1, 24)))
    return "".join(parts)


def one(raw: bytes) -> None:
    data = atheris.FuzzedDataProvider(raw)
    into = TYPES[data.ConsumeIntInRange(0, len(TYPES) - 1)]
    form = FORMATS[data.ConsumeIntInRange(0, len(FORMATS) - 1)]
    dial = DIALS[data.ConsumeIntInRange(0, len(DIALS) - 1)]
    partial = data.ConsumeBool()
    cuts = [data.ConsumeIntInRange(1, 40) for _ in range(data.ConsumeIntInRange(1, 12))]
    look = data.ConsumeIntInRange(1, 4)
    text = text_of(data)
    whole(text, into if form == "json" else str, form, dial, partial)
    if form == "json":
        growing(text, into, cuts, look)


def whole(text: str, into: Any, form: Any, dial: Any, partial: bool) -> None:
    try:
        reading = examine(text, into, format=form, repair=dial, partial=partial)
    except OutputError:
        return
    if form != "json" or partial or not reading.complete:
        return
    shape = shape_of(into)
    again = examine(json.dumps(shape.dump(reading.output)), into)
    assert again.output == reading.output, (text, reading.output, again.output)  # values: a set has no order
    for repair in reading.repairs:
        if repair.span is not None:
            start, end = repair.span
            assert 0 <= start <= end <= len(text), (repair, len(text))


def growing(text: str, into: Any, cuts: list[int], look: int) -> None:
    """Feed the text in pieces of the given lengths, over and over; look at the value now and then."""
    value, end = GrowingValue[Any](into), 0
    items: list[object] = []
    for number, size in enumerate(itertools.cycle(cuts)):
        items += value.feed(text[end : end + size])
        end += size
        if number % look == 0 or end >= len(text):
            seen = repr(value.value), value.complete
        if end >= len(text):
            break
    at_once = GrowingValue[Any](into)
    given = [*at_once.feed(text)]
    assert seen == (repr(at_once.value), at_once.complete), (text, seen, at_once.value)
    assert value.text == text
    if not value._growing.damaged:  # what was told before such a damage cannot be taken back
        assert repr(items) == repr(given), (text, items, given)
    assert outcome(value.finish) == outcome(lambda: examine(text, into)), text


def outcome(read: Callable[[], object]) -> object:
    try:
        return repr(read())
    except OutputError as error:
        return type(error), str(error)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
