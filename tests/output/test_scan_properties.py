"""What holds for any value and any text."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.output.partial import Growing
from patterns.output.scan import best, scan, to_value
from patterns.output.tree import Node

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)
HOSTILE = st.text(alphabet="{}[]()\"'`:,\\/ \n\t#*+-.0123eEabtfn“”：，…<>~") | st.text()


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
@settings(deadline=None)
def test_any_json_value_reads_back(value: object, indent: int | None, ascii_only: bool) -> None:
    chosen = best(scan(json.dumps(value, indent=indent, ensure_ascii=ascii_only)))
    assert chosen is not None
    assert to_value(chosen.root) == value
    assert chosen.complete
    assert chosen.mends == ()


@given(VALUES)
@settings(deadline=None)
def test_python_literals_read_back(value: object) -> None:
    if isinstance(value, (dict, list)) and "\\" not in repr(value):
        chosen = best(scan("Here it is:\n" + repr(value)))
        if chosen is not None and not ("'" in json.dumps(value) or '"' in json.dumps(value).replace('"', "", 0)[1:-1]):
            assert to_value(chosen.root) == value


@given(HOSTILE, st.booleans())
@settings(deadline=None, max_examples=300)
def test_any_text_gives_candidates_that_lie_within_it(text: str, partial: bool) -> None:
    for candidate in scan(text, partial=partial):
        todo = [candidate.root]
        while todo:
            node = todo.pop()
            assert 0 <= node.start <= node.end <= len(text)
            todo.extend(_children(node))
        to_value(candidate.root)


@given(VALUES, st.integers(1, 9))
@settings(deadline=None)
def test_growing_ends_where_reading_at_once_does(value: object, step: int) -> None:
    if not isinstance(value, (dict, list)):
        return
    text = "Well: " + json.dumps(value)
    growing = Growing()
    growths = [growing.feed(text[i : i + step]) for i in range(0, len(text), step)]
    root = growths[-1].root
    assert root is not None
    assert growths[-1].complete
    assert to_value(root) == value
    assert [path for growth in growths for path, _ in growth.closed][-1] == ()


@given(HOSTILE, st.integers(1, 5))
@settings(deadline=None)
def test_growing_never_raises(text: str, step: int) -> None:
    growing = Growing()
    for i in range(0, len(text), step):
        growing.feed(text[i : i + step])
    assert growing.text == text


def _children(node: Node) -> list[Node]:
    if node.kind == "array":
        assert isinstance(node.value, list)
        return list(node.value)
    if node.kind == "object":
        assert isinstance(node.value, list)
        return [part for pair in node.value for part in pair]
    return []
