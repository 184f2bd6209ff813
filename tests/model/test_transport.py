"""The gateway over real HTTP: what is sent, and what is made of good answers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import litellm
import pytest

from patterns.errors import AuthenticationError, BadRequest, TransientError, UnknownModel
from patterns.exchange import Options, Request, Usage
from patterns.messages import Message, ToolCall
from patterns.model.incoming import call_of
from tests.faultserver import ELSEWHERE, Answer, FaultServer
from tests.model.asking import JO, LANES, PERSON, SEARCH, WIRES, request, streamed

GATEWAY = LANES
pytestmark = pytest.mark.usefixtures("lane")


@pytest.mark.parametrize("wire", WIRES)
def test_one_request_is_one_call(faults: FaultServer, wire: str) -> None:
    response = GATEWAY.send(request(faults, "ok", wire))
    assert [choice.text for choice in response.choices] == ['{"ok": true}']
    assert response.choices[0].finish_reason == "stop"
    assert response.usage == Usage(50, 10)
    assert faults.calls == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_async_gives_the_same_response(faults: FaultServer, wire: str) -> None:
    wanted = request(faults, "think", wire)
    response = await GATEWAY.asend(wanted)
    assert response.choices == (await asyncio.to_thread(GATEWAY.send, wanted)).choices
    assert response.choices[0].reasoning == "Let me see."
    assert response.usage is not None
    assert response.usage.reasoning_tokens == 4


async def test_send_works_inside_a_running_loop(faults: FaultServer) -> None:
    assert GATEWAY.send(request(faults, "ok")).choices


@pytest.mark.by_litellm
def test_loops_come_and_go_and_leave_no_connection_open(faults: FaultServer) -> None:
    program = (
        "import asyncio\nfrom patterns.exchange import Options, Request\nfrom patterns.messages import Message\n"
        "from patterns.model.portal import portal\nfrom patterns.model.transport import LitellmGateway\n"
        "gateway = LitellmGateway()\n"
        f"bases = {{'openai': {faults.api_base!r}, 'anthropic': {faults.root!r}}}\n"
        "asked = [Request(f'{w}/ok', (Message('user', 'hi'),), Options(api_base=b)) for w, b in bases.items()]\n"
        "async def ask():\n    return [await gateway.asend(request) for request in asked]\n"
        "for _ in range(3):\n    assert asyncio.run(ask())\n"
        "for request in asked:\n    assert list(portal().iterate(gateway.astream(request)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "nclosed" not in done.stderr
    assert "pending" not in done.stderr
    assert faults.calls == 8


def test_many_threads_ask_at_once(faults: FaultServer) -> None:
    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(GATEWAY.send, [request(faults, "ok")] * 48))
    assert len(responses) == faults.calls == 48


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_asks_over_connections_of_its_own(faults: FaultServer) -> None:
    wanted = request(faults, "ok")
    GATEWAY.send(wanted)
    if (child := os.fork()) == 0:
        os._exit(0 if GATEWAY.send(wanted).choices else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert GATEWAY.send(wanted).choices


SAMPLING = {
    "temperature": 0.5,
    "top_p": 0.9,
    "max_tokens": 77,
    "frequency_penalty": 0.1,
    "presence_penalty": 0.2,
    "stop": ("END",),
    "seed": 7,
    "logit_bias": {11: -5.0},
    "n": 2,
}


def test_every_sampling_parameter_reaches_the_wire_and_nothing_else(faults: FaultServer) -> None:
    response = GATEWAY.send(request(faults, "ok", **SAMPLING))
    body = faults.bodies[0]
    assert body == {
        "model": "ok",
        "messages": [{"role": "user", "content": "Who is Jo?"}],
        **SAMPLING,
        "stop": ["END"],
        "logit_bias": {"11": -5.0},
    }
    assert len(response.choices) == 2


@pytest.mark.by_litellm
def test_thinking_reaches_the_wire(faults: FaultServer) -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    faults.script(["Jo is 35."])
    GATEWAY.send(request(faults, "claude-sonnet-4-5", "anthropic", thinking=thinking, max_tokens=2000))
    assert faults.bodies[0]["thinking"] == thinking


def test_a_conversation_with_tools_reaches_the_wire(faults: FaultServer) -> None:
    call = ToolCall("call_1", "search", {"query": "Jo"}, '{"query": "Jo"}')
    messages = (
        Message("system", "Be brief."),
        Message("user", "Who is Jo?"),
        Message("assistant", "", (call,)),
        Message("tool", "Jo is 35.", tool_call_id="call_1"),
    )
    GATEWAY.send(request(faults, "ok", messages=messages, tools=(SEARCH,)))
    sent = faults.bodies[0]["messages"]
    assert [m["role"] for m in sent] == ["system", "user", "assistant", "tool"]
    assert sent[2]["tool_calls"][0]["function"] == {"name": "search", "arguments": '{"query": "Jo"}'}
    assert sent[3]["tool_call_id"] == "call_1"


@pytest.mark.parametrize("wire", WIRES)
def test_tool_calls_come_back_typed(faults: FaultServer, wire: str) -> None:
    calls = GATEWAY.send(request(faults, "calls", wire, tools=(SEARCH,))).choices[0].tool_calls
    assert [(call.name, call.arguments) for call in calls] == [("search", {"query": q}) for q in ("cats", "dogs")]


def test_a_function_call_of_the_older_kind_is_a_tool_call(faults: FaultServer) -> None:
    calls = GATEWAY.send(request(faults, "oldcall", tools=(SEARCH,))).choices[0].tool_calls
    assert [(call.name, call.arguments) for call in calls] == [("search", {"query": "cats"})]


@pytest.mark.by_litellm
def test_calls_that_the_provider_answered_itself_are_left_out(faults: FaultServer) -> None:
    search = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "Jo"}}
    blocks = [search, {"type": "text", "text": "Jo is 35."}]
    faults.script([Answer(extra={"content": blocks})])
    choice = GATEWAY.send(request(faults, "m", "anthropic")).choices[0]
    assert (choice.text, choice.tool_calls) == ("Jo is 35.", ())


@pytest.mark.parametrize("wire", WIRES)
def test_arguments_that_are_no_json_are_kept_raw(faults: FaultServer, wire: str) -> None:
    call = GATEWAY.send(request(faults, "badcall", wire, tools=(SEARCH,))).choices[0].tool_calls[0]
    assert call.arguments is None
    assert '"query' in call.raw.replace("\\", "")


@pytest.mark.parametrize("wire", WIRES)
async def test_streamed_arguments_that_are_no_json_are_kept_raw(faults: FaultServer, wire: str) -> None:
    *_, last = [delta async for delta in GATEWAY.astream(request(faults, "badcall", wire, tools=(SEARCH,)))]
    assert last.response is not None
    (call,) = last.response.choices[0].tool_calls
    assert (call.arguments, call.raw) == (None, '{"query": ')


@pytest.mark.parametrize("arguments", ["[1]", "null", '"text"'])
def test_arguments_that_are_no_object_are_kept_raw(faults: FaultServer, arguments: str) -> None:
    faults.script([Answer(None, tool_calls=[("search", arguments)])])
    call = GATEWAY.send(request(faults, "m", tools=(SEARCH,))).choices[0].tool_calls[0]
    assert (call.arguments, call.raw) == (None, arguments)


@pytest.mark.parametrize("arguments", ["[" * 100_000, '{"a": ' * 100_000, '{"a": ' + "9" * 5_000 + "}"])
def test_hostile_arguments_are_kept_raw(arguments: str) -> None:
    assert call_of("1", "search", arguments) == ToolCall("1", "search", None, arguments)


def test_mode_json_schema_sends_the_schema(faults: FaultServer) -> None:
    faults.script([JO])
    response = GATEWAY.send(request(faults, "m", target=PERSON, mode="json_schema"))
    assert faults.bodies[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "Person", "schema": PERSON.schema, "strict": True},
    }
    assert response.choices[0].text == JO


def test_mode_json_object_sends_no_schema(faults: FaultServer) -> None:
    GATEWAY.send(request(faults, "ok", target=PERSON, mode="json_object"))
    assert faults.bodies[0]["response_format"] == {"type": "json_object"}


def test_mode_prompted_sends_nothing_but_the_messages(faults: FaultServer) -> None:
    GATEWAY.send(request(faults, "ok", target=PERSON))
    assert set(faults.bodies[0]) == {"model", "messages"}


@pytest.mark.parametrize("wire", WIRES)
def test_mode_tools_insists_on_one_tool_whose_arguments_are_the_answer(faults: FaultServer, wire: str) -> None:
    faults.script([JO])
    choice = GATEWAY.send(request(faults, "m", wire, target=PERSON, mode="tools")).choices[0]
    assert (choice.text.replace(" ", ""), choice.tool_calls) == (JO.replace(" ", ""), ())
    assert "Person" in str(faults.bodies[0]["tool_choice"])


def test_mode_tools_keeps_the_callers_tools_beside_the_answer(faults: FaultServer) -> None:
    faults.script([Answer(None, tool_calls=[("search", '{"query": "Jo"}')])])
    choice = GATEWAY.send(request(faults, "m", target=PERSON, mode="tools", tools=(SEARCH,))).choices[0]
    assert [tool["function"]["name"] for tool in faults.bodies[0]["tools"]] == ["Person", "search"]
    assert faults.bodies[0]["tool_choice"] == "required"
    assert choice.text == ""
    assert [call.name for call in choice.tool_calls] == ["search"]


def test_a_name_no_provider_takes_is_made_one(faults: FaultServer) -> None:
    faults.script([JO])
    target = type(PERSON)("list[Person | None] " * 9, PERSON.schema)
    choice = GATEWAY.send(request(faults, "m", target=target, mode="tools")).choices[0]
    name = faults.bodies[0]["tools"][0]["function"]["name"]
    assert len(name) <= 64
    assert name.replace("_", "").isalnum()
    assert choice.text == JO


@pytest.mark.by_litellm
def test_a_parameter_the_provider_does_not_know_is_a_bad_request_naming_it(faults: FaultServer) -> None:
    with pytest.raises(BadRequest, match="seed") as caught:
        GATEWAY.send(request(faults, "ok", "anthropic", seed=3))
    assert "drop_params" in caught.value.hint
    assert faults.calls == 0


@pytest.mark.by_litellm
def test_a_template_s_wish_is_dropped_where_the_model_does_not_take_it(faults: FaultServer) -> None:
    wished = request(faults, "ok", "anthropic", seed=3, temperature=0.5, wishes=frozenset({"seed", "temperature"}))
    for _ in range(2):
        assert GATEWAY.send(wished).choices
    assert faults.calls == 2
    assert all("seed" not in body and body["temperature"] == 0.5 for body in faults.bodies)


def test_a_missing_key_is_named_before_anything_is_sent(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(AuthenticationError, match="OPENAI_API_KEY") as caught:
        GATEWAY.send(request(faults, "ok", api_base=ELSEWHERE))
    assert "rules" in caught.value.hint


def test_a_server_on_this_machine_is_asked_without_a_key(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert GATEWAY.send(request(faults, "ok")).choices
    assert faults.calls == 1


@pytest.mark.by_litellm
def test_an_unknown_provider_is_told_with_near_names() -> None:
    with pytest.raises(UnknownModel) as caught:
        GATEWAY.send(Request("antropic/claude-hiku-4-5", (Message("user", "hi"),)))
    assert "claude-haiku-4-5" in caught.value.hint


@pytest.mark.parametrize("wire", WIRES)
def test_an_unreachable_host_is_named_and_the_key_is_not(faults: FaultServer, wire: str) -> None:
    options = Options(timeout=10, api_base="http://127.0.0.1:9/v1")
    with pytest.raises(TransientError, match=r"127\.0\.0\.1:9") as caught:
        GATEWAY.send(Request(f"{wire}/ok", (Message("user", "hi"),), options))
    assert "nobody" not in str(caught.value)
    assert caught.value.paid is None


async def test_a_cancelled_call_lets_go_of_its_connection(faults: FaultServer) -> None:
    task = asyncio.create_task(GATEWAY.asend(request(faults, "hang", timeout=60)))
    while not faults.calls:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_call_leaves_no_thread_behind(faults: FaultServer) -> None:
    GATEWAY.send(request(faults, "ok"))
    before = threading.active_count()
    for _ in range(5):
        with pytest.raises(TransientError):
            GATEWAY.send(request(faults, "hang", timeout=0.1))
    assert threading.active_count() <= before + 1


@pytest.mark.by_litellm
def test_callbacks_that_the_caller_set_in_litellm_are_called(faults: FaultServer) -> None:
    program = (
        "import asyncio, threading, litellm\n"
        "from patterns.exchange import Options, Request\nfrom patterns.messages import Message\n"
        "from patterns.model.transport import LitellmGateway\n"
        "heard, aheard = threading.Event(), threading.Event()\n"
        "async def listen(*_):\n    aheard.set()\n"
        "litellm.success_callback = [lambda *_: heard.set(), listen]\n"
        f"asked = Request('openai/ok', (Message('user', 'hi'),), Options(api_base={faults.api_base!r}))\n"
        "LitellmGateway().send(asked)\nassert heard.wait(5)\n"
        "async def ask():\n"
        "    await LitellmGateway().asend(asked)\n    assert await asyncio.to_thread(aheard.wait, 5)\n"
        "asyncio.run(ask())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.by_litellm
def test_retries_that_the_caller_set_in_litellm_do_not_multiply_ours(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litellm, "num_retries", 3)
    with pytest.raises(TransientError):
        GATEWAY.send(request(faults, "500"))
    assert faults.calls == 1
    assert litellm.num_retries == 3


def test_streaming_and_asking_agree(faults: FaultServer) -> None:
    whole = GATEWAY.send(request(faults, "think"))
    deltas = asyncio.run(streamed(GATEWAY, request(faults, "think")))
    assert deltas[-1].response is not None
    assert deltas[-1].response.choices == whole.choices
    assert deltas[-1].response.usage == whole.usage
