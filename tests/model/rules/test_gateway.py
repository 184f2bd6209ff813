"""The gateway: what it answers, what it refuses, and how it says so."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import pytest

from patterns.errors import NeedsModel
from patterns.exchange import Request, Target, Task, Usage
from patterns.messages import Message
from patterns.model.rules.gateway import RulesGateway
from tests.model.rules.asking import answer, ask, needed, optional

TEXT = "Invoice 7, due 2 May 2026, 40 euros"


def request(schema, **more) -> Request:
    return Request(
        "rules",
        (Message("user", "never read"),),
        task=Task("extract", "json_extraction", {"text": TEXT}, schema),
        **more,
    )


def test_an_answer_costs_nothing_and_says_who_gave_it():
    response = ask(TEXT, needed({"invoice_number": "string", "total": "number"}))
    assert (response.engine, response.cost, response.usage) == ("rules", 0.0, Usage())
    assert json.loads(response.choices[0].text) == {"invoice_number": "7", "total": 40}


def test_every_value_has_a_source_with_path_and_confidence():
    response = ask(TEXT, needed({"invoice_number": "string", "due_date": "date"}))
    assert {(s.path, s.input, s.text) for s in response.sources} == {
        ("$.invoice_number", "text", "7"),
        ("$.due_date", "text", "2 May 2026"),
    }


def test_a_request_without_a_task_needs_a_model():
    with pytest.raises(NeedsModel, match="patterns only"):
        RulesGateway().send(Request("rules", (Message("user", "hello"),)))


def test_a_needed_field_that_is_not_there_is_named_with_what_to_do():
    with pytest.raises(NeedsModel, match=r"iban.*guess") as caught:
        ask(TEXT, needed({"iban": "string", "total": "number"}))
    assert caught.value.fields == ("iban",)
    assert "PATTERNS_MODEL" in caught.value.hint
    assert "Ollama" in caught.value.hint
    assert pickle.loads(pickle.dumps(caught.value)).fields == ("iban",)


@pytest.mark.parametrize("technique", ["chain_of_thought", "code_generation"])
def test_reasoning_and_code_are_refused(technique):
    with pytest.raises(NeedsModel, match="cannot"):
        ask(TEXT, optional({"total": "number"}), technique=technique)


@pytest.mark.parametrize("format", ["code", "text", "answer"])
def test_only_json_is_answered(format):
    with pytest.raises(NeedsModel, match="cannot"):
        ask(TEXT, optional({"total": "number"}), format=format)


@pytest.mark.parametrize("name", ["summary", "reasoning", "explanation", "reply", "answer"])
def test_what_somebody_would_have_to_write_is_refused(name):
    with pytest.raises(NeedsModel) as caught:
        ask(TEXT, needed({"total": "number", name: "string"}))
    assert caught.value.fields == (name,)


def test_what_may_be_left_out_is_left_open():
    assert answer(TEXT, optional({"iban": "string"})) == {"iban": None}
    assert answer(TEXT, {"type": "object", "properties": {"iban": {"type": "string"}}}) == {}
    defaulted = {"type": "object", "properties": {"language": {"type": "string", "default": "en"}}}
    assert answer(TEXT, defaulted) == {}


def test_a_value_at_the_root_is_wrapped_only_where_the_shape_is_enforced():
    schema = {"type": "string", "format": "date"}
    target = Target("date", {"type": "object", "properties": {"value": schema}}, wrapped=True)
    gateway = RulesGateway()
    assert gateway.send(request(schema, target=target)).choices[0].text == '"2026-05-02"'
    assert gateway.send(request(schema, target=target, mode="tools")).choices[0].text == '{"value": "2026-05-02"}'


async def test_the_async_doors_give_the_same_answer():
    schema = needed({"total": "number"})
    gateway = RulesGateway()
    sent = gateway.send(request(schema))
    assert await gateway.asend(request(schema)) == sent
    deltas = [delta async for delta in gateway.astream(request(schema))]
    assert "".join(delta.text for delta in deltas) == sent.choices[0].text
    assert deltas[-1].response == sent


def test_values_may_stand_in_several_inputs():
    task = Task(
        "triage",
        "json_extraction",
        {"message": "Order 5512 is late.", "signature": "ina@example.com"},
        needed({"order_number": "string", "email": "email"}),
    )
    response = RulesGateway().send(Request("rules", (), task=task))
    assert json.loads(response.choices[0].text) == {"order_number": "5512", "email": "ina@example.com"}
    assert {(s.path, s.input) for s in response.sources} == {("$.order_number", "message"), ("$.email", "signature")}


def test_heavy_libraries_stay_out_until_a_field_asks_for_them():
    script = (
        "import sys; from tests.model.rules.asking import ask, optional;"
        "ask('Total: 5, date 2 May 2026', optional({'total': 'number', 'date': 'date'}));"
        "print(sorted({'litellm', 'dateparser', 'phonenumbers', 'vaderSentiment', 'pydantic'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
