from __future__ import annotations

from patterns.library.complete import complete
from patterns.messages import Message, Tool, ToolCall
from patterns.testing import FakeModel


def test_the_prompt_is_sent_as_it_is() -> None:
    with FakeModel(["blue"]) as model:
        assert complete("The sky is {{ 7 * 7 }}") == "blue"
    assert model.requests[0].messages == (Message("user", "The sky is {{ 7 * 7 }}"),)


def test_a_system_message_goes_before_it() -> None:
    messages = complete.render("Hello", system="Answer in French.")
    assert messages == [Message("system", "Answer in French."), Message("user", "Hello")]


def test_several_candidates_come_from_one_request() -> None:
    with FakeModel(["one", "two", "three"]) as model:
        assert complete("Say a number.", n=3) == ["one", "two", "three"]
    assert [request.options.n for request in model.requests] == [3]


async def test_every_verb_works_alike() -> None:
    with FakeModel(["a", "b", "c", "d", "e", "f", "g"]) as model:
        assert complete.run("x").output == "a"
        assert complete.run("x", n=2).candidates == ("b", "c")
        assert await complete.acall("x") == "d"
        assert (await complete.arun("x")).output == "e"
        assert [outcome.output for outcome in complete.batch(["x"], system="s")] == ["f"]
        assert [outcome.output async for outcome in complete.abatch(["x"])] == ["g"]
    assert model.left == 0


async def test_a_stream_grows_to_the_whole_text() -> None:
    text = "The quick brown fox jumps over the lazy dog."
    with FakeModel([text, text]):
        grown = list(complete.stream("x"))
        assert [value async for value in complete.astream("x")][-1] == text
    assert grown[-1] == text
    assert len(grown) > 1
    assert all(text.startswith(part) for part in grown)


def test_half_of_a_surrogate_pair_is_asked_for_again() -> None:
    with FakeModel(["Hi \ud83d", "Hi"]) as model:
        assert complete("Greet me.") == "Hi"
    assert "Hi ?" in model.requests[1].messages[-1].content


def test_calls_of_tools_are_on_the_result() -> None:
    call = ToolCall("call_1", "weather", {"city": "Ulm"}, '{"city": "Ulm"}')
    with FakeModel([call]):
        result = complete.with_options(tools=[Tool("weather")]).run("The weather in Ulm?")
    assert (result.output, result.tool_calls) == ("", (call,))
