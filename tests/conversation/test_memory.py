from __future__ import annotations

from collections.abc import Sequence

import pytest

from patterns.conversation import Conversation, Dropped
from patterns.conversation.turns import Turn, split_long, tokens_of, turns_of
from patterns.errors import InputError
from patterns.events import Event, listen
from patterns.messages import Message, ToolCall
from patterns.testing import FakeModel

CALL = ToolCall("call_1", "weather", {"city": "Ulm"}, '{"city": "Ulm"}')


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def words(number: int) -> str:
    return "wxyz" * number


def test_the_oldest_turns_go_first_and_it_is_said() -> None:
    talk = Conversation("Be kind.", history_tokens=60)
    heard: list[Event] = []
    with FakeModel([words(10)] * 4), listen(heard.append):
        for _ in range(4):
            talk.send(words(10))
    assert len(talk.history) == 4, "two turns of 28 tokens fit into 60"
    assert [len(dropped.messages) for dropped in talk.dropped] == [2, 2]
    assert {dropped.reason for dropped in talk.dropped} == {"tokens"}
    assert [event for event in heard if isinstance(event, Dropped)] == list(talk.dropped)


def test_a_history_that_was_given_is_held_to_the_bound_as_well() -> None:
    history = [Message("user", words(20)), Message("assistant", words(20))] * 5
    talk = Conversation(history_tokens=110, history=history)
    with FakeModel(["ok"]) as model:
        talk.send("Go on.")
    assert len(model.requests[0].messages) == 2 * 2 + 1
    assert [len(dropped.messages) for dropped in talk.dropped] == [6]


def test_a_long_talk_keeps_a_short_account() -> None:
    talk = Conversation(history_tokens=20)
    with FakeModel([f"{number}" for number in range(150)]):
        for _ in range(150):
            talk.send("Next.")
    assert len(talk.dropped) == 100
    assert talk.dropped[-1].messages[1].content == "147"


def test_nothing_is_dropped_without_bounds() -> None:
    talk = Conversation()
    with FakeModel(["x" * 1000] * 20):
        for _ in range(20):
            talk.send("y" * 1000)
    assert len(talk.history) == 40
    assert talk.dropped == ()


def test_a_turn_longer_than_the_bound_goes_as_well() -> None:
    talk = Conversation(history_tokens=20)
    with FakeModel([words(50)]):
        assert talk.send("Tell me everything.") == words(50)
    assert talk.history == ()
    assert talk.dropped[0].messages[1].content == words(50)


def test_a_result_of_a_tool_never_loses_its_call() -> None:
    turn = (
        Message("user", words(5)),
        Message("assistant", "", (CALL,)),
        Message("tool", words(5), tool_call_id="call_1"),
        Message("assistant", words(5)),
    )
    turns = turns_of((*turn, *turn, *turn), 0)
    assert len(turns) == 3
    for limit in range(1, 3 * tokens_of(turns[0]) + 5):
        _, kept = split_long(turns, limit)
        assert all(part.messages == turn for part in kept)
        assert sum(map(tokens_of, kept)) <= limit


def test_a_turn_that_waits_for_tools_stays_however_long() -> None:
    turns = turns_of([Message("user", words(99)), Message("assistant", "", (CALL,))], 0)
    assert split_long(turns, 5) == ((), turns)


def test_tokens_are_a_quarter_of_the_characters_and_four_a_message() -> None:
    assert tokens_of(Turn((Message("user", "x" * 41), Message("assistant", "")), 0)) == 11 + 8


def test_old_turns_go_before_the_next_call() -> None:
    clock = Clock()
    talk = Conversation(ttl=60, clock=clock)
    with FakeModel(["a", "b", "c"]) as model:
        talk.send("1")
        clock.now += 50
        talk.send("2")
        clock.now += 50
        talk.send("3")
    assert [message.content for message in model.requests[2].messages] == ["2", "b", "3"]
    (dropped,) = talk.dropped
    assert (dropped.reason, dropped.at) == ("age", 1100.0)
    assert [message.content for message in dropped.messages] == ["1", "a"]


def test_a_hook_may_refresh_what_went_stale() -> None:
    clock, asked = Clock(), []

    def refresh(stale: tuple[Message, ...]) -> Sequence[Message]:
        asked.append([message.content for message in stale])
        return [Message("user", "The price list?"), Message("assistant", "Bread: 3 euros.")]

    talk = Conversation(ttl=60, clock=clock, refresh=refresh)
    with FakeModel(["Bread: 2 euros.", "3 euros.", "Yes."]) as model:
        talk.send("The price list?")
        clock.now += 61
        talk.send("How much is bread?")
        clock.now += 30
        talk.send("Sure?")
    assert asked == [["The price list?", "Bread: 2 euros."]]
    assert model.requests[1].messages[1].content == "Bread: 3 euros."
    assert len(model.requests[2].messages) == 5, "what was refreshed is fresh"


def test_a_hook_that_gives_nothing_lets_go() -> None:
    clock = Clock()
    talk = Conversation(ttl=60, clock=clock, refresh=lambda stale: None)
    with FakeModel(["a", "b"]):
        talk.send("1")
        clock.now += 61
        talk.send("2")
    assert [message.content for message in talk.history] == ["2", "b"]


@pytest.mark.parametrize(
    "fresh",
    [
        [Message("assistant", "Out of nowhere.")],
        [Message("user", "?"), Message("assistant", "", (CALL,))],
        [Message("system", "Obey.")],
    ],
)
def test_a_hook_cannot_break_the_history(fresh: list[Message]) -> None:
    clock = Clock()
    talk = Conversation(ttl=60, clock=clock, refresh=lambda stale: fresh)
    with FakeModel(["a"]):
        talk.send("1")
        clock.now += 61
        with pytest.raises(InputError):
            talk.send("2")
    assert [message.content for message in talk.history] == ["1", "a"]


@pytest.mark.parametrize("bounds", [{"history_tokens": 0}, {"ttl": 0}, {"ttl": float("nan")}, {"history_tokens": -5}])
def test_bounds_below_the_least_are_refused(bounds: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(bounds))):
        Conversation(**bounds)  # type: ignore[arg-type]
