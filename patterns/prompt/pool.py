"""The examples that a call may show, and what is made of them once for all calls."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

from patterns.errors import InputError
from patterns.exchange import Example
from patterns.messages import Json
from patterns.prompt.ranking import Ranking

Drawn: TypeAlias = tuple[int, str]
"""The index of an example, and the label it was drawn under."""


class Pool:
    """Examples in the order of their file; `lines` are those of `path`. Given in Python, they have neither."""

    def __init__(self, examples: Sequence[Example], lines: Sequence[int] = (), path: Path | None = None) -> None:
        self.examples = tuple(examples)
        self.lines = tuple(lines)
        self.path = path
        self._rankings: dict[tuple[str, ...], Ranking] = {}
        self._orders: dict[tuple[str | None, int], Sequence[Drawn]] = {}

    def __len__(self) -> int:
        return len(self.examples)

    def __repr__(self) -> str:
        return f"<{len(self)} examples{f' of {self.path.name}' if self.path else ''}>"

    @cached_property
    def plain(self) -> list[Json]:
        """All examples as a template sees them."""
        return [shown(example) for example in self.examples]

    @cached_property
    def text_inputs(self) -> tuple[str, ...]:
        """The inputs that are text, by the first example."""
        first = self.examples[0].input if self.examples else {}
        return tuple(name for name, value in first.items() if isinstance(value, str))

    def texts(self, on: Sequence[str]) -> tuple[str, ...]:
        """What each example says in these inputs."""
        return tuple(said(example.input, on) for example in self.examples)

    def ranking(self, on: tuple[str, ...]) -> Ranking:
        """The index over these inputs. Two threads that come first may both make one; the last one made is kept."""
        if (found := self._rankings.get(on)) is None:
            found = self._rankings[on] = Ranking(self.texts(on))
        return found

    def drawn(self, seed: int, by: str | None = None) -> Sequence[Drawn]:
        """All examples in an order drawn by the seed; with `by`, one of each label in turn as long as there are any.

        Raises InputError where an output has no such label.
        """
        if (found := self._orders.get((by, seed))) is None:
            groups = {"": list(range(len(self)))} if by is None else _grouped(self.examples, by)
            found = self._orders[by, seed] = tuple(_in_turn(groups, seed))
        return found


def _in_turn(groups: Mapping[str, Sequence[int]], seed: int) -> Iterator[Drawn]:
    shuffled = []
    for label, indexes in groups.items():
        order = [(index, label) for index in indexes]
        random.Random(seed).shuffle(order)
        shuffled.append(order)
    for turn in zip_longest(*shuffled):
        yield from (drawn for drawn in turn if drawn is not None)


def shown(example: Example) -> Json:
    """One example as a template sees it."""
    return {"input": example.input, "output": example.output}


def said(inputs: Mapping[str, Json], on: Sequence[str]) -> str:
    """What some of the inputs say, put together."""
    return "\n".join(value for name in on if isinstance(value := inputs.get(name), str))


def _grouped(examples: Sequence[Example], by: str) -> Mapping[str, Sequence[int]]:
    groups: dict[str, list[int]] = {}
    for index, example in enumerate(examples):
        groups.setdefault(_label(example.output, by, index + 1), []).append(index)
    return groups


def _label(output: Json, by: str, number: int) -> str:
    """The label of one output: what stands at `by`, or the output itself where that is no object."""
    value = output
    for step in by.split(".") if isinstance(output, Mapping) else ():
        if not isinstance(value, Mapping) or step not in value:
            members = ", ".join(map(str, output)) if isinstance(output, Mapping) else ""
            raise InputError(
                f"the output of example {number} has no {by!r} to balance by",
                hint=f"by: the place of the label; the output has {members}",
            )
        value = value[step]
    return str(value)
