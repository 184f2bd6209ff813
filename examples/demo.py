"""The main job on five real texts: what was asked, what came back, and where each value stands in the text.

Runs without a key and without a network: the embedded rules engine answers. With a model named in PATTERNS_MODEL,
that model answers instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from patterns import Result, classify, classify_sentiment, extract

HERE = Path(__file__).resolve().parent


class Item(BaseModel):
    description: str
    quantity: int
    amount: float


class Invoice(BaseModel):
    invoice_number: str
    invoice_date: date
    due_date: date
    items: list[Item]
    total_due: float
    iban: str | None = None


class Entry(BaseModel):
    timestamp: str
    level: Literal["INFO", "WARNING", "ERROR"]
    message: str


TEAMS = {
    "billing": "invoices and bank payments",
    "complaints": "an order that arrived damaged, broken or late, a refund",
    "sales": "questions before buying",
}


@dataclass(frozen=True)
class Job:
    """One text, what is asked of it in Python's words, and the call."""

    file: str
    asked: str
    call: Callable[[str], Result[object]]


JOBS = [
    Job("invoice.txt", "extract(text, Invoice)  # a Pydantic model", lambda text: extract.run(text, Invoice)),
    Job(
        "email.txt",
        'extract(text, "sender, sender_email, subject, sent_date date, order_number?, phone?, tracking_code?")',
        lambda text: extract.run(
            text, "sender, sender_email, subject, sent_date date, order_number?, phone?, tracking_code?"
        ),
    ),
    Job("email.txt", f"classify(text, {TEAMS})", lambda text: classify.run(text, TEAMS)),
    Job(
        "review.txt",
        'extract(text, "product, rating int, verified_purchase bool, pros list[str], cons list[str]")',
        lambda text: extract.run(text, "product, rating int, verified_purchase bool, pros list[str], cons list[str]"),
    ),
    Job("review.txt", "classify_sentiment(text)", classify_sentiment.run),
    Job(
        "job_advert.txt",
        'extract(text, "company, location, start_date date, contact_email, requirements list[str], pension?")',
        lambda text: extract.run(
            text, "company, location, start_date date, contact_email, requirements list[str], pension?"
        ),
    ),
    Job("log.txt", "extract(text, list[Entry])", lambda text: extract.run(text, list[Entry])),
]


def place(text: str, start: int) -> str:
    """Line and column, both from 1, as editors count."""
    return f"{text.count(chr(10), 0, start) + 1}:{start - text.rfind(chr(10), 0, start)}"


def show(job: Job, console: Console) -> None:
    text = (HERE / job.file).read_text(encoding="utf-8")
    result = job.call(text)
    console.print(f"\n[bold]{job.file}[/bold]  {escape(job.asked)}")
    console.print(f"  {escape(repr(result.output))}", style="cyan")
    table = Table("value", "line:column", "words in the text", box=None, padding=(0, 2), header_style="dim")
    for source in sorted(result.sources, key=lambda source: source.start):
        table.add_row(source.path, place(text, source.start), escape(" ".join(source.text.split())))
    if result.sources:
        console.print(table)
    cost = "unknown" if result.cost is None else f"${result.cost:.4f}"
    console.print(f"  engine {result.engine}, {len(result.attempts)} attempt, cost {cost}", style="dim")


def main() -> None:
    # A demo asks nobody by accident: a key that happens to be set is not used unless a model is named.
    os.environ.setdefault("PATTERNS_MODEL", "rules")
    console = Console(highlight=False, soft_wrap=True)
    for job in JOBS:
        show(job, console)
    console.print("\nWhat the texts do not say (iban, tracking_code, pension) is None: nothing was guessed.")


if __name__ == "__main__":
    main()
