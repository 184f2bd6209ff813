"""What a text says, in fewer words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patterns.library.forms import Given
from patterns.library.judged import Judged
from patterns.messages import Json
from patterns.pattern import pattern
from patterns.plan import Check

SLACK = 0.2
"""How far a summary may go past its bound: models count roughly, and asking again costs more than a few words."""


def _within(inputs: Mapping[str, Json]) -> Sequence[Check[str]]:
    """Hold the summary against the number of words that was asked for."""
    words = inputs["words"]
    assert isinstance(words, int), "the template's inputs are checked before"

    def is_short(summary: str) -> None:
        count = len(summary.split())
        if not count:
            raise ValueError("the summary is empty")
        if count > words + max(1, round(words * SLACK)):
            raise ValueError(f"the summary has {count} words; at most {words} were asked for")

    return (is_short,)


@pattern("plain_text/summarize")
def _summarize(text: Given, words: int = 100) -> str:
    """Summarise a text, a document or a sound in at most `words` words; a summary is taken up to a fifth above that."""
    raise NotImplementedError


summarize = Judged(_summarize, _within)
