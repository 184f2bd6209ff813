"""What a text reads as when no type is known, class of damage by class."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from patterns.output.scan import best, open_string, scan, to_value

CLASSES = YAML(typ="safe").load(Path(__file__).parents[1] / "spec" / "scan.yaml")
CASES = [pytest.param(case, id=f"{group['class']}-{i}") for group in CLASSES for i, case in enumerate(group["cases"])]


def value(text: str, *, partial: bool = False) -> object:
    chosen = best(scan(text, partial=partial))
    assert chosen is not None, text
    return to_value(chosen.root)


def kinds(text: str) -> list[str]:
    chosen = best(scan(text))
    assert chosen is not None
    return [mend.kind for mend in chosen.mends]


@pytest.mark.parametrize("case", CASES)
def test_text_reads_as_the_value_it_stands_for(case: dict[str, object]) -> None:
    text = str(case["text"])
    chosen = best(scan(text))
    if case.get("error"):
        assert chosen is None
        return
    assert chosen is not None
    expected = case["value"]
    if case.get("strings"):
        assert isinstance(expected, list)
        expected = text.strip("[]").split(", ")
    assert to_value(chosen.root) == expected
    if "kinds" in case:
        assert [mend.kind for mend in chosen.mends] == case["kinds"]


def test_positions_point_at_the_raw_text() -> None:
    text = 'So: {"name": "Ann", \'n\': [1, 22]} ok'
    (candidate, *_) = scan(text)
    spans = {"root": candidate.root}
    for key, node in candidate.root.value:  # type: ignore[attr-defined]
        spans[key.value] = node
    shown = {name: text[node.start : node.end] for name, node in spans.items()}
    assert shown == {"root": text[4:-3], "name": '"Ann"', "n": "[1, 22]"}


def test_positions_in_a_text_escaped_as_a_whole_point_at_the_raw_text() -> None:
    text = r"Here: {\"name\": \"Ann\", \"n\": [1, 22]} ok"
    (candidate, *_) = scan(text)
    assert isinstance(candidate.root.value, list)
    nodes = [candidate.root, *(node for member in candidate.root.value for node in member)]
    shown = [text[node.start : node.end] for node in nodes]
    assert shown == [text[6:-3], r"\"name\"", r"\"Ann\"", r"\"n\"", "[1, 22]"]


def test_every_mend_says_what_stood_there() -> None:
    text = "{'a': tru, b: 1,}"
    (candidate, *_) = scan(text)
    assert candidate.mends
    for mend in candidate.mends:
        assert mend.span is not None
        assert text[slice(*mend.span)] == mend.before
    assert candidate.cost == pytest.approx(sum(mend.cost for mend in candidate.mends))


@pytest.mark.parametrize(
    ("text", "so_far"),
    [
        ('{"a": "one two', {"a": "one two"}),
        ('{"a": [1, {"b": "c', {"a": [1, {"b": "c"}]}),
        ('{"a": 1, "b', {"a": 1}),
        ('{"a": 1, "b":', {"a": 1}),
        ('["x\\u00e', ["x"]),
        ("[tru", [True]),
        ("[12.", [12]),
        ("[red, gre", ["red"]),
    ],
)
def test_cut_text_gives_what_was_there_and_says_it_is_cut(text: str, so_far: object) -> None:
    chosen = best(scan(text, partial=True))
    assert chosen is not None
    assert to_value(chosen.root) == so_far
    assert not chosen.complete


def test_a_cut_marks_the_node_and_everything_around_it() -> None:
    (candidate, *_) = scan('{"a": {"b": "c"}, "d": [1, "e')
    (_, whole), (_, cut) = candidate.root.value  # type: ignore[attr-defined]
    assert (candidate.root.complete, whole.complete, cut.complete) == (False, True, False)
    assert [item.complete for item in cut.value] == [True, False]


def test_every_value_in_the_text_is_a_candidate() -> None:
    found = [(one.origin, to_value(one.root)) for one in scan('one {"a": 1} two\n```json\n[2]\n```')]
    assert found[0] == ("fence", [2])
    assert ("span", {"a": 1}) in found
    assert ("lines", [{"a": 1}, [2]]) in found
    assert found[-1][0] == "text"


def test_arguments_of_a_tool_call_are_a_candidate() -> None:
    text = '{"tool_calls": [{"function": {"name": "save", "arguments": "{\\"id\\": 7}"}}]}'
    assert ("tool", {"id": 7}) in [(one.origin, to_value(one.root)) for one in scan(text)]


def test_json_inside_a_string_is_opened_only_when_asked() -> None:
    (candidate, *_) = scan('{"a": "{\\"b\\": [1, 2]}"}')
    ((_, node),) = candidate.root.value  # type: ignore[attr-defined]
    assert node.value == '{"b": [1, 2]}'
    opened = open_string(node)
    assert opened is not None
    assert to_value(opened) == {"b": [1, 2]}
    assert (opened.start, opened.end) == (node.start, node.end)
    assert open_string(opened) is None


def test_prose_in_brackets_is_no_value_beside_a_real_one() -> None:
    assert value('Use {name} or [that] in {"a": [1]} please') == {"a": [1]}
    assert kinds('{"a": [1]}') == []
