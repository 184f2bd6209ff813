"""Every public name with its signature and docstring: `patterns.__all__`, in groups, and what tests need."""

from __future__ import annotations

import patterns
from builder.entries import entry
from patterns import testing

GROUPS = {
    "Ready patterns": "extract classify classify_sentiment solve generate_code complete summarize"
    " Classification Sentiment Solution Code",
    "Patterns of your own": "Pattern pattern Selection Example ChosenExample",
    "Results": "Result Attempt Repair Source ToolRun Usage Outcome Estimate SentSchema Problem show Shown",
    "Reading answers": "read examine Reading",
    "Messages and parts": "Message Image Document Audio Tool ToolCall Json",
    "Conversations": "Conversation Dropped",
    "Settings and what happens": "configure override Settings listen circuits Circuit __version__",
}
TESTING = "FakeModel Recorder NotRecorded NoAnswerLeft block_network NetworkBlocked"


def markdown() -> str:
    """Give the groups; a public name that stands in none of them ends the build."""
    errors = {name for name in patterns.__all__ if _is_error(name)}
    placed = {name for names in GROUPS.values() for name in names.split()}
    if lost := set(patterns.__all__) - errors - placed:
        raise LookupError(f"docs/builder/api.py puts {', '.join(sorted(lost))} into no group")
    parts = [_group(title, names.split()) for title, names in GROUPS.items()]
    tests = [entry(testing, name) for name in TESTING.split()]
    return "\n\n".join([*parts, "## For tests: `patterns.testing`", *tests])


def _group(title: str, names: list[str]) -> str:
    return "\n\n".join([f"## {title}", *(entry(patterns, name) for name in names)])


def _is_error(name: str) -> bool:
    found = getattr(patterns, name)
    return isinstance(found, type) and issubclass(found, BaseException)
