"""Why a text has no reading: cut off, not of the type, or nothing there at all."""

from __future__ import annotations

from collections.abc import Sequence

from patterns.errors import Invalid, OutputError, Truncated, Unreadable
from patterns.output.align.fitting import Fit, Misfit

_CONTAINERS = ("object", "array")


def why_not(fits: Sequence[Fit], misfits: Sequence[Misfit], refused: Sequence[Invalid]) -> OutputError:
    """Give the error: a text that lost its end before one that breaks the type, and that before one without a value."""
    cut = any(one.cut for one in misfits) or any(not one.complete for one in fits)
    problems = [problem for one in misfits for problem in one.problems][:8]
    if cut:
        where = f": {problems[0]}" if problems else ""
        return Truncated(
            f"The answer was cut off before it was complete{where}",
            hint="raise max_tokens, or read it with partial=True",
        )
    if refused:
        return refused[0]
    structured = [one for one in misfits if one.candidate.root.kind in _CONTAINERS and one.candidate.origin != "pairs"]
    if structured and problems:
        return Invalid(f"The value does not fit its type: {problems[0]}", errors=problems)
    why = f": {problems[0].message}" if problems else ""
    return Unreadable(f"The text holds no value of the asked type{why}")
