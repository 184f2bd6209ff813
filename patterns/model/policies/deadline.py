"""Keeps the time that a whole call may take, with every re-ask, retry, fallback and wait in it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from patterns.errors import DeadlineExceeded, TransientError
from patterns.exchange import Request, Response
from patterns.model.calls import limit
from patterns.model.steps import Ask, Pause, Step, Steps
from patterns.model.trip import Deadline, Trip

_CLOSE = 0.05
"""Seconds: a request that fails this near the deadline was ended by it."""


def within(inner: Ask) -> Ask:
    """Give each request what is left of the time, if that is less than its own, and none when nothing is left."""
    return partial(_within, inner)


def _within(inner: Ask, request: Request, trip: Trip) -> Steps[Response]:
    steps, deadline = inner(request, trip), trip.deadline
    answer: Response | None = None
    failure: Exception | None = None
    try:
        while True:
            step = steps.send(answer) if failure is None else steps.throw(failure)
            answer = failure = None
            try:
                answer = yield _cut(step, deadline)
            except Exception as error:
                failure = _blamed(error, step, deadline)
    except StopIteration as stop:
        response: Response = stop.value
        return response
    finally:
        steps.close()


def _cut(step: Step, deadline: Deadline) -> Step:
    """Shorten a step to what is left. Raises DeadlineExceeded for a request or a pause that would come too late."""
    left = deadline.left
    if isinstance(step, Request):
        if left <= 0:
            raise over(step.model, deadline, paid=False)
        if left < limit(step):
            return step.taking(timeout=left)
    elif isinstance(step, Pause):
        if step.seconds >= left:
            raise over("", deadline, paid=False)
    elif step.seconds > left:
        return replace(step, seconds=max(left, 0.0))
    return step


def _blamed(error: Exception, step: Step, deadline: Deadline) -> Exception:
    """Call a timeout that was no fault of the model's by its name."""
    if not isinstance(error, TransientError) or isinstance(error, DeadlineExceeded) or not isinstance(step, Request):
        return error
    if error.status is not None or deadline.left > _CLOSE:
        return error
    return over(step.model, deadline, paid=error.paid, of=error)


def over(
    model: str, deadline: Deadline, *, paid: bool | None, of: TransientError | None = None, who: str = ""
) -> DeadlineExceeded:
    """The error of a call whose time is up. It names the model that was waited for, or `who` was in its place."""
    return DeadlineExceeded(
        f"{who or model}: the deadline of {deadline.seconds:g} s for the whole call is over".removeprefix(": "),
        model=model,
        paid=paid,
        raw_text=of.raw_text if of else "",
        attempts=of.attempts if of else (),
        hint="raise deadline=, which counts every re-ask, retry, fallback and wait, or set timeout= well below it",
    )
