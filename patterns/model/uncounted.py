"""Tokens of an answer that came without a count: counted here, and marked as estimated."""

from __future__ import annotations

from dataclasses import replace

from patterns.exchange import Request, Response, Usage
from patterns.model.tokens import input_tokens, text_tokens


def counted(request: Request, found: Response) -> Response:
    """Give the response with a count of tokens; the cost of an estimated one stays unknown, unless it is free."""
    if found.usage is not None or not found.choices:
        return found
    made = [c.text + c.reasoning + "".join(call.raw for call in c.tool_calls) for c in found.choices]
    told = sum(text_tokens(text) for text in made if text)
    return replace(found, usage=Usage(input_tokens(request), told, estimated=True))
