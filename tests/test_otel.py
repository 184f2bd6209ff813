"""Spans and metrics of calls, as the OpenTelemetry SDK exports them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from patterns.errors import BudgetExceeded, ModelError
from patterns.otel import instrument, uninstrument
from patterns.pattern import Pattern
from patterns.settings import override
from tests.faultserver import Answer, FaultServer
from tests.faultserver.faults import SECRET

YES = Answer('{"ok": true}')


@pytest.fixture
def asking(tmp_path: Path, faults: FaultServer) -> Any:
    (tmp_path / "yes.md.jinja").write_text("---\ninputs: {text: Any text.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    with override(templates=(tmp_path,), usage=False):
        yield Pattern("yes", output=dict, model="openai/gpt-4o-mini", api_base=faults.api_base, retries=0, reasks=1)


class Seen:
    """What was exported."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader])

    @property
    def spans(self) -> list[ReadableSpan]:
        """In the order in which they began."""
        return sorted(self.exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    @property
    def names(self) -> list[str]:
        return sorted(span.name for span in self.spans)

    def one(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def metrics(self) -> dict[str, list[Any]]:
        data = self.reader.get_metrics_data()
        found = [] if data is None else [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics]
        return {metric.name: list(metric.data.data_points) for metric in found}


@pytest.fixture
def seen() -> Iterator[Seen]:
    found = Seen()
    instrument(found.tracers, found.meters)
    yield found
    uninstrument()


def test_a_call_is_a_span_with_its_request_below(asking: Any, faults: FaultServer, seen: Seen) -> None:
    faults.script([YES])
    asking.with_options(temperature=0.5, max_tokens=99, stop=["END"])("x")
    call, request = seen.one("pattern yes"), seen.one("chat gpt-4o-mini")
    assert (call.kind, request.kind) == (SpanKind.INTERNAL, SpanKind.CLIENT)
    assert call.parent is None
    assert request.parent == call.context
    told = dict(request.attributes or {})
    port = told.pop("server.port")
    assert faults.api_base == f"http://127.0.0.1:{port}/v1"
    assert told.pop("gen_ai.response.id")
    assert told == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.prompt.name": "yes",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 99,
        "gen_ai.request.stop_sequences": ("END",),
        "gen_ai.output.type": "json",
        "gen_ai.response.model": "gpt-4o-mini",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 50,
        "gen_ai.usage.output_tokens": 10,
        "patterns.cost": pytest.approx(1.35e-05),
        "server.address": "127.0.0.1",
    }
    assert dict(call.attributes or {}) == {
        "gen_ai.prompt.name": "yes",
        "gen_ai.request.model": "gpt-4o-mini",
        "patterns.attempts": 1,
        "patterns.repairs": 0,
        "patterns.cached": False,
        "patterns.usage.input_tokens": 50,
        "patterns.usage.output_tokens": 10,
        "patterns.cost": pytest.approx(1.35e-05),
    }
    times = [call.start_time, request.start_time, request.end_time, call.end_time]
    assert times == sorted(times, key=lambda at: at or 0)


def test_trouble_is_told_by_events_and_by_the_spans_of_what_failed(
    asking: Any, faults: FaultServer, seen: Seen
) -> None:
    faults.script([Answer("what?"), YES])
    asking("x")
    call = seen.spans[0]
    assert [event.name for event in call.events] == ["patterns.answer.rejected"]
    seen.exporter.clear()
    faults.script([YES])
    asking.with_options(model="openai/500", retries=1, fallbacks=["openai/gpt-4o-mini"])("x")
    assert seen.names == ["chat 500", "chat 500", "chat gpt-4o-mini", "pattern yes"]
    call = seen.one("pattern yes")
    assert [event.name for event in call.events] == ["patterns.retry", "patterns.fallback"]
    assert dict(call.events[0].attributes or {})["error.type"] == "TransientError"
    assert dict(call.attributes or {})["patterns.fallback_model"] == "openai/gpt-4o-mini"
    failed = seen.spans[1]
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "TransientError")
    assert dict(failed.attributes or {})["http.response.status_code"] == 500


def test_a_call_that_fails(asking: Any, faults: FaultServer, seen: Seen) -> None:
    with pytest.raises(BudgetExceeded):
        asking.with_options(budget=1e-6)("x")
    (call,) = seen.spans
    assert call.status.status_code is StatusCode.ERROR
    assert dict(call.attributes or {})["error.type"] == "BudgetExceeded"
    assert [event.name for event in call.events] == ["patterns.budget.refused"]


def test_an_open_breaker(asking: Any, seen: Seen) -> None:
    for _ in range(5):
        with pytest.raises(ModelError):
            asking.with_options(model="openai/529", deadline=3)("x")
    (told,) = [event for span in seen.spans for event in span.events]
    assert told.name == "patterns.breaker"
    assert dict(told.attributes or {})["patterns.breaker.state"] == "open"


