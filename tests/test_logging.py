"""What the log says of calls, and what it never says."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from patterns import logs
from patterns.errors import AuthenticationError, BudgetExceeded, OutputError, PatternsError
from patterns.logs import attend
from patterns.pattern import Pattern
from patterns.settings import override
from tests.faultserver import Answer, FaultServer
from tests.faultserver.faults import SECRET


@pytest.fixture
def asking(tmp_path: Path, faults: FaultServer) -> Any:
    (tmp_path / "yes.md.jinja").write_text("---\ninputs: {text: Any text.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    with override(templates=(tmp_path,), usage=False):
        yield Pattern("yes", output=dict, model="openai/gpt-4o-mini", api_base=faults.api_base, retries=0, reasks=1)


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "patterns"):
        yield caplog


def lines(said: pytest.LogCaptureFixture) -> list[str]:
    return [f"{r.levelname} {r.name} {r.getMessage()}" for r in said.records if r.name.startswith("patterns")]


def test_one_line_a_call(asking: Any, faults: FaultServer, said: pytest.LogCaptureFixture) -> None:
    faults.script([Answer("what?"), Answer('```json\n{"ok": True}')])
    asking("x")
    (line,) = lines(said)
    assert line.startswith("INFO patterns.calls yes: openai/gpt-4o-mini answered in ")
    assert ", 100 + 20 tokens, $0.000027, 2 attempts, " in line
    assert re.search(r"\d mends?$", line)
    record = said.records[-1]
    assert (record.pattern, record.model, record.attempts) == ("yes", "openai/gpt-4o-mini", 2)  # type: ignore[attr-defined]


def test_unknown_costs_are_called_so(asking: Any, said: pytest.LogCaptureFixture) -> None:
    asking.with_options(model="openai/nousage")("x")
    assert "tokens (estimated), cost unknown" in lines(said)[-1]


def test_trouble_is_a_warning(asking: Any, faults: FaultServer, said: pytest.LogCaptureFixture) -> None:
    faults.script([Answer('{"ok": true}')])
    asking.with_options(model="openai/500", retries=1, fallbacks=["openai/gpt-4o-mini"])("x")
    with pytest.raises(BudgetExceeded):
        asking.with_options(budget=1e-6)("x")
    retry, fallback, call, budget, failed = lines(said)
    assert retry.startswith("WARNING patterns.retry yes: openai/500 failed (TransientError 500), retry 1 in 0.")
    assert fallback == (
        "WARNING patterns.fallback yes: openai/500 could not answer (TransientError 500), openai/gpt-4o-mini is asked"
    )
    assert call.startswith("INFO patterns.calls yes: openai/gpt-4o-mini answered")
    assert call.endswith("3 attempts")
    assert "patterns.budget yes: openai/gpt-4o-mini was not asked: the next request may cost" in budget
    assert failed.startswith("WARNING patterns.calls yes: failed after ")


def test_an_open_breaker_is_a_warning(asking: Any, said: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        with pytest.raises(PatternsError):
            asking.with_options(model="openai/529", deadline=3)("x")
    (opened,) = [line for line in lines(said) if "patterns.breaker" in line]
    assert opened.startswith("WARNING patterns.breaker the breaker of openai/529 at 127.0.0.1")
    assert " is open for " in opened


def test_requests_are_told_at_debug(
    asking: Any, faults: FaultServer, said: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    faults.script([Answer('{"ok": true}')])
    said.set_level(logging.DEBUG, "patterns")
    cached = asking.with_options(cache=tmp_path / "answers.sqlite")
    cached("x"), cached("x")
    tried, call, hit, second = lines(said)
    assert tried.startswith("DEBUG patterns.attempts yes: openai/gpt-4o-mini, ")
    assert hit == "DEBUG patterns.cache yes: an answer of openai/gpt-4o-mini came from the cache"
    assert "$0.0000" in call
    assert second.endswith("from the cache")


def test_what_was_said_is_told_only_on_wish(asking: Any, faults: FaultServer, said: pytest.LogCaptureFixture) -> None:
    said.set_level(logging.DEBUG, "patterns")
    faults.script([Answer('{"answer": "private reply"}'), Answer("private rubbish")] * 2)

    def both() -> None:
        asking("a private question")
        with pytest.raises(OutputError):
            asking.with_options(reasks=0)("a private question")

    both()
    assert "private" not in said.text
    with override(log_content=True):
        both()
    assert "patterns.content yes: user: a private question" in "\n".join(lines(said))
    assert 'patterns.content yes: answer: {"answer": "private reply"}' in "\n".join(lines(said))


def test_keys_are_struck_out_even_of_what_was_said(
    asking: Any, said: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    said.set_level(logging.DEBUG, "patterns")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with override(log_content=True), pytest.raises(AuthenticationError):
        asking.with_options(model="openai/401")(f"my key is {SECRET}")
    assert "[redacted]" in said.text
    assert SECRET not in said.text


PROGRAM = """
import sys, logging
from patterns.testing import FakeModel
from patterns import classify_sentiment
with FakeModel(['{"label": "positive", "confidence": 0.9}']):
    classify_sentiment("a private text")
"""


def run(program: str = PROGRAM, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **env}, timeout=60
    )


def test_silence_unless_somebody_asks() -> None:
    assert run().stderr == ""


def test_the_environment_turns_it_on() -> None:
    told = run(PATTERNS_LOG="debug").stderr
    assert "DEBUG   patterns.attempts: few_shot/sentiment" in told
    assert "INFO    patterns.calls: few_shot/sentiment" in told
    assert "private" not in told
    assert "private" in run(PATTERNS_LOG="debug", PATTERNS_LOG_CONTENT="1").stderr
    assert "DEBUG" not in run(PATTERNS_LOG="INFO").stderr
    assert "PATTERNS_LOG must be one of debug, info, warning, error, not 'loud'" in run(PATTERNS_LOG="loud").stderr


def test_the_program_s_own_setting_up_is_enough() -> None:
    told = run("import logging\nlogging.basicConfig(level=logging.INFO)\n" + PROGRAM).stderr
    assert "INFO:patterns.calls:few_shot/sentiment" in told
    one = "import logging\nlog = logging.getLogger('patterns.calls')\nlog.setLevel(20)\n"
    assert "few_shot" in run(one + "log.addHandler(logging.StreamHandler())\n" + PROGRAM).stderr


def test_listening_for_nobody_costs_a_few_microseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_attending", False)
    monkeypatch.setattr(logs, "_is_read", lambda: False)
    attend()
    started = time.perf_counter()
    for _ in range(10_000):
        attend()
    assert (time.perf_counter() - started) / 10_000 < 10e-6
