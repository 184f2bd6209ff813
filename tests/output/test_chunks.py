"""What is seen of a growing text depends on the text alone, and not on the pieces that it came in."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from patterns.errors import OutputError
from patterns.output.growing import GrowingValue
from patterns.output.partial import Growing
from patterns.output.read import examine
from patterns.output.scan import best, scan, to_value
from patterns.output.tree import Node
from tests.output.damage import EDITS, STYLES, WRAPS
from tests.output.documents import document
from tests.output.wanted import Person, Team, Tree
from tests.output.written import Written

WORDS = [
    "\\ud83d\\ude00",
    "\\\\ud83d",
    ", ",
    "'name': ",
    'tags: ["',
    "True, ",
    "// no\n",
    "/* so */",
    '{"a": ',
    "},",
    "],",
    "42 ",
]
PIECES = st.text(alphabet="{}[]\"'`:,\\/ \n\t#*-.1eEtrunul😀\ud83d") | st.sampled_from(WORDS)
TYPES: list[Any] = [Any, Team, Tree, list[Person], list[str], dict[str, int], list[int | None], Person | Tree]


def damaged(random: Random) -> str:
    """Write a document with up to three damages in it and something around it."""
    written = Written(document(random), random.choice((None, None, 2)))
    if random.random() < 0.3:
        STYLES[random.choice(list(STYLES))](written, random)
    else:
        for _ in range(random.randrange(3)):
            EDITS[random.choice(list(EDITS))](written, random)
    text = str(written)
    return WRAPS[random.choice(list(WRAPS))](text, random) if random.random() < 0.3 else text


def cut(text: str, random: Random) -> list[str]:
    """Cut a text into pieces, some of them empty."""
    cuts = sorted(random.choices(range(len(text) + 1), k=random.randrange(1, 12)))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def seen(root: Node | None) -> object:
    """Give all that a tree says."""
    if root is None:
        return None
    value: object = root.value
    if root.kind == "array":
        value = [seen(item) for item in root.value]  # type: ignore[attr-defined]
    elif root.kind == "object":
        value = [(key.value, seen(item)) for key, item in root.value]  # type: ignore[attr-defined]
    return root.kind, value, root.start, root.end, root.complete


def check_tree(text: str, random: Random) -> None:
    growing, so_far = Growing(), ""
    for piece in cut(text, random):
        so_far += piece
        growth, at_once = growing.feed(piece), Growing().feed(so_far)
        assert seen(growth.root) == seen(at_once.root), so_far
        assert growth.complete == at_once.complete, so_far
    assert growing.text == text


def check_value(text: str, into: Any, random: Random) -> None:
    growing, at_once = GrowingValue[Any](into), GrowingValue[Any](into)
    so_far = ""
    for piece in cut(text, random):
        so_far += piece
        growing.feed(piece)
        if random.random() < 0.5:
            at_once = GrowingValue[Any](into)
            at_once.feed(so_far)
            assert repr(growing.value) == repr(at_once.value), so_far
            assert growing.complete == at_once.complete
    assert growing.text == text
    assert outcome(growing.finish) == outcome(lambda: examine(text, into))


def outcome(read: Any) -> object:
    try:
        return repr(read())
    except OutputError as error:
        return type(error), str(error)


@pytest.mark.parametrize("seed", range(6))
def test_any_cut_of_a_damaged_document_shows_the_same(seed: int) -> None:
    random = Random(seed)
    for _ in range(150):
        text = damaged(random)
        check_tree(text, random)
        check_value(text, random.choice(TYPES), random)


@given(st.lists(PIECES, max_size=12).map("".join), st.integers(0, 99), st.sampled_from(TYPES))
@example('{"a": "x\\\\ud83d and so on"}', 3, Any)
@example('["\ud83d", "\\ud83d x", "\\ud83d\\ude00"]', 4, list[str])
@example('```json\n"\\{' + '"sku": "say "b"", "price": 2}, {' * 5 + "```json\n", 5, Any)
@settings(deadline=None, max_examples=400)
def test_any_cut_of_any_text_shows_the_same(text: str, seed: int, into: Any) -> None:
    check_tree(text, Random(seed))
    check_value(text, into, Random(seed))


def test_any_cut_of_a_long_text_shows_the_same() -> None:
    random = Random(0)
    body = 'It\'s "so", said the \\ud83d\\ude00 \\\\ one. ' * 1_500
    records = [{"name": f"n {at}", "note": 'he said "no"', "tags": ["a", None, 1.5]} for at in range(300)]
    for text in (
        '{"a": "' + body.replace('"so"', '\\"so\\"') + '"}',
        json.dumps(records),
        json.dumps(records).replace('\\"', '"'),
        json.dumps(records).replace('"tags"', "tags"),
    ):
        check_tree(text, random)
        check_value(text, Any, random)


LIGHT = [
    "trailing comma",
    "unquoted key",
    "one string in single quotes",
    "raw newline",
    "comment",
    "python",
    "javascript",
]


@pytest.mark.parametrize("name", LIGHT)
def test_light_damage_is_read_piece_by_piece_as_the_scanner_reads_it(name: str) -> None:
    random = Random(name)
    read = 0
    for _ in range(150):
        written = Written(document(random), random.choice((None, 2)))
        (EDITS.get(name) or STYLES[name])(written, random)
        text, growing = str(written), Growing()
        growths = [growing.feed(piece) for piece in cut(text, random)]
        root, chosen = growths[-1].root, best(scan(text))
        if growing.damaged or root is None or chosen is None or chosen.root.kind == "string":
            continue
        read += 1
        assert to_value(root) == to_value(chosen.root), text
        assert growths[-1].complete
    assert read > 75


@pytest.mark.parametrize("kind", ["items", "list"])
def test_item_with_unescaped_quotes_is_there_when_it_is_over(kind: str) -> None:
    records = [{"name": f"n {at}", "note": f'he said "no, {at}" and left', "tags": ["a", 1.5]} for at in range(300)]
    text = json.dumps({"items": records} if kind == "items" else records).replace('\\"', '"')
    growing = Growing()
    lag, told = 0, []
    for at in range(0, len(text), 25):
        growth = growing.feed(text[at : at + 25])
        told += [path for path, _ in growth.closed]
        items = {path for path in told if len(path) == (2 if kind == "items" else 1)}
        lag = max(lag, text.count("}", 0, at + 20) - len(items))
    assert not growing.damaged
    assert lag <= 1
    assert len(told) == len(set(told))
    assert growth.complete
    assert growth.root is not None
    assert to_value(growth.root) == ({"items": records} if kind == "items" else records)
    assert GrowingValue[Any](Any).feed(text) == records if kind == "list" else True


def test_numbers_and_enums_show_only_when_they_are_over() -> None:
    text = '{"full_name": "Al", "age": 123456, "tags": ["x", "yy"]}'
    for size in range(1, 9):
        growing = GrowingValue[Person](Person)
        ages = set()
        for at in range(0, len(text), size):
            growing.feed(text[at : at + size])
            ages.add(growing.value and growing.value.age)
        assert ages <= {None, 123456}
