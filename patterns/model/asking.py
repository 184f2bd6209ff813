"""What one request is put to litellm with, and whether its answer calls for another go: a wish less, a new key."""

from __future__ import annotations

from patterns.errors import AuthenticationError
from patterns.exchange import Request
from patterns.model.bases import untold
from patterns.model.credentials import Draw, drawn
from patterns.model.outgoing import Arguments, arguments
from patterns.model.wishes import Wishes


class Asking:
    """One request on its way. It may go out again at once for two reasons, each of them once.

    The key is held by a function here, and by litellm: never in the frame of a function that raises, nor as the value
    of an attribute, which debuggers show.
    """

    def __init__(self, request: Request, wishes: Wishes, draw: Draw | None) -> None:
        self._request = request
        self._wishes = wishes
        self._draw = draw
        self._key: Draw | None = None
        self._renewed = False

    def words(self) -> Arguments:
        """The keyword arguments for litellm."""
        words = arguments(self._request, self._wishes.unmet(self._request))
        if "api_base" not in words and (base := untold(self._request.model)):
            words["api_base"] = base
        if self._draw is not None:
            if self._key is None:
                self._key = _held(drawn(self._draw, self._request))
            words["api_key"] = self._key()
        return words

    def again(self, found: object) -> bool:
        """Tell whether to ask once more, after an answer that `words` of another kind may better."""
        return self._wishes.learn(self._request, found) or (
            isinstance(found, AuthenticationError) and self._key_changes()
        )

    def _key_changes(self) -> bool:
        """Ask for the key once more: it may have been rotated since it was drawn."""
        if self._draw is None or self._renewed:
            return False
        self._renewed = True
        before, self._key = self._key, _held(drawn(self._draw, self._request))
        return before is None or self._key() != before()


def _held(key: str) -> Draw:
    """A key as a function that gives it, and that shows only what it is a method of."""
    give: Draw = str.__str__.__get__(key)  # that of plain strings: one of another kind may say what it likes of itself
    return give
