"""The table of failures against every exception that litellm has, and the words that are made of them."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Iterator

import httpx
import litellm
import pytest

from patterns.errors import (
    AuthenticationError,
    BadRequest,
    BudgetExceeded,
    ContextOverflow,
    ModelError,
    OutputError,
    PatternsError,
    QuotaExceeded,
    Refused,
    TransientError,
    UnknownModel,
)
from patterns.model.conversion import convert
from patterns.model.failures import CLASSES
from patterns.model.symptoms import symptoms

MODEL = "openai/gpt-4.1-mini"


def exported() -> list[type[Exception]]:
    """Every exception class of `litellm.exceptions`, and every one that `litellm` itself shows."""
    found = {
        value
        for module in (litellm, litellm.exceptions)
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__.startswith("litellm.exceptions")
    }
    return sorted(found | set(litellm.LITELLM_EXCEPTION_TYPES), key=lambda kind: kind.__name__)


def made(kind: type[Exception]) -> Exception:
    """An exception of this class, its constructor fed by the names of its parameters."""
    known = {
        "message": "it failed",
        "model": MODEL,
        "llm_provider": "openai",
        "status_code": 500,
        "response": httpx.Response(500, request=httpx.Request("POST", "http://x.invalid")),
        "request": httpx.Request("POST", "http://x.invalid"),
        "current_cost": 3.0,
        "max_budget": 2.0,
        "original_exception": None,
        "request_data": {},
        "failures": [{"vector_store_id": "v", "error": "e"}],
    }
    wanted = [p for p in inspect.signature(kind.__init__).parameters.values() if p.name != "self"]
    named = [p for p in wanted if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return kind(
        **{p.name: known.get(p.name, "x") for p in named if p.default is p.empty or p.name in ("message", "model")}
    )


@pytest.mark.parametrize("kind", exported(), ids=lambda kind: kind.__name__)
def test_every_exception_of_litellm_is_in_the_table_and_becomes_one_error_of_ours(kind: type[Exception]) -> None:
    assert kind.__name__ in CLASSES
    error = convert(made(kind), MODEL)
    assert type(error) in {TransientError, *_leaves(PatternsError)}
    assert isinstance(error, ModelError | OutputError | BudgetExceeded)
    assert type(pickle.loads(pickle.dumps(error))) is type(error)


def _leaves(kind: type[PatternsError]) -> Iterator[type[PatternsError]]:
    below = kind.__subclasses__()
    for child in below:
        yield from _leaves(child)
    if not below:
        yield kind


def test_the_table_names_only_errors_that_callers_can_meet() -> None:
    assert set(CLASSES.values()) <= {TransientError, *_leaves(PatternsError)}


def test_litellm_s_own_budget_keeps_its_figures() -> None:
    error = convert(litellm.BudgetExceededError(current_cost=3.0, max_budget=2.0), MODEL)
    assert isinstance(error, BudgetExceeded)
    assert (error.spent, error.limit) == (3.0, 2.0)


def api(words: str, status: int, kind: type[Exception] = litellm.APIError, body: object = None) -> Exception:
    error = kind(status_code=status, message=words, llm_provider="openai", model=MODEL)
    error.body = body  # type: ignore[attr-defined]
    return error


def refused(status: int, words: str) -> Exception:
    """What litellm makes of a server's failure whose body calls it a wrong request."""
    error = litellm.BadRequestError(words, MODEL, "openai")
    error.__cause__ = httpx.HTTPStatusError(
        words, request=httpx.Request("POST", "http://x.invalid"), response=httpx.Response(status)
    )
    return error


# litellm's exception, ours: where the class alone would lie
LIES: list[tuple[Exception, type[PatternsError]]] = [
    (
        litellm.InternalServerError("Missing credentials. Please pass an `api_key`", "openai", MODEL),
        AuthenticationError,
    ),
    (
        litellm.APIConnectionError("Missing Gemini API key. Set the GEMINI_API_KEY", "gemini", MODEL),
        AuthenticationError,
    ),
    (litellm.BadRequestError("LLM Provider NOT provided. You passed model=x", MODEL, "openai"), UnknownModel),
    (litellm.BadRequestError("Your credit balance is too low", MODEL, "anthropic"), QuotaExceeded),
    (
        litellm.BadRequestError("prompt is too long: 250000 tokens > 200000 maximum", MODEL, "anthropic"),
        ContextOverflow,
    ),
    (litellm.RateLimitError("You exceeded your current quota", "openai", MODEL), QuotaExceeded),
    (api("no", 401), AuthenticationError),
    (api("no", 402), QuotaExceeded),
    (api("no", 404), UnknownModel),
    (api("no", 418), BadRequest),
    (api("no", 529), TransientError),
    (refused(500, "Failed on purpose."), TransientError),
    (api("no", 400, body={"error": {"code": "content_filter", "message": "no"}}), Refused),
    (api("no", 429, body={"code": "insufficient_quota", "message": "no"}), QuotaExceeded),
]


@pytest.mark.parametrize(("error", "expected"), LIES, ids=[str(i) for i in range(len(LIES))])
def test_a_class_that_lies_is_seen_through(error: Exception, expected: type[PatternsError]) -> None:
    assert type(convert(error, MODEL)) is expected


def test_the_words_are_the_provider_s_own_on_one_line() -> None:
    body = '{"type": "error", "error": {"type": "x", "message": "Too\\nmany"}}'
    assert (
        symptoms(
            litellm.BadRequestError(f"litellm.BadRequestError: AnthropicException - {body}", MODEL, "anthropic")
        ).words
        == "Too many"
    )


def test_long_words_fit_a_log_line() -> None:
    assert len(str(convert(litellm.BadRequestError("word " * 5000, MODEL, "openai"), MODEL))) < 400


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, " " * 1_000_000, "{" + " " * 1_000_000 + "}"])
def test_hostile_words_end_in_an_error_too(text: str) -> None:
    assert isinstance(convert(litellm.BadRequestError(text, MODEL, "openai"), MODEL), BadRequest)


def test_a_traceback_in_the_words_is_cut_away() -> None:
    error = litellm.APIConnectionError("'content'\nTraceback (most recent call last):\n  File x", "openai", MODEL)
    assert "Traceback" not in str(convert(error, MODEL))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_none(headers: dict[str, str], seconds: float | None) -> None:
    response = httpx.Response(429, headers=headers, request=httpx.Request("POST", "http://x.invalid"))
    error = litellm.RateLimitError("slow down", "openai", MODEL, response=response)
    assert symptoms(error).retry_after == seconds


def test_an_error_s_cause_that_goes_in_circles_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert symptoms(first).words == "a"


def test_a_status_that_is_no_number_is_none() -> None:
    error = ValueError("x")
    error.status_code = "often"  # type: ignore[attr-defined]
    assert symptoms(error).status is None
