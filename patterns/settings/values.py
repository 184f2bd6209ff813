"""The settings as one frozen value, and their names as people give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, TypedDict

from patterns.exchange import Mode
from patterns.keys import Given, Keys
from patterns.ledger import Ledger

Prices = Mapping[str, tuple[float, float]]
"""US dollars per million tokens of input and of output, by the name of the model."""

Lane: TypeAlias = Literal["auto", "fast", "litellm"]
"""The way to a provider: our own where it is proven equal to litellm's, our own or an error, litellm's always."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a call uses where it says nothing itself.

    `model` answers, and `fallbacks` after it where it cannot, or declines and `fallback_on_refusal` is set. `timeout`
    is the total time of one request in seconds, `deadline` that of a whole call with every re-ask, retry, fallback and
    wait. `reasks` is how often a wrong answer goes back to the model, `tool_turns` in how many rounds it may call the
    functions that it was given as tools before it answers, `retries` how often a request that failed on its
    way is sent again, `breaker` whether a model that keeps failing is left alone for a while. `budget` is a limit in US
    dollars for all calls made while it is in force, and `ledger` keeps what they spent; with a `budget_file` that is
    one for all processes that name the file. `max_cost` is a limit for each call. `prices` go before those that litellm
    knows. `cache` keeps answers on disk, in the user's cache folder or at a path, for `cache_ttl` seconds. `rpm` and
    `tpm` are requests and tokens per minute that a model is asked for at most. `usage` is whether, or where, what was
    spent is written down, `log_content` whether prompts and answers may go to the log. `templates` are folders of the
    user's own, first one first; they may name Python types in their front matter, so only trusted folders belong here.
    `allow_urls` lets images be given by their address, for the provider to fetch; `prompt_cache` asks providers
    that want to be told so to keep the beginning of a prompt, which costs a little once and saves most of it after.
    `lane` is the way to a provider: "auto" is our own wherever that is proven to do as litellm does, "litellm" is
    litellm's always, and "fast" our own or an error. `warm` is whether litellm, where it will be needed, is imported on
    a thread before it is. `keys` are drawn when a request leaves, and seen by nothing else.
    """

    model: str | None = None
    fallbacks: tuple[str, ...] = ()
    fallback_on_refusal: bool = False
    mode: Mode | None = None
    templates: tuple[Path, ...] = ()
    budget: float | None = None
    budget_file: Path | None = None
    max_cost: float | None = None
    timeout: float = 120.0
    deadline: float | None = None
    reasks: int = 2
    tool_turns: int = 8
    retries: int = 2
    breaker: bool = True
    cache: bool | Path = False
    cache_ttl: float | None = None
    rpm: int | None = None
    tpm: int | None = None
    prices: Prices = field(default_factory=dict)
    usage: bool | Path = True
    log_content: bool = False
    offline: bool = False
    allow_urls: bool = False
    prompt_cache: bool = False
    lane: Lane = "auto"
    warm: bool = True
    profile: str | None = None
    ledger: Ledger | None = None
    keys: Keys | None = None


class Changes(TypedDict, total=False):
    """The settings by name, as `configure` and `override` take them.

    `api_key` is a key, or a function that gives one, by the provider, model or host it is for:
    `{"openai": rotate, "api.example.com": "…"}`; one alone is for the provider of `model`.
    """

    model: str | None
    fallbacks: tuple[str, ...]
    fallback_on_refusal: bool
    mode: Mode | None
    templates: tuple[Path, ...]
    budget: float | None
    budget_file: Path | str | None
    max_cost: float | None
    timeout: float
    deadline: float | None
    reasks: int
    tool_turns: int
    retries: int
    breaker: bool
    cache: bool | Path | str
    cache_ttl: float | None
    rpm: int | None
    tpm: int | None
    prices: Prices
    usage: bool | Path | str
    log_content: bool
    offline: bool
    allow_urls: bool
    prompt_cache: bool
    lane: Lane
    warm: bool
    profile: str | None
    api_key: Mapping[str, Given] | Given | None
