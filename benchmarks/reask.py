"""What it costs to ask again for a faulty answer: by a patch, for its faulty places alone, and for all of it.

Tokens of the second request and its answer, counted by litellm's tokenizer; no model is asked. Run from the checkout
with `python -m benchmarks.reask`. Below the ten long answers stand some for which a patch does not pay: these are asked
for again as a whole.
"""

from __future__ import annotations

from dataclasses import replace

from tests.failing import BOOKINGS, CASES, SMALL, TICKETS, Case
from tests.reasking import asked_again, shortened, unpatched

FEW = replace(shortened(TICKETS, 8), name="8 tickets, classified")
FAR = replace(
    shortened(BOOKINGS, 10),
    name="10 bookings in a long letter",
    text="Thank you for your patience. " * 400 + BOOKINGS.text,
)
MANY = replace(
    TICKETS, name="30 tickets, half of them wrong", wrong={f"$[{i}].team": "IT department" for i in range(15)}
)


def row(case: Case) -> str:
    result, taken = asked_again(case, mode="json_schema")
    with unpatched():
        _, full = asked_again(case, mode="json_schema")
    way = "patch" if result.attempts[1].request.part else "whole"
    ratio = taken.tokens / full.tokens
    counts = f"{taken.sent:6,} {taken.received:6,} {full.sent:6,} {full.received:6,}"
    return f"{case.name:40} {len(case.text):6,} {len(case.faulty):6,} {way} {counts} {ratio:6.0%}"


def main() -> None:
    print(f"{'':40} {'characters':^13} {'':5} {'asked again':^13} {'as a whole':^13}")
    print(f"{'':40} {'input':>6} {'answer':>6} {'':5} {'sent':>6} {'back':>6} {'sent':>6} {'back':>6} {'ratio':>6}")
    for case in (*CASES, SMALL, FEW, FAR, MANY):
        print(row(case))


if __name__ == "__main__":
    main()
