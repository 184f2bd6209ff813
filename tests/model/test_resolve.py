"""Which model answers when nobody names one."""

from __future__ import annotations

import datetime
import json
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import patterns.model
from patterns.model.known import facts, providers
from patterns.model.ollama import base as ollama_at
from patterns.model.resolve import PATIENCE, Resolution, installed, resolve


def nothing(host: str, port: int, seconds: float) -> tuple[str, ...]:
    return ()


def llama(host: str, port: int, seconds: float) -> tuple[str, ...]:
    return ("nomic-embed-text:latest", "llama3.2:1b", "qwen3:8b")


def never(host: str, port: int, seconds: float) -> tuple[str, ...]:
    raise AssertionError(f"{host} was probed")


# named, environment, what Ollama holds, model, a word of why, engine
CASES = [
    ("openai/x", {"PATTERNS_MODEL": "a/b", "OPENAI_API_KEY": "k"}, never, "openai/x", "named", "litellm"),
    ("rules", {"OPENAI_API_KEY": "k"}, never, "rules", "named", "rules"),
    (None, {"PATTERNS_MODEL": "a/b", "OPENAI_API_KEY": "k"}, never, "a/b", "PATTERNS_MODEL", "litellm"),
    (None, {"PATTERNS_MODEL": "rules"}, never, "rules", "PATTERNS_MODEL", "rules"),
    (None, {"MISTRAL_API_KEY": "k"}, never, "mistral/mistral-small-latest", "MISTRAL_API_KEY", "litellm"),
    (None, {"GEMINI_API_KEY": "k", "OPENAI_API_KEY": "k"}, never, "openai/gpt-4.1-mini", "OPENAI_API_KEY", "litellm"),
    (None, {"OPENAI_API_KEY": ""}, nothing, "rules", "no Ollama", "rules"),
    (None, {}, llama, "ollama_chat/llama3.2:1b", "Ollama", "litellm"),
    (None, {"OLLAMA_HOST": "localhost:9999"}, llama, "ollama_chat/llama3.2:1b", "localhost:9999", "litellm"),
    (None, {"OLLAMA_HOST": "0.0.0.0"}, llama, "ollama_chat/llama3.2:1b", "127.0.0.1:11434", "litellm"),
    (None, {"OLLAMA_HOST": "http://gpu.example.com:11434"}, never, "rules", "no Ollama", "rules"),
    (None, {"OLLAMA_HOST": "http://[broken:x"}, never, "rules", "no Ollama", "rules"),
    (None, {"PATTERNS_OFFLINE": "1", "OPENAI_API_KEY": "k"}, never, "rules", "PATTERNS_OFFLINE", "rules"),
    (None, {"PATTERNS_OFFLINE": "1", "PATTERNS_MODEL": "a/b"}, never, "a/b", "PATTERNS_MODEL", "litellm"),
    (None, {"PATTERNS_OFFLINE": "0", "OPENAI_API_KEY": "k"}, never, "openai/gpt-4.1-mini", "OPENAI_API_KEY", "litellm"),
]


@pytest.mark.parametrize(("named", "environ", "probe", "model", "why", "engine"), CASES)
def test_the_first_that_is_there_is_taken(named, environ, probe, model, why, engine) -> None:  # type: ignore[no-untyped-def]
    found = resolve(named, environ=environ, probe=probe)
    assert (found.model, found.engine) == (model, engine)
    assert why in found.why


def test_offline_by_argument_looks_for_nothing() -> None:
    assert resolve(environ={"OPENAI_API_KEY": "k"}, offline=True, probe=never).engine == "rules"


def test_a_resolution_is_a_value() -> None:
    assert resolve("a/b", environ={}) == Resolution("a/b", "it was named", "litellm")


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("", None),
        ("gpu", "http://gpu:11434"),
        ("gpu:9", "http://gpu:9"),
        (":9", "http://127.0.0.1:9"),
        ("0.0.0.0:9", "http://127.0.0.1:9"),
        ("[::1]:9", "http://[::1]:9"),
        ("http://gpu", "http://gpu:80"),
        ("https://gpu/", "https://gpu:443"),
        ("http://[broken:x", None),
    ],
)
def test_the_variable_of_ollama_is_read_as_its_own_programs_do(given: str, base: str | None) -> None:
    assert ollama_at({"OLLAMA_HOST": given}) == base


@contextmanager
def ollama(body: bytes, delay: float = 0.0) -> Iterator[int]:
    """A server on loopback that answers like Ollama, after `delay` seconds."""
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            release.wait(delay)
            self.send_response(200 if self.path == "/api/tags" else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        release.set()
        server.shutdown()
        thread.join()


def test_the_smallest_installed_model_comes_first() -> None:
    models = [{"name": "big", "size": 9}, {"name": "small", "size": 1}, {"name": "middle", "size": 5}]
    with ollama(json.dumps({"models": models}).encode()) as port:
        assert installed("127.0.0.1", port, PATIENCE) == ("small", "middle", "big")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"models": 3}', b'{"models": [1]}', b'{"models": [{}]}'])
def test_whatever_else_answers_there_is_no_ollama(body: bytes) -> None:
    with ollama(body) as port:
        assert installed("127.0.0.1", port, PATIENCE) == ()


def test_an_ollama_that_is_too_slow_is_none() -> None:
    with ollama(b'{"models": [{"name": "a", "size": 1}]}', delay=5) as port:
        assert installed("127.0.0.1", port, PATIENCE) == ()


def test_nobody_there_is_none() -> None:
    assert installed("127.0.0.1", 9, PATIENCE) == ()


def dated() -> datetime.date:
    text = (Path(patterns.model.__file__).parent / "defaults.toml").read_text("utf-8")
    checked = tomllib.loads(text)["checked"]
    assert isinstance(checked, datetime.date)
    return checked


@pytest.mark.parametrize("provider", providers(), ids=lambda provider: provider.name)
def test_every_default_stands_in_litellm_s_table_and_was_not_outdated_when_checked(provider) -> None:  # type: ignore[no-untyped-def]
    resold = provider.default.partition("/")[2]  # some providers sell other providers' models under their names
    known = facts(provider.default) or facts(resold)
    assert known["mode"] == "chat"
    assert provider.default.startswith(f"{provider.name}/")
    assert str(known.get("deprecation_date", "9999")) > dated().isoformat()
