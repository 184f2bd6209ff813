from __future__ import annotations

import pytest

from patterns.errors import InputError, OutputError
from patterns.library.sentiment import Sentiment, classify_sentiment
from patterns.testing import FakeModel


def test_the_label_comes_with_its_confidence() -> None:
    with FakeModel(['{"label": "negative", "confidence": 0.9}']):
        assert classify_sentiment("It broke again.") == Sentiment(label="negative", confidence=0.9)


def test_a_confidence_in_percent_is_not_taken() -> None:
    with FakeModel([{"label": "negative", "confidence": 93}, {"label": "negative", "confidence": 0.93}]) as model:
        result = classify_sentiment.run("It broke again.")
    assert result.output.confidence == 0.93
    assert len(result.attempts) == 2
    assert "confidence" in model.requests[1].messages[-1].content


def test_the_text_is_the_only_input() -> None:
    with pytest.raises(InputError, match="too many"):
        classify_sentiment("a", "b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_a_label_of_its_own_is_refused() -> None:
    with FakeModel([{"label": "angry", "confidence": 1}] * 3), pytest.raises(OutputError):
        classify_sentiment("Grr.")
