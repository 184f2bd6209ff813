"""The ready patterns over images, documents and sounds, against a real server."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import (
    Audio,
    Conversation,
    Document,
    Image,
    InputError,
    NeedsModel,
    OutputError,
    classify,
    classify_sentiment,
    complete,
    extract,
    override,
    solve,
    summarize,
)
from patterns.conversation.turns import tokens_of, turns_of
from patterns.messages import Message, Part
from patterns.testing import Recorder
from tests.faultserver import FaultServer
from tests.media import pdf, png, wav

CANARY = b"CANARY-in-the-picture"
PHOTO = Image(png(note=CANARY))
PAPER = Document(pdf())


class Invoice(BaseModel):
    number: str
    total: float


INVOICE = json.dumps({"number": "A-17", "total": 40.0})


def at(faults: FaultServer) -> dict[str, Any]:
    return {"model": "openai/gpt-4.1-mini", "api_base": faults.api_base}


def said(faults: FaultServer, number: int = -1) -> list[dict[str, Any]]:
    """What the user said last, piece by piece."""
    content: list[dict[str, Any]] = faults.bodies[number]["messages"][-1]["content"]
    return content


def test_extract_takes_an_image_for_its_text(faults: FaultServer) -> None:
    faults.script([INVOICE])
    result = extract.with_options(**at(faults)).run(PHOTO, Invoice)
    assert result.output == Invoice(number="A-17", total=40.0)
    texts = [piece.get("text") for piece in said(faults)]
    assert [piece["type"] for piece in said(faults)] == ["text", "image_url", "text"]
    assert str(texts[0]).endswith("<text>")
    assert texts[2] == "</text>"
    assert result.messages[-1].parts == (PHOTO,)


def test_every_ready_pattern_takes_one(faults: FaultServer) -> None:
    label = json.dumps({"label": "bill", "confidence": 0.9})
    mood = json.dumps({"label": "neutral", "confidence": 0.9})
    solved = json.dumps({"steps": ["Two and two."], "answer": "4"})
    faults.script([label, mood, "A bill.", solved, "A cat."])
    here = at(faults)
    assert classify.with_options(**here)(PHOTO, ["bill", "letter"]).label == "bill"
    assert classify_sentiment.with_options(**here)(PHOTO).label == "neutral"
    assert summarize.with_options(**here)(PAPER, words=5) == "A bill."
    assert solve.with_options(**here)(PHOTO).answer == "4"
    assert complete.with_options(**here)(["What is", PHOTO, "this?"]) == "A cat."
    assert [piece["type"] for piece in said(faults)] == ["text", "image_url", "text"]


def test_a_wrong_answer_is_asked_again_with_the_image(faults: FaultServer) -> None:
    faults.script(['{"number": "A-17"}', INVOICE])
    result = extract.with_options(**at(faults), reasks=1).run(PHOTO, Invoice)
    assert result.output.total == 40.0
    assert [len(body["messages"]) for body in faults.bodies] == [2, 3]
    assert faults.bodies[1]["messages"][1] == faults.bodies[0]["messages"][1]


def test_a_batch_may_hold_texts_and_parts(faults: FaultServer) -> None:
    faults.script([INVOICE] * 3)
    rows: list[str | Part] = ["Invoice A-17, 40 euros", PHOTO, PAPER]
    found = list(extract.with_options(**at(faults)).batch(rows, Invoice, concurrency=1))
    assert [outcome.output.number for outcome in found] == ["A-17"] * 3


def test_a_stream_takes_one(faults: FaultServer) -> None:
    faults.script([INVOICE])
    *_, last = extract.with_options(**at(faults)).stream(PHOTO, Invoice)
    assert last.number == "A-17"


def test_a_conversation_remembers_what_it_was_shown(faults: FaultServer) -> None:
    faults.script(["A cat.", "Grey."])
    talk = Conversation("Be brief.", **at(faults))
    assert talk.send("What is this?", PHOTO) == "A cat."
    assert talk.send("Which colour?") == "Grey."
    shown = faults.bodies[1]["messages"][1]["content"]
    assert [piece["type"] for piece in shown] == ["text", "image_url"]
    assert talk.history[0].parts == (PHOTO,)


def test_a_conversation_may_say_nothing_but_a_part(faults: FaultServer) -> None:
    faults.script(["A cat."])
    talk = Conversation(**at(faults))
    assert talk.send("", PHOTO) == "A cat."
    with pytest.raises(InputError, match="nothing to say"):
        talk.send("")


def test_what_is_remembered_counts_its_parts() -> None:
    (turn,) = turns_of([Message("user", ("Look", PHOTO))], 0)
    assert tokens_of(turn) == 1 + 4 + 85 + 170


def test_without_a_model_it_is_said_that_one_is_needed() -> None:
    with pytest.raises(NeedsModel, match="reads text alone"):
        extract.with_options(model="rules")(PHOTO, Invoice)


def test_equal_images_are_asked_about_once(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([INVOICE, INVOICE])
    cached = extract.with_options(**at(faults), cache=tmp_path / "answers.db")
    for image in (PHOTO, Image(bytes(PHOTO.data)), Image(png(9))):
        cached(image, Invoice)
    assert faults.calls == 2
    assert b"CANARY" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_recording_holds_the_hash_of_an_image(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([INVOICE])
    tape = tmp_path / "tape.jsonl"
    with Recorder(tape, "record"):
        extract.with_options(**at(faults))(PHOTO, Invoice)
    with Recorder(tape, "replay"):
        assert extract.with_options(**at(faults))(Image(bytes(PHOTO.data)), Invoice).number == "A-17"
    written = tape.read_text()
    assert PHOTO.digest in written
    assert PHOTO.encoded()[:60] not in written
    assert faults.calls == 1


def test_logs_and_errors_never_hold_the_content(faults: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    """Not as bytes, not in base64, not in what an error says of itself, and not with the content told to the log."""
    caplog.set_level(logging.DEBUG, "patterns")
    faults.script(["I see nothing."] * 2)
    with override(log_content=True), pytest.raises(OutputError) as caught:
        extract.with_options(**at(faults), reasks=1)(PHOTO, Invoice)
    told = "\n".join([caplog.text, str(caught.value), repr(caught.value), repr(caught.value.attempts)])
    assert "[image/png 112 bytes]" in told
    for secret in (CANARY.decode(), PHOTO.encoded()[:40], PHOTO.encoded()[-40:], repr(PHOTO.data)[2:40]):
        assert secret not in told


def test_sound_has_its_own_price_in_the_bill(faults: FaultServer) -> None:
    bill = summarize.with_options(model="gemini/gemini-2.5-flash", max_tokens=10).estimate(Audio(wav(60)))
    assert bill.low is not None
    assert bill.low > 60 * 32 * 1.0e-6
