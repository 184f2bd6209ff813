from __future__ import annotations

import pytest

from patterns.conversation import Conversation
from patterns.errors import InputError, OutputError, ToolsCalled, TransientError
from patterns.exchange import Choice, Response
from patterns.library.sentiment import Sentiment, classify_sentiment
from patterns.messages import Message, Tool, ToolCall
from patterns.testing import FakeModel

CALL = ToolCall("call_1", "weather", {"city": "Ulm"}, '{"city": "Ulm"}')
OTHER = ToolCall("call_2", "weather", {"city": "Bonn"}, '{"city": "Bonn"}')
WEATHER = Tool("weather", "The weather in a city.", {"type": "object", "properties": {"city": {"type": "string"}}})


def said(*texts: str) -> tuple[Message, ...]:
    return tuple(Message("assistant" if number % 2 else "user", text) for number, text in enumerate(texts))


def test_each_call_sees_what_was_said_before() -> None:
    talk = Conversation("Be kind.")
    with FakeModel(["Hello!", "You said hello."]) as model:
        assert talk.send("Hello") == "Hello!"
        assert talk.send("What did I say?") == "You said hello."
    assert model.requests[1].messages == (
        Message("system", "Be kind."),
        *said("Hello", "Hello!", "What did I say?"),
    )
    assert talk.history == said("Hello", "Hello!", "What did I say?", "You said hello.")


async def test_the_async_verbs_do_the_same() -> None:
    talk = Conversation()
    with FakeModel(["a", "b", {"label": "positive", "confidence": 1}]):
        assert await talk.asend("1") == "a"
        assert (await talk.arun("2")).output == "b"
        assert (await talk.aask(classify_sentiment, "Nice.")).label == "positive"
    assert [message.role for message in talk.history] == ["user", "assistant"] * 3


def test_run_tells_the_whole_story() -> None:
    with FakeModel(["Hello!"]):
        result = Conversation().run("Hello")
    assert result.output == "Hello!"
    assert result.usage.output_tokens == 2


def test_a_pattern_is_asked_inside_the_conversation() -> None:
    talk = Conversation("Be kind.")
    with FakeModel(["Hello!", 'Sure: {"label": "positive", "confidence": 1}', "Yes."]) as model:
        talk.send("Hello")
        assert talk.ask(classify_sentiment, "Nice.") == Sentiment(label="positive", confidence=1)
        talk.send("Was it?")
    asked = model.requests[1].messages
    assert asked[-3:-1] == said("Hello", "Hello!")
    assert "Be kind." not in asked[0].content, "the pattern brings its own system message"
    question, answer = talk.history[2:4]
    assert "<text>\nNice.\n</text>" in question.content
    assert answer.content == '{"label": "positive", "confidence": 1.0}', "the value joins the history, not the chatter"
    assert model.requests[2].messages[3:5] == (question, answer)


def test_a_pattern_without_a_model_is_asked_of_the_conversations() -> None:
    talk = Conversation(model="some/model", api_base="http://127.0.0.1:1", temperature=1.0)
    with FakeModel([{"label": "positive", "confidence": 1}] * 2) as model:
        talk.ask(classify_sentiment, "Nice.")
        talk.ask(classify_sentiment.with_options(model="its/own"), "Nice.")
    first, second = model.requests
    assert (first.model, first.options.api_base) == ("some/model", "http://127.0.0.1:1")
    assert first.options.temperature == 0, "sampling stays the pattern's"
    assert (second.model, second.options.api_base) == ("its/own", None)


@pytest.mark.parametrize("verb", ["send", "ask"])
def test_a_call_that_fails_leaves_no_trace(verb: str) -> None:
    talk = Conversation(retries=0)
    with FakeModel(["Hello!", TransientError("down"), "Still here."]) as model:
        talk.send("Hello")
        before = talk.history
        with pytest.raises(TransientError):
            talk.send("Hm?") if verb == "send" else talk.ask(classify_sentiment.with_options(retries=0), "Nice.")
        assert talk.history == before
        talk.send("Are you there?")
    assert model.requests[-1].messages[:2] == before


def test_an_answer_that_is_never_right_leaves_no_trace() -> None:
    talk = Conversation()
    with FakeModel(["no", "nope", "never"]), pytest.raises(OutputError):
        talk.ask(classify_sentiment, "Nice.")
    assert talk.history == ()


def test_nothing_cannot_be_said() -> None:
    with FakeModel([]), pytest.raises(InputError, match="empty"):
        Conversation().send("  ")


def test_what_was_said_is_not_a_template() -> None:
    talk = Conversation("{{ system }}")
    with FakeModel(["{% user %}"]) as model:
        talk.send("{{ 7 * 7 }} </text>")
    assert [message.content for message in model.requests[0].messages] == ["{{ system }}", "{{ 7 * 7 }} </text>"]


def test_clear_forgets_all_but_the_system_message() -> None:
    talk = Conversation("Be kind.")
    with FakeModel(["a", "b"]) as model:
        talk.send("1")
        talk.clear()
        assert talk.history == ()
        talk.send("2")
    assert model.requests[1].messages == (Message("system", "Be kind."), Message("user", "2"))


def test_a_conversation_begins_with_the_history_it_is_given() -> None:
    talk = Conversation(history=said("Hello", "Hello!"))
    with FakeModel(["c"]) as model:
        talk.send("Again")
    assert model.requests[0].messages == said("Hello", "Hello!", "Again")


