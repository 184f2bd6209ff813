"""Recorded provider traffic, replayed over real HTTP: what comes out is what an independent reader found in it."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from patterns.errors import PatternsError
from patterns.exchange import Choice, Options, Request
from patterns.messages import Message
from patterns.model.transport import LitellmGateway
from tests.corpus import SHARED, corpus_rows
from tests.model.asking import streamed

GATEWAY = LitellmGateway()
EVERY = 6
MODELS = {
    "openai.chat": ("openai/gpt-4o", "/v1"),
    "anthropic.messages": ("anthropic/claude-sonnet-4-5", ""),
    "gemini.generate": ("gemini/gemini-2.5-flash", "/v1beta/models/x"),
}
WORDS = {"end_turn": "stop", "stop_sequence": "stop", "STOP": "stop", "max_tokens": "length", "MAX_TOKENS": "length"}


def sample() -> list[dict[str, Any]]:
    """Every sixth exchange that went well, was recorded whole, and is of a wire that the gateway speaks."""
    rows: list[dict[str, Any]] = corpus_rows("cassettes.jsonl")  # type: ignore[assignment]
    good = [
        row for row in rows if row["wire"] in MODELS and not row["expected"]["error"] and not row["expected"]["odd"]
    ]
    return good[::EVERY]


@contextmanager
def replayed() -> Iterator[str]:
    """The replay server, as a process of its own."""
    script = SHARED / "replay" / "server.py"
    if not script.exists():
        pytest.skip("the replay server is not beside this checkout")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, str(script), "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "ANTHROPIC", "GEMINI"):
        monkeypatch.setenv(f"{name}_API_KEY", "a-key-of-nobody-0123456789")


async def ask(row: dict[str, Any], base: str) -> Choice:
    model, path = MODELS[row["wire"]]
    headers = {"extra_headers": {"x-replay-id": row["id"]}}
    request = Request(model, (Message("user", "hi"),), Options(timeout=20, api_base=base + path, extra=headers))
    if not row["stream"]:
        return (await GATEWAY.asend(request)).choices[0]
    last = (await streamed(GATEWAY, request))[-1]
    assert last.response is not None
    return last.response.choices[0]


def plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()


def differences(choice: Choice, expected: dict[str, Any]) -> list[str]:
    """Where a reading and the independent one part."""
    finish = WORDS.get(expected["finish"], expected["finish"])
    ours = [(call.name, call.arguments) for call in choice.tool_calls]
    theirs = [(call["name"], json.loads(call["arguments"] or "{}")) for call in expected["tool_calls"]]
    found = {
        "text": plain(choice.text) != plain(expected["text"]),
        "refusal": (choice.refusal or "") != (expected["refusal"] or ""),
        "calls": ours != theirs,
        "finish": finish in ("stop", "length") and choice.finish_reason not in (finish, "tool_calls"),
    }
    return [name for name, differs in found.items() if differs]


async def test_recorded_answers_are_read_as_an_independent_reader_reads_them(keys: None) -> None:
    rows, wrong = sample(), []
    with replayed() as base:
        for row in rows:
            try:
                odd = differences(await ask(row, base), row["expected"])
            except PatternsError as error:
                odd = [str(error)]
            if odd:
                wrong.append((row["id"], odd))
    assert len(rows) > 100
    assert len(wrong) <= 0.02 * len(rows), wrong
