"""Servers that ignore a mode, memories that cannot be written, many processes at once: what a call costs then."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from typing import Any

import pytest
from pydantic import BaseModel

from patterns.errors import BadRequest
from patterns.model.modes_learnt import LEARNT, own_file
from tests.faultserver import Answer, Call, FaultServer, Reply
from tests.faultserver.wires import error
from tests.test_modes_over_http import JO, MANY, MODELS, TEXT, Person, modes_seen, pattern, refusing

PROCESSES = 6
ASK = """
import sys
from patterns import Pattern
ask = Pattern('json_extraction/extract', output=dict[str, int | str], model=sys.argv[1], api_base=sys.argv[2])
"""


class House(BaseModel):
    street_number: int
    floors: list[int] = [1]


def ran(code: str, faults: FaultServer) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ASK + code, MODELS["openai"], faults.api_base]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))


@pytest.mark.parametrize(
    ("output", "in_words", "text", "value"),
    [
        (House, "street_number", '{"street_number": 3}', House(street_number=3)),
        (list[int], "integer[]", "[3]", [3]),
    ],
)
def test_a_server_that_ignores_the_shape_is_told_it_in_words(
    faults: FaultServer, output: Any, in_words: str, text: str, value: Any
) -> None:
    def unheeding(call: Call) -> Answer:
        return Answer(text if in_words in json.dumps(call.body["messages"]) else "It is house number three.")

    faults.script([unheeding] * MANY)
    assert pattern(faults, output=output).run("house 3").output == value
    assert modes_seen(faults) == ["json_schema", "json_schema"]
    assert LEARNT.rows() == [], "nothing was refused"


def test_an_answer_of_the_shape_is_mended_without_its_words(faults: FaultServer) -> None:
    faults.script([Answer('{"name": "Jo", "age": "old"}'), Answer(JO)])
    assert pattern(faults, reasks=1).run(TEXT).output == Person(name="Jo", age=35)
    assert "age: integer" not in json.dumps(faults.bodies[-1])


def test_null_for_a_list_that_may_be_left_out_is_its_default(faults: FaultServer) -> None:
    faults.script([Answer('{"street_number": 3, "floors": null}')])
    result = pattern(faults, output=House).run("house 3")
    assert faults.bodies[0]["response_format"]["json_schema"]["schema"]["required"] == ["street_number", "floors"]
    assert result.output == House(street_number=3, floors=[1])
    assert [repair.kind for repair in result.repairs] == ["left out"]


@pytest.mark.parametrize("words", ["response_format is not supported", "Internal error"])
def test_a_failure_of_the_server_teaches_nothing(faults: FaultServer, words: str) -> None:
    faults.script([lambda call: Reply(500, error(call, 500, words)), refusing()])
    assert pattern(faults).run(TEXT).output == Person(name="Jo", age=35)
    assert modes_seen(faults) == ["json_schema", "json_schema"]
    assert LEARNT.rows() == []


@pytest.mark.parametrize(
    "words",
    [
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_01.",
        "Unsupported value: 'temperature' does not support 0.2 with this model.",
        "You uploaded an unsupported image.",
    ],
)
@pytest.mark.parametrize(("mode", "model"), [("json_schema", MODELS["openai"]), ("tools", "openai/gpt-4-turbo")])
def test_what_is_wrong_in_another_way_is_not_asked_in_another_mode(
    faults: FaultServer, mode: str, model: str, words: str
) -> None:
    faults.script([lambda call: Reply(400, error(call, 400, words))] * MANY)
    with pytest.raises(BadRequest):
        pattern(faults).with_options(model=model).run(TEXT)
    assert set(modes_seen(faults)) == {mode}
    assert faults.calls == (2 if "temperature" in words else 1), "once more without what the template only wishes for"


def test_a_memory_that_another_holds_fails_no_call(faults: FaultServer) -> None:
    faults.script([refusing("json_schema")] * MANY)
    LEARNT.note([])  # makes the file
    holder = sqlite3.connect(own_file(), isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        assert pattern(faults)(TEXT) == Person(name="Jo", age=35)
        pattern(faults)(TEXT)
        assert time.monotonic() - begun < 15
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert modes_seen(faults) == ["json_schema", "tools", "tools"], "what was learnt serves this process all the same"


def test_a_memory_that_has_no_room_fails_no_call(faults: FaultServer) -> None:
    faults.script([refusing("json_schema", "tools", "json_object")] * MANY)
    full = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
print([len(ask.run('Jo is 35.').attempts) for _ in range(2)])
"""
    process = ran(full, faults)
    told, _ = process.communicate(timeout=60)
    assert (process.returncode, told.strip()) == (0, "[3, 1]")
    told, _ = ran("print(len(ask.run('Jo is 35.').attempts))", faults).communicate(timeout=60)
    assert told.strip() == "3", "the file is taken up again when there is room"


def test_processes_at_once_each_learn_once_and_the_next_not_at_all(faults: FaultServer) -> None:
    faults.script([refusing("json_schema", "tools", "json_object")] * MANY)
    many = (
        "from concurrent.futures import ThreadPoolExecutor as P\nlist(P(4).map(lambda _: ask('Jo is 35.'), range(8)))"
    )
    for process in [ran(many, faults) for _ in range(PROCESSES)]:
        process.communicate(timeout=120)
        assert process.returncode == 0
    seen = modes_seen(faults)
    assert seen.count("prompted") == faults.paid == 8 * PROCESSES
    assert seen.count("json_schema") <= 4 * PROCESSES, "those that were under way when it was refused"
    assert seen.count("tools") <= PROCESSES
    before = faults.calls
    ran("ask('Jo is 35.')", faults).communicate(timeout=60)
    assert modes_seen(faults)[before:] == ["prompted"]


@pytest.mark.parametrize(
    ("wire", "options", "forced"),
    [
        ("openai", {"extra": {"extra_body": {"enable_thinking": True}}}, False),
        ("openai", {"extra": {"extra_body": {"chat_template_kwargs": {"enable_thinking": True}}}}, False),
        ("openai", {"extra": {"extra_body": {"thinking": {"type": "enabled"}}}}, False),
        ("openai", {"extra": {"extra_body": {"thinking": {"type": "disabled"}}}}, True),
        ("openai", {"extra": {"extra_body": {"reasoning": {"effort": "high"}}}}, False),
        ("openai", {"extra": {"extra_body": {"reasoning": {"effort": "none"}}}}, True),
        ("openai", {"extra": {"extra_body": {"seed": 1}}}, True),
        ("openai", {"model": "openai/glm-4.6"}, False),
        ("openai", {"model": "openai/qwen3-235b-a22b-thinking-2507"}, False),
        ("openai", {"model": "openai/MiniMax-M2"}, False),
        ("anthropic", {"thinking": {"type": "disabled"}}, True),
        ("anthropic", {"extra": {"thinking": {"type": "enabled", "budget_tokens": 1024}}, "max_tokens": 4096}, False),
    ],
    ids=str,
)
def test_thinking_is_known_however_it_was_switched_on(
    faults: FaultServer, wire: str, options: dict[str, Any], forced: bool
) -> None:
    faults.script([Answer(JO)])
    assert pattern(faults, wire, mode="tools").with_options(**options)(TEXT) == Person(name="Jo", age=35)
    body = faults.bodies[0]
    assert body["tools"]
    assert (body.get("tool_choice") not in (None, "auto", {"type": "auto"})) is forced
    assert ("age: int" in json.dumps(body["messages"]) + json.dumps(body.get("system", ""))) is not forced
