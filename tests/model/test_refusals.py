"""What many providers and servers say: which words refuse a mode, and for what, and which speak of other things."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from patterns.errors import BadRequest
from patterns.exchange import Mode, Options, Request
from patterns.messages import Message, Tool
from patterns.model.modes_refused import ANY, THINKING, TOOLS, key_of, scope_of, scopes
from patterns.parts import Image
from tests.model.asking import PERSON

REQUEST = Request("openai/gpt-4o-mini", (), target=PERSON, mode="json_schema")
MODES: tuple[Mode, ...] = ("json_schema", "tools", "json_object")
SEARCH = Tool("search", "", {})
HELD = {"any": ANY, "schema": scopes(REQUEST)[-1], "thinking": THINKING, "tools": TOOLS, "none": None}
LINES = Path(__file__).with_name("refusals.tsv").read_text("utf-8").splitlines()
SAID = [line.split("\t") for line in LINES if line and not line.startswith("#")]
ROWS = [(asked, held, words) for mode, held, words in SAID for asked in MODES if mode == "every" or mode == asked]


@pytest.mark.parametrize(("mode", "held", "words"), ROWS, ids=lambda each: str(each)[:40])
def test_what_providers_say_is_taken_for_what_it_is(mode: Mode, held: str, words: str) -> None:
    request = replace(REQUEST, mode=mode)
    if held == "thinking":
        request = replace(request, options=Options(reasoning_effort="low"))
    if held == "tools":
        request = replace(request, tools=(SEARCH,))
    assert scope_of(request, BadRequest(f"{request.model}: {words}")) == HELD[held]


@pytest.mark.parametrize(
    "model", ["ollama/llama3-groq-tool-use:8b", "openai/functionary-7b", "vllm/schema-tools", "x/gpt-json-schema"]
)
@pytest.mark.parametrize("mode", MODES)
def test_the_name_of_a_model_says_nothing_of_its_modes(model: str, mode: Mode) -> None:
    for words in ("temperature must be at most 2", f"top_k is not supported by {model.rpartition('/')[2]}"):
        assert scope_of(replace(REQUEST, model=model, mode=mode), BadRequest(f"{model}: {words}")) is None


def test_a_name_of_the_caller_s_own_is_no_word_about_the_conversation() -> None:
    for words in (
        "output_config.format.schema.properties.messages: For 'array' type, 'uniqueItems' is not supported",
        "Invalid schema for response_format 'A': In context=('properties', 'messages'), 'oneOf' is not permitted",
    ):
        assert scope_of(REQUEST, BadRequest(words)) == HELD["schema"]


def test_a_request_that_shows_something_may_be_refused_for_that() -> None:
    bare = BadRequest("gemini/gemini-2.5-pro: Request contains an invalid argument.")
    words = replace(REQUEST, model="gemini/gemini-2.5-pro", messages=(Message("user", "Jo"),))
    shown = replace(words, messages=(Message("user", ("Who?", Image(b"\x89PNG\r\n\x1a\n"))),))
    assert scope_of(words, bare) == HELD["schema"]
    assert scope_of(shown, bare) is None


@pytest.mark.parametrize(
    ("mode", "number", "ours"), [("tools", 0, True), ("tools", 1, False), ("json_schema", 0, False)]
)
def test_a_tool_is_told_by_its_number(mode: Mode, number: int, ours: bool) -> None:
    """The answer's own tool is the first."""
    request = replace(REQUEST, mode=mode, tools=(SEARCH,))
    for words in (
        f"tools.{number}.custom.input_schema: JSON schema is invalid.",
        f"GenerateContentRequest.tools[0].function_declarations[{number}].parameters.properties: should be non-empty",
    ):
        assert (scope_of(request, BadRequest(words)) == key_of(PERSON.schema)) is ours
