"""Which modes a model is asked in: what is known beforehand, what a refusal says, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patterns.errors import AuthenticationError, BadRequest, ModelError, UnknownModel
from patterns.exchange import Mode, Options, Request, Task
from patterns.messages import Tool
from patterns.model.lanes import Lane
from patterns.model.modes import insists, rungs
from patterns.model.modes_learnt import _MOST, KEPT, PROBE, Learnt, Refusal
from patterns.model.modes_refused import ANY, THINKING, TOOLS, key_of, refused_with, scope_of, scopes
from tests.model.asking import PERSON

REQUEST = Request("openai/gpt-4o-mini", (), target=PERSON, mode="json_schema")
SCHEMA = scopes(REQUEST)[-1]
LANE = Lane("some/model", "host:80")


@pytest.mark.parametrize(
    ("model", "start", "below"),
    [
        ("openai/gpt-4o-mini", "json_schema", ["tools", "json_object", "prompted"]),
        ("openai/gpt-4o-mini", "tools", ["json_object", "prompted"]),
        ("openai/who-knows", "json_schema", ["tools", "json_object", "prompted"]),
        ("deepseek/deepseek-reasoner", "json_schema", ["json_object", "prompted"]),
        ("who/knows", "prompted", []),
    ],
)
def test_the_modes_from_the_strongest_down(model: str, start: Mode, below: list[Mode]) -> None:
    assert rungs(model, start) == (start, *below)


@pytest.mark.parametrize(
    ("model", "options", "may"),
    [
        ("openai/gpt-4o-mini", Options(), True),
        ("openai/o3-mini", Options(reasoning_effort="low"), False),
        ("anthropic/claude-sonnet-4-5", Options(), True),
        ("anthropic/claude-sonnet-4-5", Options(thinking={"type": "adaptive"}), False),
        ("anthropic/claude-opus-5-5", Options(), False),
        ("bedrock/us.anthropic.claude-opus-5-5", Options(), False),
        ("vertex_ai/claude-sonnet-5-5", Options(), False),
        ("gemini/gemini-2.5-pro", Options(reasoning_effort="high"), False),
        ("deepseek/deepseek-reasoner", Options(), False),
        ("deepseek/deepseek-chat", Options(), True),
        ("moonshot/kimi-k2-thinking", Options(), False),
        ("openrouter/deepseek/deepseek-r1", Options(), False),
    ],
)
def test_who_thinks_is_not_made_to_call_a_tool(model: str, options: Options, may: bool) -> None:
    assert insists(model, options) is may


THINKS = Options(thinking={"type": "enabled"})
REFUSED: list[tuple[Mode, Options, str, str]] = [
    ("json_schema", Options(), "response_format is not supported by this model.", ANY),
    ("json_schema", Options(), "This model does not support response_format of type json_schema", ANY),
    ("json_schema", Options(), "Unknown parameter: 'response_format'.", ANY),
    ("json_schema", Options(), "output_format: Extra inputs are not permitted", ANY),
    ("json_schema", Options(), "This response_format type is unavailable now", ANY),
    (
        "json_schema",
        Options(),
        "Invalid schema for format 'a': 6 levels of nesting exceeds limit of 5.",
        SCHEMA,
    ),
    (
        "json_schema",
        Options(),
        "Invalid schema for format 'a': In context=(), 'oneOf' is not permitted.",
        SCHEMA,
    ),
    ("json_schema", Options(), "output_format.schema: For 'array' type, 'uniqueItems' is not supported", SCHEMA),
    ("json_schema", Options(), "A schema in GenerationConfig exceeds the maximum allowed nesting depth.", SCHEMA),
    ("json_schema", Options(), "Schema is too complex for the grammar", SCHEMA),
    ("tools", Options(), "tools is not supported in this model.", ANY),
    ("tools", Options(), "Invalid schema for function 'Person': 'oneOf' is not permitted", SCHEMA),
    ("tools", Options(), "No endpoints found that support tool use.", ANY),
    ("tools", THINKS, "Thinking may not be enabled when tool_choice forces tool use.", THINKING),
    ("json_object", Options(), "'response_format.type' must be 'text'.", ANY),
]


@pytest.mark.parametrize(("mode", "options", "words", "scope"), REFUSED, ids=lambda each: str(each)[:40])
def test_what_a_refusal_holds_for(mode: Mode, options: Options, words: str, scope: str) -> None:
    error = (UnknownModel if "endpoints" in words else BadRequest)(f"openai/gpt-4o-mini: {words}")
    assert scope_of(replace(REQUEST, mode=mode, options=options), error) == scope


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("json_schema", BadRequest("temperature must be at most 2")),
        ("json_schema", BadRequest("Failed to generate JSON. Please adjust your prompt. See 'failed_generation'")),
        ("tools", BadRequest("Tool call validation failed: parameters for tool Person did not match schema")),
        ("tools", UnknownModel("The model `tools` does not exist")),
        ("json_schema", AuthenticationError("response_format is not for this key")),
        ("prompted", BadRequest("response_format is not supported")),
    ],
    ids=str,
)
def test_what_is_no_refusal_of_a_mode(mode: Mode, error: ModelError) -> None:
    assert scope_of(replace(REQUEST, mode=mode), error) is None


def test_a_tool_of_the_caller_s_is_not_the_answer_s_schema() -> None:
    request = replace(REQUEST, mode="tools", tools=(Tool("search", "", {}),))
    assert scope_of(request, BadRequest("Invalid schema for function 'search': 'a' is not permitted")) is None
    both = BadRequest("Function calling with a response mime type: 'application/json' is unsupported")
    assert scope_of(replace(request, mode="json_schema"), both) == TOOLS


def test_who_knows_no_response_format_knows_no_json_object() -> None:
    for words, modes in [
        ("response_format is not supported", ("json_schema", "json_object")),
        ("response_format of type json_schema is not supported", ("json_schema",)),
        ("This response_format type is unavailable now", ("json_schema",)),
    ]:
        assert refused_with(REQUEST, ANY, BadRequest(words)) == modes


def test_what_a_schema_says_about_itself_does_not_change_its_key() -> None:
    plain = {"type": "object", "properties": {"a": {"type": "string"}}}
    told = {"type": "object", "title": "T", "properties": {"a": {"type": "string", "description": "told"}}}
    other = {"type": "object", "properties": {"b": {"type": "string"}}}
    assert key_of(plain) == key_of(told) != key_of(other)
    whole = replace(REQUEST, task=Task("p", "t", {}, plain))
    assert scopes(whole)[-1] == key_of(plain)


def refusal(mode: Mode = "json_schema", scope: str = ANY, since: float = 0.0) -> Refusal:
    return Refusal(LANE.model, LANE.host, mode, scope, since, "no")


def learnt(folder: Path, now: list[float]) -> Learnt:
    return Learnt(lambda: folder / "modes.sqlite", lambda: now[0])


MODES: Sequence[Mode] = ("json_schema", "tools", "prompted")


def test_a_refusal_is_remembered_for_its_scope_and_lane_alone(tmp_path: Path) -> None:
    memory = learnt(tmp_path, [0.0])
    memory.note([refusal(scope="abc"), refusal("tools")])
    assert memory.open(LANE, MODES, lambda: ("", "abc")) == ["prompted"]
    assert memory.open(LANE, MODES, lambda: ("", "other")) == ["json_schema", "prompted"]
    assert memory.open(Lane(LANE.model, "elsewhere"), MODES, lambda: ("", "abc")) == list(MODES)
    assert learnt(tmp_path, [0.0]).open(LANE, MODES, lambda: ("", "abc")) == ["prompted"]


def test_after_a_day_one_call_tries_again_and_the_others_do_not(tmp_path: Path) -> None:
    now = [0.0]
    memory = learnt(tmp_path, now)
    memory.note([refusal()])
    now[0] = KEPT
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: memory.open(LANE, MODES, lambda: ("",))[0], range(16)))
    assert sorted(found) == ["json_schema", *["tools"] * 15]
    now[0] += PROBE
    assert memory.open(LANE, MODES, lambda: ("",))[0] == "json_schema", "who tried has said nothing"


def test_a_mode_that_worked_is_no_longer_refused_by_anybody(tmp_path: Path) -> None:
    memory = learnt(tmp_path, [0.0])
    memory.note([refusal(), refusal("tools")])
    memory.worked(LANE, "json_schema", lambda: ("",))
    assert [row.mode for row in memory.rows()] == ["tools"]
    assert [row.mode for row in learnt(tmp_path, [0.0]).rows()] == ["tools"]


def test_the_rows_are_those_of_every_process_and_not_a_day_old(tmp_path: Path) -> None:
    now = [KEPT + 5]
    learnt(tmp_path, now).note([refusal(since=1.0), refusal("tools", since=10.0)])
    assert [(row.mode, row.why) for row in learnt(tmp_path, now).rows()] == [("tools", "no")]


def test_no_more_than_so_many_are_kept(tmp_path: Path) -> None:
    memory = learnt(tmp_path, [0.0])
    memory.note(refusal(scope=str(n), since=n) for n in range(_MOST + 10))
    assert len(memory.rows()) == _MOST
    assert not memory.fresh(LANE, "json_schema", "0")
    assert memory.fresh(LANE, "json_schema", str(_MOST + 9))


def test_a_folder_that_cannot_be_written_to_is_said_once_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    memory: Any = Learnt(lambda: tmp_path / "file" / "modes.sqlite", lambda: 0.0)
    with pytest.warns(RuntimeWarning, match="the memory of modes cannot be used"):
        memory.note([refusal()])
    memory.note([refusal("tools")])
    assert memory.open(LANE, MODES, lambda: ("",)) == ["prompted"]