def test_a_hit_has_no_request(asking: Any, faults: FaultServer, seen: Seen, tmp_path: Path) -> None:
    faults.script([YES])
    cached = asking.with_options(cache=tmp_path / "answers.sqlite")
    cached("x"), cached("x")
    assert seen.names == ["chat gpt-4o-mini", "pattern yes", "pattern yes"]
    hit = seen.spans[-1]
    assert [event.name for event in hit.events] == ["patterns.cache.hit"]
    assert dict(hit.attributes or {})["patterns.cached"] is True


def test_metrics(asking: Any, faults: FaultServer, seen: Seen) -> None:
    faults.script([YES] * 3)
    for _ in range(3):
        asking("x")
    with pytest.raises(ModelError):
        asking.with_options(model="openai/401")("x")
    found = seen.metrics()
    tokens = {point.attributes["gen_ai.token.type"]: point.sum for point in found["gen_ai.client.token.usage"]}
    assert tokens == {"input": 150, "output": 30}
    durations = {point.attributes.get("error.type"): point.count for point in found["gen_ai.client.operation.duration"]}
    assert durations == {None: 3, "AuthenticationError": 1}
    assert found["gen_ai.client.token.usage"][0].explicit_bounds[:3] == (1, 4, 16)
    (cost,) = found["patterns.cost"]
    assert cost.value == pytest.approx(3 * 1.35e-05)
    assert cost.attributes["patterns.pattern"] == "yes"
    calls = {point.attributes.get("error.type"): point.count for point in found["patterns.call.duration"]}
    assert calls == {None: 3, "AuthenticationError": 1}


def test_what_was_said_is_recorded_only_on_wish(
    asking: Any, faults: FaultServer, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANOTHER_KEY", SECRET)
    faults.script([Answer('{"said": "a private reply"}')] * 3)
    asking("a private question")
    assert "private" not in "".join(span.to_json() for span in seen.spans)
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    asking(f"a private question with {SECRET}")
    told = dict(seen.spans[-1].attributes or {})
    (sent,) = json.loads(str(told["gen_ai.input.messages"]))
    assert sent == {"role": "user", "parts": [{"type": "text", "content": "a private question with [redacted]"}]}
    (answer,) = json.loads(str(told["gen_ai.output.messages"]))
    assert answer["parts"] == [{"type": "text", "content": '{"said": "a private reply"}'}]
    assert answer["finish_reason"] == "stop"
    monkeypatch.delenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")
    instrument(seen.tracers, seen.meters, content=True)
    asking("a private question")
    assert "gen_ai.input.messages" in (seen.spans[-1].attributes or {})


# Who is whose child.


def families(seen: Seen) -> None:
    """Every request hangs on the call of its own input, and no call on another."""
    calls = {span.context.span_id: span for span in seen.spans if span.name == "pattern yes" and span.context}
    for span in seen.spans:
        if span.name.startswith("chat"):
            assert span.parent is not None
            call = calls.pop(span.parent.span_id)
            assert (call.end_time or 0) >= (span.end_time or 0) > 0
    assert not calls


async def test_calls_side_by_side_on_a_loop(asking: Any, faults: FaultServer, seen: Seen) -> None:
    faults.script([YES] * 8)
    tracer = seen.tracers.get_tracer("program")
    with tracer.start_as_current_span("program") as outer:
        await asyncio.gather(*(asking.acall("x") for _ in range(8)))
        assert trace.get_current_span() is outer
    families(seen)
    calls = [span for span in seen.spans if span.name == "pattern yes"]
    assert {span.parent.span_id for span in calls if span.parent} == {outer.get_span_context().span_id}


def test_calls_in_threads(asking: Any, faults: FaultServer, seen: Seen, tmp_path: Path) -> None:
    faults.script([YES] * 8)

    def work() -> None:
        with override(templates=(tmp_path,), usage=False):
            asking("x")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen.spans) == 16
    families(seen)


def test_batches_and_streams(asking: Any, faults: FaultServer, seen: Seen) -> None:
    faults.script([YES] * 10)
    tracer = seen.tracers.get_tracer("program")
    with tracer.start_as_current_span("program") as outer:
        list(asking.batch(["x"] * 8, concurrency=4))
        list(asking.stream("x"))
        next(iter(asking.stream("x")))
    families(seen)
    parents = {span.parent.span_id for span in seen.spans if span.name == "pattern yes" and span.parent}
    assert parents == {outer.get_span_context().span_id}


def test_a_call_within_a_check_of_another_is_its_child(asking: Any, faults: FaultServer, seen: Seen) -> None:
    faults.script([YES, Answer('"yes"')])
    inner = asking.into(Literal["yes", "no"])
    asking.with_checks(lambda value: inner("x"))("x")
    outer_call, first, inner_call, second = seen.spans
    assert [span.name for span in (outer_call, inner_call)] == ["pattern yes"] * 2
    assert inner_call.parent == first.parent == outer_call.context
    assert second.parent == inner_call.context
    assert trace.get_current_span() is trace.INVALID_SPAN


