"""Reading valid JSON: what `Shape.parse_json` costs beside pydantic's own `TypeAdapter.validate_json`.

Run: python benchmarks/strict_parse.py

Both read the same text into the same type, interleaved, the best of several rounds. The shape is strict, refuses
unknown names, and refuses NaN and infinite numbers on top.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

from pydantic import BaseModel, TypeAdapter

from patterns.output.shape import shape_of

ROUNDS = 30


class Item(BaseModel):
    sku: str
    quantity: int
    price: float
    tags: list[str]
    note: str | None = None


class Order(BaseModel):
    id: int
    items: list[Item]


def text(items: int) -> str:
    made = [
        Item(sku=f"A-{n}", quantity=n, price=n * 1.5, tags=["new", "sale"], note="as ordered") for n in range(items)
    ]
    return Order(id=7, items=made).model_dump_json()


def best(*calls: Callable[[], object], number: int) -> list[float]:
    """Microseconds a call, the best of all rounds, the calls taking turns."""
    rounds = [[timeit.timeit(call, number=number) / number * 1e6 for call in calls] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def main() -> None:
    adapter, shape = TypeAdapter(Order), shape_of(Order)
    print(f"{'answer':>10} {'pydantic':>10} {'shape':>10} {'ratio':>6}")
    for items, number in ((1, 2_000), (110, 100), (2_200, 5)):
        answer = text(items)
        base, ours = best(
            lambda a=answer: adapter.validate_json(a), lambda a=answer: shape.parse_json(a), number=number
        )
        print(f"{len(answer):>8} B {base:>7.1f} µs {ours:>7.1f} µs {ours / base:>6.2f}")


if __name__ == "__main__":
    main()
