"""Functions as tools over real HTTP: they are called, run, answered, and the model goes on from there."""

from __future__ import annotations

import asyncio
import json
import pickle
import threading
import time
from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from patterns import Message, Tool, ToolCall, ToolsCalled, complete, extract, generate_code
from patterns.errors import (
    BudgetExceeded,
    CallStopped,
    DeadlineExceeded,
    InputError,
    NeedsModel,
    OutputError,
    QuotaExceeded,
    ToolTurnsExceeded,
)
from patterns.exchange import ToolRun
from patterns.setup import Changes
from tests.faultserver import Answer, FaultServer
from tests.faultserver import Reply as HTTP
from tests.faultserver.wires import error


class Order(BaseModel):
    number: int
    state: Literal["sent", "lost"]


class Reply(BaseModel):
    words: str
    refund: bool


ORDERS = {7: Order(number=7, state="lost"), 8: Order(number=8, state="sent")}


def lookup_order(number: int) -> Order:
    """Look an order up.

    Args:
        number: The number of the order.
    """
    try:
        return ORDERS[number]
    except KeyError:
        raise ValueError(f"there is no order {number}") from None


async def weather(city: str, day: date = date(2026, 5, 1)) -> str:
    """Tell the weather in a city."""
    await asyncio.sleep(0)
    return f"It is fine in {city} on {day:%d %B}."


def calls(*calls: tuple[str, Any], text: str | None = None, **more: Any) -> Answer:
    written = [(name, given if isinstance(given, str) else json.dumps(given)) for name, given in calls]
    return Answer(text, tool_calls=written, **more)


def said(faults: FaultServer, number: int) -> str:
    return json.dumps(faults.bodies[number]["messages"], ensure_ascii=False)


def results(faults: FaultServer, number: int = -1) -> list[str]:
    """What the model was told of its last calls, on either wire."""
    messages = faults.bodies[number]["messages"]
    if any(message["role"] == "tool" for message in messages):
        return [message["content"] for message in messages if message["role"] == "tool"]
    blocks = [block for m in messages if isinstance(m["content"], list) for block in m["content"]]
    found = [block["content"] for block in blocks if block["type"] == "tool_result"]
    return [text if isinstance(text, str) else text[0]["text"] for text in found]


def test_a_function_is_called_and_its_result_leads_to_the_answer(where: Changes, faults: FaultServer) -> None:
    faults.script([calls(("lookup_order", {"number": 7})), '{"words": "It is lost.", "refund": true}'])
    pattern = extract.into(Reply).with_options(**where, tools=[lookup_order])
    result = pattern.run("Where is my order 7?")
    assert result.output == Reply(words="It is lost.", refund=True)
    assert results(faults) == ['{"number":7,"state":"lost"}']
    (run,) = result.tool_runs
    assert (run.name, run.arguments, run.output, run.error) == ("lookup_order", {"number": 7}, results(faults)[0], None)
    assert run.turn == 1
    assert 0 < run.seconds < 5
    assert (faults.calls, len(result.attempts), result.usage.total_tokens) == (2, 2, 120)
    assert [message.role for message in result.tool_messages] == ["assistant", "tool"]
    assert result.messages[-2:] == result.tool_messages


def test_the_model_is_told_of_the_function_by_signature_and_docstring(where: Changes, faults: FaultServer) -> None:
    faults.script(["Hello."])
    complete.with_options(**where, tools=[lookup_order])("Hello")
    (tool,) = faults.bodies[0]["tools"]
    told = tool.get("function", tool)
    assert (told["name"], told["description"]) == ("lookup_order", "Look an order up.")
    schema = told.get("parameters") or told["input_schema"]
    assert schema["properties"] == {"number": {"type": "integer", "description": "The number of the order."}}
    assert schema["required"] == ["number"]


async def test_async_code_runs_async_functions_on_its_own_loop(where: Changes, faults: FaultServer) -> None:
    loops = []

    async def noted(city: str) -> str:
        loops.append(asyncio.get_running_loop())
        return await weather(city)

    faults.script([calls(("noted", {"city": "Ulm"})), "Fine."])
    assert await complete.with_options(**where, tools=[noted]).acall("The weather?") == "Fine."
    assert loops == [asyncio.get_running_loop()]
    assert results(faults) == ["It is fine in Ulm on 01 May."]


