"""Tokens of an answer that came without a count: counted here, and marked as estimated."""

from __future__ import annotations

from dataclasses import replace

from patterns.exchange import Request, Response, Usage
from patterns.model.client import litellm
from patterns.model.estimates import COUNTED_BY, input_tokens


def counted(request: Request, found: Response) -> Response:
    """Give the response with a count of tokens; the cost of an estimated one stays unknown, unless it is free."""
    if found.usage is not None or not found.choices:
        return found
    count = litellm().token_counter
    made = [c.text + c.reasoning + "".join(call.raw for call in c.tool_calls) for c in found.choices]
    told = sum(int(count(model=COUNTED_BY, text=text.encode("utf-8", "replace").decode())) for text in made if text)
    return replace(found, usage=Usage(input_tokens(request), told, estimated=True))
