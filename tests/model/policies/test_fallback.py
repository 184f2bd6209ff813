"""The fallback policy: which errors go to the next model, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Sequence
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
from patterns.exchange import Choice, Mode, Request, Response
from patterns.model.policies.fallback import falling_back
from patterns.model.steps import ask, drive
from patterns.model.transport import LitellmGateway
from patterns.model.trip import Trip
from tests.faultserver import FaultServer
from tests.model.asking import request
from tests.model.policies.driving import trip

REQUEST = Request("first", ())


@pytest.mark.parametrize(
    "kind", [TransientError, EmptyResponse, ContextOverflow, QuotaExceeded, CircuitOpen], ids=lambda kind: kind.__name__
)
def test_another_model_is_asked_after(kind: type[ModelError]) -> None:
    on = trip()
    steps = falling_back(ask, ["second"])(REQUEST, on)
    assert next(steps) == REQUEST
    assert steps.throw(kind("no")) == replace(REQUEST, model="second")
    assert [(a.request.model, a.problem) for a in on.trail] == [("first", "no")]


@pytest.mark.parametrize(
    "kind", [AuthenticationError, UnknownModel, BadRequest, DeadlineExceeded, Refused], ids=lambda kind: kind.__name__
)
def test_a_mistake_is_raised_at_once(kind: type[PatternsError]) -> None:
    steps = falling_back(ask, ["second"])(REQUEST, trip())
    next(steps)
    with pytest.raises(kind):
        steps.throw(kind("no"))


def test_the_last_model_s_error_is_raised() -> None:
    on = trip()
    steps = falling_back(ask, ["second"])(REQUEST, on)
    next(steps)
    steps.throw(TransientError("first"))
    with pytest.raises(TransientError, match="second"):
        steps.throw(TransientError("second"))
    assert [a.problem for a in on.trail] == ["first"]


class ByTools:
    """A call whose other models are asked by a tool."""

    chosen = False

    def modes(self, request: Request) -> Sequence[Mode]:
        return ("tools",)

    def reword(self, request: Request, mode: Mode) -> Request:
        return replace(request, mode=mode)

    def adapt(self, request: Request, other: str) -> Request:
        return replace(request, model=other, mode="tools")


def test_the_request_is_put_into_the_other_model_s_words() -> None:
    steps = falling_back(ask, ["second"])(REQUEST, Trip.starting(None, ByTools()))
    next(steps)
    assert steps.throw(TransientError("no")) == replace(REQUEST, model="second", mode="tools")


def test_the_reason_is_told_for_each_step() -> None:
    heard: list[Event] = []
    with listen(heard.append):
        steps = falling_back(ask, ["second", "third"])(REQUEST, trip())
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
    steps = falling_back(ask, ["second"])(REQUEST, trip())
    next(steps)
    with pytest.raises(StopIteration) as stop:
        steps.send(DECLINED)
    assert stop.value.value is DECLINED


def test_another_model_is_asked_after_a_refusal_if_that_is_wished() -> None:
    on = trip()
    steps = falling_back(ask, ["second", "third"], on_refusal=True)(REQUEST, on)
    next(steps)
    assert steps.send(DECLINED) == replace(REQUEST, model="second")
    assert steps.throw(Refused("no")) == replace(REQUEST, model="third")
    with pytest.raises(StopIteration) as stop:
        steps.send(replace(DECLINED, model="third"))
    assert stop.value.value.model == "third", "the last model's refusal is handed on"
    assert [(a.response, a.problem) for a in on.trail] == [
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
    on = trip()
    response = drive(falling_back(ask, ["openai/ok"])(request(faults, "ctx"), on), LitellmGateway())
    assert response.model == "ok"
    assert [body["model"] for body in faults.bodies] == ["ctx", "ok"]