def test_blocking_code_runs_async_functions_too(here: Changes, faults: FaultServer) -> None:
    faults.script([calls(("weather", {"city": "Ulm", "day": "2026-05-02"})), "Fine."])
    assert complete.with_options(**here, tools=[weather])("The weather?") == "Fine."
    assert results(faults) == ["It is fine in Ulm on 02 May."]


async def test_a_blocking_call_inside_a_running_loop_works(here: Changes, faults: FaultServer) -> None:
    faults.script([calls(("weather", {"city": "Ulm"}), ("lookup_order", {"number": 8})), "Fine."])
    assert complete.with_options(**here, tools=[weather, lookup_order])("The weather?") == "Fine."
    assert results(faults) == ["It is fine in Ulm on 01 May.", '{"number":8,"state":"sent"}']


@pytest.mark.parametrize("kind", ["blocking", "async"])
def test_parallel_calls_run_side_by_side_with_results_in_order(kind: str, where: Changes, faults: FaultServer) -> None:
    together = threading.Barrier(3, timeout=5)

    def wait(number: int) -> int:
        together.wait()
        time.sleep(0.05 * (3 - number))
        return number

    async def await_(number: int) -> int:
        await asyncio.to_thread(wait, number)
        return number

    function = wait if kind == "blocking" else await_
    name = function.__name__
    faults.script([calls(*((name, {"number": number}) for number in range(3))), "Done."])
    result = complete.with_options(**where, tools=[function]).run("Count.")
    assert results(faults) == ["0", "1", "2"]
    assert [run.arguments for run in result.tool_runs] == [{"number": number} for number in range(3)]


def test_rounds_go_on_until_there_is_an_answer(where: Changes, faults: FaultServer) -> None:
    rounds = [calls(("lookup_order", {"number": number})) for number in (7, 8)]
    faults.script([*rounds, "Both."])
    result = complete.with_options(**where, tools=[lookup_order]).run("Orders 7 and 8?")
    assert result.output == "Both."
    assert [(run.turn, run.arguments) for run in result.tool_runs] == [(1, {"number": 7}), (2, {"number": 8})]
    assert len(results(faults)) == 2


