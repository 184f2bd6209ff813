"""Patterns over a model in this process: every verb, the policies around it, and what the doctor says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel

from patterns import extract
from patterns.doctor import Finding, findings
from patterns.settings import layers, override
from tests.faultserver import FaultServer
from tests.local.asking import name


class Ticket(BaseModel):
    """What a customer wants."""

    team: Literal["billing", "technical"]
    words: list[str]


TICKET = extract.into(Ticket)


def options(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 1500, "temperature": 1.0, "timeout": 30}


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "_configured", {})


def test_a_call_gives_a_valid_value_at_no_cost(models: Path) -> None:
    result = TICKET.with_options(**options(name(models))).run("I was charged twice.")
    assert isinstance(result.output, Ticket)
    assert (result.engine, result.cost, len(result.attempts), result.repairs) == ("local", 0.0, 1, ())
    assert result.usage.output_tokens > 5


async def test_the_async_verbs_and_streams_do_too(models: Path) -> None:
    pattern = TICKET.with_options(**options(name(models)))
    assert (await pattern.acall("Help!")).team in ("billing", "technical")
    grown = [value async for value in pattern.astream("Help!")]
    assert len(grown) > 2
    assert Ticket.model_validate(grown[-1].model_dump()).team in ("billing", "technical")
    assert [value.model_dump() for value in pattern.stream("Help!")]


def test_the_model_is_told_the_shape_it_is_held_to(models: Path) -> None:
    system = TICKET.with_options(model=name(models)).render("Help!")[0].content
    assert '"billing" | "technical"' in system


def test_a_list_is_wrapped_for_the_model_and_unwrapped_for_the_caller(models: Path) -> None:
    found = extract.into(list[int]).with_options(**options(name(models)))("1, 2")
    assert isinstance(found, list)
    assert all(isinstance(each, int) for each in found)


def test_a_batch_goes_through_one_model(models: Path) -> None:
    pattern = TICKET.with_options(**options(name(models, parallel=2)))
    outcomes = list(pattern.batch([f"row {i}" for i in range(12)], concurrency=6))
    assert [type(outcome.output) for outcome in outcomes] == [Ticket] * 12


def test_an_answer_is_kept_and_not_written_again(models: Path, tmp_path: Path) -> None:
    pattern = TICKET.with_options(**options(name(models)), cache=tmp_path / "answers.db")
    first, again = pattern.run("Help!"), pattern.run("Help!")
    assert (first.output, first.cached, again.cached) == (again.output, False, True)


def test_a_local_model_stands_in_for_a_provider_that_fails(
    models: Path, faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", faults.api_base)
    careful = TICKET.with_options(**{**options("openai/500"), "fallbacks": [name(models)], "retries": 0})
    result = careful.run("Help!")
    assert (result.engine, result.fallback_model) == ("local", name(models))
    assert faults.calls == 1


def test_a_provider_stands_in_for_a_local_model_that_reads_too_little(
    models: Path, faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", faults.api_base)
    model = name(models, context=256)
    result = extract.into("ok bool").with_options(model=model, fallbacks=["openai/ok"]).run("All is well. " * 50)
    assert (result.output.ok, result.fallback_model) == (True, "openai/ok")
    assert [attempt.request.model for attempt in result.attempts] == [model, "openai/ok"]


def test_the_address_of_a_server_is_for_the_models_before_and_behind_a_local_one(
    models: Path, faults: FaultServer
) -> None:
    small = name(models, context=256)
    fallbacks = [small, "openai/ok"]
    asking = extract.into("ok bool").with_options(model="openai/500", api_base=faults.api_base, retries=0)
    result = asking.with_options(fallbacks=fallbacks).run("All is well. " * 50)
    assert result.fallback_model == "openai/ok"
    assert [attempt.request.model for attempt in result.attempts] == ["openai/500", small, "openai/ok"]
    assert "context" in (result.attempts[1].problem or "")
    assert faults.calls == 2


def test_a_budget_of_money_is_never_touched(models: Path) -> None:
    pattern = TICKET.with_options(**options(name(models)), budget=0.000001)
    assert pattern.run("Help!").cost == 0.0
    assert pattern.run("Help!").cost == 0.0
    bill = pattern.estimate("Help!")
    assert (bill.low, bill.high) == (0.0, 0.0)


def doctor_on(model: str) -> Finding:
    with override(model=model):
        return next(each for each in findings() if each.topic == "model")


def test_the_doctor_shows_the_file(models: Path) -> None:
    found = doctor_on(name(models))
    assert found.ok
    assert str(models / "tiny.gguf") in found.words
    assert "llama.cpp in this process" in found.words


def test_the_doctor_misses_the_file_and_the_extra(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = doctor_on(name(models, "tinny"))
    assert not gone.ok
    assert "tiny.gguf" in gone.hint
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    bare = doctor_on(name(models))
    assert not bare.ok
    assert bare.hint == "pip install 'prompt-patterns[local]'"


def test_the_name_may_stand_in_the_environment(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_MODEL", name(models))
    assert TICKET.with_options(max_tokens=1500).run("Help!").engine == "local"
