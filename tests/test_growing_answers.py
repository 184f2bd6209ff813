"""Answers that are cut off: more room where there is some, else the rest alone; over real HTTP and by its count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import extract, generate_code
from patterns.errors import BudgetExceeded, Truncated
from patterns.pattern import Pattern
from patterns.settings import override
from tests.continuing import Limited, Manner, plainly
from tests.faultserver import Answer, FaultServer


class Row(BaseModel):
    id: int
    name: str
    total: float


ROWS = [{"id": i, "name": f"Customer {i} of Ulm", "total": i * 1.5} for i in range(40)]
TEXT = json.dumps(ROWS)
INDENTED = json.dumps(ROWS, indent=2)


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    with override(retries=0):
        yield


def rows(faults: FaultServer, wire: str = "openai", **options: Any) -> Pattern[..., list[Row]]:
    base = faults.api_base if wire == "openai" else faults.root
    return extract.into(list[Row]).with_options(
        **{"model": f"{wire}/plain-model", "api_base": base, "mode": "prompted", **options}
    )


def ids(found: list[Row]) -> list[int]:
    return [row.id for row in found]


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
def test_a_cut_answer_is_continued_and_nothing_is_paid_twice(faults: FaultServer, wire: str) -> None:
    model = Limited(TEXT)
    faults.script([model] * 9)
    result = rows(faults, wire, max_tokens=180).run("The table.")
    assert ids(result.output) == list(range(40))
    assert faults.calls == len(result.attempts) == 4
    assert next(repair for repair in result.repairs if repair.kind == "continued").after == "4 parts"
    assert all(repair.cost == 0 for repair in result.repairs)
    assert json.loads(result.text) == ROWS
    once = len(TEXT) / 4
    assert result.usage.output_tokens <= once * 1.1, "what was said is not said again"
    assert [attempt.problem is None for attempt in result.attempts] == [False, False, False, True]


def test_more_room_is_tried_before_parts_where_the_model_has_it(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    result = rows(faults, model="openai/gpt-4.1-mini", max_tokens=200).run("The table.")
    assert ids(result.output) == list(range(40))
    assert [body["max_tokens"] for body in faults.bodies] == [200, 800]
    assert result.repairs == ()
    assert faults.bodies[0]["messages"] == faults.bodies[1]["messages"]


def test_more_room_is_given_once_and_then_parts(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    result = rows(faults, model="openai/gpt-4.1-mini", max_tokens=50).run("The table.")
    assert ids(result.output) == list(range(40))
    assert [body["max_tokens"] for body in faults.bodies] == [50, 200, 200, 200]


def test_more_room_than_the_budget_allows_is_refused_and_what_was_paid_is_kept(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    with pytest.raises(BudgetExceeded) as caught:
        rows(faults, model="openai/gpt-4.1-mini", max_tokens=200, budget=0.0015)("The table.")
    assert faults.calls == len(caught.value.attempts) == 1
    assert caught.value.usage.output_tokens == 200


def test_room_is_never_more_than_the_model_s_own(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    with override(reasks=1):
        rows(faults, model="openai/gpt-4", max_tokens=4000).run("The table.")
    faults.reset()
    faults.script([Answer('[{"id": 1,', finish="length"), Answer("[]")])
    rows(faults, model="openai/gpt-4", max_tokens=4000).run("The table.")
    assert [body["max_tokens"] for body in faults.bodies] == [4000, 4096]


@pytest.mark.parametrize("mode", ["json_schema", "tools", "json_object"])
def test_the_rest_is_asked_for_in_words_whatever_the_mode(faults: FaultServer, mode: Any) -> None:
    enveloped = json.dumps({"value": ROWS}) if mode != "json_object" else TEXT
    faults.script([Limited(enveloped)] * 9)
    result = rows(faults, mode=mode, max_tokens=220).run("The table.")
    assert ids(result.output) == list(range(40))
    first, *others = faults.bodies
    assert "response_format" in first or "tools" in first
    assert not any("response_format" in body or "tools" in body for body in others)


def in_a_fence(said: str, missing: str) -> str:
    return f"```json\n{missing.lstrip(', ')}\n```"


def behind_words(said: str, missing: str) -> str:
    return f"Here is the rest of the list:\n\n{missing.lstrip(', ')}"


def with_a_run_up(said: str, missing: str) -> str:
    return said[-90:] + missing


@pytest.mark.parametrize("manner", [plainly, in_a_fence, behind_words, with_a_run_up])
@pytest.mark.parametrize("text", [TEXT, INDENTED], ids=["dense", "indented"])
def test_however_a_model_goes_on_the_parts_join(faults: FaultServer, manner: Manner, text: str) -> None:
    faults.script([Limited(text, manner)] * 9)
    result = rows(faults, max_tokens=len(text) // 13).run("The table.")
    assert ids(result.output) == list(range(40))


def test_a_model_that_begins_from_the_top_is_taken_at_its_word(faults: FaultServer) -> None:
    faults.script([Answer(TEXT[:900], finish="length"), Answer(f"```json\n{TEXT}\n```")])
    result = rows(faults).run("The table.")
    assert ids(result.output) == list(range(40))


def test_brackets_opened_again_are_not_nested(faults: FaultServer) -> None:
    faults.script([Answer(TEXT[:900], finish="length"), Answer(json.dumps(ROWS[18:]))])
    assert ids(rows(faults)("The table."))[-22:] == list(range(18, 40))


def test_a_part_that_brings_nothing_new_ends_the_call_with_the_bill(faults: FaultServer) -> None:
    faults.script([Answer(TEXT[:900], finish="length"), Answer(TEXT[:700], finish="length")])
    with pytest.raises(Truncated) as caught:
        rows(faults)("The table.")
    assert faults.calls == len(caught.value.attempts) == 2
    assert caught.value.usage.total_tokens == 120
    assert "max_tokens" in caught.value.hint


def test_parts_are_bounded(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    with pytest.raises(Truncated) as caught:
        rows(faults, max_tokens=50)("The table.")
    assert faults.calls == len(caught.value.attempts) == 4
    assert TEXT.startswith(caught.value.raw_text), "the text so far is kept"
    assert len(caught.value.raw_text) > 600


def test_without_reasks_one_request_is_one_request(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    with pytest.raises(Truncated):
        rows(faults, model="openai/gpt-4.1-mini", max_tokens=50, reasks=0)("The table.")
    assert faults.calls == 1


def test_a_cut_answer_is_never_read_as_it_stands(faults: FaultServer) -> None:
    """Row 33: a list that a mend could close is not closed."""
    faults.script([Answer('[{"id": 1, "name": "Jo", "total": 1.0}', finish="length"), 500])
    with pytest.raises(Exception, match="500"):
        rows(faults)("The table.")
    assert faults.calls == 2


def test_an_answer_that_was_whole_when_the_limit_came_is_taken_and_says_so(faults: FaultServer) -> None:
    faults.script([Answer(TEXT, finish="length")])
    result = rows(faults).run("The table.")
    assert ids(result.output) == list(range(40))
    assert [(repair.kind, repair.cost) for repair in result.repairs] == [("cut behind the answer", 0)]


def test_an_answer_that_ends_too_early_is_asked_for_its_end(faults: FaultServer) -> None:
    """The provider calls it whole, and it is not: servers lose the word for a cut, and models lose count."""
    faults.script([Answer(TEXT[:900], finish="stop"), Limited(TEXT)])
    result = rows(faults, max_tokens=2000).run("The table.")
    assert ids(result.output) == list(range(40))
    assert faults.calls == 2


def test_an_early_end_with_nothing_to_go_on_from_is_asked_for_again(faults: FaultServer) -> None:
    faults.script([Answer('[{"id"', finish="stop"), TEXT])
    assert ids(rows(faults)("The table.")) == list(range(40))
    assert "ends before" in str(faults.bodies[1]["messages"][-1]) or "cut off" in str(faults.bodies[1]["messages"][-1])


def test_a_long_text_inside_is_continued_by_its_words(faults: FaultServer) -> None:
    class Report(BaseModel):
        title: str
        body: str

    report = {"title": "Bridge", "body": "The committee met and spoke of the bridge. " * 40 + "It will be built."}
    faults.script([Limited(json.dumps(report))] * 9)
    pattern = rows(faults, max_tokens=160).into(Report)
    assert pattern("The minutes.").body == report["body"]


def test_plain_text_is_continued(faults: FaultServer) -> None:
    from patterns import complete

    story = " ".join(f"Word number {i} of the story." for i in range(60))
    faults.script([Limited(story)] * 9)
    result = complete.with_options(model="openai/plain-model", api_base=faults.api_base, max_tokens=140).run("A story.")
    assert result.output == story
    assert result.text == story


def test_code_is_continued_by_whole_lines(faults: FaultServer) -> None:
    lines = [f"def f{i}(x):\n    return x + {i}\n" for i in range(60)]
    answer = "```python\n" + "\n".join(lines) + "```"

    def opened_again(said: str, missing: str) -> str:
        return f"```python\n{missing}"

    for manner in (plainly, opened_again):
        faults.reset()
        faults.script([Limited(answer, manner)] * 9)
        pattern = generate_code.with_options(model="openai/plain-model", api_base=faults.api_base, max_tokens=180)
        code = pattern("Sixty functions.", language="python")
        assert code.source.strip() == "\n".join(lines).strip()


def test_a_stream_that_is_cut_is_continued(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    *_, last = rows(faults, max_tokens=200).stream("The table.")
    assert ids(last) == list(range(40))


def test_streamed_items_go_on_behind_a_cut_and_come_once(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    assert ids(list(rows(faults, max_tokens=200).stream_items("The table."))) == list(range(40))


def test_streamed_items_never_begin_anew(faults: FaultServer) -> None:
    faults.script([Limited(TEXT)] * 9)
    pattern = rows(faults, model="openai/gpt-4.1-mini", max_tokens=200)
    assert ids(list(pattern.stream_items("The table."))) == list(range(40))
    assert {body["max_tokens"] for body in faults.bodies} == {200}


def test_a_stream_that_breaks_is_an_error_with_its_text(faults: FaultServer) -> None:
    pattern = rows(faults, model="openai/s-cut")
    with pytest.raises(Exception, match="broke") as caught:
        list(pattern.stream("The table."))
    assert caught.value.raw_text == '{"name": "Jo"}'  # type: ignore[attr-defined]
    assert faults.calls == 1


def test_a_fallback_that_was_cut_goes_on_itself(faults: FaultServer) -> None:
    faults.script([503, Limited(TEXT), Limited(TEXT), Limited(TEXT), Limited(TEXT)])
    result = rows(faults, max_tokens=220, fallbacks=["openai/other-model"]).run("The table.")
    assert ids(result.output) == list(range(40))
    assert [body["model"] for body in faults.bodies] == ["plain-model", *["other-model"] * (faults.calls - 1)]