@pytest.mark.parametrize(
    "history",
    [
        [Message("assistant", "Hello!")],
        [Message("user", "Hi"), Message("system", "Obey.")],
        [Message("user", "Hi"), Message("tool", "21", tool_call_id="call_1")],
        [Message("user", "Hi"), Message("assistant", "", (CALL,)), Message("user", "And?")],
        [Message("user", "Hi"), Message("assistant", "", (CALL,)), Message("assistant", "So.")],
    ],
)
def test_a_history_that_no_model_could_go_on_with_is_refused(history: list[Message]) -> None:
    with pytest.raises(InputError):
        Conversation(history=history)


class TestTools:
    def test_their_results_are_given_and_the_talk_goes_on(self) -> None:
        talk = Conversation(tools=[WEATHER])
        with FakeModel([CALL, "21 degrees."]) as model:
            with pytest.raises(ToolsCalled) as caught:
                talk.send("The weather in Ulm?")
            assert caught.value.tool_calls == talk.pending == (CALL,)
            assert talk.answer_tools({"call_1": {"celsius": 21}}) == "21 degrees."
        assert model.requests[1].messages == (
            Message("user", "The weather in Ulm?"),
            Message("assistant", "", (CALL,)),
            Message("tool", '{"celsius":21}', tool_call_id="call_1"),
        )
        assert talk.pending == ()
        assert talk.history[-1] == Message("assistant", "21 degrees.")

    def test_run_gives_the_calls_without_an_error(self) -> None:
        talk = Conversation(tools=[WEATHER])
        with FakeModel([CALL]):
            assert talk.run("The weather in Ulm?").tool_calls == (CALL,)
        assert talk.pending == (CALL,)

    async def test_a_pattern_goes_on_to_its_value(self) -> None:
        judge = classify_sentiment.with_options(tools=[WEATHER])
        talk = Conversation()
        with FakeModel([CALL, OTHER, {"label": "positive", "confidence": 1}]) as model:
            with pytest.raises(ToolsCalled):
                talk.ask(judge, "Lovely weather.")
            with pytest.raises(ToolsCalled):
                talk.answer_tools({"call_1": "sunny"}, judge)
            assert (await talk.aanswer_tools({"call_2": "rain"}, judge)).label == "positive"
        asked = model.requests[2].messages
        assert [message.role for message in asked[-5:]] == ["user", "assistant", "tool", "assistant", "tool"]
        assert asked[: len(model.requests[0].messages)] == model.requests[0].messages
        assert len(talk.history) == 6

    def test_words_beside_a_call_are_kept_with_it(self) -> None:
        choice = Choice("Let me look.", finish_reason="tool_calls", tool_calls=(CALL,))
        talk = Conversation(tools=[WEATHER])
        with FakeModel([Response((choice,), model="m"), "21 degrees."]):
            with pytest.raises(ToolsCalled) as caught:
                talk.send("The weather in Ulm?")
            assert caught.value.raw_text == "Let me look."
            assert talk.history[-1] == Message("assistant", "Let me look.", (CALL,))
            assert talk.answer_tools({"call_1": 21}) == "21 degrees."

    def test_a_value_beside_a_call_is_the_answer(self) -> None:
        text = '{"label": "positive", "confidence": 1}'
        talk = Conversation()
        with FakeModel([Response((Choice(text, tool_calls=(CALL,)),), model="m"), "Yes."]):
            assert talk.ask(classify_sentiment, "Nice.").label == "positive"
            assert talk.send("Sure?") == "Yes."

    def test_nothing_else_can_be_said_before(self) -> None:
        talk = Conversation(tools=[WEATHER])
        with FakeModel([CALL]), pytest.raises(ToolsCalled):
            talk.send("The weather in Ulm?")
        with pytest.raises(InputError, match="call_1"):
            talk.send("Well?")
        talk.clear()
        with FakeModel(["Hello!"]):
            assert talk.send("Hello") == "Hello!"

    @pytest.mark.parametrize("results", [{}, {"call_9": 1}, {"call_1": 1, "call_9": 1}])
    def test_results_belong_to_the_pending_calls(self, results: dict[str, object]) -> None:
        talk = Conversation(history=[Message("user", "?"), Message("assistant", "", (CALL,))])
        with FakeModel([]), pytest.raises(InputError, match="call_1"):
            talk.answer_tools(results)

    def test_a_result_that_is_no_data_is_refused(self) -> None:
        talk = Conversation(history=[Message("user", "?"), Message("assistant", "", (CALL,))])
        with FakeModel([]), pytest.raises(InputError, match="JSON"):
            talk.answer_tools({"call_1": object()})

    def test_another_pattern_than_the_one_that_was_asked_is_refused(self) -> None:
        talk = Conversation(history=[Message("user", "?"), Message("assistant", "", (CALL,))])
        with FakeModel([]), pytest.raises(InputError, match="called tools"):
            talk.answer_tools({"call_1": 1}, classify_sentiment)

    def test_a_failure_keeps_the_calls_waiting(self) -> None:
        talk = Conversation(history=[Message("user", "?"), Message("assistant", "", (CALL,))], retries=0)
        with FakeModel([TransientError("down"), "21 degrees."]):
            with pytest.raises(TransientError):
                talk.answer_tools({"call_1": 21})
            assert talk.pending == (CALL,)
            assert talk.answer_tools({"call_1": 21}) == "21 degrees."
