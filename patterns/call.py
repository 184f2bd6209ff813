"""One call about to happen: which model, through which door, under which policies."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from patterns.assemble import assemble
from patterns.demonstrations import chosen
from patterns.exchange import Attempt, Mode, Request, Result
from patterns.logs import attend
from patterns.model.door import installed, open_door
from patterns.model.gateway import Gateway
from patterns.model.policies.stepping import Ways
from patterns.model.steps import Ask, Steps
from patterns.plan import Plan
from patterns.recipe import Recipe
from patterns.runner import Stack, run
from patterns.settings import Settings
from patterns.setup import Setup
from patterns.stack import stacked
from patterns.terms import terms_of
from patterns.ways import modes, strongest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A plan with the gateway it runs on and the policies between them."""

    plan: Plan[T]
    gateway: Gateway
    stack: Stack

    def steps(self) -> Steps[Result[T]]:
        return run(self.plan, self.stack)


def prepare(recipe: Recipe[T], inputs: Mapping[str, object], setup: Setup, defaults: Settings) -> Call[T]:
    """Resolve the model, render the messages, and stack the policies."""
    attend()
    terms = terms_of(setup, defaults)
    lane = setup.lane or defaults.lane
    model, gateway = open_door(setup.model or defaults.model, offline=defaults.offline, lane=lane)
    accepted = recipe.template.accept(inputs)
    offline = defaults.offline or model == "rules" or installed() is not None
    begun = time.monotonic()
    examples = chosen(recipe, accepted, setup, terms, by_words=offline)
    if examples is not None and terms.deadline is not None:  # the time is that of the whole call
        terms = replace(terms, deadline=max(terms.deadline - (time.monotonic() - begun), 0.001))
    plan = assemble(recipe, accepted, setup, defaults, model, gateway, examples)

    def first(other: str, mode: Mode | None) -> Request:
        """The first request of this call, in the words for another model or mode."""
        if (other, mode) == (plan.request.model, plan.request.mode):
            return plan.request
        return assemble(recipe, accepted, setup, defaults, other, gateway, examples, mode).request

    def reword(request: Request, mode: Mode | None, other: str) -> Request:
        """Ask in another mode, with the complaint that the last answer got."""
        if request.part:  # in words that any model understands
            return replace(request, model=other)
        now, before = first(other, mode), first(request.model, request.mode)
        messages = (*now.messages, *request.messages[len(before.messages) :])
        return replace(now, messages=messages, options=request.options)

    def adapt(request: Request, other: str) -> Request:
        return reword(request, None, other)

    ways = Ways(
        modes=lambda request: modes(
            recipe, request.model, strongest(request.model, gateway, bool(setup.functions)), setup.tools
        ),
        reword=lambda request, mode: reword(request, mode, request.model),
        chosen=bool(setup.mode or defaults.mode),
    )

    def stack(trail: list[Attempt]) -> Ask:
        return stacked(terms, trail, adapt, gateway, ways)

    return Call(plan, gateway, stack)
