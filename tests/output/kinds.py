"""Types for documents made at random: the one that a document is of, and ones that are near it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from random import Random
from typing import Any, Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field, create_model
from typing_extensions import TypedDict

from patterns.messages import Json

_OTHERS: tuple[Any, ...] = (
    str,
    int,
    float,
    Decimal,
    bool,
    date,
    Any,
    str | None,
    int | str,
    Literal["north", "blue", 7, "pending"],
    Literal["auto", "Ann"] | int,
    list[str],
    dict[str, Any],
)


def type_of(value: Json, random: Random | None = None) -> Any:
    """Give a type that a document is of. With `random`, a field or two is of another type, optional, or named so."""
    return _merged([value], random)


def _merged(values: Sequence[Json], random: Random | None) -> Any:
    """Give one type for several values that stand in the same place."""
    if random is not None and random.random() < 0.06:
        return random.choice(_OTHERS)
    kinds: list[Any] = []
    records = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    if records:
        kinds.append(_record(records, random))
    if lists:
        items = [item for one in lists for item in one]
        kinds.append(list[_merged(items, random)] if items else list[str])  # type: ignore[misc]
    plain = dict.fromkeys(type(value) for value in values if not isinstance(value, (dict, list)))
    kinds += [kind for kind in plain if not (kind is int and float in plain)]
    return reduce(or_, kinds) if kinds else Any


def _record(records: Sequence[dict[str, Json]], random: Random | None) -> Any:
    names = list(dict.fromkeys(name for record in records for name in record))
    fields: dict[str, Any] = {}
    for name in names:
        kind = _merged([record[name] for record in records if name in record], random)
        optional = any(name not in record for record in records) or (random is not None and random.random() < 0.05)
        fields[name] = (kind, optional)
    if random is not None and random.random() < 0.4:
        return _model(fields, random)
    return TypedDict("Document", {name: NotRequired[kind] if may else kind for name, (kind, may) in fields.items()})


def _model(fields: dict[str, tuple[Any, bool]], random: Random) -> type[BaseModel]:
    open_to_more = ConfigDict(extra=random.choice(("ignore", "allow", "forbid")), populate_by_name=True)
    made: dict[str, Any] = {}
    for at, (name, (kind, optional)) in enumerate(fields.items()):
        alias = Field(None, alias=name) if optional else Field(alias=name)
        made[f"field_{at}"] = (kind | None if optional else kind, alias)
    return create_model("Document", __config__=open_to_more, **made)
