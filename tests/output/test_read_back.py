"""What a model writes by the schema that it was sent is read back as the value that was meant."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from patterns import schemas
from patterns.output.read import read
from patterns.output.schema.profiles import Enforced, Profile
from patterns.output.schema.wire import fitted
from patterns.output.shape import shape_of
from tests.output.test_profiles import EACH, IDS, said


class Level(Enum):
    LOW = "low"
    HIGH = "high"


class One(BaseModel):
    kind: Literal["one"]
    n: int


class Two(BaseModel):
    kind: Literal["two"]
    s: str = "x"


class Tree(BaseModel):
    value: int
    inner: list[Tree] = []


LEAVES: list[tuple[Any, Any]] = [
    (int, 5),
    (float, 1.5),
    (bool, True),
    (str, "told"),
    (Level, Level.HIGH),
    (Literal["p", 3], 3),
    (datetime.date, datetime.date(2020, 1, 2)),
    (datetime.timedelta, datetime.timedelta(hours=3)),
    (UUID, UUID(int=7)),
    (Decimal, Decimal("1.5")),
    (bytes, b"xyz"),
    (Annotated[int, Field(ge=0, lt=10)], 3),
    (Annotated[str, Field(min_length=1, max_length=4, pattern="^[a-z]+$")], "ab"),
    (One | Two, Two(kind="two")),
    (Annotated[One | Two, Field(discriminator="kind")], One(kind="one", n=1)),
    (Tree, Tree(value=1, inner=[Tree(value=2)])),
    (dict[str, int], {"k": 1}),
    (tuple[int, str], (1, "a")),
    (set[int], {4}),
]
# A default of a member called "$ref" is taken for a reference by pydantic itself.
NAMES = ["plain", "two words", "properties", "type", "a.b", "x/y", "naïve", "default"]


def kinds() -> st.SearchStrategy[tuple[Any, Any]]:
    def more(inner: st.SearchStrategy[tuple[Any, Any]]) -> st.SearchStrategy[tuple[Any, Any]]:
        return st.one_of(
            inner.map(lambda pair: (list[pair[0]], [pair[1]])),  # type: ignore[name-defined]
            inner.map(lambda pair: (tuple[pair[0], int], (pair[1], 2))),  # type: ignore[name-defined]
            models(inner),
        )

    return st.recursive(st.sampled_from(LEAVES), more, max_leaves=6)


@st.composite
def models(draw: st.DrawFn, inner: st.SearchStrategy[tuple[Any, Any]]) -> tuple[type[BaseModel], BaseModel]:
    """A model, and an object of it whose members are given, left to their defaults, or null."""
    fields: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for number, name in enumerate(draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))):
        kind, value = draw(inner)
        match draw(st.sampled_from(["needed", "defaulted", "nullable"])):
            case "needed":
                fields[f"f{number}"] = (kind, Field(alias=name))
                given[name] = value
            case "defaulted":
                fields[f"f{number}"] = (kind, Field(value, alias=name, description="told"))
            case _:
                fields[f"f{number}"] = (kind | None, Field(None, alias=name))
                given |= {name: value} if draw(st.booleans()) else {}
    model = create_model("Made", **fields)
    return model, model(**given)


@pytest.mark.parametrize(("profile", "mode"), EACH, ids=IDS)
@settings(max_examples=60, deadline=None)
@given(made=models(kinds()))
def test_what_is_written_by_the_sent_schema_is_read_as_it_was_meant(
    profile: Profile, mode: Enforced, made: tuple[type[BaseModel], BaseModel]
) -> None:
    model, meant = made
    shape = shape_of(model)
    fit = fitted(shape.name, shape.schema, profile.rules(mode))
    assert fit == fitted(shape.name, shape.schema, profile.rules(mode)), "a prompt that changes is never kept"
    if fit.target is None:
        assert fit.why
        return
    sent = fit.target.schema
    for value in (meant.model_dump_json(by_alias=True), meant.model_dump_json(by_alias=True, exclude_unset=True)):
        written = said(json.loads(value), sent, sent)
        assert schemas.problems(written, sent) == ()
        assert read(json.dumps(written), model) == meant
