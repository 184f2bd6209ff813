"""Wrong answers asked for again in their faulty places alone: what is sent, what comes of it, when all is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import Conversation, extract
from patterns.errors import Invalid, OutputError
from patterns.exchange import Request, Result
from patterns.pattern import Pattern
from patterns.settings import override
from patterns.setup import Changes
from patterns.testing import FakeModel
from tests.failing import BOOKINGS, CASES, INVOICE, ORDER, SMALL, TICKETS, Case, Ticket
from tests.faultserver import FaultServer
from tests.reasking import answering, asked_again, pattern_of, unpatched, value_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_patch_costs_at_most_a_third_of_a_full_re_ask(case: Case) -> None:
    result, patch = asked_again(case, mode="json_schema")
    assert result.attempts[1].request.part
    assert value_of(case, result) == case.right
    with unpatched():
        whole, full = asked_again(case, mode="json_schema")
    assert not whole.attempts[1].request.part
    assert value_of(case, whole) == case.right
    assert patch.tokens <= full.tokens / 3
    assert patch.received < full.received / 10


def ask(case: Case, *answers: Any, **options: Any) -> tuple[Result[Any], list[Request]]:
    with FakeModel([case.faulty, *answers]) as model:
        result = pattern_of(case, **options).run(case.text)
    return result, model.requests


def test_every_patched_place_is_on_the_account_and_free() -> None:
    result, _ = ask(BOOKINGS, json.dumps(BOOKINGS.mends))
    told = [(mend.path, mend.before, mend.after, mend.cost) for mend in result.repairs if mend.kind == "patched"]
    assert told == [
        ("$[8].category", '"train"', '"travel"', 0),
        ("$[27].balance", "", "3987.5", 0),
        ("$[33].amount", '"n.a."', "-950.0", 0),
    ]
    assert json.loads(result.text) == BOOKINGS.right, "the text is the answer put together"


def test_a_patch_shows_the_input_and_the_places_and_neither_the_answer_nor_the_examples() -> None:
    _, (first, second) = ask(TICKETS, json.dumps(TICKETS.mends))
    (message,) = second.messages
    assert message.role == "user"
    assert TICKETS.text in message.content
    assert '$[6].team (in {"id": 5206, "subject": "App closes when I open invoices"' in message.content
    assert '"billing" | "technical" | "account" | "sales"' in message.content
    assert "Account" not in message.content
    assert '"id": 5207' not in message.content, "what is right is not shown"
    assert first.task is not None
    assert "For the meeting" not in message.content, "no example"


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
@pytest.mark.parametrize("mode", ["json_schema", "tools", "json_object", "prompted"])
def test_a_patch_goes_out_in_words_on_every_wire(faults: FaultServer, wire: str, mode: Any) -> None:
    wrapped = mode in ("json_schema", "tools")
    faulty = json.dumps({"value": json.loads(TICKETS.faulty)}) if wrapped else TICKETS.faulty
    faults.script([faulty, json.dumps(TICKETS.mends)])
    base = faults.api_base if wire == "openai" else faults.root
    result = pattern_of(TICKETS, model=f"{wire}/plain-model", api_base=base, mode=mode, retries=0, n=None).run(
        TICKETS.text
    )
    assert value_of(TICKETS, result) == TICKETS.right
    assert faults.calls == faults.paid == 2
    assert not {"response_format", "tools", "tool_choice"} & set(faults.bodies[1])
    assert result.usage.total_tokens == 120


NAMES: list[tuple[str, Callable[[str], str]]] = [
    ("without the dollar", lambda path: path.removeprefix("$")),
    ("with dots", lambda path: path.replace("[", ".").replace("]", "")),
    ("as pointers", lambda path: path.replace("$", "").replace("[", "/").replace("]", "").replace(".", "/")),
]


@pytest.mark.parametrize(("what", "name"), NAMES, ids=[each[0] for each in NAMES])
def test_places_may_be_named_in_other_ways(what: str, name: Callable[[str], str]) -> None:
    result, _ = ask(BOOKINGS, json.dumps({name(path): value for path, value in BOOKINGS.mends.items()}))
    assert value_of(BOOKINGS, result) == BOOKINGS.right


def test_a_patch_is_read_as_leniently_as_any_answer() -> None:
    said = "Here:\n```json\n{'$[6].team': 'Technical', '$[21].team': 'technical', '$[13].language': 'EN',}\n```"
    result, _ = ask(TICKETS, said)
    assert value_of(TICKETS, result) == TICKETS.right
    assert {mend.kind for mend in result.repairs} > {"patched"}, "and its mends are told too"


def test_a_whole_answer_in_the_place_of_a_patch_is_taken() -> None:
    result, _ = ask(TICKETS, json.dumps(TICKETS.right))
    assert value_of(TICKETS, result) == TICKETS.right


def test_a_single_place_may_come_bare() -> None:
    one = Case("one place", BOOKINGS.text, BOOKINGS.into, BOOKINGS.right, {"$[8].category": "train"})
    for said in ('"travel"', '{"category": "travel"}', '{"$[8].category": "travel"}'):
        result, _ = ask(one, said)
        assert value_of(one, result) == one.right


def test_what_fits_is_kept_with_its_mends() -> None:
    sloppy = TICKETS.faulty.replace('"team"', '"Team"').replace('"id": 5203', '"id": "5203"')
    with FakeModel([f"```json\n{sloppy}\n```", json.dumps(TICKETS.mends)]):
        result = pattern_of(TICKETS).run(TICKETS.text)
    assert value_of(TICKETS, result) == TICKETS.right
    assert {"key", "number", "patched"} <= {mend.kind for mend in result.repairs}


def test_a_check_that_names_its_places_is_patched() -> None:
    result, requests = ask(INVOICE, json.dumps(INVOICE.mends))
    assert value_of(INVOICE, result) == INVOICE.right
    assert requests[1].part
    assert "should be quantity times price" in requests[1].messages[0].content


def test_null_drops_what_may_go_and_is_a_value_where_it_can_be() -> None:
    class Note(BaseModel):
        text: str
        pages: int = 0
        year: int | None = None
        tags: list[int] = []

    text = "A note with a long story. " * 30
    good = [{"text": f"{text}{i}", "pages": i, "year": 1990 + i, "tags": [1, 2]} for i in range(4)]
    bad = json.loads(json.dumps(good))
    bad[1]["pages"], bad[2]["tags"][1], bad[3]["year"] = "some", ["red"], "long ago"
    with FakeModel([json.dumps(bad), '{"$[1].pages": null, "$[2].tags[1]": null, "$[3].year": null}']):
        notes = extract.into(list[Note])("Four notes.")
    assert (notes[1].pages, notes[2].tags, notes[3].year) == (0, [1], None)
    assert [note.pages for note in notes] == [0, 0, 2, 3]


# when all is asked for again


def whole(case: Case, *answers: Any, **options: Any) -> Request:
    """The second request of a case, which must be for the whole answer."""
    _, (_, second, *_) = ask(case, *(answers or [json.dumps(case.right)]), **options)
    assert not second.part
    assert len(second.messages) > 1
    return second


def test_a_short_answer_is_asked_for_as_a_whole() -> None:
    whole(SMALL)


def test_an_answer_that_is_wrong_in_many_places_is_asked_for_as_a_whole() -> None:
    wrong = {f"$[{i}].{name}": "?" for i in range(6) for name in ("team", "urgent", "language")}
    small = Case("six tickets", TICKETS.text, list[Ticket], TICKETS.right[:6], wrong)  # type: ignore[index]
    whole(small)


def test_a_text_without_a_value_is_asked_for_as_a_whole() -> None:
    with FakeModel(["I would rather talk about something else. " * 20, json.dumps(TICKETS.right)]) as model:
        pattern_of(TICKETS).run(TICKETS.text)
    assert not model.requests[1].part


def test_a_complaint_about_all_of_it_is_asked_for_as_a_whole() -> None:
    def sorted_by_id(tickets: list[Ticket]) -> None:
        if [ticket.id for ticket in tickets] != sorted(ticket.id for ticket in tickets):
            raise ValueError("sort them by id")

    turned = json.dumps(list(reversed(TICKETS.right)))  # type: ignore[call-overload]
    with FakeModel([turned, json.dumps(TICKETS.right)]) as model:
        pattern_of(TICKETS).with_checks(sorted_by_id).run(TICKETS.text)
    assert not model.requests[1].part
    assert "sort them by id" in model.requests[1].messages[-1].content


def test_a_long_input_behind_a_short_answer_makes_no_patch_cheaper() -> None:
    whole(Case("long letter", "Thank you. " * 3_000 + ORDER.text, ORDER.into, ORDER.right, ORDER.wrong))


def test_a_patch_is_tried_once_and_then_all_is_asked_for_from_where_it_got() -> None:
    half = {"$[6].team": "technical", "$[21].team": "still unclear", "$[13].language": "en"}
    result, requests = ask(TICKETS, json.dumps(half), json.dumps(TICKETS.right))
    assert [request.part for request in requests] == [False, True, False]
    assert value_of(TICKETS, result) == TICKETS.right
    assert "still unclear" in requests[2].messages[-1].content
    assert "IT department" not in requests[2].messages[-1].content, "what the patch mended is mended"


@pytest.mark.parametrize(
    "said", ["I cannot tell.", '{"$[6].team": "tech', '{"team": "technical"}', "[]", '{"$[99].team": "technical"}']
)
def test_a_patch_that_says_nothing_is_followed_by_a_full_re_ask(said: str) -> None:
    result, requests = ask(TICKETS, said, json.dumps(TICKETS.right))
    assert [request.part for request in requests] == [False, True, False]
    assert value_of(TICKETS, result) == TICKETS.right


def test_patches_count_as_re_asks() -> None:
    with FakeModel([TICKETS.faulty, "no idea"]) as model, pytest.raises(OutputError) as caught:
        pattern_of(TICKETS, reasks=1).run(TICKETS.text)
    assert len(model.requests) == len(caught.value.attempts) == 2
    with FakeModel([TICKETS.faulty]) as model, pytest.raises(Invalid):
        pattern_of(TICKETS, reasks=0).run(TICKETS.text)


def test_the_same_wrong_answer_to_a_patch_ends_the_call(faults: FaultServer) -> None:
    """Row 31: the server says the same thing for ever."""
    faults.script([TICKETS.faulty] * 9)
    with pytest.raises(Invalid) as caught, override(retries=0):
        pattern_of(TICKETS, model="openai/plain-model", api_base=faults.api_base, reasks=5).run(TICKETS.text)
    assert faults.calls == len(caught.value.attempts) == 2
    assert "same wrong answer" in caught.value.hint


def test_inside_a_conversation_all_is_asked_for_again() -> None:
    """What was said before may be what the right value is taken from."""
    with FakeModel(["Hello!", *answering(TICKETS)]) as model:
        talk = Conversation()
        talk.send("Hello")
        assert len(talk.ask(pattern_of(TICKETS), TICKETS.text)) == 30
    assert not model.requests[2].part


def test_an_input_that_stands_in_the_system_message_is_not_lost(tmp_path: Path) -> None:
    body = "{% system %}{{ text | quote('text') }}{% endsystem %}{% user %}File them.{% enduser %}"
    (tmp_path / "mine.md.jinja").write_text(f"---\ninputs: {{text: A text.}}\n---\n{body}\n")
    with override(templates=(tmp_path,)), FakeModel(answering(TICKETS)) as model:
        Pattern("mine", output=list[Ticket])(TICKETS.text)
    assert not model.requests[1].part


def test_with_repair_off_a_patch_changes_nothing_by_itself() -> None:
    result, requests = ask(TICKETS, json.dumps(TICKETS.mends), repair="none")
    assert requests[1].part
    assert value_of(TICKETS, result) == TICKETS.right
    assert {mend.kind for mend in result.repairs} == {"patched"}


def test_an_error_while_patching_keeps_what_was_paid(faults: FaultServer) -> None:
    faults.script([TICKETS.faulty, 500])
    options: Changes = {"model": "openai/plain-model", "api_base": faults.api_base, "retries": 0}
    with pytest.raises(Exception, match="500") as caught:
        pattern_of(TICKETS, **options).run(TICKETS.text)
    assert caught.value.usage.total_tokens == 60  # type: ignore[attr-defined]


def test_a_fallback_is_asked_for_the_same_patch(faults: FaultServer) -> None:
    faults.script([TICKETS.faulty, 503, json.dumps(TICKETS.mends)])
    result = pattern_of(
        TICKETS, model="openai/plain-model", api_base=faults.api_base, retries=0, fallbacks=["openai/other-model"]
    ).run(TICKETS.text)
    assert value_of(TICKETS, result) == TICKETS.right
    assert [body["model"] for body in faults.bodies] == ["plain-model", "plain-model", "other-model"]
    assert faults.bodies[1]["messages"] == faults.bodies[2]["messages"]


def test_a_streamed_answer_is_patched_without_showing_the_patch() -> None:
    with FakeModel(answering(TICKETS)):
        seen = list(pattern_of(TICKETS).stream(TICKETS.text))
    assert [ticket.id for ticket in seen[-1]] == [ticket["id"] for ticket in TICKETS.right]  # type: ignore[union-attr, index, call-overload]
    assert all(isinstance(value, list) for value in seen)
    assert max(len(value) for value in seen) == 30
