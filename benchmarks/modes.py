"""What it costs to choose a mode and a schema: once for a type, and at each call. `python -m benchmarks.modes`"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, create_model

from patterns import Pattern, ways
from patterns.exchange import Options, Request, Response
from patterns.model.door import open_door
from patterns.model.lanes import Lane
from patterns.model.modes_learnt import LEARNT, Refusal
from patterns.model.policies.stepping import stepping_down
from patterns.model.steps import Steps
from patterns.model.trip import Trip
from patterns.output.shape import Shape, shape_of

MODEL = "openai/gpt-4.1-mini"


class Person(BaseModel):
    name: str
    age: int


def nested(count: int = 60) -> type[BaseModel]:
    """A model of many others, with eight fields each."""
    fields: dict[str, Any] = {f"f{n}": (str | None, None) for n in range(5)}
    fields |= {"number": (int, ...), "tags": (list[str], []), "share": (float, 0.0)}
    inner: dict[str, Any] = {f"m{n}": (create_model(f"M{n}", **fields), ...) for n in range(count)}
    return create_model("Whole", **inner)


def micros(work: Callable[[], object], times: int = 5_000) -> float:
    """Microseconds of CPU for one time, the best of five runs."""
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - begun) / times)
    return best * 1e6


def policy_of(pattern: Pattern[..., Any]) -> Callable[[], None]:
    """The policy around a request that is answered at once."""
    call, answered = pattern._prepare(("Jo is 35.",), {}), Response((), MODEL)

    def answer(request: Request, trip: Trip) -> Steps[Response]:
        return answered
        yield

    policy, trip = stepping_down(answer, LEARNT), Trip.starting(None, call)

    def once() -> None:
        for _ in policy(call.plan.request, trip):
            pass

    return once


def main() -> None:
    os.environ["PATTERNS_DATA_DIR"] = tempfile.mkdtemp()
    os.environ.setdefault("OPENAI_API_KEY", "of-nobody")
    print(f"{'µs of CPU':24}{'written once':>14}{'schema':>9}{'choice':>9}{'policy':>9}{'policy, after a refusal':>26}")
    for name, kind in (("2 fields", Person), ("60 nested models", nested())):
        print(f"{name:24}{row(kind)}")


def row(kind: type[BaseModel]) -> str:
    """Measure one type."""
    pattern = Pattern("json_extraction/extract", output=kind, model=MODEL)
    shape: Shape[Any] = shape_of(kind)
    recipe, (_, gateway), options = pattern.recipe(), open_door(MODEL), Options()
    begun = time.process_time()
    shape.fit("openai", MODEL, "json_schema")
    once = (time.process_time() - begun) * 1e6
    kept = micros(lambda: shape.fit("openai", MODEL, "json_schema"))
    choice = micros(lambda: ways.choose(recipe, MODEL, gateway, options, ()))
    plain = micros(policy_of(pattern))
    LEARNT.note([Refusal(MODEL, "", "json_object", "", time.time(), "refused")])
    after = micros(policy_of(pattern))
    LEARNT.worked(Lane(MODEL, ""), "json_object", lambda: ("",))
    return f"{once:14.0f}{kept:9.2f}{choice:9.2f}{plain:9.2f}{after:26.2f}"


if __name__ == "__main__":
    main()
