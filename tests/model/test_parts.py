"""Images, documents and sounds over real HTTP: what leaves for each provider, what does not, and what it counts as."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from patterns import Audio, Document, Image
from patterns.errors import BadRequest, NeedsModel
from patterns.exchange import Options, Request
from patterns.messages import Message, Part
from patterns.model.client import litellm
from patterns.model.estimates import estimate, worst
from patterns.model.fast.gateway import FastGateway
from patterns.model.fingerprint import content, fingerprint
from patterns.model.rules.gateway import RulesGateway
from patterns.model.sizes import pages, pixels, seconds
from patterns.model.tokens import at_most, input_tokens
from patterns.model.transport import LitellmGateway
from patterns.model.weights import part_tokens
from patterns.settings import override
from tests.faultserver import FaultServer
from tests.faultserver.answers import Reply
from tests.media import gif, jpeg, pdf, png, wav, webp
from tests.model.asking import LANES

PHOTO = Image(png(), name="photo.png")
PAPER = Document(pdf(2))
VOICE = Audio(wav())
GEMINI = {
    "candidates": [{"content": {"parts": [{"text": "a cat"}], "role": "model"}, "finishReason": "STOP", "index": 0}],
    "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 2, "totalTokenCount": 11},
}


def asked(model: str, base: str, *pieces: str | Part) -> Request:
    return Request(model, (Message("user", pieces),), Options(timeout=60.0, api_base=base))


def base64(part: Part) -> str:
    return b64encode(part.data).decode()


def test_openai_is_sent_images_and_documents_on_both_lanes(faults: FaultServer, lane: str) -> None:
    faults.script(["a cat"])
    found = LANES.send(asked("openai/gpt-4.1-mini", faults.api_base, "What is this?", PHOTO, PAPER))
    assert found.choices[0].text == "a cat"
    assert faults.bodies[0]["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64(PHOTO)}"}},
                {
                    "type": "file",
                    "file": {
                        "filename": "document.pdf",
                        "file_data": f"data:application/pdf;base64,{base64(PAPER)}",
                    },
                },
            ],
        }
    ]


def test_openai_is_sent_sound_by_litellm(faults: FaultServer) -> None:
    faults.script(["hello"])
    with override(lane="auto"):
        FastGateway(LitellmGateway()).send(asked("openai/gpt-audio", faults.api_base, "What is said?", VOICE))
    said = faults.bodies[0]["messages"][0]["content"][1]
    assert said == {"type": "input_audio", "input_audio": {"data": base64(VOICE), "format": "wav"}}


def test_anthropic_is_sent_its_own_words(faults: FaultServer) -> None:
    faults.script(["a cat"])
    LitellmGateway().send(asked("anthropic/claude-haiku-4-5", faults.root, "What is this?", PHOTO, PAPER))
    said = faults.bodies[0]["messages"][0]["content"]
    assert said == [
        {"type": "text", "text": "What is this?"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": base64(PHOTO)}},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": base64(PAPER)}},
    ]


def test_gemini_is_sent_its_own_words(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-test-key-of-nobody-0123456789")
    faults.script([lambda call: Reply(body=json.dumps(GEMINI).encode())])
    model, base = "gemini/gemini-2.5-flash", f"{faults.root}/v1beta/models/x"
    found = LitellmGateway().send(asked(model, base, "What is this?", PHOTO, PAPER, VOICE))
    assert found.choices[0].text == "a cat"
    said: list[Any] = faults.bodies[0]["contents"][0]["parts"]
    assert [each.get("inline_data") or each for each in said] == [
        {"text": "What is this?"},
        {"data": base64(PHOTO), "mime_type": "image/png"},
        {"data": base64(PAPER), "mime_type": "application/pdf"},
        {"data": base64(VOICE), "mime_type": "audio/wav"},
    ]


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
def test_an_address_is_passed_on_and_not_fetched(faults: FaultServer, wire: str) -> None:
    """The host does not exist: had anybody here asked for it, the call would have failed."""
    address = "https://images.invalid/cat.png?size=2"
    models = {"openai": "openai/gpt-4.1-mini", "anthropic": "anthropic/claude-haiku-4-5"}
    faults.script(["a cat"])
    base = faults.api_base if wire == "openai" else faults.root
    LitellmGateway().send(asked(models[wire], base, "What is this?", Image(address)))
    said = faults.bodies[0]["messages"][0]["content"][1]
    assert said in (
        {"type": "image_url", "image_url": {"url": address}},
        {"type": "image", "source": {"type": "url", "url": address}},
    )


def test_litellm_is_left_to_check_the_addresses_that_it_may_fetch() -> None:
    """It fetches none of ours; what a caller puts into `extra` it looks at, and refuses hosts of this network."""
    assert litellm().user_url_validation is True


@pytest.mark.parametrize(
    ("model", "part", "said", "advice"),
    [
        ("openai/gpt-3.5-turbo", PHOTO, "takes no images", "openai/gpt-4.1-mini, anthropic/claude-haiku-4-5"),
        ("openai/gpt-3.5-turbo", PAPER, "takes no PDF documents", "openai/gpt-4.1-mini"),
        ("anthropic/claude-haiku-4-5", VOICE, "takes no sound", "gemini/gemini-2.5-flash can"),
        ("gemini/gemini-2.5-flash", Image("https://a.example/b.png"), "not by an address", "pass bytes"),
        ("openai/gpt-audio", Audio(b"OggS" + bytes(9)), "takes no audio/ogg", "WAV or MP3"),
    ],
)
def test_what_a_model_cannot_take_is_told_before_the_call(
    faults: FaultServer, model: str, part: Part, said: str, advice: str
) -> None:
    with pytest.raises(BadRequest, match=said) as caught:
        LitellmGateway().send(asked(model, faults.api_base, "Look:", part))
    assert advice in caught.value.hint
    assert caught.value.paid is False
    assert faults.calls == 0


def test_a_model_that_nobody_knows_is_tried(faults: FaultServer, lane: str) -> None:
    faults.script(["a cat"])
    assert LANES.send(asked("openai/made-here", faults.api_base, "Look:", PHOTO)).choices[0].text == "a cat"


def test_too_much_at_once_is_told_before_the_call(faults: FaultServer) -> None:
    large = Document(pdf() + bytes(30_000_000))
    with pytest.raises(BadRequest, match=r"have 60\.0 MB together, and may have 50\.0 MB"):
        LitellmGateway().send(asked("openai/gpt-4.1-mini", faults.api_base, large, large))
    assert faults.calls == 0


def test_the_rules_engine_says_that_it_reads_text() -> None:
    with pytest.raises(NeedsModel):
        RulesGateway().send(asked("rules", "", PHOTO))


def key(*pieces: str | Part) -> str:
    return fingerprint(asked("openai/gpt-4.1-mini", "", *pieces))


def test_the_key_of_a_request_goes_by_the_content_and_does_not_hold_it() -> None:
    assert key("What?", Image(png())) == key("What?", Image(png()))
    others = [Image(png(5)), Image(png(), name="a.png"), Image("https://a.example/b.png?1"), PAPER, str(Image(png()))]
    assert len({key("What?", each) for each in [Image(png()), *others]}) == 6
    told = json.dumps(content(asked("openai/x", "", PHOTO, Image("https://a.example/b.png?signature=CANARY"))))
    assert base64(PHOTO) not in told
    assert PHOTO.digest in told
    assert "CANARY" not in told


SIZED = [(png(1024, 768), 1024, 768), (jpeg(640, 480), 640, 480), (gif(300, 200), 300, 200), (webp(500, 400), 500, 400)]


@pytest.mark.parametrize(("data", "width", "height"), SIZED)
def test_pictures_tell_their_pixels(data: bytes, width: int, height: int) -> None:
    assert pixels(data) == (width, height)
    for cut in range(len(data)):  # a head that is cut off is no reason to fail
        pixels(data[:cut])


def test_documents_and_sounds_tell_their_length() -> None:
    assert [pages(pdf(7)), pages(pdf(7, packed=True)), pages(b"%PDF-1.7" + bytes(39_992))] == [7, 7, 2]
    assert round(seconds(wav(3)), 1) == 3.0
    assert seconds(b"ID3" + bytes(7_997)) == 2.0


@pytest.mark.parametrize(
    ("model", "width", "height", "tokens"),
    [
        # The examples that the guides of the providers give.
        ("openai/gpt-4o", 1024, 1024, 765),
        ("openai/gpt-4o", 2048, 4096, 1105),
        ("openai/gpt-4.1-mini", 1024, 1024, round(1024 * 1.62 + 0.5)),
        ("anthropic/claude-sonnet-4-5", 200, 200, 54),
        ("anthropic/claude-sonnet-4-5", 1000, 1000, 1334),
        ("anthropic/claude-sonnet-4-5", 4000, 4000, 1600),
        ("gemini/gemini-2.5-flash", 300, 300, 258),
        ("gemini/gemini-2.5-flash", 600, 400, 258),
        ("gemini/gemini-2.5-flash", 1500, 1500, 1032),
    ],
)
def test_tokens_of_pictures_are_those_of_the_guides(model: str, width: int, height: int, tokens: int) -> None:
    assert part_tokens(Image(png(width, height)), model) == tokens


def test_estimates_and_bounds_count_what_is_not_text() -> None:
    bare, told = (asked("openai/gpt-4.1-mini", "", *each) for each in (("Read:",), ("Read:", PAPER, PHOTO)))
    held = part_tokens(PAPER, told.model) + part_tokens(PHOTO, told.model)
    assert input_tokens(told) - input_tokens(bare) == held
    assert at_most(told) >= input_tokens(told)
    assert (worst(told) or 0) > (worst(bare) or 0)
    assert estimate(told).input_tokens == input_tokens(told)


def test_sound_is_counted_at_its_own_price() -> None:
    """In the table a token of sound is 1.00 US dollar a million for this model, one of text 0.30."""
    heard = asked("gemini/gemini-2.5-flash", "", VOICE)
    assert estimate(heard).low == pytest.approx(7 * 0.30e-6 + part_tokens(VOICE) * 1.00e-6)
    assert (worst(heard) or 0) > (estimate(heard).low or 0)
