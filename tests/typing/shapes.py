"""What type checkers see of shapes. Read by mypy and pyright in the tests, and run as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, assert_type

from pydantic import BaseModel
from typing_extensions import TypedDict

from patterns.messages import Json
from patterns.output.shape import Shape, shape_of


class Invoice(BaseModel):
    total: float


@dataclass
class Point:
    x: int


class Movie(TypedDict):
    title: str


SCHEMA: dict[str, Json] = {"type": "integer"}

assert_type(shape_of(Invoice), Shape[Invoice])
assert_type(shape_of(Invoice).parse_json('{"total": 1}'), Invoice)
assert_type(shape_of(Invoice).validate({"total": 1}), Invoice)
assert_type(shape_of(Invoice).take_json("{}"), tuple[Invoice] | None)
assert_type(shape_of(Point), Shape[Point])
assert_type(shape_of(Movie), Shape[Movie])
assert_type(shape_of(int), Shape[int])
assert_type(shape_of(list[Invoice]), Shape[list[Invoice]])
assert_type(shape_of(dict[str, int]), Shape[dict[str, int]])
assert_type(shape_of(SCHEMA), Shape[Json])
assert_type(shape_of(shape_of(Invoice)), Shape[Invoice])
assert_type(shape_of("name, age int"), Shape[Any])
shape_of(Literal["a"])
shape_of(Invoice | None)
