"""A request in the words of llama.cpp's chat completions; what a model in this process cannot take is an error."""

from __future__ import annotations

import json
from collections.abc import Mapping

from patterns.errors import BadRequest
from patterns.exchange import Request
from patterns.model.outgoing import Arguments, arguments

_UNTAKEN: Mapping[str, str] = {
    "reasoning_effort": "give extra={'chat_template_kwargs': …} with what the model's own template knows",
    "thinking": "give extra={'chat_template_kwargs': {'enable_thinking': …}} where the model's template knows that",
    "tool_choice": "local models are not given tools",
    "api_base": "a server is asked by its own provider's name, such as ollama_chat/… or openai/…",
}
_OURS = frozenset({"model", "messages", "response_format", "tools", "stream", "stream_options", "n"})
_NOT_SENT = frozenset({"model", "n", "max_retries", "num_retries", "_skip_mcp_handler"})
_SEEDS = 1 << 32
_STREAMED: Mapping[str, object] = {
    # A whole answer comes in pieces too: between two of them it can be given up.
    "stream": True,
    "stream_options": {"include_usage": True},
    "return_progress": True,
    "timings_per_token": True,
}


def bodies(request: Request) -> list[str]:
    """Give what is sent for each candidate, as JSON. Raises BadRequest for what cannot be sent."""
    _refuse(request)
    words = arguments(request, request.options.wishes & _UNTAKEN.keys())
    sent = {name: value for name, value in words.items() if name not in _NOT_SENT}
    if request.options.logit_bias:
        sent["logit_bias"] = [[token, bias] for token, bias in request.options.logit_bias.items()]
    sent |= _STREAMED
    return [_written(request, _seeded(sent, index)) for index in range(request.options.n or 1)]


def _refuse(request: Request) -> None:
    options = request.options
    for name, hint in _UNTAKEN.items():
        if getattr(options, name) is not None and name not in options.wishes:
            raise BadRequest(f"{request.model}: a local model takes no {name}", model=request.model, hint=hint)
    if request.tools or request.mode == "tools":
        what = "tools" if request.tools else "mode='tools'"
        hint = "shapes are enforced in mode='json_schema', which is the default here"
        raise BadRequest(f"{request.model}: a local model takes no {what}", model=request.model, hint=hint)
    if any(message.parts for message in request.messages):
        hint = "a server such as Ollama runs models that see, by ollama_chat/…"
        raise BadRequest(f"{request.model}: a local model reads text alone", model=request.model, hint=hint)
    if ours := sorted(_OURS & options.extra.keys()):
        raise BadRequest(f"{request.model}: extra holds {', '.join(ours)}, which is set by us", model=request.model)
    if options.seed is not None and not 0 <= options.seed < _SEEDS:
        hint = f"take one from 0 to {_SEEDS - 1}"
        raise BadRequest(f"{request.model}: the seed {options.seed} is out of range", model=request.model, hint=hint)


def _seeded(sent: Arguments, index: int) -> Arguments:
    """Every candidate has a seed of its own, or they would all be the same."""
    seed = sent.get("seed")
    return {**sent, "seed": (seed + index) % _SEEDS} if isinstance(seed, int) else sent


def _written(request: Request, sent: Arguments) -> str:
    try:
        return json.dumps(sent)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadRequest(f"{request.model}: extra holds what JSON cannot: {error}", model=request.model) from None
