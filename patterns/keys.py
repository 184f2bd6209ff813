"""Keys by the model or host they are for, drawn when a request leaves and shown to nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, Protocol, TypeAlias, runtime_checkable

from patterns.redact import remember


@runtime_checkable
class Secret(Protocol):
    """A key in a box, such as pydantic's SecretStr."""

    def get_secret_value(self) -> str: ...


Given: TypeAlias = str | Secret | Callable[[], str]


class Keys:
    """Keys, or functions that give one, each for a model (`openai/gpt-4.1-mini`), a provider (`openai`) or a host.

    A key is used for what it was given for and for nothing else, the closest scope first. A function is asked anew
    for every request, so that keys can rotate.
    """

    __slots__ = ("_given",)

    def __init__(self, given: Mapping[str, Given]) -> None:
        self._given = {scope: _source(value) for scope, value in given.items()}

    @property
    def scopes(self) -> tuple[str, ...]:
        """What there are keys for."""
        return tuple(self._given)

    def source(self, model: str, provider: str, hosts: Sequence[str] = ()) -> Callable[[], str] | None:
        """Give what draws the key for a request to this model at one of these hosts; None when there is none for it.

        An own host wants a key of its own, or one for just this model: that of a provider stays with the provider.
        """
        scopes = (model, *hosts) if hosts else (model, provider)
        return next((self._given[scope] for scope in scopes if scope in self._given), None)

    def __repr__(self) -> str:
        return f"Keys({', '.join(self._given)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled: give them to the other process in its environment")


def _source(value: Given) -> Callable[[], str]:
    if isinstance(value, str):
        return _drawing(lambda: value)
    if isinstance(value, Secret):
        return _drawing(value.get_secret_value)
    return _drawing(value)


def _drawing(draw: Callable[[], str]) -> Callable[[], str]:
    """Draw a key and see to it that it is struck out of every text from now on."""

    def drawn() -> str:
        key = draw()
        remember(key)
        return key

    return drawn
