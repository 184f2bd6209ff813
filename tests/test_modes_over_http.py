"""Models that refuse the way a shape is asked for: what the caller sees, and what the server counts, on both wires."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import Pattern, listen, override
from patterns.errors import BadRequest
from patterns.events import Event, SteppedDown
from patterns.exchange import Mode
from patterns.model.modes_learnt import KEPT, LEARNT, own_file
from tests.faultserver import Answer, Call, FaultServer, Reply
from tests.faultserver.wires import error

TEXT = "Jo is 35."
JO = '{"name": "Jo", "age": 35}'
MODELS = {"openai": "openai/gpt-4o-mini", "anthropic": "anthropic/claude-sonnet-4-5"}
MANY = 200


class Person(BaseModel):
    name: str
    age: int


class City(BaseModel):
    name: str


class Node(BaseModel):
    name: str
    inner: list[Node] = []


@pytest.fixture(params=["litellm", "fast"])
def lane(request: pytest.FixtureRequest) -> Iterator[str]:
    with override(lane=request.param):
        yield request.param


def asked_in(call: Call) -> Mode:
    """The mode of a request as it came in over the wire."""
    body = call.body
    form = body.get("response_format") or {}
    if (
        body.get("output_format")
        or (body.get("output_config") or {}).get("format")
        or form.get("type") == "json_schema"
    ):
        return "json_schema"
    if form.get("type") == "json_object":
        return "json_object"
    return "tools" if body.get("tools") else "prompted"


REFUSALS: dict[Mode, str] = {
    "json_schema": "response_format is not supported by this model.",
    "tools": "Function calling and tool_choice are not supported by this model.",
    "json_object": "'response_format.type' must be 'text'.",
}
ANTHROPIC: dict[Mode, str] = {
    "json_schema": "output_format: Extra inputs are not permitted",
    "tools": "tools: tool use is not supported by this model",
}


def refusing(*modes: Mode, text: str = JO, words: str = "") -> Callable[[Call], Answer | Reply]:
    """A model that takes no request in these modes, and answers all others."""

    def say(call: Call) -> Answer | Reply:
        mode = asked_in(call)
        if mode in modes:
            refusals = ANTHROPIC if call.path.endswith("/messages") else REFUSALS
            return Reply(400, error(call, 400, words or refusals[mode]))
        return Answer(text)

    return say


def pattern(faults: FaultServer, wire: str = "openai", output: Any = Person, **options: Any) -> Pattern[..., Any]:
    base = faults.root if wire == "anthropic" else faults.api_base
    return Pattern("json_extraction/extract", output=output, model=MODELS[wire], api_base=base, **options)


def modes_seen(faults: FaultServer) -> list[Mode]:
    return [asked_in(call) for _, call in faults.log]


@pytest.mark.parametrize(
    ("wire", "refused", "seen"),
    [
        ("openai", ["json_schema"], ["json_schema", "tools"]),
        ("openai", ["json_schema", "tools", "json_object"], ["json_schema", "tools", "prompted"]),
        ("anthropic", ["json_schema"], ["json_schema", "tools"]),
        ("anthropic", ["json_schema", "tools"], ["json_schema", "tools", "prompted"]),
    ],
)
def test_row_27_a_mode_that_is_refused_is_learnt_by_the_first_call(
    faults: FaultServer, lane: str, wire: str, refused: list[Mode], seen: list[Mode]
) -> None:
    faults.script([refusing(*refused)] * MANY)
    ask = pattern(faults, wire)
    first = ask.run(TEXT)
    assert first.output == Person(name="Jo", age=35)
    assert modes_seen(faults) == seen
    assert [attempt.paid for attempt in first.attempts] == [*[False] * (len(seen) - 1), True]
    assert [attempt.request.mode for attempt in first.attempts] == seen
    assert faults.paid == 1
    for _ in range(3):
        assert len(ask.run(TEXT).attempts) == 1
    assert modes_seen(faults)[len(seen) :] == [seen[-1]] * 3


def test_row_27_the_words_of_the_shape_come_with_the_mode_that_needs_them(faults: FaultServer, lane: str) -> None:
    faults.script([refusing("json_schema", "tools", "json_object")] * MANY)
    result = pattern(faults).run(TEXT)
    first, last = faults.bodies[0]["messages"], faults.bodies[-1]["messages"]
    assert "age: int" not in json.dumps(first)
    assert "age: int" in json.dumps(last)
    assert [message.content for message in result.messages] == [message["content"] for message in last]


def test_row_27_a_stream_steps_down_as_well(faults: FaultServer, lane: str) -> None:
    faults.script([refusing("json_schema")] * MANY)

    async def last() -> Any:
        return [each async for each in pattern(faults).astream(TEXT)][-1]

    assert asyncio.run(last()) == Person(name="Jo", age=35)
    assert modes_seen(faults) == ["json_schema", "tools"]


@pytest.mark.parametrize(
    ("refused", "text"), [(("json_schema",), '{"value": [1, 2]}'), (("json_schema", "tools", "json_object"), "[1, 2]")]
)
def test_row_27_an_envelope_is_opened_in_the_modes_that_have_one(
    faults: FaultServer, refused: tuple[Mode, ...], text: str
) -> None:
    faults.script([refusing(*refused, text=text)] * MANY)
    result = pattern(faults, output=list[int]).run(TEXT)
    assert (result.output, result.repairs) == ([1, 2], ())


def test_row_27_what_was_learnt_serves_the_next_process(faults: FaultServer) -> None:
    faults.script([refusing("json_schema", "tools", "json_object")] * MANY)
    code = (
        "import sys\nfrom patterns import Pattern\n"
        "ask = Pattern('json_extraction/extract', output=dict[str, int | str], model=sys.argv[1])\n"
        "ask = ask.with_options(api_base=sys.argv[2])\n"
        "print(len(ask.run('Jo is 35.').attempts))"
    )
    command = [sys.executable, "-c", code, MODELS["openai"], faults.api_base]
    told = [
        subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ)).stdout.strip()
        for _ in range(2)
    ]
    assert told == ["3", "1"]
    assert faults.calls == 4


def test_row_27_after_a_day_the_stronger_mode_is_tried_again(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults.script([refusing("json_schema")] * MANY)
    ask, now = pattern(faults), [1e9]
    monkeypatch.setattr(LEARNT, "clock", lambda: now[0])
    ask(TEXT)
    now[0] += KEPT - 1
    ask(TEXT)
    assert modes_seen(faults) == ["json_schema", "tools", "tools"]
    now[0] += 2
    LEARNT.forget()  # read from the file, as a process that begins now
    ask(TEXT)
    assert modes_seen(faults)[3:] == ["json_schema", "tools"]
    ask(TEXT)
    assert modes_seen(faults)[5:] == ["tools"]


def test_row_27_a_mode_that_is_taken_again_is_used_again(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    faults.script([*[refusing("json_schema")] * 2, *[refusing()] * MANY])
    ask, now = pattern(faults), [1e9]
    monkeypatch.setattr(LEARNT, "clock", lambda: now[0])
    ask(TEXT)
    now[0] += KEPT + 1
    ask(TEXT)
    ask(TEXT)
    assert modes_seen(faults) == ["json_schema", "tools", "json_schema", "json_schema"]
    assert LEARNT.rows() == []


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        ("openai", "Invalid schema for response_format 'Person': 6 levels of nesting exceeds limit of 5."),
        (
            "openai",
            "Invalid schema for response_format 'Person': In context=('properties', 'age'), 'minimum' is no keyword.",
        ),
        ("anthropic", "output_format.schema: For 'integer' type, property 'minimum' is not supported"),
        ("anthropic", "output_format.schema: Schema is too complex."),
    ],
)
def test_row_28_a_schema_that_is_refused_says_nothing_of_other_schemas(
    faults: FaultServer, lane: str, wire: str, words: str
) -> None:
    faults.script([refusing("json_schema", words=words)] * 3 + [refusing(text='{"name": "Ulm"}')])
    ask = pattern(faults, wire)
    assert ask(TEXT) == ask(TEXT) == Person(name="Jo", age=35)
    assert pattern(faults, wire, City)(TEXT) == City(name="Ulm")
    assert modes_seen(faults) == ["json_schema", "tools", "tools", "json_schema"]
    assert words in LEARNT.rows()[0].why


def test_row_28_what_is_known_beforehand_costs_no_call(faults: FaultServer, lane: str) -> None:
    faults.script([refusing("json_schema", text='{"name": "a", "inner": [{"name": "b"}]}')] * 2)
    ask = pattern(faults, "anthropic", Node)
    assert ask(TEXT) == ask(TEXT) == Node(name="a", inner=[Node(name="b")])
    assert modes_seen(faults) == ["tools", "tools"]
    assert [row.why for row in LEARNT.rows()] == ["known beforehand: $.inner[] may hold itself"]


def test_row_28_the_full_schema_judges_the_answer(faults: FaultServer) -> None:
    schema = {"type": "object", "properties": {"age": {"type": "integer", "minimum": 18}}, "required": ["age"]}
    faults.script([Answer('{"age": 7}'), Answer('{"age": 70}')])
    result = pattern(faults, "anthropic", schema).run(TEXT)
    assert "minimum" not in json.dumps(faults.bodies[0])
    assert (result.output, faults.calls) == ({"age": 70}, 2)


def test_row_27_a_re_ask_goes_in_the_mode_that_was_taken(faults: FaultServer) -> None:
    wrong = refusing("json_schema", text='{"name": "Jo"}')
    faults.script([wrong, wrong, refusing("json_schema")])
    assert pattern(faults)(TEXT) == Person(name="Jo", age=35)
    assert modes_seen(faults) == ["json_schema", "tools", "tools"]


def test_row_27_the_caller_s_own_mode_is_never_changed(faults: FaultServer, lane: str) -> None:
    faults.script([refusing("json_schema")] * 2)
    with pytest.raises(BadRequest) as caught:
        pattern(faults, mode="json_schema")(TEXT)
    assert "set 'tools' or 'json_object' or 'prompted'" in caught.value.hint
    assert modes_seen(faults) == ["json_schema"]
    assert LEARNT.rows() == []


def test_row_27_a_refusal_of_something_else_is_no_refusal_of_the_mode(faults: FaultServer, lane: str) -> None:
    def busy(call: Call) -> Reply:
        return Reply(400, error(call, 400, "'messages[0]' must follow the schema of a message"))

    faults.script([busy] * MANY)
    with pytest.raises(BadRequest, match="must follow"):
        pattern(faults)(TEXT)
    faults.reset()
    faults.script([refusing()] * MANY)
    pattern(faults)(TEXT)
    assert modes_seen(faults) == ["json_schema"], "nothing was believed, since no mode was taken"


@pytest.mark.parametrize("way", ["threads", "tasks"])
def test_row_27_calls_at_once_do_not_each_learn_alone(faults: FaultServer, way: str) -> None:
    faults.script([refusing("json_schema", "tools", "json_object")] * MANY)
    ask, count = pattern(faults), 24
    if way == "threads":
        with ThreadPoolExecutor(count) as pool:
            results = list(pool.map(lambda _: ask.run(TEXT), range(count)))
    else:

        async def all_at_once() -> list[Any]:
            return await asyncio.gather(*[ask.arun(TEXT) for _ in range(count)])

        results = asyncio.run(all_at_once())
    assert {result.output.name for result in results} == {"Jo"}
    seen = modes_seen(faults)
    assert (seen.count("tools"), seen.count("json_object"), seen.count("prompted")) == (1, 0, count)
    assert seen.count("json_schema") <= count
    assert faults.paid == count


def test_row_27_a_memory_that_cannot_be_kept_fails_no_call(faults: FaultServer) -> None:
    own_file().parent.mkdir(parents=True, exist_ok=True)
    own_file().write_bytes(b"no database at all, but long enough to look at" * 50)
    LEARNT.forget()
    faults.script([refusing("json_schema")] * MANY)
    with pytest.warns(RuntimeWarning, match="memory of modes was damaged"):
        assert pattern(faults)(TEXT) == Person(name="Jo", age=35)
    pattern(faults)(TEXT)
    assert modes_seen(faults) == ["json_schema", "tools", "tools"]


@pytest.mark.parametrize(
    ("wire", "options"),
    [
        ("anthropic", {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 4096}),
        ("anthropic", {"reasoning_effort": "low"}),
        ("openai", {"model": "openai/deepseek-reasoner"}),
        ("openai", {"model": "openai/kimi-k2-thinking"}),
        ("anthropic", {"model": "anthropic/claude-opus-5-5"}),
    ],
    ids=str,
)
def test_a_model_that_thinks_is_never_made_to_call_a_tool(
    faults: FaultServer, wire: str, options: dict[str, Any]
) -> None:
    faults.script([Answer(JO)])
    ask = pattern(faults, wire, mode="tools").with_options(**options)
    assert ask(TEXT) == Person(name="Jo", age=35)
    body = faults.bodies[0]
    assert body["tools"]
    assert body.get("tool_choice") in (None, "auto", {"type": "auto"})
    assert "age: int" in json.dumps(body), "who is free not to call the tool must know the shape"


def test_a_provider_that_thinks_all_the_same_is_asked_otherwise(faults: FaultServer, lane: str) -> None:
    words = "Thinking mode does not support this tool_choice"
    faults.script([refusing("json_schema"), refusing("tools", words=words), *[refusing("tools")] * 3])
    assert pattern(faults)(TEXT) == Person(name="Jo", age=35)
    assert modes_seen(faults)[:2] == ["json_schema", "tools"]
    assert modes_seen(faults)[-1] in ("json_object", "prompted")


def test_each_step_down_is_told(faults: FaultServer) -> None:
    heard: list[Event] = []
    faults.script([refusing("json_schema")] * 2)
    with listen(heard.append):
        pattern(faults)(TEXT)
    (stepped,) = [event for event in heard if isinstance(event, SteppedDown)]
    assert (stepped.model, stepped.mode, stepped.to) == (MODELS["openai"], "json_schema", "tools")


def test_the_schema_is_never_left_to_drop_params(faults: FaultServer) -> None:
    faults.script([refusing()] * 2)
    pattern(faults)(TEXT)
    assert "drop_params" not in json.dumps(faults.bodies)


def command(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "patterns", *words], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_command_shows_what_was_learnt(faults: FaultServer) -> None:
    assert "no mode was refused" in command("doctor", "--modes")
    faults.script([refusing("json_schema")] * 2)
    pattern(faults)(TEXT)
    row, other = json.loads(command("doctor", "--modes", "--json"))
    assert other["refused"] == "json_object", "who knows no response_format has no second use for it"
    host = faults.root.removeprefix("http://")
    assert (row["model"], row["host"], row["mode"], row["refused"]) == (MODELS["openai"], host, "tools", "json_schema")
    assert (row["for"], row["why"]) == ("every request", f"{MODELS['openai']}: {REFUSALS['json_schema']}")
    assert f"{MODELS['openai']} at {host}: tools instead of json_schema" in command("doctor", "--modes")


def test_the_command_shows_what_a_model_is_sent() -> None:
    words = ("show", "json_extraction/extract", "--schema", "name, age int, tags? list[str]")
    strict = json.loads(command(*words, "--model", "openai/gpt-4o-mini", "--json"))
    assert (strict["mode"], strict["profile"], strict["strict"]) == ("json_schema", "openai", True)
    assert strict["schema"]["required"] == ["name", "age", "tags"]
    assert "$: tags is always given, as null where it would be left out" in strict["differences"]
    assert "# openai/gpt-4o-mini: json_schema, strict (profile openai)" in command(*words, "--model", MODELS["openai"])


def test_a_pattern_tells_what_it_would_send(faults: FaultServer) -> None:
    told = pattern(faults, "anthropic", Node).sent_schema()
    assert (told.mode, told.passed_over) == ("tools", (("json_schema", "$.inner[] may hold itself"),))
    faults.script([refusing("json_schema")] * 2)
    pattern(faults)(TEXT)
    told = pattern(faults).sent_schema()
    assert (told.mode, told.strict) == ("tools", False)
    assert told.passed_over == (("json_schema", f"{MODELS['openai']}: {REFUSALS['json_schema']}"),)
    assert pattern(faults, mode="prompted").sent_schema().schema is None
    assert pattern(faults).with_options(model="openai/who-knows").sent_schema().mode == "prompted"


def test_an_answer_that_is_cut_after_a_step_down_is_continued_in_its_own_mode(faults: FaultServer) -> None:
    refuse = refusing("json_schema")
    cut = Answer('{"value": [1, 2, ', finish="length")
    faults.script([refuse, cut, Answer("3]}")])
    result = pattern(faults, output=list[int], reasks=1).run(TEXT)
    assert result.output == [1, 2, 3]
    assert [repair.kind for repair in result.repairs] == ["continued"]
    assert modes_seen(faults) == ["json_schema", "tools", "prompted"]


def test_a_fallback_goes_down_its_own_modes(faults: FaultServer) -> None:
    down = Reply(503, b'{"error": {"message": "down"}}')
    faults.script(
        [
            refusing("json_schema"),
            down,
            refusing("json_schema", "tools", "json_object"),
            *[refusing("json_schema", "tools", "json_object", text="[1, 2]")] * 3,
        ]
    )
    ask = pattern(faults, output=list[int], retries=0, breaker=False, fallbacks=["openai/gpt-4.1-mini"])
    result = ask.run(TEXT)
    assert (result.output, result.repairs, result.fallback_model) == ([1, 2], (), "openai/gpt-4.1-mini")
    assert modes_seen(faults) == ["json_schema", "tools", "json_schema", "tools", "prompted"]
    assert {row.model for row in LEARNT.rows()} == {"openai/gpt-4.1-mini"}, "the other one was never answered"


def test_a_key_in_the_words_of_a_refusal_is_not_written_down(faults: FaultServer) -> None:
    words = f"response_format is not supported for the key {os.environ['OPENAI_API_KEY']}"
    faults.script([refusing("json_schema", words=words)] * 2)
    pattern(faults)(TEXT)
    kept = b"".join(file.read_bytes() for file in own_file().parent.glob(f"{own_file().name}*"))
    assert b"response_format is not supported" in kept
    assert os.environ["OPENAI_API_KEY"].encode() not in kept
