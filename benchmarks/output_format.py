"""The tokens of an output type: said in words, against its JSON Schema.

Run: python benchmarks/output_format.py

The words are counted whole, with their opening sentence; the JSON Schema as pydantic gives it, written by `json.dumps`:
as it comes, without any white space, and indented. Tokens are counted by tiktoken with litellm's own files, offline.
"""

from __future__ import annotations

import enum
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from patterns.output.shape import shape_of


class Priority(enum.Enum):
    LOW = "low"
    HIGH = "high"
    URGENT = "p0"


class Ticket(BaseModel):
    """A message to the support desk."""

    team: Literal["billing", "delivery", "technical"] = Field(description="Who can answer it")
    priority: Priority = Priority.LOW
    summary: str = Field(max_length=120)
    customer: str | None = None


class Line(BaseModel):
    sku: str = Field(description="Stock unit, as printed")
    quantity: int = Field(ge=1)
    price: float = Field(ge=0, description="For one piece, in the invoice's currency")


class Address(BaseModel):
    street: str
    city: str
    country: str = Field(pattern="^[A-Z]{2}$")


class Invoice(BaseModel):
    """An invoice."""

    number: str
    issued: date
    due: date | None = Field(None, description="When it must be paid")
    lines: list[Line] = Field(min_length=1)
    billed_to: Address
    shipped_to: Address | None = None
    total: float


class Comment(BaseModel):
    author: str
    text: str
    replies: list[Comment] = []


@dataclass
class Measurement:
    name: str
    value: float
    unit: Literal["kg", "m", "s", "K"]


class Card(BaseModel):
    kind: Literal["card"]
    last_digits: str


class Transfer(BaseModel):
    kind: Literal["transfer"]
    iban: str


class Payment(BaseModel):
    amount: float = Field(gt=0)
    method: Card | Transfer = Field(discriminator="kind")


TYPES: dict[str, Any] = {
    "Ticket": Ticket,
    "Invoice": Invoice,
    "Comment": Comment,
    "list[Measurement]": list[Measurement],
    "Payment": Payment,
}


def counter() -> Callable[[str], int]:
    """Count tokens as the models of OpenAI do since 2024 (o200k), from files at hand."""
    litellm = find_spec("litellm")
    if litellm is None or litellm.origin is None:
        raise SystemExit("litellm is not installed: its tokenizer files are needed")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers")
    import tiktoken

    encoding = tiktoken.get_encoding("o200k_base")
    return lambda text: len(encoding.encode(text))


def main() -> None:
    tokens = counter()
    print(f"{'type':<18} {'words':>6} {'json.dumps':>15} {'no white space':>15} {'indented':>15}")
    for name, kind in TYPES.items():
        schema = TypeAdapter(kind).json_schema()
        said = tokens(shape_of(kind).words)
        written = (json.dumps(schema), json.dumps(schema, separators=(",", ":")), json.dumps(schema, indent=2))
        counts = [tokens(text) for text in written]
        print(f"{name:<18} {said:>6} " + " ".join(f"{count:>7} ({said / count:.2f})".rjust(15) for count in counts))


if __name__ == "__main__":
    main()
