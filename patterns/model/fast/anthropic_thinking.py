"""How a Claude is told to think: by a budget of tokens, or, of the later ones, by an effort. litellm's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patterns.exchange import Options
from patterns.model.known import facts

BESIDE = 4_096
"""Tokens of an answer beside a budget for thoughts, where the caller names no limit."""
_BUDGETS = {"minimal": 1_024, "low": 1_024, "medium": 2_048, "high": 4_096, "xhigh": 8_192, "max": 16_384}
_EFFORTS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "xhigh", "max": "max"}
VARIABLES = ("DEFAULT_MAX_TOKENS", *(f"DEFAULT_REASONING_EFFORT_{name.upper()}_THINKING_BUDGET" for name in _BUDGETS))
"""With these in the environment litellm has other numbers than ours."""
_KNOWN = frozenset({"type", "budget_tokens"})


def obstacle(model: str, options: Options) -> str | None:
    """Why litellm must say how this model is to think, in words; None when we can."""
    effort, thinking = options.reasoning_effort, options.thinking
    if effort is None and thinking is None:
        return None
    known = facts(model)
    if effort is not None and thinking is not None:
        return "reasoning_effort and thinking are both given"
    if not (known.get("supports_reasoning") or known.get("supports_adaptive_thinking")):
        return "this model is not known to think"
    if effort is not None:
        return None if effort == "none" or _takes(known, effort) else f"reasoning_effort={effort!r} is unknown to us"
    assert thinking is not None
    if not _plain(thinking, adaptive=bool(known.get("supports_adaptive_thinking"))):
        return "litellm rewrites this thinking"
    return None


def written(model: str, effort: object, thinking: object) -> dict[str, Any]:
    """The members of a request that say how to think."""
    known = facts(model)
    adaptive = bool(known.get("supports_adaptive_thinking"))
    if isinstance(effort, str) and effort != "none":
        if adaptive:
            shown = {"type": "adaptive", "display": "summarized"}
            return {"thinking": shown, "output_config": {"effort": _EFFORTS[effort]}}
        return {"thinking": {"type": "enabled", "budget_tokens": _BUDGETS[effort]}}
    if not isinstance(thinking, Mapping) or (thinking.get("type") == "disabled" and known.get("thinking_always_on")):
        return {}
    if adaptive and thinking.get("type") == "enabled" and not known.get("supports_legacy_thinking"):
        return {"thinking": {"type": "adaptive"}, "output_config": {"effort": _effort(known, thinking)}}
    return {"thinking": dict(thinking)}


def _takes(known: Mapping[str, object], effort: str) -> bool:
    if not known.get("supports_adaptive_thinking"):
        return effort in _BUDGETS
    return effort in _EFFORTS and (effort != "xhigh" or bool(known.get("supports_xhigh_reasoning_effort")))


def _plain(thinking: Mapping[str, object], *, adaptive: bool) -> bool:
    kind, budget = thinking.get("type"), thinking.get("budget_tokens")
    if thinking.keys() - _KNOWN or not (budget is None or isinstance(budget, int)):
        return False
    return kind in ("enabled", "disabled") or (kind == "adaptive" and adaptive)


def _effort(known: Mapping[str, object], thinking: Mapping[str, object]) -> str:
    budget = thinking.get("budget_tokens")
    tokens = budget if isinstance(budget, int) else 0
    fitting = [name for name in ("xhigh", "high", "medium") if tokens >= _BUDGETS[name]]
    return next((name for name in fitting if name != "xhigh" or known.get("supports_xhigh_reasoning_effort")), "low")