class TestWhatTheModelDoesWrong:
    def test_a_wrong_name_is_told_with_the_near_one(self, where: Changes, faults: FaultServer) -> None:
        faults.script([calls(("look_order", {"number": 7})), calls(("lookup_order", {"number": 7})), "Lost."])
        result = complete.with_options(**where, tools=[lookup_order]).run("7?")
        assert results(faults, 1) == ["error: no tool is called look_order: did you mean lookup_order?"]
        assert [run.error is None for run in result.tool_runs] == [False, True]

    def test_a_made_up_name_goes_back_as_providers_take_it(self, where: Changes, faults: FaultServer) -> None:
        faults.script([calls(("functions.look up \ud800", {"number": 7})), "Sorry."])
        complete.with_options(**where, tools=[lookup_order])("7?")
        assert "functions_look_up_" in said(faults, 1)
        assert results(faults)[0].startswith("error: no tool is called functions.look up ?: ")

    def test_damaged_arguments_are_mended_with_an_account(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", "{number: '7',}")), "Lost."])
        result = complete.with_options(**here, tools=[lookup_order]).run("7?")
        (run,) = result.tool_runs
        assert run.arguments == {"number": 7}
        assert {repair.kind for repair in run.repairs} >= {"unquoted key", "trailing comma"}
        given = faults.bodies[1]["messages"][-2]["tool_calls"][0]["function"]["arguments"]
        assert json.loads(given) == {"number": 7}, "the model is given back what was understood"

    def test_repair_none_mends_nothing(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", "{number: '7',}")), "Lost."])
        result = complete.with_options(**here, tools=[lookup_order], repair="none").run("7?")
        assert "is not JSON" in str(result.tool_runs[0].error)

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ('{"number": "seven"}', "the arguments do not fit: $.number"),
            ("{}", "the arguments do not fit: $.number: wanted a whole number, which is missing"),
            ("no idea", "the arguments cannot be read"),
            ('{"number": 7', "the arguments are cut off"),
        ],
    )
    def test_arguments_that_do_not_fit_are_told(
        self, arguments: str, words: str, here: Changes, faults: FaultServer
    ) -> None:
        faults.script([calls(("lookup_order", arguments)), "Sorry."])
        result = complete.with_options(**here, tools=[lookup_order]).run("7?")
        (told,) = results(faults)
        assert told.startswith("error: ")
        assert words in told
        assert result.tool_runs[0].error == told.removeprefix("error: ")
        json.loads(faults.bodies[1]["messages"][-2]["tool_calls"][0]["function"]["arguments"])

    def test_a_function_without_parameters_takes_what_models_write_for_nothing(
        self, here: Changes, faults: FaultServer
    ) -> None:
        def ping() -> str:
            """Ping."""
            return "pong"

        faults.script([calls(("ping", ""), ("ping", "null"), ("ping", "{}")), "Good."])
        complete.with_options(**here, tools=[ping])("Ping.")
        assert results(faults) == ["pong"] * 3

    def test_more_calls_than_make_sense_are_not_run(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(*[("lookup_order", {"number": 7})] * 40), "Enough."])
        result = complete.with_options(**here, tools=[lookup_order]).run("7?")
        assert sum(run.error is None for run in result.tool_runs) == 32
        assert results(faults)[-1] == "error: too many calls at once: the first 32 are run"

    def test_a_value_given_beside_calls_is_the_answer(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 7}), text='{"words": "Lost.", "refund": true}')])
        result = extract.into(Reply).with_options(**here, tools=[lookup_order]).run("7?")
        assert (result.output.refund, result.tool_runs, result.tool_calls) == (True, (), ())

    def test_words_beside_calls_are_not_the_answer(self, where: Changes, faults: FaultServer) -> None:
        call = calls(("lookup_order", {"number": 7}), text="I will look it up.")
        faults.script([call, '{"words": "Lost.", "refund": true}', call, "Lost."])
        with_tool: Changes = {**where, "tools": [lookup_order]}
        assert extract.into(Reply).with_options(**with_tool)("7?").refund
        assert complete.with_options(**with_tool)("7?") == "Lost."
        assert "I will look it up." in said(faults, 1)

    def test_of_code_nobody_knows_whether_it_is_the_answer_already(self, here: Changes, faults: FaultServer) -> None:
        first = calls(("lookup_order", {"number": 7}), text="```python\nnumber = 7\n```")
        faults.script([first, "```python\nstate = 'lost'\n```"])
        result = generate_code.with_options(**here, tools=[lookup_order]).run("7?")
        assert (result.output.source, len(result.tool_runs)) == ("state = 'lost'", 1)


