"""The fallback policy: which errors go to the next model, and what is remembered of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patterns.errors import (
    AuthenticationError,
    BadRequest,
    CircuitOpen,
    ContextOverflow,
    EmptyResponse,
    ModelError,
    QuotaExceeded,
    TransientError,
    UnknownModel,
)
from patterns.exchange import Request
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


@pytest.mark.parametrize("kind", [AuthenticationError, UnknownModel, BadRequest], ids=lambda kind: kind.__name__)
def test_a_mistake_is_raised_at_once(kind: type[ModelError]) -> None:
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


def test_over_http_the_second_model_answers(faults: FaultServer) -> None:
    trail: Trail = []
    response = drive(falling_back(ask, trail, ["openai/ok"])(request(faults, "ctx")), LitellmGateway())
    assert response.model == "ok"
    assert [body["model"] for body in faults.bodies] == ["ctx", "ok"]
