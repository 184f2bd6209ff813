"""The examples that one call shows: its own or the template's, chosen as the call or the template says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from weakref import WeakKeyDictionary

from patterns.errors import InputError, Invalid
from patterns.exchange import Example
from patterns.meaning import by_meaning
from patterns.messages import Json
from patterns.model.steps import drive
from patterns.model.tokens import text_tokens
from patterns.plan import Shown
from patterns.prompt.choosing import choose, compared
from patterns.prompt.pool import Pool, said
from patterns.prompt.selection import Selection
from patterns.prompt.template import Template
from patterns.recipe import Recipe
from patterns.setup import Setup
from patterns.terms import Terms

T = TypeVar("T")

_checked: WeakKeyDictionary[Pool, dict[tuple[int, int], Pool]] = WeakKeyDictionary()


def chosen(
    recipe: Recipe[T], inputs: Mapping[str, Json], setup: Setup, terms: Terms, *, by_words: bool = False
) -> Shown | None:
    """Choose the examples of a call with these inputs; None where all of the template's are shown.

    Blocks while an embedding model is asked; `by_words` compares without one. Raises InputError where examples given
    in Python do not fit the template, or cannot be chosen as is asked, and what asking a model raises.
    """
    selection = selection_of(recipe, setup)
    if setup.examples is None and selection.whole:
        return None
    pool = recipe.template.pool if setup.examples is None else _fitting(setup.examples, recipe)
    if selection.model is None or selection.way != "similar" or by_words or not len(pool):
        return Shown(choose(pool, selection, inputs, count=text_tokens))
    on = compared(pool, selection)
    ranked, paid = drive(by_meaning(pool, on, said(inputs, on), selection, terms, recipe.name))
    return Shown(choose(pool, selection, inputs, count=text_tokens, ranked=ranked), paid)


def selection_of(recipe: Recipe[T], setup: Setup) -> Selection:
    """What the call says over what the template says."""
    beneath = recipe.template.selection
    return beneath if setup.choose is None else setup.choose.over(beneath)


def _fitting(pool: Pool, recipe: Recipe[T]) -> Pool:
    """Hold examples given in Python against the inputs and the output, once."""
    key = (id(recipe.template), id(recipe.shape))
    kept = _checked.setdefault(pool, {})
    if (found := kept.get(key)) is None:
        found = kept[key] = Pool([_fit(example, recipe, n) for n, example in enumerate(pool.examples, start=1)])
    return found


def _fit(example: Example, recipe: Recipe[T], number: int) -> Example:
    template: Template = recipe.template
    try:
        inputs = template.accept(example.input)
    except InputError as error:
        raise InputError(f"example {number} of examples=: {error.message}", hint=error.hint) from None
    if template.format == "json":
        try:
            recipe.shape.validate(example.output)
        except Invalid as error:
            raise InputError(
                f"the output of example {number} of examples= does not fit {recipe.shape.name}: {error.message}"
            ) from None
    return Example(inputs, example.output)
