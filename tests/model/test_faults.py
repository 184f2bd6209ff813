"""Every fault over real HTTP: which error it becomes, what it cost, and that it was asked once."""

from __future__ import annotations

import pickle
import time
import traceback

import pytest

from patterns.errors import (
    AuthenticationError,
    BadRequest,
    ContextOverflow,
    EmptyResponse,
    ModelError,
    PatternsError,
    QuotaExceeded,
    Refused,
    TransientError,
    UnknownModel,
)
from patterns.exchange import Usage
from tests.faultserver import FaultServer
from tests.faultserver.faults import SECRET
from tests.model.asking import LANES, WIRES, request

GATEWAY = LANES
pytestmark = pytest.mark.usefixtures("lane")
CANARY = "sk-CANARY-of-the-caller-0123456789"

# fault, error, words of its message, paid
CASES: list[tuple[str, type[PatternsError], str, bool | None]] = [
    ("500", TransientError, "Failed on purpose", False),
    ("503", TransientError, "Failed on purpose", False),
    ("529", TransientError, "Overloaded", False),
    ("429", TransientError, "Rate limit", False),
    ("quota", QuotaExceeded, "quota", False),
    ("401", AuthenticationError, "Incorrect API key", False),
    ("403", AuthenticationError, "may not use", False),
    ("404", UnknownModel, "does not exist", False),
    ("400", BadRequest, "Failed on purpose", False),
    ("418", BadRequest, "Failed on purpose", False),
    ("noformat", BadRequest, "response_format", False),
    ("ctx", ContextOverflow, "maximum context length", False),
    ("policy", Refused, "safety system", None),
    ("html", TransientError, "web page", None),
    ("html502", TransientError, "web page", None),
    ("garbage", TransientError, "not of the form", None),
    ("text", TransientError, "not of the form", None),
    ("nothing", TransientError, "not of the form", None),
    ("trunc", TransientError, "broke", None),
    ("drop", TransientError, "broke", None),
    ("empty", EmptyResponse, "empty text", True),
    ("null", EmptyResponse, "empty text", True),
]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("fault", "error", "words", "paid"), CASES, ids=[case[0] for case in CASES])
def test_a_fault_becomes_one_error_after_one_call(
    faults: FaultServer, wire: str, fault: str, error: type[PatternsError], words: str, paid: bool | None
) -> None:
    with pytest.raises(error, match=words) as caught:
        GATEWAY.send(request(faults, fault, wire))
    assert type(caught.value) is error
    assert caught.value.hint, "it must say what to do"
    assert faults.calls == 1
    if isinstance(caught.value, ModelError):
        assert caught.value.paid is paid
        assert caught.value.model == f"{wire}/{fault}"


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("fault", "status", "retries"), [("html", None, 1), ("text", None, 1), ("html502", 502, None)])
def test_what_is_no_answer_of_a_provider_is_worth_one_retry(
    faults: FaultServer, wire: str, fault: str, status: int | None, retries: int | None
) -> None:
    """Who sits in between, such as a login page, stays there; a load balancer's own page is a failure like others."""
    with pytest.raises(TransientError) as caught:
        GATEWAY.send(request(faults, fault, wire))
    assert (caught.value.status, caught.value.most_retries) == (status, retries)
    if fault == "html":
        assert caught.value.message.endswith("<html><body>Sign in to the hotel network</body></html>")


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", ["hang", "slowdrip"])
def test_the_deadline_is_total(faults: FaultServer, wire: str, fault: str) -> None:
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"within 0\.5 s"):
        GATEWAY.send(request(faults, fault, wire, timeout=0.5))
    assert 0.4 < time.monotonic() - started < 5  # the drip would take 20 s, the hang 30


