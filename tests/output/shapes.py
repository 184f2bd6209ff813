"""Output types of many kinds, each with values and their JSON."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, TypeVar
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType, TypedDict

from patterns.messages import Json

T = TypeVar("T")


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"
    URGENT = "p0"


class Address(BaseModel):
    """A postal address."""

    street: str
    zip: str = Field(pattern=r"^\d{5}$")


class Line(BaseModel):
    sku: str = Field(description="Stock unit")
    quantity: int = Field(ge=1, le=99)
    price: float


class Invoice(BaseModel):
    """An invoice."""

    number: str
    due: date | None = Field(None, description="When it must be paid")
    lines: list[Line] = Field(min_length=1)
    billed: Address
    shipped: Address | None = None
    level: Level = Level.LOW
    tags: set[str] = set()
    currency: str = "EUR"


class Tree(BaseModel):
    value: int
    children: list[Tree] = []


class Ping(BaseModel):
    pong: Pong | None = None


class Pong(BaseModel):
    ping: Ping | None = None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    other: Cat | Dog | None = None


class Page(BaseModel, Generic[T]):
    items: list[T]
    next: int | None = None


class Renamed(BaseModel):
    full_name: str = Field(alias="fullName")
    years: int = Field(validation_alias=AliasChoices("age", "years old"))


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


@dataclass
class Point:
    x: int
    y: float = 0.0
    names: list[str] = field(default_factory=list)


class Movie(TypedDict):
    title: str
    year: NotRequired[int]


class Span(NamedTuple):
    start: int
    end: int
    label: str = ""


Nested = TypeAliasType("Nested", "list[Nested] | int")

VALID: list[tuple[str, Any, Any, Json]] = [
    ("model", Address, Address(street="Elm 1", zip="12345"), {"street": "Elm 1", "zip": "12345"}),
    (
        "nested model",
        Page[Line],
        Page[Line](items=[Line(sku="A", quantity=2, price=1.5)]),
        {"items": [{"sku": "A", "quantity": 2, "price": 1.5}], "next": None},
    ),
    (
        "recursive model",
        Tree,
        Tree(value=1, children=[Tree(value=2)]),
        {"value": 1, "children": [{"value": 2, "children": []}]},
    ),
    ("mutually recursive models", Ping, Ping(pong=Pong(ping=Ping())), {"pong": {"ping": {"pong": None}}}),
    (
        "discriminated union",
        Owner,
        Owner(pet=Dog(kind="dog", tricks=["sit"]), other=Cat(kind="cat", lives=9)),
        {"pet": {"kind": "dog", "tricks": ["sit"]}, "other": {"kind": "cat", "lives": 9}},
    ),
    ("aliases", Renamed, Renamed.model_validate({"fullName": "Ada", "age": 36}), {"fullName": "Ada", "age": 36}),
    ("open model", Open, Open.model_validate({"name": "Ada", "age": 36}), {"name": "Ada", "age": 36}),
    ("dataclass", Point, Point(1, 2.5, ["a"]), {"x": 1, "y": 2.5, "names": ["a"]}),
    ("typed dict", Movie, {"title": "Dune"}, {"title": "Dune"}),
    ("named tuple", Span, Span(1, 2, "x"), [1, 2, "x"]),
    ("literal", Literal["a", "b"], "b", "b"),
    ("mixed literal", Literal["a", 1, None], 1, 1),
    ("enum of numbers", Color, Color.BLUE, 2),
    ("enum of texts", Level, Level.URGENT, "p0"),
    ("text", str, "é\x00\u2028", "é\x00\u2028"),
    ("whole number", int, 10**30, 10**30),
    ("number", float, 1.5, 1.5),
    ("truth", bool, True, True),
    ("date", date, date(2026, 2, 28), "2026-02-28"),
    ("datetime", datetime, datetime(2026, 2, 28, 10, 30), "2026-02-28T10:30:00"),
    ("decimal", Decimal, Decimal("1.10"), "1.10"),
    ("uuid", UUID, UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ("list", list[Point], [Point(1)], [{"x": 1, "y": 0.0, "names": []}]),
    ("set", set[int], {1}, [1]),
    ("tuple", tuple[int, str], (1, "a"), [1, "a"]),
    ("tuple of any length", tuple[int, ...], (1, 2), [1, 2]),
    ("dict", dict[str, list[int]], {"a": [1]}, {"a": [1]}),
    ("optional", Point | None, None, None),
    ("union of scalars", int | str, "a", "a"),
    ("union of models", list[Cat | Dog], [Dog(kind="dog")], [{"kind": "dog", "tricks": []}]),
    ("annotated", Annotated[int, Field(ge=1)], 1, 1),
    ("recursive alias", Nested, [1, [2]], [1, [2]]),
    ("any", Any, {"a": [1, None, "x"]}, {"a": [1, None, "x"]}),
    ("json schema", {"type": "array", "items": {"type": "integer"}}, [1, 2], [1, 2]),
    ("json schema of an object", {"properties": {"a": {}}, "type": "object"}, {"a": 1, "b": 2}, {"a": 1, "b": 2}),
    ("shorthand of a list", "list[int]", [1, 2], [1, 2]),
    ("shorthand of labels", "good|bad", "bad", "bad"),
]
"""Name, type, a value of it, and the JSON of that value."""

NAMES = [case[0] for case in VALID]
TYPES = [case[1] for case in VALID] + [Invoice, "name, age int, skills list[str], due date?: when it must be paid"]
