"""The terms of a call: what it may take in time, tries and money, decided between its own options and the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from patterns.errors import InputError
from patterns.ledger import Ledger
from patterns.same import of_the_same
from patterns.settings import Settings
from patterns.settings.values import Prices
from patterns.setup import Setup

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the policies of one call go by. The fields are those of `Settings`; `ledgers` are every budget in force."""

    fallbacks: tuple[str, ...] = ()
    fallback_on_refusal: bool = False
    retries: int = 2
    reasks: int = 2
    deadline: float | None = None
    breaker: bool = True
    cache: bool | Path = False
    cache_ttl: float | None = None
    rpm: int | None = None
    tpm: int | None = None
    max_cost: float | None = None
    prices: Prices = field(default_factory=dict)
    usage: bool | Path = False
    profile: str | None = None
    ledgers: tuple[Ledger, ...] = ()


@of_the_same(32)
def terms_of(setup: Setup, defaults: Settings) -> Terms:
    """Take each term from the call's own options, and from the settings where they say nothing. Raises InputError."""
    ledgers = (defaults.ledger, setup.ledger)
    found = Terms(
        fallbacks=_first(setup.fallbacks, defaults.fallbacks),
        fallback_on_refusal=_first(setup.fallback_on_refusal, defaults.fallback_on_refusal),
        retries=_first(setup.retries, defaults.retries),
        reasks=_first(setup.reasks, defaults.reasks),
        deadline=_first(setup.deadline, defaults.deadline),
        breaker=_first(setup.breaker, defaults.breaker),
        cache=_first(setup.cache, defaults.cache),
        cache_ttl=_first(setup.cache_ttl, defaults.cache_ttl),
        rpm=_first(setup.rpm, defaults.rpm),
        tpm=_first(setup.tpm, defaults.tpm),
        max_cost=_first(setup.max_cost, defaults.max_cost),
        prices=defaults.prices,
        usage=defaults.usage,
        profile=defaults.profile,
        ledgers=tuple(ledger for ledger in ledgers if ledger is not None),
    )
    if "rules" in found.fallbacks:
        raise InputError(
            "the rules engine is never a fallback for a model", hint="catch the error and ask model='rules'"
        )
    return found


def _first(own: T | None, default: T) -> T:
    return default if own is None else own
