"""The closed list of keys that a front matter may have, and of the options of sampling in its `config`.

Building Pydantic models takes tens of milliseconds, so this file is imported when the first template is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, Strict, ValidationError

from patterns.messages import Format, Json
from patterns.prompt.near import did_you_mean
from patterns.prompt.yaml import Place

_ELSEWHERE = {
    "name": "the file's path is the name",
    "model": "choose the model in code, or by PATTERNS_MODEL",
    "api_key": "keys stay in the environment",
    "api_base": "endpoints are set in code",
    "base_url": "endpoints are set in code",
    "timeout": "set it in code, with with_options",
    "system": "write {% system %} in the body",
    "messages": "write {% user %} in the body",
}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Sampling(BaseModel):
    """The options of sampling that a template may wish for; a caller's own options win."""

    model_config = ConfigDict(extra="forbid", strict=True)

    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    stop: Annotated[tuple[str, ...], Strict(False), BeforeValidator(_listed)] | None = None
    seed: int | None = None
    logit_bias: dict[Annotated[int, Strict(False)], float] | None = None
    n: Annotated[int, Field(ge=1, le=128)] | None = None
    reasoning_effort: str | None = None
    thinking: dict[str, JsonValue] | None = None


class Head(BaseModel):
    """The keys a front matter may have."""

    model_config = ConfigDict(extra="forbid", strict=True)

    description: str | None = None
    version: int | None = None
    inputs: dict[str, JsonValue] | None = None
    output: JsonValue = None
    format: Format | None = None
    config: Sampling | None = None
    examples: JsonValue = None


class WrongKey(ValueError):
    """A key that is unknown, or whose value is wrong, at its place."""

    def __init__(self, message: str, place: Place, hint: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.hint = hint


def read_head(value: Mapping[str, Json]) -> Head:
    """Hold the keys against the model; raise WrongKey for the first that does not fit."""
    try:
        return Head.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place: Place = tuple(first["loc"])
        if first["type"] == "extra_forbidden":
            raise _unknown(place) from None
        raise WrongKey(f"{'.'.join(map(str, place))}: {first['msg']}", place) from None


def _unknown(place: Place) -> WrongKey:
    key = str(place[-1])
    model, within = (Sampling, " in config") if len(place) > 1 else (Head, "")
    known = f"known keys: {', '.join(model.model_fields)}"
    hint = _ELSEWHERE.get(key) or did_you_mean(key, model.model_fields) or known
    return WrongKey(f"unknown key {key!r}{within}", place, hint)
