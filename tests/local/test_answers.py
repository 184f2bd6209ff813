"""A real engine with random weights: what it writes is garbage, and fits the shape all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from patterns.errors import BadRequest, ContextOverflow, EmptyResponse, TransientError
from patterns.exchange import Options, Request
from patterns.messages import Message, Tool
from patterns.model.local.gateway import LocalGateway
from patterns.parts import Image
from tests.local.asking import HELLO, asking, name, streamed


def closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TREE = {
    "$defs": {
        "Node": closed(
            name={"type": "string", "maxLength": 4},
            children={"type": "array", "items": {"$ref": "#/$defs/Node"}, "maxItems": 2},
        )
    },
    "$ref": "#/$defs/Node",
}
SHAPES: dict[str, dict[str, Any]] = {
    "enum": closed(team={"enum": ["billing", "técnico", "世界"]}),
    "numbers": closed(age={"type": "integer", "minimum": 0, "maximum": 120}, share={"type": "number"}),
    "nested": closed(who=closed(name={"type": "string"}, sure={"type": "boolean"}), tags={"type": "array"}),
    "union": closed(
        answer={"anyOf": [closed(kind={"const": "a"}, n={"type": "integer"}), closed(kind={"const": "b"})]},
        note={"type": ["string", "null"]},
    ),
    "pattern": closed(
        code={"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"}, day={"type": "string", "format": "date"}
    ),
    "recursive": TREE,
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_answer_fits_the_whole_schema(shape: str, models: Path, gateway: LocalGateway) -> None:
    schema = SHAPES[shape]
    for seed in range(8):
        response = await gateway.asend(asking(name(models), schema, seed=seed, max_tokens=1500, temperature=1.0))
        assert response.choices[0].finish_reason == "stop"
        jsonschema.validate(json.loads(response.choices[0].text), schema)


def test_an_answer_is_counted_and_free(models: Path, gateway: LocalGateway) -> None:
    response = gateway.send(asking(name(models), max_tokens=7))
    assert (response.engine, response.cost) == ("local", 0.0)
    assert response.choices[0].finish_reason == "length"
    assert response.usage is not None
    assert response.usage.output_tokens == 7
    assert response.usage.input_tokens > len(HELLO[0].content)
    assert not response.usage.estimated


async def test_pieces_arrive_before_the_end_and_make_up_the_answer(models: Path, gateway: LocalGateway) -> None:
    pieces = await streamed(gateway, asking(name(models), max_tokens=60))
    texts = [piece.text for piece in pieces[:-1]]
    last = pieces[-1].response
    assert last is not None
    assert len(texts) > 30
    assert "".join(texts) == last.choices[0].text
    assert not last.choices[0].text.isascii(), "characters of several bytes are among them"


def test_a_seed_makes_an_answer_repeat_and_another_changes_it(models: Path, gateway: LocalGateway) -> None:
    def written(seed: int) -> str:
        return gateway.send(asking(name(models), seed=seed, max_tokens=30, temperature=1.0)).choices[0].text

    assert written(5) == written(5) != written(6)


def test_temperature_nought_always_takes_the_likeliest(models: Path, gateway: LocalGateway) -> None:
    texts = {gateway.send(asking(name(models), seed=s, max_tokens=20, temperature=0.0)).choices[0].text for s in (1, 2)}
    assert len(texts) == 1


def test_a_stop_sequence_ends_the_answer_and_is_left_out(models: Path, gateway: LocalGateway) -> None:
    whole = gateway.send(asking(name(models), max_tokens=60)).choices[0].text
    stop = whole[20]
    choice = gateway.send(asking(name(models), max_tokens=60, stop=(stop,))).choices[0]
    assert choice.finish_reason == "stop"
    assert choice.text == whole[: whole.index(stop)]


def test_a_bias_forces_a_token(models: Path, gateway: LocalGateway) -> None:
    letter = 3 + ord("q")
    assert gateway.send(asking(name(models), max_tokens=5, logit_bias={letter: 100.0})).choices[0].text == "qqqqq"


def test_penalties_reach_the_sampler(models: Path, gateway: LocalGateway) -> None:
    plain = gateway.send(asking(name(models), max_tokens=80, temperature=0.0)).choices[0].text
    varied = gateway.send(asking(name(models), max_tokens=80, temperature=0.0, frequency_penalty=2.0)).choices[0].text
    assert len(set(varied)) > len(set(plain))


async def test_candidates_differ_and_are_counted_together(models: Path, gateway: LocalGateway) -> None:
    pieces = await streamed(gateway, asking(name(models), n=3, max_tokens=9))
    last = pieces[-1].response
    assert last is not None
    assert len({choice.text for choice in last.choices}) == 3
    assert last.usage is not None
    assert last.usage.output_tokens == 27
    assert "".join(piece.text for piece in pieces[:-1]) == last.choices[0].text


def test_words_of_llama_cpp_pass_through_extra(models: Path, gateway: LocalGateway) -> None:
    only = {"grammar": 'root ::= "yes" | "no"'}
    assert gateway.send(asking(name(models), extra=only)).choices[0].text in ("yes", "no")


def test_any_json_object_is_enforced_by_its_mode(models: Path, gateway: LocalGateway) -> None:
    request = asking(name(models), {"type": "object"}, mode="json_object", max_tokens=900)
    assert isinstance(json.loads(gateway.send(request).choices[0].text), dict)


def test_messages_longer_than_the_context_are_refused_with_a_way_out(models: Path, gateway: LocalGateway) -> None:
    with pytest.raises(ContextOverflow) as caught:
        gateway.send(asking(name(models), text="x" * 5000))
    assert "2048" in caught.value.message
    assert "?context=8192" in caught.value.hint
    assert gateway.send(asking(name(models), text="x", max_tokens=3)).choices


def test_an_answer_that_fills_the_context_is_cut(models: Path, gateway: LocalGateway) -> None:
    choice = gateway.send(asking(name(models, context=256), text="x" * 50)).choices[0]
    assert choice.finish_reason == "length"


def test_bytes_that_are_no_text_are_an_error_that_may_pass(models: Path, gateway: LocalGateway) -> None:
    schema = closed(text={"type": "string", "minLength": 60, "maxLength": 80})
    with pytest.raises(TransientError, match="no text") as caught:
        gateway.send(asking(name(models, "wild"), schema, max_tokens=400))
    attempt = caught.value.attempts[0]
    assert attempt.response is not None
    assert (attempt.response.cost, attempt.response.choices[0].text[:1]) == (0.0, "{")


def test_an_answer_of_nothing_is_told_from_one(models: Path, gateway: LocalGateway) -> None:
    end = {2: 100.0}
    with pytest.raises(EmptyResponse) as caught:
        gateway.send(asking(name(models, "short"), logit_bias=end))
    assert caught.value.cost == 0.0


def test_a_schema_that_cannot_be_enforced_is_refused_with_another_way(models: Path, gateway: LocalGateway) -> None:
    with pytest.raises(BadRequest, match="JSON schema error") as caught:
        gateway.send(asking(name(models), {"$ref": "#/$defs/Nowhere"}))
    assert "mode='prompted'" in caught.value.hint


@pytest.mark.parametrize(
    ("option", "value"),
    [("reasoning_effort", "low"), ("thinking", {"type": "enabled"}), ("tool_choice", "auto"), ("api_base", "http://x")],
)
def test_an_option_that_a_local_model_cannot_take_is_an_error(
    option: str, value: object, models: Path, gateway: LocalGateway
) -> None:
    with pytest.raises(BadRequest, match=option):
        gateway.send(asking(name(models), **{option: value}))


def test_what_a_template_only_wishes_is_dropped(models: Path, gateway: LocalGateway) -> None:
    wish = asking(name(models), reasoning_effort="low", wishes=frozenset({"reasoning_effort"}), max_tokens=3)
    assert gateway.send(wish).choices[0].text


def test_tools_are_refused_and_so_are_our_own_words_in_extra(models: Path, gateway: LocalGateway) -> None:
    tool = Tool("search", "Search.", {"type": "object"})
    with pytest.raises(BadRequest, match="takes no tools"):
        gateway.send(Request(name(models), HELLO, tools=(tool,)))
    with pytest.raises(BadRequest, match="takes no mode='tools'"):
        gateway.send(asking(name(models), {"type": "object"}, mode="tools"))
    with pytest.raises(BadRequest, match="extra holds stream"):
        gateway.send(asking(name(models), extra={"stream": False}))


def test_an_image_is_refused(models: Path, gateway: LocalGateway) -> None:
    pixel = Image(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(BadRequest, match="reads text alone"):
        gateway.send(Request(name(models), (Message("user", ("What is this?", pixel)),)))


@pytest.mark.parametrize(
    "options", [{"seed": -1}, {"extra": {"temperature_last": {1, 2}}}, {"extra": {"top_k": "many"}}]
)
def test_values_that_make_no_sense_are_refused(options: dict[str, Any], models: Path, gateway: LocalGateway) -> None:
    with pytest.raises(BadRequest):
        gateway.send(asking(name(models), **options))


def test_half_a_character_in_a_message_is_refused_and_harms_nobody(models: Path, gateway: LocalGateway) -> None:
    broken = Request(name(models), (Message("user", "a\ud83db"),), Options(max_tokens=3, timeout=20.0))
    with pytest.raises(BadRequest):
        gateway.send(broken)
    assert gateway.send(asking(name(models), max_tokens=3)).choices


def test_a_cut_answer_of_a_shape_says_so(models: Path, gateway: LocalGateway) -> None:
    choice = gateway.send(asking(name(models), TREE, max_tokens=4)).choices[0]
    assert choice.finish_reason == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(choice.text)
