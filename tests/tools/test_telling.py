"""Runs of tools are told: as events where they happen, as spans below their call, as lines of the log."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from patterns import complete, listen
from patterns.display.stories import result_html
from patterns.events import Event, ToolRan, ToolStarted
from patterns.otel import instrument, uninstrument
from patterns.settings import override
from patterns.setup import Changes
from tests.faultserver import Answer, FaultServer


def calls(*calls: tuple[str, object]) -> Answer:
    return Answer(None, tool_calls=[(name, json.dumps(given)) for name, given in calls])


def look_up(number: int) -> str:
    """Look up."""
    if number == 9:
        raise ValueError("there is no order 9")
    if number == 8:
        raise ConnectionError("the private shop is closed")
    return f"private {number}"


async def alook_up(number: int) -> str:
    """Look up."""
    return look_up(number)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, tracers = InMemorySpanExporter(), TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    instrument(tracers)
    yield exporter
    uninstrument()


def named(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.name == name]


def id_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return span.context.span_id


def parent_of(span: ReadableSpan) -> int:
    assert span.parent is not None
    return span.parent.span_id


def test_events_come_from_where_the_tool_runs(here: Changes, faults: FaultServer) -> None:
    heard: list[tuple[Event, int]] = []
    faults.script([calls(("look_up", {"number": 7}), ("alook_up", {"number": 8}), ("lookup", {})), "Lost."])
    with listen(lambda event: heard.append((event, threading.get_ident()))):
        complete.with_options(**here, tools=[look_up, alook_up])("7?")
    started = {event.call.name: thread for event, thread in heard if isinstance(event, ToolStarted)}
    ended = {event.run.name: (event, thread) for event, thread in heard if isinstance(event, ToolRan)}
    assert set(started) == {"look_up", "alook_up"}
    assert threading.get_ident() not in started.values()
    assert all(ended[name][1] == thread for name, thread in started.items())
    assert [(ended[name][0].error, ended[name][0].refused) for name in ("look_up", "alook_up", "lookup")] == [
        (None, False),
        ("ConnectionError", False),
        (None, True),
    ]


@pytest.mark.parametrize("function", [look_up, alook_up])
def test_a_run_is_a_span_below_its_call(
    function: Any, here: Changes, faults: FaultServer, spans: InMemorySpanExporter
) -> None:
    name = function.__name__
    faults.script([calls((name, {"number": 7}), (name, {"number": 8}), ("lookup", {})), "Lost."])
    complete.with_options(**here, tools=[function])("7?")
    (call,) = named(spans, "pattern plain_text/complete")
    good, bad = sorted(named(spans, f"execute_tool {name}"), key=lambda span: span.status.is_ok is False)
    assert parent_of(good) == id_of(call)
    assert dict(good.attributes or {}) == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "function",
        "gen_ai.tool.call.id": "call_0",
        "gen_ai.prompt.name": "plain_text/complete",
    }
    assert (bad.attributes or {})["error.type"] == "ConnectionError"
    assert bad.status.status_code is StatusCode.ERROR
    assert (call.attributes or {})["patterns.tool_runs"] == 3
    assert [event.name for event in call.events] == ["patterns.tool.refused"]
    assert "private" not in "".join(span.to_json() for span in spans.get_finished_spans())


def test_texts_are_recorded_on_wish(
    here: Changes, faults: FaultServer, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    faults.script([calls(("look_up", {"number": 7})), "Lost."])
    complete.with_options(**here, tools=[look_up])("7?")
    (span,) = named(spans, "execute_tool look_up")
    assert (span.attributes or {})["gen_ai.tool.call.arguments"] == '{"number": 7}'
    assert (span.attributes or {})["gen_ai.tool.call.result"] == "private 7"
    requests = named(spans, "chat plain-model")
    said = json.loads(str((requests[-1].attributes or {})["gen_ai.input.messages"]))
    assert said[-1]["parts"] == [{"type": "tool_call_response", "id": "call_0", "response": "private 7"}]


def test_what_a_tool_asks_itself_stands_below_it(
    here: Changes, faults: FaultServer, spans: InMemorySpanExporter
) -> None:
    inside = []

    def nested(question: str) -> str:
        inside.append(trace.get_current_span().get_span_context().span_id)
        return complete.with_options(**here)(question)

    faults.script([calls(("nested", {"question": "?"})), "inner", "outer"])
    assert complete.with_options(**here, tools=[nested])("Go.") == "outer"
    (tool,) = named(spans, "execute_tool nested")
    inner, outer = named(spans, "pattern plain_text/complete")
    assert inside == [parent_of(inner)] == [id_of(tool)]
    assert parent_of(tool) == id_of(outer)
    assert trace.get_current_span().get_span_context().span_id == 0


def test_the_log_tells_trouble_without_texts(
    here: Changes, faults: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    faults.script([calls(*(("look_up", {"number": number}) for number in (7, 8, 9)), ("made up", {})), "Lost."])
    with caplog.at_level(logging.DEBUG, "patterns"):
        complete.with_options(**here, tools=[look_up])("7?")
    told = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "patterns.tools"]
    assert sorted((level, words.partition(",")[0]) for level, words in told) == [
        ("DEBUG", "plain_text/complete: a call of a tool was refused"),
        ("DEBUG", "plain_text/complete: the tool look_up failed with ValueError"),
        ("DEBUG", "plain_text/complete: the tool look_up ran"),
        ("WARNING", "plain_text/complete: the tool look_up failed with ConnectionError"),
    ]
    assert "private" not in caplog.text
    assert "4 tool runs" in caplog.text


def test_the_log_tells_texts_on_wish(here: Changes, faults: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    faults.script([calls(("look_up", {"number": 7})), "Lost."])
    with caplog.at_level(logging.DEBUG, "patterns"), override(log_content=True):
        complete.with_options(**here, tools=[look_up])("7?")
    assert "tool look_up({'number': 7}): private 7" in caplog.text


def test_a_notebook_shows_how_many_ran(here: Changes, faults: FaultServer) -> None:
    faults.script([calls(("look_up", {"number": 7})), "Lost."])
    assert "1 tool run</summary>" in result_html(complete.with_options(**here, tools=[look_up]).run("7?"))
