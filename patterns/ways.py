"""The ways in which a pattern's answer can be asked for: modes that a model may know, and what schema each sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from patterns.exchange import Mode, Options, Target
from patterns.messages import Tool
from patterns.model.bases import place_of
from patterns.model.gateway import Gateway
from patterns.model.known import provider_of
from patterns.model.lanes import Lane
from patterns.model.modes import insists, rungs, shows_schema
from patterns.model.modes_learnt import LEARNT, Refusal
from patterns.model.modes_refused import key_of, scopes_of
from patterns.model.outgoing import target_name
from patterns.output.schema.profiles import profile_of
from patterns.output.schema.wire import Fit
from patterns.recipe import Recipe

T = TypeVar("T")

_TOGETHER = frozenset({"openai", "azure"})
"""Providers whose models call tools, and give an answer of an enforced shape when they are done."""
BEFOREHAND = "known beforehand: "
"""How the reason begins of a mode that was not tried."""


def strongest(model: str, gateway: Gateway, functions: bool) -> Mode:
    """What the model does best; with functions of the caller's, what leaves it free to call them first.

    A shape enforced on the whole answer keeps most models from calling anything: only with OpenAI both go together.
    """
    best = gateway.mode(model)
    together = not functions or best != "json_schema" or provider_of(model) in _TOGETHER
    return best if together else "tools"


def modes(recipe: Recipe[T], model: str, start: Mode, tools: Sequence[Tool] = ()) -> tuple[Mode, ...]:
    """The modes from `start` down in which this shape can be put to this model, the strongest first.

    A tool with the name of the answer's own leaves no room for that.
    """
    if recipe.template.format != "json":
        return ("prompted",)
    json_object = profile_of(provider_of(model), model).json_object
    taken = tools and target_name(recipe.shape.target) in {tool.name for tool in tools}
    return tuple(
        mode
        for mode in rungs(model, start, json_object)
        if _fit(recipe, model, mode).target is not None and (mode == start or mode != "tools" or not taken)
    )


def choose(
    recipe: Recipe[T], model: str, gateway: Gateway, options: Options, tools: Sequence[Tool], functions: bool = False
) -> Mode:
    """Take the strongest mode that the shape can be sent in, and that the model is not known to refuse."""
    start = strongest(model, gateway, functions)
    open_ = modes(recipe, model, start, tools)
    if not getattr(gateway, "cacheable", False):  # what stands in for the models is asked the same way each time
        return open_[0]
    lane = Lane(model, place_of(model, options.api_base))
    if open_[0] != start:
        _tell(recipe, lane, start)
    found = LEARNT.open(lane, open_, lambda: scopes_of(options, bool(tools), recipe.shape.schema))
    return found[0] if found else open_[-1]


def target(recipe: Recipe[T], model: str, mode: Mode) -> Target:
    """The schema of the answer as it is sent in this mode; where it cannot be, as anybody else would be sent it."""
    return _fit(recipe, model, mode).target or recipe.shape.target


def told(recipe: Recipe[T], model: str, mode: Mode, options: Options) -> bool:
    """Whether the messages must say the shape.

    They need not where the model is shown the schema that it is held to, and must use it: one that is free not to call
    the tool must know what to answer instead.
    """
    if recipe.template.format != "json":
        return False
    held = mode == "json_schema" or (mode == "tools" and insists(model, options))
    return not (held and shows_schema(model))


def _fit(recipe: Recipe[T], model: str, mode: Mode) -> Fit:
    if mode == "json_schema" or mode == "tools":
        return recipe.shape.fit(provider_of(model), model, mode)
    return Fit(recipe.shape.target)


def _tell(recipe: Recipe[T], lane: Lane, start: Mode) -> None:
    """Write down why a mode is not even tried."""
    key = key_of(recipe.shape.schema)
    if not LEARNT.fresh(lane, start, key):
        why = BEFOREHAND + _fit(recipe, lane.model, start).why
        LEARNT.note([Refusal(lane.model, lane.host, start, key, LEARNT.clock(), why)])
