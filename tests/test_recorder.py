"""Recording over real HTTP, and replaying without any."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given as examples
from hypothesis import settings as effort
from pydantic import BaseModel

from patterns import Pattern, cassette, override
from patterns.cassette import Cassette, Entry
from patterns.errors import AuthenticationError, InputError, NeedsModel, QuotaExceeded, Refused, TransientError
from patterns.exchange import Options, Request, Response
from patterns.messages import Message
from patterns.model.policies.cache import FLIGHTS
from patterns.testing import FakeModel, NotRecorded, Recorder, block_network
from tests.faultserver import Answer, FaultServer
from tests.faultserver.faults import SECRET
from tests.model.test_saved import RESPONSES

HERE = Path(__file__).resolve().parents[1]
JO = '{"name": "Jo", "age": 35}'
CANARY = "sk-CANARYrecorder0123456789abcdef"


class Person(BaseModel):
    name: str
    age: int


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "people.jsonl"


def person(faults: FaultServer, name: str = "openai/someone", **options: Any) -> Pattern[..., Person]:
    given: dict[str, Any] = {"timeout": 10.0, "retries": 0, "reasks": 0, **options}
    return Pattern("json_extraction/extract", output=Person, model=name, api_base=faults.api_base, **given)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_was_recorded_is_replayed_without_asking(faults: FaultServer, path: Path) -> None:
    faults.script([JO])
    pattern = person(faults)
    with Recorder(path, "record"):
        first = pattern.run("Jo is 35.")
    assert faults.calls == 1
    with Recorder(path), block_network(loopback=False):
        again = pattern.run("Jo is 35.")
        assert pattern("Jo is 35.") == Person(name="Jo", age=35)
    assert (again.output, again.usage, again.cost, again.cached) == (first.output, first.usage, first.cost, False)
    assert faults.calls == 1


def test_a_replay_needs_no_key_and_no_litellm(faults: FaultServer, path: Path) -> None:
    faults.script([JO])
    with Recorder(path, "record"):
        person(faults, "openai/gpt-4.1-mini")("Jo is 35.")
    code = (
        "import sys; from tests.test_recorder import *\n"
        "class Server: api_base = sys.argv[1]\n"
        "with block_network(loopback=False), Recorder(sys.argv[2]):\n"
        "    print(person(Server, 'openai/gpt-4.1-mini')('Jo is 35.').name, 'litellm' in sys.modules)"
    )
    keyless = {name: value for name, value in os.environ.items() if "KEY" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code, faults.api_base, str(path)],
        capture_output=True,
        text=True,
        cwd=HERE,
        env=keyless,
        check=False,
    )
    assert done.stdout.strip() == "Jo False", done.stderr


@pytest.mark.parametrize(
    ("mode", "variable", "asks"),
    [("auto", "1", True), ("auto", "0", False), ("auto", None, False), ("replay", "1", False), ("record", None, True)],
)
def test_modes_and_the_variable(
    faults: FaultServer, path: Path, monkeypatch: pytest.MonkeyPatch, mode: Any, variable: str | None, asks: bool
) -> None:
    monkeypatch.delenv("PATTERNS_RECORD", raising=False)
    faults.script([JO, JO])
    with Recorder(path, "record"):
        person(faults)("Jo is 35.")
    if variable is not None:
        monkeypatch.setenv("PATTERNS_RECORD", variable)
    with Recorder(path, mode) as recorder:
        person(faults)("Jo is 35.")
    assert recorder.records == asks
    assert faults.calls == 1 + asks


def test_a_mode_that_is_none_is_refused(path: Path) -> None:
    with pytest.raises(InputError, match="replay, record, auto"):
        Recorder(path, "rewind")  # type: ignore[arg-type]


# Misses


def test_a_miss_names_the_nearest_request_and_what_differs(faults: FaultServer, path: Path) -> None:
    faults.script([JO, "happy"])
    with Recorder(path, "record"):
        person(faults)("Jo is 35.")
        Pattern("few_shot/sentiment", model="openai/other", api_base=faults.api_base, output=str).render("nice")
    with Recorder(path, "replay"), pytest.raises(NotRecorded) as caught:
        person(faults, temperature=0.7)("Jo is 36.")
    assert "people.jsonl does not hold this request" in caught.value.message
    assert "openai/someone" in caught.value.message
    assert (
        "temperature: 0.0, now 0.7" in caught.value.message or "temperature: not set, now 0.7" in caught.value.message
    )
    assert "35" in caught.value.message
    assert "36" in caught.value.message
    assert "PATTERNS_RECORD=1" in caught.value.hint
    assert faults.calls == 1


def test_a_cassette_that_is_not_there_says_how_to_record_it(faults: FaultServer, path: Path) -> None:
    with Recorder(path, "replay"), pytest.raises(NotRecorded, match="nothing is recorded in") as caught:
        person(faults)("Jo is 35.")
    assert "PATTERNS_RECORD=1" in caught.value.hint
    assert not path.exists()


def test_a_miss_is_neither_retried_nor_put_to_another_model(faults: FaultServer, path: Path) -> None:
    with Recorder(path, "replay"), pytest.raises(NotRecorded):
        person(faults, retries=3, fallbacks=["openai/ok"])("Jo is 35.")
    assert faults.calls == 0


# The file


def test_the_file_is_sorted_stable_and_readable(faults: FaultServer, path: Path) -> None:
    texts = [f"Jo is {age}." for age in range(30, 40)]
    for order in (texts, texts[::-1]):
        faults.script([JO] * 10)
        with Recorder(path, "record"):
            for text in order:
                person(faults)(text)
        written = path.read_bytes()
        header, *rows = lines(path)
        assert header == {"cassette": 1}
        assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)
        assert {row["request"]["messages"][-1]["content"].count("Jo is") for row in rows} == {1}
        if order is texts:
            first = written
    assert written == first
    assert faults.calls == 20


def test_recording_again_renews_what_is_asked_and_keeps_the_rest(faults: FaultServer, path: Path) -> None:
    faults.script([JO, JO, '{"name": "Jo", "age": 36}'])
    with Recorder(path, "record"):
        person(faults)("Jo")
        person(faults)("Joanna")
    with Recorder(path, "record"):
        assert person(faults)("Jo").age == 36
    with Recorder(path):
        assert (person(faults)("Jo").age, person(faults)("Joanna").age) == (36, 35)


def test_what_was_paid_for_is_kept_when_the_test_fails(faults: FaultServer, path: Path) -> None:
    faults.script([JO])

    def fails() -> None:
        with Recorder(path, "record"):
            assert not person(faults)("Jo").name

    with pytest.raises(AssertionError):
        fails()
    with Recorder(path):
        assert person(faults)("Jo").name == "Jo"


def test_several_answers_to_one_question_come_in_their_order(faults: FaultServer, path: Path) -> None:
    faults.script([f'{{"name": "Jo", "age": {age}}}' for age in (1, 2, 2, 3, 3, 3)])
    with Recorder(path, "record"):
        ages = [person(faults)("Jo").age for _ in range(6)]
    assert len(lines(path)[1]["answers"]) == 4
    with Recorder(path):
        assert [person(faults)("Jo").age for _ in range(8)] == [*ages, 3, 3]


def test_no_secret_is_in_the_file(faults: FaultServer, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("MY_TOKEN", "very-secret-CANARY-value")
    faults.script([Answer('{"name": "very-secret-CANARY-value", "age": 3}')])
    extra = {"extra_headers": {"x-session": "CANARY-session"}, "user_token": "CANARY-token", "user": "jo"}
    pattern = person(faults, extra=extra)
    with Recorder(path, "record"):
        assert pattern(f"Jo, whose key is {CANARY}").name == "very-secret-CANARY-value"
        with pytest.raises(AuthenticationError):
            person(faults, "openai/401")("Jo")
    assert faults.log[0][1].headers["x-session"] == "CANARY-session"
    told = path.read_text(encoding="utf-8")
    assert "CANARY" not in told
    assert SECRET not in told
    assert "[redacted]" in told
    assert '"user": "jo"' in told
    with Recorder(path):  # a key that has changed since is no other question
        monkeypatch.setenv("OPENAI_API_KEY", "sk-CANARYother987654321fedcba98")
        assert pattern("Jo, whose key is sk-CANARYother987654321fedcba98").age == 3


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"no json\n", "people.jsonl:1"),
        (b'{"cassette": 1}\n[]\n', "people.jsonl:2"),
        (b'{"cassette": 1}\n\n{"key": 1, "request": {}, "answers": [1]}\n', "people.jsonl:3"),
        (b'{"cassette": 9}\n', "version 9"),
        (b'{"key": "a", "request": {}, "answers": []}\n', "people.jsonl:1"),
    ],
)
def test_a_file_that_is_no_cassette_is_told_with_its_line(path: Path, written: bytes, words: str) -> None:
    path.parent.mkdir()
    path.write_bytes(written)
    with pytest.raises(InputError, match=words), Recorder(path):
        pass


@pytest.mark.parametrize(
    "answer", [{}, {"error": {"kind": "KeyboardInterrupt", "message": ""}}, {"error": {}}, {"response": {"choices": 1}}]
)
def test_an_answer_that_cannot_be_read_says_so(answer: Any) -> None:
    with pytest.raises(InputError, match="recorded answer"):
        cassette.given(answer, Request("m", ()))


@effort(suppress_health_check=[HealthCheck.function_scoped_fixture])
@examples(RESPONSES)
def test_responses_come_back_but_for_ids_and_secrets(tmp_path: Path, found: Response) -> None:
    path = tmp_path / "any.jsonl"
    told = cassette.answer_of(found)
    cassette.write(path, Cassette({"k": Entry({}, [told])}))
    again = cassette.given(cassette.read(path).entries["k"].answers[0], Request("m", ()))
    assert isinstance(again, Response)
    assert cassette.answer_of(again) == told
    assert len(again.choices) == len(found.choices)
    assert again.usage == found.usage


# Errors


def test_a_failure_and_its_retry_are_replayed_without_the_pause(faults: FaultServer, path: Path) -> None:
    pattern = person(faults, "openai/500x2", retries=3).into(dict[str, bool])
    with Recorder(path, "record"):
        assert len(pattern.run("Jo").attempts) == 3
    with Recorder(path), block_network(loopback=False):
        result = pattern.run("Jo")
    assert [attempt.problem is None for attempt in result.attempts] == [False, False, True]
    assert result.attempts[0].problem.startswith("openai/500x2")  # type: ignore[union-attr]
    assert sum(attempt.seconds for attempt in result.attempts) < 0.5
    assert faults.calls == 3


@pytest.mark.parametrize(
    ("name", "kind"),
    [("401", AuthenticationError), ("quota", QuotaExceeded), ("429ra300", TransientError), ("refusal", Refused)],
)
def test_errors_are_replayed_as_they_were(faults: FaultServer, path: Path, name: str, kind: type[Any]) -> None:
    def fails() -> Any:
        with pytest.raises(kind) as caught:
            person(faults, f"openai/{name}")("Jo")
        return caught.value

    with Recorder(path, "record"):
        first = fails()
    with Recorder(path):
        again = fails()
    for told in ("message", "hint", "status", "retry_after", "paid", "raw_text", "usage", "cost"):
        assert getattr(again, told, None) == getattr(first, told, None), told
    assert len(again.attempts) == len(first.attempts)
    assert faults.calls == 1


def test_the_rules_engine_is_recorded_like_any_model(path: Path) -> None:
    pattern = Pattern("json_extraction/extract", output=Person, model="rules")

    def fields() -> tuple[str, ...]:
        with pytest.raises(NeedsModel) as caught:
            pattern("Nothing of the kind.")
        return caught.value.fields

    with Recorder(path, "record"):
        first = fields()
    with Recorder(path):
        assert fields() == first
    assert first


# Streams, tasks, threads


async def test_streams_are_replayed_as_streams(faults: FaultServer, path: Path) -> None:
    faults.script([JO])
    pattern = person(faults)
    with Recorder(path, "record"):
        first = [value async for value in pattern.astream("Jo is 35.")]
    with Recorder(path):
        again = [value async for value in pattern.astream("Jo is 35.")]
        assert pattern("Jo is 35.") == again[-1]
        assert list(pattern.stream("Jo is 35."))[-1] == again[-1]
    assert len(again) > 1
    assert again[-1] == first[-1]
    assert faults.calls == 1


async def test_a_stream_that_broke_breaks_again_after_what_had_come(faults: FaultServer, path: Path) -> None:
    pattern = person(faults, "openai/s-cut", mode="prompted").into(dict[str, str])

    async def pieces() -> tuple[list[Any], Any]:
        found: list[Any] = []
        try:
            async for value in pattern.astream("Jo"):
                found.append(value)
        except TransientError as error:
            return found, error
        raise AssertionError("the stream ended well")

    with Recorder(path, "record"):
        first, error = await pieces()
    with Recorder(path):
        again, replayed = await pieces()
    assert first
    assert again
    assert (replayed.raw_text, replayed.message) == (error.raw_text, error.message)
    assert faults.calls == 1


async def test_tasks_record_side_by_side(faults: FaultServer, path: Path) -> None:
    faults.script([JO] * 20)
    pattern = person(faults)
    texts = [f"Jo is {age}." for age in range(20)]
    with Recorder(path, "record"):
        await asyncio.gather(*(pattern.acall(text) for text in texts))
    with Recorder(path):
        assert len(await asyncio.gather(*(pattern.acall(text) for text in texts))) == 20
        assert [outcome.output.name for outcome in pattern.batch(texts)] == ["Jo"] * 20
    assert faults.calls == 20


# What stands around it


def test_a_model_that_nobody_named_is_the_one_of_the_recording(
    faults: FaultServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults.script([JO])
    pattern = Pattern("json_extraction/extract", output=Person, api_base=faults.api_base)
    monkeypatch.delenv("PATTERNS_MODEL", raising=False)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with Recorder(path, "record"):
        named = pattern.run("Jo is 35.").model
    monkeypatch.delenv("OPENAI_API_KEY")
    assert named.startswith("openai/")
    assert lines(path)[0] == {"cassette": 1, "unnamed": named}
    with Recorder(path):
        assert pattern.run("Jo is 35.").model == named
    assert faults.calls == 1


def test_the_cache_stays_out_of_it(faults: FaultServer, path: Path, tmp_path: Path) -> None:
    faults.script([JO, JO])
    with override(cache=tmp_path / "a.db"):
        person(faults)("Jo")
        with Recorder(path, "record"):
            assert not person(faults).run("Jo").cached
        with Recorder(path):
            assert not person(faults).run("Jo").cached
    assert faults.calls == 2
    assert not FLIGHTS._flying


def test_a_fake_model_can_be_recorded(path: Path) -> None:
    request = Request("any/model", (Message("user", "hi"),), Options())
    with FakeModel(["hello"]), Recorder(path, "record") as recorder:
        assert recorder.send(request).choices[0].text == "hello"
    with Recorder(path) as recorder:
        assert recorder.send(request).choices[0].text == "hello"


def test_the_fixture_of_the_docstring_works(tmp_path: Path, faults: FaultServer) -> None:
    """Tests with an autouse fixture: recorded with the variable, then run without a server."""
    faults.script([JO])
    (tmp_path / "test_mine.py").write_text(
        "import os, pytest\nfrom patterns import extract\nfrom patterns.testing import Recorder\n\n"
        "@pytest.fixture(autouse=True)\ndef recorded(request):\n"
        "    with Recorder(f'cassettes/{request.node.name}.jsonl'):\n        yield\n\n"
        "def test_jo():\n"
        "    ask = extract.into('name, age int').with_options(model='openai/someone', api_base=os.environ['BASE'])\n"
        "    assert '35' in str(ask('Jo is 35.'))\n"
    )

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(HERE), "BASE": faults.api_base, **variables}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, check=False)

    assert "does not hold" in (missed := run()).stdout or "nothing is recorded" in missed.stdout
    assert run(PATTERNS_RECORD="1").returncode == 0
    assert (tmp_path / "cassettes" / "test_jo.jsonl").exists()
    done = run()
    assert done.returncode == 0, done.stdout
    assert faults.calls == 1
