"""Plain text for a prompt of the caller's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence, Sized
from typing import TypeAlias, Unpack, overload

from patterns.batch.engine import Batching
from patterns.batch.outcomes import Outcome
from patterns.exchange import Result
from patterns.library.forms import Given
from patterns.messages import Message
from patterns.model.estimates import Estimate
from patterns.pattern import Pattern
from patterns.setup import Changes

Prompt: TypeAlias = str | Sequence[Given]
"""Text, or texts and images, documents and sounds in their order."""


class Complete:
    """Sends a prompt as it is; a list holds texts, and images, documents or sounds, in their order.

    With `n`, asks for as many candidates in one request and gives them all. `system` is what the model should keep to.
    The prompt is the caller's own words: text of strangers belongs into a pattern whose template quotes it.
    """

    def __init__(self, pattern: Pattern[..., str]) -> None:
        self._pattern = pattern

    def __repr__(self) -> str:
        return repr(self._pattern)

    def with_options(self, **changes: Unpack[Changes]) -> Complete:
        """Give the same with other choices: the model, sampling parameters, patience."""
        return Complete(self._pattern.with_options(**changes))

    @overload
    def __call__(self, prompt: Prompt, *, system: str = "") -> str: ...
    @overload
    def __call__(self, prompt: Prompt, *, n: int, system: str = "") -> list[str]: ...
    def __call__(self, prompt: Prompt, *, n: int | None = None, system: str = "") -> str | list[str]:
        """Give the text; with `n`, a list of candidates."""
        result = self.run(prompt, n=n, system=system)
        return result.output if n is None else list(result.candidates)

    @overload
    async def acall(self, prompt: Prompt, *, system: str = "") -> str: ...
    @overload
    async def acall(self, prompt: Prompt, *, n: int, system: str = "") -> list[str]: ...
    async def acall(self, prompt: Prompt, *, n: int | None = None, system: str = "") -> str | list[str]:
        """Give the text, or a list of candidates, on the running loop."""
        result = await self.arun(prompt, n=n, system=system)
        return result.output if n is None else list(result.candidates)

    def run(self, prompt: Prompt, *, n: int | None = None, system: str = "") -> Result[str]:
        """Give the text with its whole story; `candidates` holds all of `n`."""
        return self._asking(n).run(prompt, system=system)

    async def arun(self, prompt: Prompt, *, n: int | None = None, system: str = "") -> Result[str]:
        """`run` on the running loop."""
        return await self._asking(n).arun(prompt, system=system)

    def stream(self, prompt: Prompt, *, system: str = "") -> Iterator[str]:
        """Yield the text as it grows, then whole."""
        return self._pattern.stream(prompt, system=system)

    def astream(self, prompt: Prompt, *, system: str = "") -> AsyncIterator[str]:
        """`stream` on the running loop."""
        return self._pattern.astream(prompt, system=system)

    def batch(self, prompts: Iterable[Prompt], *, system: str = "", **how: Unpack[Batching]) -> Iterator[Outcome[str]]:
        """Send many prompts as `Pattern.batch` does, 8 at a time or `concurrency`, in their order."""
        return self._pattern.batch(_rows(prompts, system), **how)

    def abatch(
        self, prompts: Iterable[Prompt], *, system: str = "", **how: Unpack[Batching]
    ) -> AsyncIterator[Outcome[str]]:
        """`batch` on the running loop."""
        return self._pattern.abatch(_rows(prompts, system), **how)

    def render(self, prompt: Prompt, *, system: str = "") -> list[Message]:
        """Give the exact messages; no model is asked."""
        return self._pattern.render(prompt, system=system)

    def estimate(self, prompt: Prompt, *, n: int | None = None, system: str = "") -> Estimate:
        """Count the tokens and price the call before it is made."""
        return self._asking(n).estimate(prompt, system=system)

    def _asking(self, n: int | None) -> Pattern[..., str]:
        return self._pattern if n is None else self._pattern.with_options(n=n)


def _rows(prompts: Iterable[Prompt], system: str) -> Iterable[object]:
    """The prompts with the words for the system. A list stays one, so that its end is known; a text is left alone."""
    if isinstance(prompts, str | bytes | Mapping) or not isinstance(prompts, Iterable):
        return prompts
    rows = ((prompt, system) for prompt in prompts)
    return list(rows) if isinstance(prompts, Sized) else rows


complete = Complete(Pattern("plain_text/complete", output=str))