class TestWhatFunctionsDoWrong:
    def test_a_value_error_is_told_in_its_own_words(self, where: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 9})), "There is none."])
        result = complete.with_options(**where, tools=[lookup_order]).run("9?")
        assert results(faults) == ["error: there is no order 9"]
        assert (result.tool_runs[0].output, result.tool_runs[0].error) == ("", "there is no order 9")

    @pytest.mark.parametrize("kind", ["blocking", "async"])
    def test_any_other_error_is_told_by_kind_and_words_without_secrets(
        self, kind: str, here: Changes, faults: FaultServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SHOP_TOKEN", "very-secret-value")

        def ship(number: int) -> None:
            raise ConnectionError(f"the shop refused very-secret-value for {number}")

        async def aship(number: int) -> None:
            ship(number)

        function = ship if kind == "blocking" else aship
        faults.script([calls((function.__name__, {"number": 7})), "It failed."])
        complete.with_options(**here, tools=[function])("7?")
        assert results(faults) == ["error: ConnectionError: the shop refused [redacted] for 7"]

    def test_what_json_cannot_hold_is_told_as_a_failure(self, here: Changes, faults: FaultServer) -> None:
        def thing() -> object:
            return object()

        async def coroutine() -> str:
            return "never"

        def forgot() -> object:
            return coroutine()

        faults.script([calls(("thing", {}), ("forgot", {})), "Hm."])
        complete.with_options(**here, tools=[thing, forgot])("Go.")
        first, second = results(faults)
        assert "PydanticSerializationError" in first or "Unable to serialize" in first
        assert second == "error: TypeError: it gave something to await: define the tool with async def"

    def test_a_tool_that_cancels_itself_has_failed(self, here: Changes, faults: FaultServer) -> None:
        async def give_up() -> str:
            raise asyncio.CancelledError

        faults.script([calls(("give_up", {})), "Hm."])
        assert complete.with_options(**here, tools=[give_up])("Go.") == "Hm."
        assert results(faults) == ["error: CancelledError"]

    def test_a_long_result_is_cut_in_its_middle(self, here: Changes, faults: FaultServer) -> None:
        def book() -> str:
            return "a" * 60_000 + "z" * 60_000

        faults.script([calls(("book", {})), "Long."])
        result = complete.with_options(**here, tools=[book]).run("Read.")
        (told,) = results(faults)
        assert told == f"{'a' * 25_000}\n[70,000 characters are left out here]\n{'z' * 25_000}"
        assert result.tool_runs[0].output == told

    @pytest.mark.parametrize("kind", ["blocking", "async"])
    def test_a_tool_may_end_the_call(self, kind: str, here: Changes, faults: FaultServer) -> None:
        cancelled = threading.Event()

        async def slow() -> None:
            try:
                await asyncio.sleep(30)
            finally:
                cancelled.set()

        def stop() -> None:
            raise CallStopped("the order is locked", hint="ask a person")

        async def astop() -> None:
            stop()

        function = stop if kind == "blocking" else astop
        faults.script([calls(("lookup_order", {"number": 7})), calls((function.__name__, {}), ("slow", {}))])
        pattern = complete.with_options(**here, tools=[lookup_order, function, slow])
        with pytest.raises(CallStopped, match="locked") as caught:
            pattern("7?")
        assert cancelled.wait(2)
        assert faults.calls == len(caught.value.attempts) == 2
        assert caught.value.usage.total_tokens == 120
        errors = [run.error for run in caught.value.tool_runs]
        assert errors == [None, "it ended the call with CallStopped", "the call was ended by another tool"]

    def test_our_own_errors_end_the_call(self, here: Changes, faults: FaultServer) -> None:
        def nested() -> str:
            return complete.with_options(**{**here, "model": "openai/quota"})("Hello")

        faults.script([calls(("nested", {}))])
        with pytest.raises(QuotaExceeded) as caught:
            complete.with_options(**here, tools=[nested])("Go.")
        assert [run.name for run in caught.value.tool_runs] == ["nested"]
        assert [attempt.request.model for attempt in caught.value.attempts] == ["openai/plain-model", "openai/quota"]


class TestLimits:
    def test_rounds_are_bounded_and_the_error_has_the_whole_story(self, where: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 7})) for _ in range(5)])
        pattern = complete.with_options(**where, tools=[lookup_order], tool_turns=2)
        with pytest.raises(ToolTurnsExceeded, match=r"\(lookup_order\) after 2 rounds") as caught:
            pattern("7?")
        assert faults.calls == len(caught.value.attempts) == 3
        assert len(caught.value.tool_runs) == 2
        assert caught.value.tool_calls[0].arguments == {"number": 7}
        assert "tool_turns" in caught.value.hint
        again = pickle.loads(pickle.dumps(caught.value))
        assert (again.tool_runs, again.attempts) == (caught.value.tool_runs, caught.value.attempts)

    @pytest.mark.parametrize("kind", ["blocking", "async"])
    def test_a_tool_that_hangs_does_not_hold_the_caller_past_the_deadline(
        self, kind: str, here: Changes, faults: FaultServer
    ) -> None:
        free, cancelled = threading.Event(), threading.Event()

        def hang() -> None:
            free.wait(30)

        async def ahang() -> None:
            try:
                await asyncio.sleep(30)
            finally:
                cancelled.set()

        function = hang if kind == "blocking" else ahang
        faults.script([calls((function.__name__, {}), ("lookup_order", {"number": 7}))])
        pattern = complete.with_options(**here, tools=[function, lookup_order], deadline=0.8)
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded, match=f"the tool {function.__name__}: the deadline of 0.8 s") as caught:
            pattern("Go.")
        assert time.monotonic() - started < 10
        assert caught.value.model == "openai/plain-model"
        assert [run.error for run in caught.value.tool_runs] == ["it was not done when the time was up", None]
        assert len(caught.value.attempts) == 1
        free.set()
        assert kind == "blocking" or cancelled.wait(2)

    async def test_the_deadline_holds_for_async_code_too(self, here: Changes, faults: FaultServer) -> None:
        free = threading.Event()

        def hang() -> None:
            free.wait(30)

        faults.script([calls(("hang", {}))])
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            await complete.with_options(**here, tools=[hang], deadline=0.5).acall("Go.")
        assert time.monotonic() - started < 10
        free.set()

    async def test_cancelling_the_call_stops_an_async_tool(self, here: Changes, faults: FaultServer) -> None:
        begun, stopped = asyncio.Event(), asyncio.Event()

        async def hang() -> None:
            begun.set()
            try:
                await asyncio.sleep(30)
            finally:
                stopped.set()

        faults.script([calls(("hang", {}))])
        task = asyncio.create_task(complete.with_options(**here, tools=[hang]).acall("Go."))
        await asyncio.wait_for(begun.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert stopped.is_set()
        assert faults.calls == 1

    def test_a_budget_holds_across_the_rounds(self, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 7})) for _ in range(9)])
        pattern = complete.with_options(
            model="openai/gpt-4o-mini",
            api_base=faults.api_base,
            retries=0,
            tools=[lookup_order],
            max_tokens=16,
            max_cost=0.00006,
            tool_turns=9,
        )
        with pytest.raises(BudgetExceeded) as caught:
            pattern("7?")
        assert 1 <= faults.calls == len(caught.value.attempts) < 9
        assert len(caught.value.tool_runs) == faults.calls
        assert (caught.value.cost or 1) <= 0.00006


