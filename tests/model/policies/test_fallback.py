"""The fallback policy: which errors go to the next model, and what is remembered of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patterns import Pattern
from patterns.errors import (
    AuthenticationError,
    BadRequest,
    CircuitOpen,
    ContextOverflow,
    DeadlineExceeded,
    EmptyResponse,
    ModelError,
    PatternsError,
    QuotaExceeded,
    Refused,
    TransientError,
    UnknownModel,
)
from patterns.events import Event, FellBack, listen
from patterns.exchange import Choice, Request, Response
from patterns.model.policies.fallback import falling_back
from patterns.model.policies.trail import Trail
from patterns.model.steps import ask, drive
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer
from tests.model.asking import request

REQUEST = Request("first", ())


@pytest.mark.parametrize(
    "kind", [TransientError, EmptyResponse, ContextOverflow, QuotaExceeded, CircuitOpen], ids=lambda kind: kind.__name__
)
def test_another_model_is_asked_after(kind: type[ModelError]) -> None:
    trail: Trail = []
    steps = falling_back(ask, trail, ["second"])(REQUEST)
    assert next(steps) == REQUEST
    assert steps.throw(kind("no")) == replace(REQUEST, model="second")
    assert [(a.request.model, a.problem) for a in trail] == [("first", "no")]


@pytest.mark.parametrize(
    "kind", [AuthenticationError, UnknownModel, BadRequest, DeadlineExceeded, Refused], ids=lambda kind: kind.__name__
)
def test_a_mistake_is_raised_at_once(kind: type[PatternsError]) -> None:
    steps = falling_back(ask, [], ["second"])(REQUEST)
    next(steps)
    with pytest.raises(kind):
        steps.throw(kind("no"))


def test_the_last_model_s_error_is_raised() -> None:
    trail: Trail = []
    steps = falling_back(ask, trail, ["second"])(REQUEST)
    next(steps)
    steps.throw(TransientError("first"))
    with pytest.raises(TransientError, match="second"):
        steps.throw(TransientError("second"))
    assert [a.problem for a in trail] == ["first"]


def test_the_request_is_put_into_the_other_model_s_words() -> None:
    steps = falling_back(ask, [], ["second"], adapt=lambda r, m: replace(r, model=m, mode="tools"))(REQUEST)
    next(steps)
    assert steps.throw(TransientError("no")) == replace(REQUEST, model="second", mode="tools")


def test_the_reason_is_told_for_each_step() -> None:
    heard: list[Event] = []
    with listen(heard.append):
        steps = falling_back(ask, [], ["second", "third"])(REQUEST)
        next(steps)
        steps.throw(ContextOverflow("too long"))
        steps.throw(QuotaExceeded("empty"))
    told = [event for event in heard if isinstance(event, FellBack)]
    assert [(event.model, event.to, str(event.error)) for event in told] == [
        ("first", "second", "too long"),
        ("second", "third", "empty"),
    ]


DECLINED = Response((Choice("", "content_filter"),), "first")


def test_a_model_that_declines_is_believed() -> None:
    steps = falling_back(ask, [], ["second"])(REQUEST)
    next(steps)
    with pytest.raises(StopIteration) as stop:
        steps.send(DECLINED)
    assert stop.value.value is DECLINED


def test_another_model_is_asked_after_a_refusal_if_that_is_wished() -> None:
    trail: Trail = []
    steps = falling_back(ask, trail, ["second", "third"], on_refusal=True)(REQUEST)
    next(steps)
    assert steps.send(DECLINED) == replace(REQUEST, model="second")
    assert steps.throw(Refused("no")) == replace(REQUEST, model="third")
    with pytest.raises(StopIteration) as stop:
        steps.send(replace(DECLINED, model="third"))
    assert stop.value.value.model == "third", "the last model's refusal is handed on"
    assert [(a.response, a.problem) for a in trail] == [
        (DECLINED, "first: the model declined: content_filter"),
        (None, "no"),
    ]


@pytest.mark.parametrize("fault", ["filter", "policy", "refusal"])
def test_row_18_a_refusal_is_asked_once_and_elsewhere_only_if_wished(faults: FaultServer, fault: str) -> None:
    call = Pattern(
        "json_extraction/extract",
        output=dict[str, bool],
        model=f"openai/{fault}",
        mode="prompted",
        api_base=faults.api_base,
        fallbacks=["openai/ok"],
    )
    with pytest.raises(Refused):
        call("x")
    assert faults.calls == 1
    result = call.with_options(fallback_on_refusal=True).run("x")
    assert (result.output, result.fallback_model) == ({"ok": True}, "openai/ok")
    assert faults.calls == 3
    assert result.attempts[0].problem


def test_over_http_the_second_model_answers(faults: FaultServer) -> None:
    trail: Trail = []
    response = drive(falling_back(ask, trail, ["openai/ok"])(request(faults, "ctx")), LitellmGateway())
    assert response.model == "ok"
    assert [body["model"] for body in faults.bodies] == ["ctx", "ok"]
