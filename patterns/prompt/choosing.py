"""The examples of one call, chosen: which ones, in which order, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from patterns.errors import InputError
from patterns.exchange import ChosenExample, Example
from patterns.messages import Json
from patterns.prompt.near import did_you_mean
from patterns.prompt.pool import Pool, said
from patterns.prompt.selection import Selection

Count: TypeAlias = Callable[[str], int]
"""Counts the tokens of a text."""

MARKUP = 16
"""Tokens that the two messages of an example take besides their text."""
PASSED_OVER = 20
"""Examples too long for what is left of `max_tokens` that are passed over before the search ends."""
LABEL = "label"
"""Where the label stands in an output when nobody says."""

Ranked: TypeAlias = Sequence[tuple[int, float]]
"""Indexes of examples with their likeness to the inputs, the most alike first."""


def choose(
    pool: Pool,
    selection: Selection,
    inputs: Mapping[str, Json],
    *,
    count: Count | None = None,
    ranked: Ranked | None = None,
) -> tuple[ChosenExample, ...]:
    """Choose examples for a call with these inputs, in the order in which they are shown.

    An example that has the very same inputs is left out, for it would give the answer away, and so is a second one of
    the same inputs. They are shown in the order of their file, the `similar` ones with the most alike last, next to
    the inputs. `ranked` stands in for the ranking by words. Raises InputError where the selection does not suit the
    examples, or without `count` for one with `max_tokens`.
    """
    if selection.max_tokens is not None and count is None:
        raise InputError("max_tokens of examples needs a tokenizer", hint="render by a Pattern, which brings one")
    k = len(pool) if selection.k is None else selection.k
    left = selection.max_tokens
    chosen: list[ChosenExample] = []
    passed = 0
    for each in _others(_candidates(pool, selection, inputs, ranked, k), inputs):
        if len(chosen) == k or passed > PASSED_OVER:
            break
        if left is not None and count is not None:
            size = tokens(each.example, count)
            if size > left:
                passed += 1
                continue
            left, each = left - size, replace(each, tokens=size)
        chosen.append(each)
    if selection.way == "similar":
        return tuple(reversed(chosen))
    return tuple(sorted(chosen, key=lambda each: each.number))


def tokens(example: Example, count: Count) -> int:
    """The size of an example, whatever the template makes of it: its JSON, and two messages around that."""
    words = (json.dumps(each, ensure_ascii=False, default=dict) for each in (example.input, example.output))
    return sum(map(count, words)) + MARKUP


def compared(pool: Pool, selection: Selection) -> tuple[str, ...]:
    """The inputs by which examples are compared. Raises InputError where there are none."""
    if selection.on is None:
        if not pool.text_inputs:
            raise InputError("no input of the examples is text, so they cannot be compared", hint="choose: random")
        return pool.text_inputs
    known = pool.examples[0].input
    for name in selection.on:
        if name not in known:
            hint = did_you_mean(name, known) or f"on: {', '.join(known)}"
            raise InputError(f"the examples have no input {name!r} to compare by", hint=hint)
    return selection.on


def _candidates(
    pool: Pool, selection: Selection, inputs: Mapping[str, Json], ranked: Ranked | None, k: int
) -> Iterator[ChosenExample]:
    """The examples in the order in which they are wanted."""
    if not pool.examples:
        return
    if selection.way == "similar":
        yield from _similar(pool, selection, inputs, ranked, k)
    elif selection.way == "random":
        seed = selection.seed or 0
        for index, _ in pool.drawn(seed):
            yield _chosen(pool, index, f"random (seed {seed})")
    elif selection.way == "balanced":
        by, seed = selection.by or LABEL, selection.seed or 0
        for index, label in pool.drawn(seed, by):
            yield _chosen(pool, index, f"balanced: {by} {label!r} (seed {seed})")
    else:
        for index in range(len(pool)):
            yield _chosen(pool, index, selection.way)


def _similar(
    pool: Pool, selection: Selection, inputs: Mapping[str, Json], ranked: Ranked | None, k: int
) -> Iterator[ChosenExample]:
    """The most alike first; where too few are alike at all, the first of the others fill up."""
    on = compared(pool, selection)
    by = "words (BM25)" if ranked is None else f"meaning ({selection.model})"
    if ranked is None:
        # Some may be left out, for their inputs or their length.
        ranked = pool.ranking(on).nearest(said(inputs, on), 2 * k + PASSED_OVER)
    for rank, (index, score) in enumerate(ranked, start=1):
        yield _chosen(pool, index, f"similar: rank {rank} by {by}", round(score, 4))
    seen = {index for index, _ in ranked}
    for index in range(len(pool)):
        if index not in seen:
            yield _chosen(pool, index, "similar: none of the others shares a word, so the first")


def _others(candidates: Iterator[ChosenExample], inputs: Mapping[str, Json]) -> Iterator[ChosenExample]:
    """Leave out the question itself, and questions that were chosen already."""
    seen = [dict(inputs)]
    for each in candidates:
        if each.example.input not in seen:
            seen.append(dict(each.example.input))
            yield each


def _chosen(pool: Pool, index: int, why: str, score: float | None = None) -> ChosenExample:
    return ChosenExample(pool.examples[index], index + 1, why, score)
