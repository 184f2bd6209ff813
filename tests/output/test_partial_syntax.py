"""Reading an answer while it grows, at the level of syntax."""

from __future__ import annotations

import json

import pytest

from patterns.output.partial import Growing, Growth
from patterns.output.scan import best, to_value


def grow(text: str, step: int = 1) -> list[Growth]:
    growing = Growing()
    return [growing.feed(text[i : i + step]) for i in range(0, len(text), step)]


def snapshots(text: str, step: int = 1) -> list[object]:
    growing = Growing()
    seen: list[object] = []
    for i in range(0, len(text), step):
        root = growing.feed(text[i : i + step]).root
        value = to_value(root) if root else None
        if not seen or seen[-1] != value:
            seen.append(value)
    return seen


def test_strings_grow_and_numbers_and_literals_appear_when_finished() -> None:
    assert snapshots('{"a": "hi", "n": 123, "t": true}') == [
        {},
        {"a": ""},
        {"a": "h"},
        {"a": "hi"},
        {"a": "hi", "n": 123},
        {"a": "hi", "n": 123, "t": True},
    ]


def test_values_are_told_once_when_they_close() -> None:
    closed = [path for growth in grow('{"a": [1, {"b": "x"}], "c": null}') for path, _ in growth.closed]
    assert closed == [("a", 0), ("a", 1, "b"), ("a", 1), ("a",), ("c",), ()]


def test_items_of_a_list_are_told_as_they_close() -> None:
    items = [[to_value(item) for item in growth.items] for growth in grow('[{"a": 1}, {"a": 2}]', step=11)]
    assert items == [[{"a": 1}], [{"a": 2}]]


@pytest.mark.parametrize("before", ["", "Sure, here you are:\n", "```json\n", "<think>or [1, {2}]?</think>\n"])
def test_what_stands_before_the_value_is_passed(before: str) -> None:
    text = before + '{"a": ["x\\n\\u00e9", {}]}\n```'
    for step in (1, 3, 100):
        last = grow(text, step)[-1]
        assert last.complete
        assert last.root is not None
        assert to_value(last.root) == {"a": ["x\né", {}]}
        assert text[last.root.start : last.root.end] == '{"a": ["x\\n\\u00e9", {}]}'


def test_an_escape_cut_in_two_is_not_shown() -> None:
    text = json.dumps({"a": "x\U0001f600\ny"})
    for snapshot in snapshots(text)[2:]:
        assert isinstance(snapshot, dict)
        assert "x\U0001f600\ny".startswith(snapshot["a"])


def test_unfinished_values_and_all_around_them_are_marked() -> None:
    root = grow('{"a": {"b": "c')[-1].root
    assert root is not None
    ((_, inner),) = root.value  # type: ignore[attr-defined]
    ((_, string),) = inner.value
    assert (root.complete, inner.complete, string.complete) == (False, False, False)


def test_damage_falls_back_to_the_tolerant_reading() -> None:
    text = "{'name': 'Ann', tags: [red, blue], \"n\": [" + ", ".join(map(str, range(200))) + ",]}"
    growing = Growing()
    closed = [path for i in range(0, len(text), 7) for path, _ in growing.feed(text[i : i + 7]).closed]
    assert len(closed) == len(set(closed))
    assert ("name",) in closed
    chosen = best(growing.candidates())
    assert chosen is not None
    assert to_value(chosen.root) == {"name": "Ann", "tags": ["red", "blue"], "n": list(range(200))}


def test_text_is_looked_at_once_while_it_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the whole text was scanned again")

    monkeypatch.setattr("patterns.output.partial.scan", never)
    value = [{"name": f"n {i}", "text": 'say "x"\n' * 5, "ok": None} for i in range(200)]
    last = grow(json.dumps(value, indent=1), step=20)[-1]
    assert last.root is not None
    assert to_value(last.root) == value
