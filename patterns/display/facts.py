"""What is told of a call, in words that a notebook and a terminal share."""

from __future__ import annotations

from collections.abc import Sequence

from patterns.errors import PatternsError, total_cost, total_usage
from patterns.exchange import Attempt, Result, ToolRun, Usage
from patterns.ledger import dollars
from patterns.messages import Message

ATTEMPTS = ("", "model", "mode", "seconds", "input", "output", "cost", "problem")
ATTEMPT_FIGURES = (0, 3, 4, 5, 6)
TOOLS = ("round", "tool", "arguments", "answer", "seconds")
MENDS = ("where", "what", "before", "after", "cost")


def of_result(result: Result[object]) -> str:
    """The model, the tries, the time, the tokens and the cost, on one line."""
    seconds = sum(attempt.seconds for attempt in result.attempts)
    facts = [
        result.model,
        f"in place of {result.attempts[0].request.model}" if result.fallback_model else "",
        "from the cache" if result.cached else "",
        counted(len(result.attempts), "attempt"),
        counted(len(result.tool_runs), "tool run") if result.tool_runs else "",
        f"{seconds:.2f} s",
        tokens(result.usage),
        price(result.cost),
    ]
    return " · ".join(fact for fact in facts if fact)


def of_error(error: PatternsError) -> str:
    """What was spent before an error, on one line; empty where nothing was."""
    tried = attempts_of(error)
    if not tried:
        return ""
    return " · ".join([counted(len(tried), "attempt"), tokens(total_usage(tried)), price(total_cost(tried))])


def attempts_of(error: PatternsError) -> tuple[Attempt, ...]:
    return getattr(error, "attempts", ())


def attempt_rows(attempts: Sequence[Attempt]) -> list[tuple[str, ...]]:
    """A row for each attempt, under `ATTEMPTS`."""
    return [_attempt(number, attempt) for number, attempt in enumerate(attempts, 1)]


def _attempt(number: int, attempt: Attempt) -> tuple[str, ...]:
    response = attempt.response
    usage = response.usage if response is not None else None
    return (
        str(number),
        attempt.request.model,
        attempt.request.mode,
        f"{attempt.seconds:.2f}",
        "" if usage is None else f"{usage.input_tokens:,}",
        "" if usage is None else f"{usage.output_tokens:,}",
        ("not known" if attempt.paid is None else "") if response is None else price(response.cost),
        attempt.problem or "",
    )


def tool_rows(runs: Sequence[ToolRun]) -> list[tuple[str, ...]]:
    """A row for each run of a tool, under `TOOLS`."""
    return [
        (
            str(run.turn),
            run.name,
            "could not be read" if run.arguments is None else str(dict(run.arguments)),
            f"error: {run.error}" if run.error else run.output,
            f"{run.seconds:.2f}",
        )
        for run in runs
    ]


def said(message: Message) -> str:
    """What a message says, its calls of tools among it."""
    calls = [f"calls {call.name}({call.raw or dict(call.arguments or {})})" for call in message.tool_calls]
    return "\n".join([*([message.text] if message.text or not calls else []), *calls])


def tokens(usage: Usage) -> str:
    about = "about " if usage.estimated else ""
    return f"{about}{usage.input_tokens:,} + {usage.output_tokens:,} tokens"


def price(cost: float | None) -> str:
    return "cost unknown" if cost is None else dollars(cost)


def counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
