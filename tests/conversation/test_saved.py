from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from patterns import Document, Image
from patterns.conversation import Conversation
from patterns.errors import InputError
from patterns.messages import Message, ToolCall
from patterns.testing import FakeModel
from tests.media import pdf, png

CALL = ToolCall("call_1", "weather", {"city": "Ulm", "days": [1, 2]}, '{"city": "Ulm", "days": [1, 2]}')


@pytest.fixture
def talk() -> Conversation:
    talk = Conversation("Be kind.", model="some/model", history_tokens=500, ttl=3600, temperature=1.0)
    with FakeModel(["Hello! 👋", "21 degrees."]):
        talk.send("Hello, wörld\n")
        talk.send("The weather?")
    return talk


def test_a_saved_conversation_goes_on_where_it_was(talk: Conversation, tmp_path: Path) -> None:
    talk.save(tmp_path / "talk.json")
    again = Conversation.load(tmp_path / "talk.json")
    assert (again.system, again.history) == (talk.system, talk.history)
    with FakeModel(["Yes."]) as model:
        again.send("Sure?")
    assert model.requests[0].model == "some/model"
    assert model.requests[0].messages[1:-1] == talk.history


def test_calls_that_wait_survive(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    Conversation(history=[Message("user", "?"), Message("assistant", "", (CALL,))]).save(path)
    again = Conversation.load(path)
    assert again.pending == (CALL,)
    with FakeModel(["21 degrees."]):
        assert again.answer_tools({"call_1": 21}) == "21 degrees."


def test_the_age_of_turns_survives(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    early = Conversation(ttl=60, clock=lambda: 1000.0)
    with FakeModel(["a"]):
        early.send("1")
    early.save(path)
    late = Conversation.load(path, clock=lambda: 1061.0)
    with FakeModel(["b"]):
        late.send("2")
    assert [message.content for message in late.dropped[0].messages] == ["1", "a"]


def test_options_are_given_again_and_may_change_the_model(talk: Conversation, tmp_path: Path) -> None:
    talk.save(tmp_path / "talk.json")
    with FakeModel(["Yes."]) as model:
        Conversation.load(tmp_path / "talk.json", model="other/model", temperature=0.5).send("Sure?")
    assert (model.requests[0].model, model.requests[0].options.temperature) == ("other/model", 0.5)


def test_no_secret_gets_into_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "sk-CANARY0123456789abcdefgh"
    monkeypatch.setenv("MY_SERVICE_KEY", "plain-looking-canary")
    call = ToolCall(
        "call_1", "fetch", {"auth": canary, "deep": [{"k": "plain-looking-canary"}]}, f'{{"auth": "{canary}"}}'
    )
    history = [Message("user", f"My key is {canary} or plain-looking-canary."), Message("assistant", "", (call,))]
    talk = Conversation(
        f"Use {canary}.", history=history, extra={"headers": {"x": canary}}, api_base=f"http://h/{canary}"
    )
    talk.save(tmp_path / "talk.json")
    assert "canary" not in (tmp_path / "talk.json").read_text().lower()
    assert canary in talk.history[0].content, "the conversation itself stays as it was"


def test_the_file_is_whole_or_the_old_one(talk: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "talk.json"
    talk.save(path)
    before = path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(InputError, match="full"):
        talk.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path], "no half of a file is left behind"


def test_others_cannot_read_the_file(talk: Conversation, tmp_path: Path) -> None:
    talk.save(tmp_path / "talk.json")
    assert (tmp_path / "talk.json").stat().st_mode & 0o077 == 0


def good() -> dict[str, Any]:
    message = {"role": "user", "content": "Hi", "tool_calls": [], "tool_call_id": None}
    turn = {"at": 1.0, "messages": [message, {**message, "role": "assistant"}]}
    return {
        "format": "patterns.conversation",
        "version": 1,
        "system": "",
        "model": None,
        "history_tokens": None,
        "ttl": None,
        "turns": [turn],
    }


def test_the_good_file_is_good(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(good()))
    assert len(Conversation.load(path).history) == 2


LONE = {"role": "tool", "content": "21", "tool_calls": [], "tool_call_id": "call_1"}
BAD = [
    ("{", "not JSON"),
    ("", "not JSON"),
    ("[1]", "the file"),
    ("[" * 100_000, "not JSON"),
    (json.dumps(good() | {"version": 2}), "version 2"),
    (json.dumps(good() | {"format": "other"}), "format"),
    (json.dumps(good() | {"api_key": "x"}), "api_key"),
    (json.dumps(good() | {"ttl": -1}), "ttl"),
    (json.dumps(good() | {"history_tokens": "9"}), "history_tokens"),
    (json.dumps(good() | {"turns": [{"at": 1.0, "messages": []}]}), "turns.0.messages"),
    (json.dumps(good() | {"turns": [{"at": 1.0, "messages": [LONE]}]}), "begins with"),
    (
        json.dumps(good() | {"turns": [{"at": 1.0, "messages": [good()["turns"][0]["messages"][0], LONE]}]}),
        "without its call",
    ),
    (json.dumps(good() | {"turns": [{"at": 1.0, "messages": good()["turns"][0]["messages"] * 2}]}), "turn 1"),
    (json.dumps(good()).replace('"user"', '"root"'), "role"),
    (json.dumps(good()).replace("1.0", "NaN"), "at"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_file_that_is_no_conversation_is_refused_by_name(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        Conversation.load(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_place_that_is_no_file_is_told(tmp_path: Path, talk: Conversation) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Conversation.load(tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        talk.save(tmp_path / "nowhere" / "talk.json")
    assert not list(tmp_path.iterdir())


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        Conversation.load(tmp_path / "none.json")


def test_parts_are_saved_whole_and_checked_again(tmp_path: Path) -> None:
    image, paper = Image(png(), name="a.png"), Document(pdf())
    told = (Message("user", ("Look:", image, paper)), Message("assistant", "A cat."))
    path = tmp_path / "talk.json"
    Conversation(model="openai/x", history=told).save(path)
    assert Conversation.load(path).history == told
    path.write_text(path.read_text().replace(image.encoded(), b64encode(b"<svg/>").decode()))
    with pytest.raises(InputError, match="not PNG"):
        Conversation.load(path)


def test_a_saved_address_is_never_the_path_of_a_file(tmp_path: Path) -> None:
    image = Image("https://a.example/b.png")
    (there := tmp_path / "there.png").write_bytes(png())
    path = tmp_path / "talk.json"
    Conversation(model="openai/x", history=[Message("user", (image,))]).save(path)
    assert Conversation.load(path).history[0].content == (image,)
    path.write_text(path.read_text().replace(image.url, str(there)))
    with pytest.raises(InputError, match="does not begin with https"):
        Conversation.load(path)
