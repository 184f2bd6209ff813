"""What a fault server can be told to say: an answer of a model, an HTTP reply, or bytes on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = Any
DEFAULT_TEXT = '{"ok": true}'


@dataclass(frozen=True)
class Call:
    """One request as it came in. `number` counts the calls to this model, from 0; `named` is a model in the path."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Json]
    number: int = 0
    named: str = ""

    @property
    def model(self) -> str:
        return str(self.body.get("model", self.named))

    @property
    def stream(self) -> bool:
        return self.body.get("stream") is True

    @property
    def forced_tool(self) -> str | None:
        """The name of the tool that the client insists on, on either wire."""
        choice = self.body.get("tool_choice")
        if names := self.body.get("toolConfig", {}).get("functionCallingConfig", {}).get("allowed_function_names"):
            return str(names[0])
        if not isinstance(choice, dict):
            return None
        return choice.get("name") or choice.get("function", {}).get("name")


@dataclass(frozen=True)
class Answer:
    """What the model says, whatever the wire. `text` goes into the arguments of a tool the client insists on.

    `finish` is the wire's own word; None means the usual one. `tool_calls` are (name, arguments text) pairs, and
    `old_call` is one as the API wrote it before there were several.
    """

    text: str | None = DEFAULT_TEXT
    finish: str | None = None
    refusal: str | None = None
    reasoning: str = ""
    tool_calls: Sequence[tuple[str, str]] = ()
    old_call: tuple[str, str] | None = None
    usage: bool = True
    input_tokens: int = 50
    output_tokens: int = 10
    role: str = "assistant"
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An HTTP reply with a length."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Steps on the wire after the head: bytes to write, seconds to wait. Then the connection closes.

    `length` is the announced content-length; None sends none, so that the end of the connection is the end.
    """

    steps: Sequence[bytes | float] = ()
    type: str = "application/json"
    length: int | None = None
    head: bool = True