@pytest.mark.parametrize("fault", ["hang", "slowdrip"])
async def test_the_deadline_is_total_for_async_callers(faults: FaultServer, fault: str) -> None:
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"within 0\.5 s"):
        await GATEWAY.asend(request(faults, fault, timeout=0.5))
    assert 0.4 < time.monotonic() - started < 5


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("fault", "low", "high"), [("429ra2", 2, 2), ("429ra250ms", 0.25, 0.25), ("429radate", 15, 21)]
)
def test_retry_after_is_read_in_all_its_forms(
    faults: FaultServer, wire: str, fault: str, low: float, high: float
) -> None:
    with pytest.raises(TransientError) as caught:
        GATEWAY.send(request(faults, fault, wire))
    assert caught.value.status == 429
    assert caught.value.retry_after is not None
    assert low <= caught.value.retry_after <= high


def test_a_paid_empty_answer_hangs_on_its_error(faults: FaultServer) -> None:
    with pytest.raises(EmptyResponse) as caught:
        GATEWAY.send(request(faults, "nochoices"))
    assert caught.value.usage.total_tokens == 60
    assert len(caught.value.attempts) == 1


# fault, finish reason, text, refusal
ODD = [
    ("refusal", "stop", "", "I cannot help with that."),
    ("length", "length", '{"name":"Jo', None),
    ("weirdfr", "eaten_by_dog", '{"ok": true}', None),
    ("filter", "content_filter", "", None),
    ("nofinish", None, "half", None),
    ("badrole", "stop", '{"ok": true}', None),
    ("surrogate", "stop", "lone \ud800 surrogate", None),
    ("nul", "stop", "nul \x00 byte", None),
]


@pytest.mark.parametrize(("fault", "finish", "text", "refusal"), ODD, ids=[case[0] for case in ODD])
def test_an_odd_answer_is_told_as_it_is(
    faults: FaultServer, fault: str, finish: str | None, text: str, refusal: str | None
) -> None:
    choice = GATEWAY.send(request(faults, fault)).choices[0]
    assert (choice.finish_reason, choice.text, choice.refusal) == (finish, text, refusal)


@pytest.mark.by_litellm
def test_anthropic_s_own_finish_reason_is_told_too(faults: FaultServer) -> None:
    assert GATEWAY.send(request(faults, "weirdfr", "anthropic")).choices[0].finish_reason == "eaten_by_dog"
    assert GATEWAY.send(request(faults, "length", "anthropic")).choices[0].finish_reason == "length"
    assert GATEWAY.send(request(faults, "filter", "anthropic")).choices[0].finish_reason == "content_filter"


def test_missing_usage_is_estimated_and_marked_so(faults: FaultServer) -> None:
    response = GATEWAY.send(request(faults, "nousage"))
    assert response.usage is not None
    assert response.usage.estimated
    assert 5 < response.usage.input_tokens < 20
    assert 3 < response.usage.output_tokens < 10
    assert response.cost is None, "an unknown cost is not 0, and an estimate is no bill"
    assert not GATEWAY.send(request(faults, "ok")).usage.estimated  # type: ignore[union-attr]


def test_a_sum_with_an_estimate_in_it_is_an_estimate() -> None:
    assert (Usage(1, 1) + Usage(2, 2, estimated=True)).estimated
    assert not (Usage(1, 1) + Usage(2, 2)).estimated


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", ["401", "500", "429ra2", "trunc", "html", "empty", "ctx", "hang"])
def test_no_key_and_no_foreign_frame_hangs_on_an_error(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, wire: str, fault: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", CANARY)
    with pytest.raises(PatternsError) as caught:
        GATEWAY.send(request(faults, fault, wire, timeout=1))
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    story = traceback.TracebackException.from_exception(error, capture_locals=True)
    everything = "".join(story.format()) + repr(error) + repr(vars(error)) + repr(pickle.dumps(error))
    assert CANARY not in everything
    assert SECRET not in everything
    assert not [frame.filename for frame in story.stack if "site-packages/litellm" in frame.filename]


def test_errors_survive_pickling(faults: FaultServer) -> None:
    with pytest.raises(TransientError) as caught:
        GATEWAY.send(request(faults, "429ra2"))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy), copy.retry_after) == (TransientError, str(caught.value), 2.0)
    assert copy.hint == caught.value.hint
