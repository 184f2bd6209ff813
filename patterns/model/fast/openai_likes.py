"""Providers that speak OpenAI's wire with an accent of their own, at a home of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from patterns.exchange import Request
from patterns.messages import Message
from patterns.model.fast.cost import Bill
from patterns.model.fast.openai_chat import Chat, written
from patterns.model.fast.wire import Content
from patterns.model.known import facts
from patterns.model.outgoing import Arguments

_PENALTIES = ("frequency_penalty", "presence_penalty")
_THINKING = ("reasoning_effort", "thinking")


class Like(Chat):
    """One such provider. `refused` are parameters of which litellm knows which of its models take them."""

    variables: frozenset[str] = frozenset()

    def __init__(self, provider: str, home: str, *, refused: tuple[str, ...] = ()) -> None:
        self.name = f"{provider}.chat"
        self._prefix = f"{provider}/"
        self._home, self._variable = home, f"{provider.upper()}_API_BASE"
        self._refused = (*_THINKING, *refused)

    def obstacle(self, request: Request) -> str | None:
        if asked := [name for name in self._refused if getattr(request.options, name) is not None]:
            return f"whether this model takes {' and '.join(asked)}, litellm knows"
        if not all(isinstance(message.content, str) for message in request.messages):
            return "a message has parts"
        shaped = request.target is not None and request.mode == "json_schema"
        if shaped and not facts(request.model).get("supports_response_schema"):
            return "this model is not known to take a schema"
        return "thoughts are to go back with calls" if any(each.thoughts for each in request.messages) else None

    def url(self, request: Request, *, stream: bool) -> str:
        base = request.options.api_base or os.environ.get(self._variable) or self._home
        return f"{base.rstrip('/')}/chat/completions"

    def content(self, words: Arguments, *, stream: bool) -> Content:
        model = str(words["model"]).removeprefix(self._prefix)
        return self._accented({**written(words, stream=stream), "model": model})

    def _accented(self, sent: Content) -> Content:
        return sent


class Mistral(Like):
    """Mistral calls two things otherwise, and counts tokens unasked.

    That one certain tool is to be called, litellm does not tell it, and nor do we.
    """

    variables = frozenset({"MISTRAL_AZURE_API_BASE", "MISTRAL_AZURE_API_KEY"})

    def obstacle(self, request: Request) -> str | None:
        if any(_silent(message) for message in request.messages):
            return "a message is empty"
        if any("'$schema'" in str(tool.parameters) or "'$id'" in str(tool.parameters) for tool in request.tools):
            return "a tool has a schema that litellm rewrites"
        return super().obstacle(request)

    def _accented(self, sent: Content) -> Content:
        if (choice := sent.pop("tool_choice", None)) is not None and isinstance(choice, str):
            sent["tool_choice"] = "any" if choice == "required" else choice
        if "seed" in sent:
            sent["random_seed"] = sent.pop("seed")
        sent.pop("stream_options", None)
        return sent


def _silent(message: Message) -> bool:
    return message.role == "assistant" and not message.tool_calls and not message.text.strip()


class OpenRouter(Like):
    """OpenRouter says what a reply cost when it is asked to."""

    variables = frozenset({"OR_SITE_URL", "OR_APP_NAME"})

    def _accented(self, sent: Content) -> Content:
        return {**sent, "usage": {"include": True}}

    def _billed(self, found: Any) -> Bill:
        told = getattr(found.usage, "cost", None)
        return Bill(told=float(told) if isinstance(told, int | float) else None)


LIKES: Mapping[str, Like] = {
    "mistral": Mistral("mistral", "https://api.mistral.ai/v1", refused=("n", "logit_bias", *_PENALTIES)),
    "groq": Like("groq", "https://api.groq.com/openai/v1", refused=_PENALTIES),
    "openrouter": OpenRouter("openrouter", "https://openrouter.ai/api/v1"),
}