class TestAnswersAfterTools:
    def test_a_wrong_answer_is_asked_for_again_behind_what_the_tools_gave(
        self, where: Changes, faults: FaultServer
    ) -> None:
        good = '{"words": "Lost.", "refund": true}'
        faults.script([calls(("lookup_order", {"number": 7})), '{"words": "Lost."}', good])
        result = extract.into(Reply).with_options(**where, tools=[lookup_order], mode="prompted").run("7?")
        assert result.output.refund
        assert results(faults) == ['{"number":7,"state":"lost"}']
        assert "refund" in json.dumps(faults.bodies[-1]["messages"][-1])

    def test_tools_may_be_called_after_a_complaint(self, here: Changes, faults: FaultServer) -> None:
        good = '{"words": "Lost.", "refund": true}'
        faults.script(['{"words": "?"}', calls(("lookup_order", {"number": 7})), good])
        result = extract.into(Reply).with_options(**here, tools=[lookup_order], mode="prompted").run("7?")
        assert result.output.refund
        roles = [message["role"] for message in faults.bodies[-1]["messages"]]
        assert roles[-3:] == ["user", "assistant", "tool"], "the complaint is still there"

    def test_a_cut_answer_is_continued_behind_them(self, here: Changes, faults: FaultServer) -> None:
        cut = Answer('[{"number": 7, "state": "lost"}, {"numb', finish="length")
        faults.script([calls(("lookup_order", {"number": 7})), cut, ', {"number": 8, "state": "sent"}]'])
        result = extract.into(list[Order]).with_options(**here, tools=[lookup_order], mode="prompted").run("7, 8?")
        assert result.output == list(ORDERS.values())
        assert len(results(faults)) == 1

    def test_in_mode_tools_the_answering_tool_stands_beside_the_functions(
        self, where: Changes, faults: FaultServer
    ) -> None:
        good = '{"words": "Lost.", "refund": true}'
        faults.script([calls(("lookup_order", {"number": 7})), calls(("Reply", good))])
        result = extract.into(Reply).with_options(**where, tools=[lookup_order], mode="tools").run("7?")
        assert result.output.refund
        names = [tool.get("function", tool)["name"] for tool in faults.bodies[0]["tools"]]
        assert names == ["Reply", "lookup_order"]
        assert len(result.tool_runs) == 1

    def test_in_mode_json_schema_the_answer_comes_as_text(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 7})), '{"words": "Lost.", "refund": true}'])
        result = extract.into(Reply).with_options(**here, tools=[lookup_order], mode="json_schema").run("7?")
        assert result.output.refund
        assert all(body["response_format"]["type"] == "json_schema" and body["tools"] for body in faults.bodies)

    def test_a_mode_that_is_refused_between_rounds_costs_nothing_of_them(self, faults: FaultServer) -> None:
        def refuse(call: Any) -> HTTP:
            return HTTP(400, error(call, 400, "response_format is not supported by this model."))

        good = '{"words": "Lost.", "refund": true}'
        faults.script([calls(("lookup_order", {"number": 7})), refuse, good])
        pattern = extract.into(Reply).with_options(model="openai/gpt-4o-mini", api_base=faults.api_base, retries=0)
        result = pattern.with_options(tools=[lookup_order]).run("7?")
        assert result.output.refund
        assert ["response_format" in body for body in faults.bodies] == [True, True, False]
        assert results(faults) == ['{"number":7,"state":"lost"}']

    def test_unless_told_no_shape_is_enforced_that_would_keep_a_model_from_calling(self, faults: FaultServer) -> None:
        good = '{"words": "Lost.", "refund": true}'
        where: Changes = {"model": "anthropic/claude-sonnet-4-5", "api_base": faults.root, "retries": 0}
        faults.script([calls(("lookup_order", {"number": 7})), calls(("Reply", good)), good])
        assert extract.into(Reply).with_options(**where, tools=[lookup_order])("7?").refund
        assert extract.into(Reply).with_options(**where)("7?").refund
        assert [len(body.get("tools", ())) for body in faults.bodies] == [2, 2, 0]

    def test_a_tool_that_must_be_called_is_called_once(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 7})), "Lost."])
        complete.with_options(**here, tools=[lookup_order], tool_choice="required")("7?")
        assert [body.get("tool_choice") for body in faults.bodies] == ["required", None]


