"""How a Gemini is told to think: by a budget of tokens, or, from Gemini 3 on, by a level. litellm's rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from patterns.exchange import Options
from patterns.model.known import facts

_OLDER = re.compile(r"gemma-|gemini-(?:[12](?:\.\d+)?|exp|(?:pro|flash)(?!-(?:lite-)?latest$))(?:-|$)")
_BUDGETS = {"low": 1_024, "medium": 2_048, "high": 4_096}
_LEAST = (("gemini-2.5-flash-lite", 512), ("gemini-2.5-pro", 128), ("gemini-2.5-flash", 1), ("", 128))
_OFF = ("disable", "none")
_EFFORTS = frozenset({"minimal", *_BUDGETS, *_OFF})
VARIABLES = (
    *(f"DEFAULT_REASONING_EFFORT_{name}_THINKING_BUDGET" for name in ("MINIMAL", "LOW", "MEDIUM", "HIGH", "DISABLE")),
    *(f"DEFAULT_REASONING_EFFORT_MINIMAL_THINKING_BUDGET_GEMINI_2_5_{name}" for name in ("FLASH", "PRO", "FLASH_LITE")),
)
"""With these in the environment litellm has other numbers than ours."""


def newer(model: str) -> bool:
    """Whether a model is of Gemini 3 or later. `model` is without its provider."""
    return not (model.isdigit() or _OLDER.match(model.lower()))


def obstacle(model: str, options: Options) -> str | None:
    """Why litellm must say how this model is to think, in words; None when we can."""
    effort, thinking = options.reasoning_effort, options.thinking
    if effort is None and thinking is None:
        return None
    if effort is not None and thinking is not None:
        return "reasoning_effort and thinking are both given"
    if not (facts(model).get("supports_reasoning") or newer(model.removeprefix("gemini/"))):
        return "this model is not known to think"
    if effort is not None and effort not in _EFFORTS:
        return f"reasoning_effort={effort!r} is unknown to us"
    budget = None if thinking is None else thinking.get("budget_tokens")
    return None if budget is None or isinstance(budget, int) else "litellm rewrites this thinking"


def written(model: str, effort: object, thinking: object) -> dict[str, Any] | None:
    """The `thinkingConfig` of a request, None for none. `model` is without its provider."""
    if isinstance(effort, str):
        told = {"thinkingLevel": _level(model, effort)} if newer(model) else {"thinkingBudget": _budget(model, effort)}
        return {**told, "includeThoughts": effort not in _OFF}
    if not isinstance(thinking, Mapping):
        return None
    budget, on = thinking.get("budget_tokens"), thinking.get("type") == "enabled"
    if newer(model):
        return {"includeThoughts": on and budget != 0}
    shown = {"includeThoughts": True} if on and budget != 0 else {}
    return shown | ({"thinkingBudget": budget} if budget is not None else {})


def _budget(model: str, effort: str) -> int:
    least = next(tokens for name, tokens in _LEAST if name in model.lower())
    return 0 if effort in _OFF else _BUDGETS.get(effort, least)


def _level(model: str, effort: str) -> str:
    if effort in _BUDGETS:
        return effort
    known = facts(f"gemini/{model}").get("supports_minimal_reasoning_effort")
    return "minimal" if "flash" in model.lower() and known is not False else "low"
