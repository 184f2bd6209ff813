"""Answers that were reasoned out: the steps first, the answer apart from them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from patterns.library.forms import Given
from patterns.pattern import pattern

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Solution(BaseModel):
    """A solved problem. The steps come first, so that the answer follows from them and not they from it."""

    model_config = ConfigDict(frozen=True)

    steps: list[Line] = Field(min_length=1, description="one short sentence each, in order")
    answer: Line = Field(description="the answer alone, with its unit")


@pattern("chain_of_thought/solve")
def solve(question: Given) -> Solution:
    """Solve a problem, given in words or as an image, step by step."""
    raise NotImplementedError
