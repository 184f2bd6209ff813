"""Calls as OpenTelemetry spans and metrics: `patterns.otel.instrument()`, with the extra `otel`.

A span for each call of a pattern, and below it one for each request that left and one for each function that was run
as a tool, in the terms of `conventions`; what a function asks of models itself stands below its own. Retries,
fallbacks, hits of the cache, breakers and refusals of a budget are events of the call's span. Prompts and answers are
recorded only on wish, and keys are struck out of them.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patterns import conventions as names
from patterns.attributes import (
    Attributes,
    bare,
    kind,
    of_call,
    of_error,
    of_request,
    of_response,
    of_result,
    of_run,
    of_target,
    texts,
)
from patterns.errors import ExtraMissing
from patterns.events import (
    Abandoned,
    BudgetRefused,
    CacheHit,
    CircuitChanged,
    Event,
    Failed,
    FellBack,
    Finished,
    Rejected,
    Retrying,
    Started,
    ToolRan,
    ToolStarted,
    Tried,
    subscribe,
)
from patterns.model.known import provider_of
from patterns.redact import redact
from patterns.tracers import others

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.metrics import Histogram, Meter, MeterProvider
    from opentelemetry.trace import Span, TracerProvider

_active: _Recorder | None = None
_lock = threading.Lock()


def instrument(
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
    *,
    content: bool = False,
) -> None:
    """Record every call of this process from now on, with the global providers unless others are given.

    `content` records prompts and answers too, as OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true does. Where
    litellm's own callback or another instrumentation records the requests, ours records the calls alone. Raises
    ExtraMissing without the extra `otel`.
    """
    global _active
    try:
        import opentelemetry.metrics
        import opentelemetry.trace  # noqa: F401
    except ImportError:
        raise ExtraMissing("telemetry", "otel") from None
    uninstrument()
    recorder = _Recorder(tracer_provider, meter_provider, content)
    with _lock:
        _active = recorder


def uninstrument() -> None:
    """Record no more calls; those that are going on are recorded to their ends."""
    global _active
    with _lock:
        recorder, _active = _active, None
    if recorder is not None:
        recorder.leave()


@dataclass(frozen=True, slots=True)
class _Open:
    """A call that is going on here: who records it, its span, and what was going on around it."""

    recorder: _Recorder
    span: Span
    token: Token[Context]
    around: _Open | None


_open: ContextVar[_Open | None] = ContextVar("patterns_spans", default=None)
_tool: ContextVar[tuple[Span, Token[Context]] | None] = ContextVar("patterns_tool_span", default=None)


class _Recorder:
    """Hears events and records them. A call's span is the current one while it lasts, in its task or thread."""

    def __init__(self, tracers: TracerProvider | None, meters: MeterProvider | None, content: bool) -> None:
        from opentelemetry import metrics, trace

        self._tracer = trace.get_tracer("patterns", tracer_provider=tracers)
        meter = metrics.get_meter("patterns", meter_provider=meters)
        self._tokens = _histogram(meter, names.TOKENS, "{token}", names.TOKEN_BUCKETS)
        self._duration = _histogram(meter, names.DURATION, "s", names.DURATION_BUCKETS)
        self._lasted = _histogram(meter, names.CALL_DURATION, "s", names.DURATION_BUCKETS)
        self._cost = meter.create_counter(names.COST, "{USD}", "What answers cost, where their price is known.")
        self._content = content
        self._lock, self._calls, self._leaving = threading.Lock(), 0, False
        self._tellers: Mapping[type, Callable[..., None]] = {
            Finished: self._finished,
            Failed: self._failed,
            Abandoned: self._abandoned,
            Tried: self._tried,
            Retrying: self._retrying,
            FellBack: self._fell_back,
            CacheHit: self._hit,
            CircuitChanged: self._changed,
            BudgetRefused: self._refused,
            Rejected: self._rejected,
            ToolStarted: self._tool_started,
            ToolRan: self._tool_ran,
        }
        self._end = subscribe(self.hear)

    def hear(self, event: Event) -> None:
        """Record what happens in a call that this recorder saw begin."""
        if isinstance(event, Started):
            self._started(event)
        elif (tell := self._tellers.get(type(event))) is not None and (call := self._here()) is not None:
            tell(event, call)

    def _here(self) -> _Open | None:
        """The call that is going on here, if it is recorded by this recorder."""
        call = _open.get()
        return call if call is not None and call.recorder is self else None

    def leave(self) -> None:
        """Take up no new call, but those within calls; go when the last one is over."""
        self._leaving = True
        self._count(0)

    def _count(self, more: int) -> None:
        with self._lock:
            self._calls += more
            over = self._leaving and not self._calls
        if over:
            self._end()

    def _started(self, event: Started) -> None:
        from opentelemetry import context, trace

        if self._leaving and self._here() is None:
            return
        self._count(1)
        attributes = {names.PROMPT_NAME: event.pattern, names.REQUEST_MODEL: bare(event.request.model)}
        span = self._tracer.start_span(f"pattern {event.pattern}", kind=trace.SpanKind.INTERNAL, attributes=attributes)
        _open.set(_Open(self, span, context.attach(trace.set_span_in_context(span)), _open.get()))

    def _finished(self, event: Finished, call: _Open) -> None:
        self._close(call, event.pattern, event.seconds, of_result(event.result), None)

    def _failed(self, event: Failed, call: _Open) -> None:
        self._close(call, event.pattern, event.seconds, of_error(event.error), kind(event.error))

    def _abandoned(self, event: Abandoned, call: _Open) -> None:
        self._close(call, event.pattern, event.seconds, {names.ERROR_TYPE: "abandoned"}, "abandoned")

    def _close(self, call: _Open, pattern: str, seconds: float, attributes: Attributes, error: str | None) -> None:
        from opentelemetry import context
        from opentelemetry.trace import Status, StatusCode

        self._lasted.record(seconds, {names.PATTERN: pattern} | ({names.ERROR_TYPE: error} if error else {}))
        _open.set(call.around)
        context.detach(call.token)
        call.span.set_attributes(attributes)
        if error:
            call.span.set_status(Status(StatusCode.ERROR, error))
        call.span.end()
        self._count(-1)

    def _tried(self, event: Tried, call: _Open) -> None:
        active = others(provider_of(event.request.model))
        if not active.spans:
            self._record(event)
        common = of_target(event.request)
        if not active.metrics:
            failed: Attributes = {names.ERROR_TYPE: kind(event.error)} if event.error else {}
            self._duration.record(event.seconds, common | failed)
            if event.response is not None and (usage := event.response.usage) is not None:
                self._tokens.record(usage.input_tokens, common | {names.TOKEN_TYPE: "input"})
                self._tokens.record(usage.output_tokens, common | {names.TOKEN_TYPE: "output"})
        if event.response is not None and event.response.cost is not None:
            self._cost.add(event.response.cost, common | {names.PATTERN: event.pattern})

    def _record(self, event: Tried) -> None:
        """The span of a request, made when it is over: it began `seconds` ago."""
        from opentelemetry.trace import SpanKind, Status, StatusCode

        now = time.time_ns()
        span = self._tracer.start_span(
            f"{names.CHAT} {bare(event.request.model)}",
            kind=SpanKind.CLIENT,
            attributes=of_target(event.request) | {names.PROMPT_NAME: event.pattern},
            start_time=now - int(event.seconds * 1e9),
        )
        if span.is_recording():
            span.set_attributes(of_request(event.request))
            if event.response is not None:
                span.set_attributes(of_response(event.response))
            if self._takes_content():
                span.set_attributes(texts(event.request, event.response))
        if event.error is not None:
            span.set_attributes(of_error(event.error))
            span.set_status(Status(StatusCode.ERROR, kind(event.error)))
        span.end(now)

    def _retrying(self, event: Retrying, call: _Open) -> None:
        call.span.add_event(
            names.RETRY,
            {
                names.REQUEST_MODEL: bare(event.model),
                names.NUMBER: event.number,
                names.SECONDS: event.seconds,
                names.ERROR_TYPE: kind(event.error),
            },
        )

    def _fell_back(self, event: FellBack, call: _Open) -> None:
        models: Attributes = {names.REQUEST_MODEL: bare(event.model), names.TO: bare(event.to)}
        call.span.add_event(names.FALLBACK, models | {names.ERROR_TYPE: kind(event.error)})

    def _hit(self, event: CacheHit, call: _Open) -> None:
        call.span.add_event(names.CACHE_HIT, {names.REQUEST_MODEL: bare(event.request.model)})

    def _changed(self, event: CircuitChanged, call: _Open) -> None:
        where: Attributes = {names.REQUEST_MODEL: bare(event.model), names.SERVER_ADDRESS: event.host}
        call.span.add_event(names.BREAKER, where | {names.STATE: event.state, names.SECONDS: event.seconds})

    def _refused(self, event: BudgetRefused, call: _Open) -> None:
        call.span.add_event(names.BUDGET_REFUSED, {names.REQUEST_MODEL: bare(event.model)})

    def _rejected(self, event: Rejected, call: _Open) -> None:
        told: Attributes = {"problem": redact(event.attempt.problem or "")} if self._takes_content() else {}
        call.span.add_event(names.REJECTED, told)

    def _tool_started(self, event: ToolStarted, call: _Open) -> None:
        """Open the span where the tool runs, in its own thread or task, so that it is the current one there."""
        from opentelemetry import context, trace

        span = self._tracer.start_span(
            f"{names.EXECUTE_TOOL} {event.call.name}",
            kind=trace.SpanKind.INTERNAL,
            attributes=of_call(event.call) | {names.PROMPT_NAME: event.pattern},
        )
        _tool.set((span, context.attach(trace.set_span_in_context(span))))

    def _tool_ran(self, event: ToolRan, call: _Open) -> None:
        from opentelemetry import context
        from opentelemetry.trace import Status, StatusCode

        if event.refused:
            call.span.add_event(names.TOOL_REFUSED, {names.TOOL_NAME: redact(event.run.name)})
            return
        if (running := _tool.get()) is None:  # it began before this recorder
            return
        span, token = running
        _tool.set(None)
        context.detach(token)
        if self._takes_content():
            span.set_attributes(of_run(event.run))
        if event.error is not None:
            span.set_attribute(names.ERROR_TYPE, event.error)
            span.set_status(Status(StatusCode.ERROR, event.error))
        span.end()

    def _takes_content(self) -> bool:
        return self._content or os.environ.get(names.CAPTURE, "").strip().lower() in names.CAPTURED


def _histogram(meter: Meter, name: str, unit: str, buckets: Sequence[float]) -> Histogram:
    try:
        return meter.create_histogram(name, unit, explicit_bucket_boundaries_advisory=buckets)
    except TypeError:  # an older release
        return meter.create_histogram(name, unit)