async def test_a_call_that_is_given_up_ends_its_span(asking: Any, faults: FaultServer, seen: Seen) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await asking.with_options(model="openai/hang").acall("x")
    (call,) = seen.spans
    assert dict(call.attributes or {})["error.type"] == "abandoned"
    assert trace.get_current_span() is trace.INVALID_SPAN


async def test_a_stream_that_nobody_reads_on_ends_its_span(
    asking: Any, faults: FaultServer, seen: Seen, caplog: pytest.LogCaptureFixture
) -> None:
    source = asking.with_options(model="openai/s-hang").astream("x")
    async for _ in source:
        break
    await source.aclose()
    assert seen.names == ["pattern yes"]
    assert "Failed to detach" not in caplog.text


# On and off.


def test_nothing_is_recorded_after_uninstrument(asking: Any, faults: FaultServer, seen: Seen) -> None:
    faults.script([YES] * 2)
    instrument(seen.tracers, seen.meters)
    asking("x")
    assert len(seen.spans) == 2
    uninstrument()
    asking("x")
    assert len(seen.spans) == 2


def test_a_call_under_way_when_it_begins_or_ends_is_no_trouble(asking: Any, faults: FaultServer) -> None:
    faults.script([YES] * 2)
    seen = Seen()
    asking.with_checks(lambda value: instrument(seen.tracers, seen.meters))("x")
    asking.with_checks(lambda value: uninstrument())("x")
    assert trace.get_current_span() is trace.INVALID_SPAN


def run(program: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, env={**os.environ, **env}, timeout=120
    )


def test_without_the_extra_it_says_what_to_install() -> None:
    program = (
        "import sys\nsys.modules['opentelemetry'] = None\nfrom patterns import ExtraMissing, otel\n"
        "otel.uninstrument()\n"
        "try:\n    otel.instrument()\nexcept ExtraMissing as error:\n    print(error.extra, error.hint)"
    )
    assert run(program).stdout == "otel pip install 'prompt-patterns[otel]'\n"


def test_the_module_alone_imports_nothing_of_it() -> None:
    assert run("import sys, patterns.otel; print('opentelemetry' in sys.modules)").stdout == "False\n"


# Beside others who record the same requests.

BESIDE = """
import sys
from pathlib import Path
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from patterns import Pattern, configure
from patterns.model.client import litellm as load
exporter = InMemorySpanExporter()
tracers = TracerProvider()
tracers.add_span_processor(SimpleSpanProcessor(exporter))
litellm = load()
base, folder = sys.argv[1:]
{other}
from patterns import otel
otel.instrument(tracers)
configure(templates=(Path(folder),), usage=False)
asking = Pattern("yes", output=dict, model="openai/gpt-4o-mini", api_base=base, retries=0)
asking("x")
import time; time.sleep(1)
tracers.force_flush()
spans = [(span.name, span.instrumentation_scope.name) for span in exporter.get_finished_spans()]
print(sorted(spans))
"""
LITELLM = """
from litellm.integrations.opentelemetry import OpenTelemetry, OpenTelemetryConfig
litellm.callbacks = [OpenTelemetry(config=OpenTelemetryConfig(exporter=exporter), tracer_provider=tracers)]
"""
OPENINFERENCE = """
from openinference.instrumentation.litellm import LiteLLMInstrumentor
LiteLLMInstrumentor().instrument(tracer_provider=tracers)
"""
OPENAI = """
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
OpenAIInstrumentor().instrument(tracer_provider=tracers)
"""


def beside(other: str, faults: FaultServer, folder: Path) -> list[tuple[str, str]]:
    faults.script([YES])
    done = run(BESIDE.replace("{other}", other), faults.api_base, str(folder))
    assert done.returncode == 0, done.stderr
    found: list[tuple[str, str]] = eval(done.stdout)
    return found


def test_alone_the_request_is_ours(asking: Any, faults: FaultServer, tmp_path: Path) -> None:
    assert beside("", faults, tmp_path) == [("chat gpt-4o-mini", "patterns"), ("pattern yes", "patterns")]


def test_beside_litellm_s_own_callback_the_request_is_its(asking: Any, faults: FaultServer, tmp_path: Path) -> None:
    found = beside(LITELLM, faults, tmp_path)
    assert [name for name, scope in found if scope == "patterns"] == ["pattern yes"]
    assert any(scope == "litellm" for _, scope in found)


@pytest.mark.parametrize(
    ("module", "other"),
    [
        ("openinference.instrumentation.litellm", OPENINFERENCE),
        ("opentelemetry.instrumentation.openai_v2", OPENAI),
    ],
)
def test_beside_an_instrumentation_the_request_is_its(
    module: str, other: str, asking: Any, faults: FaultServer, tmp_path: Path
) -> None:
    pytest.importorskip(module)
    found = beside(other, faults, tmp_path)
    assert [name for name, scope in found if scope == "patterns"] == ["pattern yes"]
    assert len(found) == 2
