"""Remembers which sampling parameters a model does not take, so that a template's wishes for them are dropped."""

from __future__ import annotations

import re

from patterns.errors import BadRequest
from patterns.exchange import Request

_UNSUPPORTED = re.compile(r"do(?:es)?(?: not|n't) support|unsupported|not supported", re.IGNORECASE)


class Wishes:
    """A wish is a parameter that a template set as its default; what the caller asked for is never dropped."""

    def __init__(self) -> None:
        self._refused: dict[str, frozenset[str]] = {}

    def unmet(self, request: Request) -> frozenset[str]:
        """The wishes of this request that its model is known to refuse."""
        return self._refused.get(request.model, frozenset()) & request.options.wishes

    def learn(self, request: Request, found: object) -> bool:
        """Note the wishes that an answer says are not supported; tell whether asking again without them may help."""
        if not isinstance(found, BadRequest) or not _UNSUPPORTED.search(found.message):
            return False
        open_wishes = request.options.wishes - self.unmet(request)
        named = frozenset(w for w in open_wishes if re.search(rf"\b{re.escape(w)}\b", found.message))
        if not named:
            return False
        self._refused[request.model] = self._refused.get(request.model, frozenset()) | named
        return True