SEARCH = Tool("search", "Search.", {"type": "object", "properties": {"q": {"type": "string"}}})


class TestToolsOfTheCallersOwn:
    def test_calls_of_declared_tools_are_handed_back_as_ever(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 7})), calls(("search", "{q: 'cats'}"))])
        with pytest.raises(ToolsCalled) as caught:
            extract.into(Reply).with_options(**here, tools=[lookup_order, SEARCH])("7?")
        assert caught.value.tool_calls[0].arguments == {"q": "cats"}
        assert [run.name for run in caught.value.tool_runs] == ["lookup_order"]
        assert [message.role for message in caught.value.messages] == ["assistant", "tool", "assistant"]

    def test_called_together_the_functions_run_and_the_rest_is_handed_back(
        self, here: Changes, faults: FaultServer
    ) -> None:
        faults.script([calls(("search", {"q": "cats"}), ("lookup_order", {"number": 7}))])
        with pytest.raises(ToolsCalled) as caught:
            complete.with_options(**here, tools=[lookup_order, SEARCH])("7?")
        assert [call.name for call in caught.value.tool_calls] == ["search"]
        asked, told = caught.value.messages
        assert {call.name for call in asked.tool_calls} == {"search", "lookup_order"}
        assert told.content == '{"number":7,"state":"lost"}'


