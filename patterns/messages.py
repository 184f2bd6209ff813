"""The words of a conversation: who speaks, what is said, which tools are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
"""Any JSON value. Numbers are finite; mappings have string keys."""

Role: TypeAlias = Literal["system", "user", "assistant", "tool"]
Format: TypeAlias = Literal["json", "code", "text", "answer"]
"""How an answer is written: a JSON value, one fenced block of code, plain text, or reasoning with a final answer."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may ask us to call. `parameters` is a JSON Schema with an object at its root."""

    name: str
    description: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model's request to call a tool.

    `arguments` is None when the text of them is not a JSON object; `raw` always holds that text.
    """

    id: str
    name: str
    arguments: Mapping[str, Json] | None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. `tool_call_id` is set on role `tool` only; `tool_calls` on role `assistant` only."""

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
