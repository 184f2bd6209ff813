"""The provider for examples is asked over real HTTP, by the same way as any other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from patterns import Result, TransientError, extract
from patterns.messages import Json
from patterns.settings import override
from patterns.testing import LocalProvider

ANSWER = '{"name": "Jo", "age": 3}'


def no_schema(body: dict[str, Json]) -> str | int:
    return 400 if "response_format" in body else ANSWER


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    models = {"good": ANSWER, "busy": 503, "late": [503, "Let me see.", ANSWER], "gpt-4o-mini": no_schema}
    with LocalProvider(models) as provider:
        yield provider


def asked(provider: LocalProvider, model: str, **options: object) -> Result[object]:
    here = extract.with_options(model=f"openai/{model}", api_base=provider.api_base, **options)  # type: ignore[arg-type]
    return here.run("Jo is 3.", "name, age int")  # type: ignore[return-value]


def test_a_model_answers_and_its_tokens_have_a_price(provider: LocalProvider) -> None:
    with override(prices={"openai/good": (1.0, 4.0)}):
        result = asked(provider, "good")
    assert result.output.age == 3  # type: ignore[attr-defined]
    assert result.usage.output_tokens == 6
    assert result.cost == pytest.approx((result.usage.input_tokens + 4 * 6) / 1e6)
    assert provider.requests[0]["model"] == "good"


def test_answers_come_one_after_another_and_the_last_stays(provider: LocalProvider) -> None:
    result = asked(provider, "late", retries=1, reasks=1)
    assert [attempt.problem is None for attempt in result.attempts][-2:] == [False, True]
    assert asked(provider, "late").output.name == "Jo"  # type: ignore[attr-defined]
    assert len(provider.requests) == 4


def test_a_status_is_a_failure_and_another_model_is_asked(provider: LocalProvider) -> None:
    with pytest.raises(TransientError):
        asked(provider, "busy", retries=0)
    assert asked(provider, "busy", retries=0, fallbacks=["openai/good"]).fallback_model == "openai/good"


def test_a_model_without_schemas_is_asked_in_another_mode(provider: LocalProvider) -> None:
    assert asked(provider, "gpt-4o-mini").attempts[-1].request.mode in ("tools", "prompted")
    assert "response_format" in provider.requests[0]
    assert "response_format" not in provider.requests[-1]


def test_an_answer_goes_into_the_tool_that_is_insisted_on(provider: LocalProvider) -> None:
    assert asked(provider, "good", mode="tools").output.name == "Jo"  # type: ignore[attr-defined]


def test_an_answer_streams(provider: LocalProvider) -> None:
    here = extract.with_options(model="openai/good", api_base=provider.api_base)
    assert [each.age for each in here.into("name, age int").stream("…")][-1] == 3
