"""The key of a request: shared by equal ones, and by no others."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import InputError
from patterns.exchange import Options, Request, Target
from patterns.messages import Message, Tool, ToolCall
from patterns.model import fingerprint as room
from patterns.model.differences import differences
from patterns.model.fingerprint import content, fingerprint, key_of
from tests.model.asking import PERSON, SEARCH

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=4)
MESSAGES = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXT)
REQUESTS = st.builds(
    Request,
    model=st.sampled_from(["openai/a", "openai/b"]),
    messages=st.lists(MESSAGES, max_size=3).map(tuple),
    options=st.builds(
        Options,
        temperature=st.none() | st.floats(0, 2),
        stop=st.none() | st.lists(TEXT, max_size=2).map(tuple),
        logit_bias=st.none() | st.dictionaries(st.integers(0, 9), st.floats(-9, 9), max_size=3),
        extra=OBJECTS,
    ),
    target=st.none() | st.builds(Target, TEXT, OBJECTS, st.booleans(), st.booleans()),
    mode=st.sampled_from(["json_schema", "tools", "prompted"]),
    tools=st.lists(st.builds(Tool, TEXT, TEXT, OBJECTS), max_size=2).map(tuple),
)


def shuffled(value: Any, dice: random.Random) -> Any:
    """The same value with every mapping in another order."""
    if isinstance(value, Mapping):
        members = [(key, shuffled(member, dice)) for key, member in value.items()]
        dice.shuffle(members)
        return dict(members)
    return [shuffled(item, dice) for item in value] if isinstance(value, list) else value


def reordered(request: Request, seed: int) -> Request:
    dice = random.Random(seed)
    options, target = request.options, request.target
    bias = options.logit_bias
    return replace(
        request,
        options=replace(
            options,
            extra=shuffled(options.extra, dice),
            logit_bias=None if bias is None else shuffled(bias, dice),
            timeout=dice.random(),
        ),
        target=None if target is None else replace(target, schema=shuffled(target.schema, dice)),
        tools=tuple(replace(tool, parameters=shuffled(tool.parameters, dice)) for tool in request.tools),
    )


@given(REQUESTS, st.integers())
def test_equal_content_has_an_equal_key_in_whatever_order(request: Request, seed: int) -> None:
    other = reordered(request, seed)
    assert fingerprint(other) == fingerprint(request)
    assert differences(content(request), content(other)) == []


def spelled(value: Any) -> str:
    """All of a value in one spelling, where Python takes 0 for False and 0.0."""
    if isinstance(value, Mapping):
        return repr(sorted((key, spelled(member)) for key, member in value.items()))
    return repr([spelled(item) for item in value]) if isinstance(value, list | tuple) else repr(value)


@given(REQUESTS, REQUESTS)
def test_other_content_has_another_key(one: Request, other: Request) -> None:
    same = spelled(asdict(one)) == spelled(asdict(other))
    assert (fingerprint(one) == fingerprint(other)) == same
    assert bool(differences(content(one), content(other))) != same


@given(REQUESTS)
def test_the_key_is_that_of_the_content(request: Request) -> None:
    assert key_of(content(request)) == fingerprint(request)


CALL = ToolCall("c1", "search", {"query": "x"}, '{"query": "x"}')
FIRST = Request(
    "openai/gpt-4.1-mini",
    (Message("system", "Be brief."), Message("user", "Who?"), Message("assistant", "", (CALL,)), Message("tool", "Jo")),
    Options(temperature=0.5, api_base="https://api.example.com/v1", extra={"a": {"b": [1, 2]}}),
    PERSON,
    "json_schema",
    (SEARCH,),
)


def options(**changes: Any) -> Callable[[Request], Request]:
    return lambda request: replace(request, options=replace(request.options, **changes))


def message(index: int, **changes: Any) -> Callable[[Request], Request]:
    def edit(request: Request) -> Request:
        messages = list(request.messages)
        messages[index] = replace(messages[index], **changes)
        return replace(request, messages=tuple(messages))

    return edit


EDITS: Mapping[str, Callable[[Request], Request]] = {
    "model": lambda r: replace(r, model="openai/gpt-4.1"),
    "role": message(0, role="user"),
    "content": message(1, content="Who? "),
    "a message less": lambda r: replace(r, messages=r.messages[:-1]),
    "messages in another order": lambda r: replace(r, messages=r.messages[::-1]),
    "one message instead of two": lambda r: replace(r, messages=(Message("system", "Be brief.Who?"), *r.messages[2:])),
    "id of a tool call": message(2, tool_calls=(replace(CALL, id="c2"),)),
    "arguments of a tool call": message(2, tool_calls=(replace(CALL, raw='{"query": "y"}'),)),
    "id of a tool's result": message(3, tool_call_id="c1"),
    "temperature": options(temperature=0.6),
    "no temperature": options(temperature=None),
    "top_p": options(top_p=0.5),
    "max_tokens": options(max_tokens=5),
    "frequency_penalty": options(frequency_penalty=0.5),
    "presence_penalty": options(presence_penalty=0.5),
    "stop": options(stop=("END",)),
    "seed": options(seed=7),
    "logit_bias": options(logit_bias={5: 1.0}),
    "n": options(n=2),
    "reasoning_effort": options(reasoning_effort="low"),
    "thinking": options(thinking={"type": "enabled"}),
    "tool_choice": options(tool_choice="auto"),
    "host": options(api_base="https://api.example.org/v1"),
    "path": options(api_base="https://api.example.com/v2"),
    "no host": options(api_base=None),
    "extra": options(extra={"a": {"b": [2, 1]}}),
    "wishes": options(wishes=frozenset({"temperature"})),
    "schema": lambda r: replace(r, target=replace(PERSON, schema={**PERSON.schema, "title": "P"})),
    "name of the target": lambda r: replace(r, target=replace(PERSON, name="Human")),
    "strictness": lambda r: replace(r, target=replace(PERSON, strict=False)),
    "envelope": lambda r: replace(r, target=replace(PERSON, wrapped=True)),
    "no target": lambda r: replace(r, target=None),
    "mode": lambda r: replace(r, mode="tools"),
    "tool": lambda r: replace(r, tools=(replace(SEARCH, description="Search the net."),)),
    "no tools": lambda r: replace(r, tools=()),
}


def test_every_edit_gives_a_key_of_its_own_and_is_told() -> None:
    requests = [FIRST, *(edit(FIRST) for edit in EDITS.values())]
    assert len({fingerprint(request) for request in requests}) == len(EDITS) + 1
    for name, edit in EDITS.items():
        assert differences(content(FIRST), content(edit(FIRST))), name


SAME: Mapping[str, Callable[[Request], Request]] = {
    "timeout": options(timeout=3.0),
    "a key in the address": options(api_base="https://user:pass@api.example.com/v1?key=sk-123456789012345"),
    "a slash at the end": options(api_base="https://API.example.com/v1/"),
    "task": lambda r: replace(r, task=None),
    "another target of the same content": lambda r: replace(r, target=replace(PERSON, schema=dict(PERSON.schema))),
}


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
def test_what_does_not_reach_the_model_does_not_count(edit: Callable[[Request], Request]) -> None:
    assert fingerprint(edit(FIRST)) == fingerprint(FIRST)


def test_whole_numbers_and_real_ones_are_the_same_where_they_are_equal() -> None:
    assert fingerprint(options(temperature=1)(FIRST)) == fingerprint(options(temperature=1.0)(FIRST))


def test_two_halves_of_a_surrogate_pair_are_not_the_whole() -> None:
    halves, whole = "\ud83d\ude00", "\U0001f600"
    assert fingerprint(message(1, content=halves)(FIRST)) != fingerprint(message(1, content=whole)(FIRST))


def test_a_request_that_json_cannot_hold_has_no_key() -> None:
    with pytest.raises(InputError, match="no key"):
        fingerprint(options(extra={"client": object()})(FIRST))
    endless: dict[str, Any] = {}
    endless["self"] = endless
    with pytest.raises(InputError, match="no key"):
        fingerprint(options(extra=endless)(FIRST))


def test_kept_bytes_of_targets_are_bounded_and_never_mixed_up() -> None:
    targets = [Target("T", {"const": number}) for number in range(1000)]
    keys = {fingerprint(replace(FIRST, target=target)) for target in targets}
    assert len(keys) == 1000
    assert len(room._bytes) <= room._MOST_KEPT


def test_no_key_of_an_address_is_in_the_content() -> None:
    found = content(options(api_base="https://user:pass@h/v1?key=sk-123456789012345")(FIRST))
    assert found["api_base"] == "h/v1"


def test_differences_name_the_place_and_both_sides() -> None:
    now = message(1, content="Who else?")(options(temperature=None, seed=3)(FIRST))
    assert differences(content(FIRST), content(now)) == [
        "messages[1].content: 'Who?', now 'Who else?'",
        "seed: not set, now 3",
        "temperature: 0.5, now not set",
    ]


def test_long_texts_are_shown_where_they_part() -> None:
    long = "x" * 500
    one, other = message(1, content=long + "cats" + long)(FIRST), message(1, content=long + "dogs" + long)(FIRST)
    (told,) = differences(content(one), content(other))
    assert told.startswith("messages[1].content: at character 500 …'")
    assert "xcats" in told
    assert "xdogs" in told
    assert len(told) < 200
