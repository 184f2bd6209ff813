"""The types that the tests of reading ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import AliasChoices, BaseModel, Field
from typing_extensions import TypedDict


class Color(Enum):
    RED = "#f00"
    GREEN = "#0f0"
    DARK_BLUE = "#00a"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Address(BaseModel):
    street: str
    city: str
    zip_code: str | None = None


class Person(BaseModel):
    full_name: str
    age: int
    email: str | None = None
    address: Address | None = None
    tags: list[str] = []


class Team(BaseModel):
    members: list[Person]


class Invoice(BaseModel):
    number: str
    total: float
    due: date | None = None
    paid: bool = False


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    barks: bool = True


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


class Circle(BaseModel):
    radius: float


class Square(BaseModel):
    side: float


class Tree(BaseModel):
    name: str
    children: list[Tree] = []


class Scored(BaseModel):
    score: float = Field(ge=0, le=1)
    label: Literal["positive", "negative", "neutral"]


class Given(BaseModel):
    first: str = Field(validation_alias=AliasChoices("given_name", "forename"))


class Range(BaseModel):
    min_value: int
    max_value: int


class Point(NamedTuple):
    lat: float
    lon: float


class Row(TypedDict):
    a: int
    b: str


@dataclass
class Series:
    name: str
    values: list[float]


Status = Literal["active", "inactive", "pending"]
Mood = Literal["positive", "negative", "neutral"]