class TestStreams:
    async def test_tools_run_before_the_answer_grows(self, where: Changes, faults: FaultServer) -> None:
        ran = []

        def note(number: int) -> int:
            ran.append(number)
            return number

        faults.script([calls(("note", {"number": 7})), '{"words": "It is lost.", "refund": true}'])
        pattern = extract.into(Reply).with_options(**where, tools=[note])
        seen = []
        async for partial in pattern.astream("7?"):
            seen.append((list(ran), partial))
        assert len(seen) > 1
        assert all(number == [7] for number, _ in seen)
        assert seen[-1][1] == Reply(words="It is lost.", refund=True)
        assert results(faults) == ["7"]

    def test_a_blocking_stream_runs_them_too(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("weather", {"city": "Ulm"}), ("lookup_order", {"number": 7})), "Fine and lost."])
        *_, last = complete.with_options(**here, tools=[weather, lookup_order]).stream("Go.")
        assert last == "Fine and lost."
        assert results(faults) == ["It is fine in Ulm on 01 May.", '{"number":7,"state":"lost"}']

    def test_items_of_a_list_come_after_them(self, here: Changes, faults: FaultServer) -> None:
        faults.script([calls(("lookup_order", {"number": 7})), '[{"number": 7, "state": "lost"}]'])
        pattern = extract.into(list[Order]).with_options(**here, tools=[lookup_order])
        assert list(pattern.stream_items("7?")) == [ORDERS[7]]


def test_a_batch_runs_them_for_each_row(here: Changes, faults: FaultServer) -> None:
    def by_row(call: Any) -> Answer:
        text = json.dumps(call.body["messages"])
        if '"role": "tool"' in text:
            return Answer("lost" if "lost" in text else "sent")
        return calls(("lookup_order", {"number": 7 if "seven" in text else 8}))

    faults.script([by_row] * 8)
    pattern = complete.with_options(**here, tools=[lookup_order])
    outcomes = list(pattern.batch(["seven", "eight", "seven", "eight"], concurrency=4))
    assert [outcome.output for outcome in outcomes] == ["lost", "sent", "lost", "sent"]


def test_each_request_of_the_rounds_is_cached(here: Changes, faults: FaultServer, tmp_path: Any) -> None:
    ran = []

    def note(number: int) -> int:
        ran.append(number)
        return number

    faults.script([calls(("note", {"number": 7})), "Noted."])
    pattern = complete.with_options(**here, tools=[note], cache=tmp_path / "answers.db")
    assert [pattern("7?"), pattern("7?")] == ["Noted."] * 2
    assert faults.calls == 2
    assert ran == [7, 7], "the answers are kept, but what a function does is done each time"


def test_the_rules_engine_says_that_it_calls_no_tools() -> None:
    with pytest.raises(NeedsModel, match="calls no tools"):
        extract.into(Reply).with_options(model="rules", tools=[lookup_order])("words: Lost. refund: yes")


def test_several_candidates_and_functions_do_not_go_together() -> None:
    with pytest.raises(InputError, match="several answers"):
        complete.with_options(tools=[lookup_order], n=2)


def test_a_function_of_the_name_of_the_answer_is_refused(here: Changes) -> None:
    def Reply_() -> None:
        """Reply."""

    Reply_.__name__ = "Reply"
    with pytest.raises(InputError, match="a tool is called Reply"):
        extract.into(Reply).with_options(**here, tools=[Reply_], mode="tools")("7?")


def test_results_and_errors_with_tool_runs_can_be_pickled(here: Changes, faults: FaultServer) -> None:
    faults.script([calls(("lookup_order", {"number": 7})), "Lost."])
    result = complete.with_options(**here, tools=[lookup_order]).run("7?")
    assert pickle.loads(pickle.dumps(result)) == result
    assert isinstance(result.tool_runs[0], ToolRun)
    assert result.tool_messages[0] == Message(
        "assistant", "", (ToolCall("call_0", "lookup_order", {"number": 7}, '{"number": 7}'),)
    )


def test_the_answer_may_still_be_wrong_for_good(here: Changes, faults: FaultServer) -> None:
    faults.script([calls(("lookup_order", {"number": 7})), "no", "nope"])
    with pytest.raises(OutputError) as caught:
        extract.into(Reply).with_options(**here, tools=[lookup_order], reasks=1)("7?")
    assert len(caught.value.attempts) == 3
    assert len(caught.value.tool_runs) == 1
