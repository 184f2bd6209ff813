"""Whatever goes wrong is one clear error of our tree that says what to do, and nothing paid is lost."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import PatternsError, configure, extract, read
from patterns.errors import (
    AuthenticationError,
    EmptyResponse,
    InputError,
    Invalid,
    ModelError,
    OutputError,
    Refused,
    SchemaError,
    TemplateError,
    TransientError,
    Truncated,
    UnknownModel,
    Unreadable,
)
from patterns.pattern import Pattern
from patterns.settings import override
from tests.faultserver import ELSEWHERE, Answer, FaultServer

CANARY = "sk-canary-0123456789abcdefghij"


class Person(BaseModel):
    name: str
    age: int


def write(folder: Path, body: str, front: str = "inputs: {text: A text.}") -> Pattern[..., Person]:
    (folder / "mine.md.jinja").write_text(f"---\n{front}\n---\n{body}\n")
    configure(templates=(folder,))
    return Pattern("mine", output=Person, model="rules")


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patterns.settings.layers._configured", {})


USER = "{% user %}{{ text | quote('text') }}{% enduser %}"
EXAMPLE = "inputs: {text: A text.}\nexamples:\n  - input: {text: hi}\n    output: {name: Jo}"

TEMPLATES: list[tuple[str, Callable[[Path], object], type[PatternsError], str]] = [
    ("missing input", lambda at: write(at, USER)(), InputError, "text"),
    ("input of no JSON kind", lambda at: write(at, USER)(object()), InputError, "text"),
    (
        "unknown template",
        lambda at: Pattern("few_shot/sentimant", output=Person)("x"),
        TemplateError,
        "few_shot/sentiment",
    ),
    ("text outside a role", lambda at: write(at, "Hello.\n" + USER)("x"), TemplateError, "mine.md.jinja:4"),
    (
        "undeclared variable",
        lambda at: write(at, USER.replace("text |", "txt |"))("x"),
        TemplateError,
        "mine.md.jinja:4",
    ),
    ("example that does not fit", lambda at: write(at, USER, EXAMPLE)("x"), TemplateError, "mine.md.jinja:4"),
    ("unknown front matter", lambda at: write(at, USER, "inptus: {text: A.}")("x"), TemplateError, "mine.md.jinja:2"),
]


@pytest.mark.parametrize(("what", "make", "kind", "said"), TEMPLATES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_mistake_in_a_template_or_its_inputs_says_where(
    what: str, make: Callable[[Path], object], kind: type[PatternsError], said: str, tmp_path: Path
) -> None:
    with pytest.raises(kind) as caught:
        make(tmp_path)
    assert said in caught.value.message + caught.value.hint


MODELS: list[tuple[str, dict[str, Any], type[PatternsError], str]] = [
    ("unknown model", {"model": "openai/404"}, UnknownModel, "404"),
    ("unknown provider", {"model": "opnai/gpt-4.1"}, UnknownModel, "gpt-4.1"),
    ("wrong key", {"model": "openai/401"}, AuthenticationError, "OPENAI_API_KEY"),
    ("unreachable host", {"api_base": "http://127.0.0.1:9/v1"}, TransientError, "127.0.0.1"),
    ("HTML from a proxy", {"model": "openai/html"}, ModelError, ""),
    ("empty choices", {"model": "openai/nochoices"}, EmptyResponse, ""),
    ("empty content", {"model": "openai/empty"}, EmptyResponse, ""),
    ("null content", {"model": "openai/null"}, EmptyResponse, ""),
    ("refusal", {"model": "openai/refusal"}, Refused, "cannot help"),
    ("declined before the answer", {"model": "openai/policy"}, Refused, "safety system"),
    ("content filter", {"model": "openai/filter"}, Refused, "filter"),
    ("truncated", {"model": "openai/length"}, Truncated, "max_tokens"),
    ("no finish reason", {"model": "openai/nofinish"}, OutputError, ""),
    ("unknown finish reason", {"model": "openai/weirdfr"}, OutputError, "eaten_by_dog"),
]


@pytest.mark.parametrize(("what", "options", "kind", "said"), MODELS, ids=lambda v: v if isinstance(v, str) else "")
def test_a_failing_model_is_one_error_that_keeps_what_was_paid(
    what: str,
    options: dict[str, Any],
    kind: type[PatternsError],
    said: str,
    faults: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    pattern = extract.into(Person).with_options(
        **{"model": "openai/ok", "api_base": faults.api_base, "retries": 0, "reasks": 0, **options}
    )
    with pytest.raises(kind) as caught:
        pattern("Jo is 35.")
    error = caught.value
    assert said in error.message + error.hint
    assert error.hint or "$" in error.message, "it must say what to do"
    assert faults.calls <= 1
    if faults.calls and isinstance(error, ModelError | OutputError):
        assert error.attempts, "what was asked must hang on the error"
    for trace in (repr(error), str(error.__dict__), error.hint, repr(pickle.loads(pickle.dumps(error)).__dict__)):
        assert CANARY not in trace


def test_a_missing_key_is_named_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(AuthenticationError) as caught:
        extract.with_options(model="openai/gpt-4.1-mini", api_base=ELSEWHERE)("x", Person)
    assert "OPENAI_API_KEY" in caught.value.message + caught.value.hint


def test_an_unknown_finish_reason_passes_only_with_a_whole_answer(faults: FaultServer) -> None:
    faults.script(
        [Answer('{"name": "Jo", "age": 35}', finish="eaten"), Answer('{"name": "Jo", "age": 35', finish="eaten")]
    )
    pattern = extract.into(Person).with_options(model="openai/x", api_base=faults.api_base, reasks=0, retries=0)
    result = pattern.run("x")
    assert [r.kind for r in result.repairs] == ["unknown finish reason"]
    with pytest.raises(OutputError):
        pattern.run("x")


DEEP: dict[str, Any] = {"type": "object"}
for _ in range(60):
    DEEP = {"type": "object", "properties": {"a": DEEP}}

SCHEMAS: list[tuple[str, Any]] = [
    ("remote $ref", {"$ref": "http://127.0.0.1:9/schema.json"}),
    ("file $ref", {"$ref": "file:///etc/passwd"}),
    ("too deep", DEEP),
    ("broken", {"type": "nothing"}),
    ("shorthand", "name wat"),
    ("no type at all", lambda: None),
]


@pytest.mark.parametrize(("what", "schema"), SCHEMAS, ids=lambda v: v if isinstance(v, str) else "")
def test_a_schema_that_cannot_be_used_is_refused_before_a_model_is_asked(what: str, schema: Any) -> None:
    with override(model="rules"), pytest.raises(SchemaError) as caught:
        extract("x", schema)
    assert caught.value.message


ANSWERS: list[tuple[str, str, object, type[OutputError]]] = [
    ("over the size cap", '{"name": "' + "x" * 1_100_000 + '"}', Person, Unreadable),
    ("an int of 5,000 digits", '{"name": "Jo", "age": ' + "9" * 5_000 + "}", Person, OutputError),
    ("an untyped int of 5,000 digits", "9" * 5_000, int, OutputError),
    ("NaN for a float", '{"x": NaN}', dict[str, float], OutputError),
    ("Infinity for a float", '{"x": -Infinity}', dict[str, float], OutputError),
    ("1e999 for a float", '{"x": 1e999}', dict[str, float], OutputError),
    ("nested too deeply", "[" * 100_000, list[Any], OutputError),
    ("nothing at all", "", Person, OutputError),
    ("the wrong type", '{"name": "Jo", "age": "unknown"}', Person, Invalid),
]


@pytest.mark.parametrize(("what", "text", "into", "kind"), ANSWERS, ids=lambda v: v[:40] if isinstance(v, str) else "")
def test_an_answer_that_cannot_be_a_value_is_an_error(what: str, text: str, into: Any, kind: type[OutputError]) -> None:
    with pytest.raises(kind) as caught:
        read(text, into)
    assert caught.value.message
    assert len(caught.value.message) < 2_000, "a message fits a log line"


def test_a_lone_surrogate_does_not_break_the_call(faults: FaultServer) -> None:
    faults.script(['{"name": "J\\ud800o", "age": 35}'])
    pattern = extract.into(Person).with_options(model="openai/x", api_base=faults.api_base, reasks=0, retries=0)
    assert pattern("x").name.encode("utf-8").endswith(b"o")
