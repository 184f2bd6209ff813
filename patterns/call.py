"""One call about to happen: which model, through which door, under which policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from patterns.assemble import assemble
from patterns.exchange import Result
from patterns.model.door import open_door
from patterns.model.gateway import Gateway
from patterns.model.policies.compose import compose
from patterns.model.steps import Ask, Steps
from patterns.recipe import Recipe
from patterns.runner import Plan, run
from patterns.settings import Settings
from patterns.setup import Setup

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A plan with the gateway it runs on and the policies between them."""

    plan: Plan[T]
    gateway: Gateway
    ask: Ask

    def steps(self) -> Steps[Result[T]]:
        return run(self.plan, self.ask)


def prepare(recipe: Recipe[T], inputs: Mapping[str, object], setup: Setup, defaults: Settings) -> Call[T]:
    """Resolve the model, render the messages, and stack the policies."""
    model, gateway = open_door(setup.model or defaults.model, offline=defaults.offline)
    plan = assemble(recipe, inputs, setup, defaults, model, gateway)
    return Call(plan, gateway, compose(setup, defaults))
