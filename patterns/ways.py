"""The ways in which a pattern's answer can be asked for: modes that a model may know, and what schema each sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from patterns.exchange import Mode, Options, Target
from patterns.messages import Json, Tool
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
from patterns.output.shape import Shape
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
    taken = bool(tools) and target_name(recipe.shape.target) in {tool.name for tool in tools}
    return _modes(recipe.shape, model, start, taken)


@lru_cache(maxsize=512)
def _modes(shape: Shape[object], model: str, start: Mode, taken: bool) -> tuple[Mode, ...]:
    json_object = profile_of(provider_of(model), model).json_object
    return tuple(
        mode
        for mode in rungs(model, start, json_object)
        if _fit(shape, model, mode).target is not None and (mode == start or mode != "tools" or not taken)
    )


@dataclass(frozen=True, slots=True)
class SentSchema:
    """How a model would be asked for a shape now.

    `schema` is what is sent, None where the mode sends none; `differences` say, place by place, what it does not keep
    of the full schema, by which every answer is judged. `passed_over` are stronger modes, with the reasons.
    """

    model: str
    mode: Mode
    profile: str
    schema: Mapping[str, Json] | None
    strict: bool = False
    differences: tuple[str, ...] = ()
    passed_over: tuple[tuple[Mode, str], ...] = ()


def sent(
    recipe: Recipe[T],
    model: str,
    gateway: Gateway,
    wanted: Mode | None,
    options: Options,
    tools: Sequence[Tool],
    functions: bool,
) -> SentSchema:
    """Tell how this pattern would be asked, in the `wanted` mode or in the best one; nothing is sent."""
    profile = profile_of(provider_of(model), model)
    if recipe.template.format != "json":
        return SentSchema(model, "prompted", profile.name, None)
    mode = wanted or choose(recipe, model, gateway, options, tools, functions)
    lane, scopes = Lane(model, place_of(model, options.api_base)), scopes_of(options, bool(tools), recipe.shape.schema)
    above = rungs(model, gateway.mode(model), profile.json_object)
    passed: tuple[tuple[Mode, str], ...] = tuple(
        (each, _fit(recipe.shape, model, each).why or LEARNT.reason(lane, each, scopes) or "another mode was chosen")
        for each in (above[: above.index(mode)] if mode in above else ())
    )
    if mode not in ("json_schema", "tools"):
        return SentSchema(model, mode, profile.name, None, passed_over=passed)
    made, differences = target(recipe, model, mode), _fit(recipe.shape, model, mode).differences
    return SentSchema(
        model, mode, profile.name, made.schema, made.strict and mode == "json_schema", differences, passed
    )


def choose(
    recipe: Recipe[T], model: str, gateway: Gateway, options: Options, tools: Sequence[Tool], functions: bool = False
) -> Mode:
    """Take the strongest mode that the shape can be sent in, and that the model is not known to refuse."""
    start, lane = strongest(model, gateway, functions), Lane(model, place_of(model, options.api_base))
    real: bool = getattr(gateway, "cacheable", False)  # what stands in for models is asked the same way each time
    if _fit(recipe.shape, model, start).target is not None and not (real and LEARNT.knows(lane)):
        return start  # without a look at the schema as it would be sent otherwise
    open_ = modes(recipe, model, start, tools)
    if not real:
        return open_[0]
    if open_[0] != start:
        _tell(recipe, lane, start)
    found = LEARNT.open(lane, open_, lambda: scopes_of(options, bool(tools), recipe.shape.schema))
    return found[0] if found else open_[-1]


def target(recipe: Recipe[T], model: str, mode: Mode) -> Target:
    """The schema of the answer as it is sent in this mode; where it cannot be, as anybody else would be sent it."""
    return _fit(recipe.shape, model, mode).target or recipe.shape.target


def told(recipe: Recipe[T], model: str, mode: Mode, options: Options) -> bool:
    """Whether the messages must say the shape.

    They need not where the model is shown the schema that it is held to, and must use it: one that is free not to call
    the tool must know what to answer instead.
    """
    if recipe.template.format != "json":
        return False
    held = mode == "json_schema" or (mode == "tools" and insists(model, options))
    return not (held and shows_schema(model))


def _fit(shape: Shape[T], model: str, mode: Mode) -> Fit:
    if mode == "json_schema" or mode == "tools":
        return shape.fit(provider_of(model), model, mode)
    return Fit(shape.target)


def _tell(recipe: Recipe[T], lane: Lane, start: Mode) -> None:
    """Write down why a mode is not even tried."""
    key = key_of(recipe.shape.schema)
    if not LEARNT.fresh(lane, start, key):
        why = BEFOREHAND + _fit(recipe.shape, lane.model, start).why
        LEARNT.note([Refusal(lane.model, lane.host, start, key, LEARNT.clock(), why)])
