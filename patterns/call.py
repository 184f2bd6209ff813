"""One call about to happen: which model, through which door, under which policies."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from patterns.assemble import assemble
from patterns.demonstrations import chosen
from patterns.exchange import Mode, Request, Result
from patterns.logs import attend
from patterns.messages import Json
from patterns.model.door import hasten, installed, open_door
from patterns.model.gateway import Gateway
from patterns.model.local.weights import PREFIX
from patterns.model.steps import Steps
from patterns.model.trip import Trip
from patterns.plan import Plan, Shown
from patterns.recipe import Recipe
from patterns.runner import run
from patterns.settings import Settings
from patterns.setup import Setup
from patterns.stack import stacked
from patterns.terms import Terms, terms_of
from patterns.ways import modes, strongest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A plan, the gateway it runs on and the terms of that, with all that it takes to put it into other words.

    `asked` is the request as it was put together: what a conversation adds to that of the plan is no part of it.

    One value with methods, for functions that close over all of this would be some forty objects a call.
    """

    plan: Plan[T]
    asked: Request
    gateway: Gateway
    terms: Terms
    seconds: float | None
    recipe: Recipe[T]
    inputs: Mapping[str, Json]
    setup: Setup
    defaults: Settings
    shown: Shown | None

    def steps(self) -> Steps[Result[T]]:
        """Set out: the clock of the deadline, which is over in so many `seconds`, starts here."""
        return run(self.plan, stacked(self.terms, self.gateway), Trip.starting(self.seconds, self))

    @property
    def chosen(self) -> bool:
        """Whether the caller has set the mode."""
        return bool(self.setup.mode or self.defaults.mode)

    def adapt(self, request: Request, other: str) -> Request:
        """Ask another model, in the mode that suits it. Of a server's address one in this process knows nothing."""
        api_base = None if other.startswith(PREFIX) else self.asked.options.api_base
        return self._reworded(request, other, None).taking(api_base=api_base)

    def reword(self, request: Request, mode: Mode) -> Request:
        """Ask the same model in another mode."""
        return self._reworded(request, request.model, mode)

    def modes(self, request: Request) -> Sequence[Mode]:
        """The modes in which the request's model may be asked for this shape."""
        start = strongest(request.model, self.gateway, bool(self.setup.functions))
        return modes(self.recipe, request.model, start, self.setup.tools)

    def _reworded(self, request: Request, other: str, mode: Mode | None) -> Request:
        """Put a request into other words, with the complaint that the last answer got."""
        if request.part:  # in words that any model understands
            return replace(request, model=other)
        now, before = self._first(other, mode), self._first(request.model, request.mode)
        messages = (*now.messages, *request.messages[len(before.messages) :])
        return replace(now, messages=messages, options=request.options)

    def _first(self, model: str, mode: Mode | None) -> Request:
        """The first request of this call, in the words for another model or mode."""
        if (model, mode) == (self.asked.model, self.asked.mode):
            return self.asked
        made = assemble(self.recipe, self.inputs, self.setup, self.defaults, model, self.gateway, self.shown, mode)
        return made.request


def prepare(
    recipe: Recipe[T], inputs: Mapping[str, object], setup: Setup, defaults: Settings, *, calling: bool = True
) -> Call[T]:
    """Resolve the model and render the messages; `calling` says that a model will be asked."""
    attend()
    terms = terms_of(setup, defaults)
    lane = setup.lane or defaults.lane
    model, gateway = open_door(setup.model or defaults.model, offline=defaults.offline, lane=lane)
    offline = defaults.offline or model == "rules" or installed() is not None
    if calling and defaults.warm and not offline:
        hasten(model, lane)
    accepted = recipe.template.accept(inputs)
    begun = time.monotonic()
    shown = chosen(recipe, accepted, setup, terms, by_words=offline)
    seconds = terms.deadline
    if shown is not None and seconds is not None:  # the time is that of the whole call
        seconds = max(seconds - (time.monotonic() - begun), 0.001)
    plan = assemble(recipe, accepted, setup, defaults, model, gateway, shown)
    return Call(plan, plan.request, gateway, terms, seconds, recipe, accepted, setup, defaults, shown)
