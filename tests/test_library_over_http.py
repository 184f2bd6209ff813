"""The library and the conversation through litellm and real HTTP, on both wires."""

from __future__ import annotations

import pytest

from patterns import (
    Conversation,
    Tool,
    ToolsCalled,
    classify,
    classify_sentiment,
    complete,
    extract,
    generate_code,
    solve,
)
from patterns.setup import Changes
from tests.faultserver import Answer, FaultServer

WEATHER = Tool("weather", "The weather in a city.", {"type": "object", "properties": {"city": {"type": "string"}}})


@pytest.fixture(params=["openai", "anthropic"])
def where(request: pytest.FixtureRequest, faults: FaultServer) -> Changes:
    """The options that lead to the fault server, where no fault has this model's name."""
    base = faults.api_base if request.param == "openai" else faults.root
    return {"model": f"{request.param}/plain-model", "api_base": base, "timeout": 20.0, "retries": 0}


def test_each_pattern_asks_once_and_reads_the_answer(where: Changes, faults: FaultServer) -> None:
    answers = [
        '{"label": "positive", "confidence": 0.9}',
        '{"label": "b", "confidence": 0.9}',
        '{"name": "Ada", "age": 36}',
        '{"steps": ["1 + 1 = 2."], "answer": "2"}',
        "```python\ndef f():\n    return 1\n```",
        "Hello!",
    ]
    faults.script(answers)
    assert classify_sentiment.with_options(**where)("Nice.").label == "positive"
    assert classify.with_options(**where)("x", ["a", "b"]).label == "b"
    assert extract.with_options(**where)("Ada, 36", "name, age int").age == 36
    assert solve.with_options(**where)("1 + 1?").answer == "2"
    assert generate_code.with_options(**where)("One.").source == "def f():\n    return 1"
    assert complete.with_options(**where)("Hello") == "Hello!"
    assert faults.calls == len(answers)


def test_a_wrong_answer_is_asked_for_again_with_what_was_wrong(where: Changes, faults: FaultServer) -> None:
    faults.script(['{"label": "angry", "confidence": 0.9}', '{"label": "negative", "confidence": 0.9}'])
    result = classify_sentiment.with_options(**where).run("Grr.")
    assert result.output.label == "negative"
    assert result.usage.total_tokens == 120, "both attempts are paid"
    assert "angry" in str(faults.bodies[1]["messages"][-1])


def test_a_conversation_with_tools_goes_on(where: Changes, faults: FaultServer) -> None:
    faults.script(
        [
            Answer("Hello!"),
            Answer(None, tool_calls=[("weather", '{"city": "Ulm"}')]),
            Answer("21 degrees."),
            Answer('{"label": "positive", "confidence": 0.9}'),
        ]
    )
    talk = Conversation("Be kind.", tools=[WEATHER], **where)
    assert talk.send("Hello") == "Hello!"
    with pytest.raises(ToolsCalled) as caught:
        talk.send("The weather in Ulm?")
    (call,) = caught.value.tool_calls
    assert (call.name, call.arguments) == ("weather", {"city": "Ulm"})
    assert talk.answer_tools({call.id: {"celsius": 21}}) == "21 degrees."
    assert talk.ask(classify_sentiment, "Warm at last.").label == "positive"
    assert "celsius" in str(faults.bodies[2]["messages"])
    assert "21 degrees." in str(faults.bodies[3]["messages"])
    assert [message.role for message in talk.history] == [
        *("user", "assistant"),
        *("user", "assistant", "tool", "assistant"),
        *("user", "assistant"),
    ]
