"""The sentiment of a short text."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from patterns.library.forms import Given
from patterns.pattern import pattern


class Sentiment(BaseModel):
    """Whether a text speaks well or ill of what it is about."""

    model_config = ConfigDict(frozen=True)

    label: Literal["positive", "negative", "neutral", "mixed"] = Field(
        description="neutral: takes no side; mixed: praise and complaint of about the same weight"
    )
    confidence: float = Field(ge=0, le=1, description="how likely a careful reader would choose the same label")


@pattern("few_shot/sentiment")
def classify_sentiment(text: Given) -> Sentiment:
    """Tell whether a short text, or what is said in a part, is positive, negative, neutral or mixed."""
    raise NotImplementedError
