"""Servers on this machine, asked without a key: Ollama on its own wire, others on OpenAI's, over real HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import complete, extract
from patterns.exchange import Options, Request
from patterns.messages import Message
from patterns.model.transport import LitellmGateway
from patterns.settings import override
from tests.corpus import corpus_rows
from tests.faultserver import Answer, FaultServer
from tests.model.asking import streamed
from tests.model.test_replay import plain, replayed

GATEWAY = LitellmGateway()


class City(BaseModel):
    """A place."""

    city: str
    country: str


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "OLLAMA_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
        "OLLAMA_HOST",
        "OLLAMA_API_BASE",
    ):
        monkeypatch.delenv(name, raising=False)


class Recorded:
    """An Ollama that gives one recorded kind of answer, with the text it is told, and keeps what it was asked."""

    def __init__(self, text: str) -> None:
        outer = self
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.path == "/api/show":
                    return self._say({"model_info": {}, "capabilities": ["completion"], "template": ""})
                outer.bodies.append(body)
                outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                return self._say(
                    {
                        "model": body["model"],
                        "created_at": "2025-08-20T09:45:30.391699Z",
                        "message": {"role": "assistant", "content": text},
                        "done_reason": "stop",
                        "done": True,
                        "prompt_eval_count": 17,
                        "eval_count": 12,
                    }
                )

            def _say(self, value: object) -> None:
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json; charset=utf-8")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def ollama() -> Iterator[Recorded]:
    server = Recorded('{"city": "Paris", "country": "France"}')
    yield server
    server.close()


def test_ollama_is_held_to_the_schema_and_told_of_it_and_costs_nothing(ollama: Recorded) -> None:
    pattern = extract.into(City).with_options(model="ollama_chat/llama3.2:1b", api_base=ollama.base, max_tokens=50)
    result = pattern.run("The capital of France is Paris.")
    assert result.output == City(city="Paris", country="France")
    assert (result.cost, result.usage.input_tokens, result.usage.output_tokens) == (0.0, 17, 12)
    [body] = ollama.bodies
    assert body["format"]["properties"].keys() == {"city", "country"}
    assert body["format"]["required"] == ["city", "country"]
    assert body["options"]["num_predict"] == 50
    assert "{city: string, country: string}" in body["messages"][0]["content"]
    assert "authorization" not in ollama.headers[0]


@pytest.mark.parametrize("scheme", ["", "http://"])
def test_ollama_is_asked_where_its_own_variable_says(
    ollama: Recorded, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", scheme + ollama.base.removeprefix("http://"))
    pattern = extract.into(City).with_options(model="ollama_chat/llama3.2:1b", retries=0)
    assert pattern("The capital of France is Paris.").city == "Paris"
    assert len(ollama.bodies) == 1


def test_what_litellm_reads_and_what_the_call_names_count_before_it(
    ollama: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    pattern = extract.into(City).with_options(model="ollama_chat/llama3.2:1b", retries=0)
    assert pattern.with_options(api_base=ollama.base)("Paris, in France.").city == "Paris"
    monkeypatch.setenv("OLLAMA_API_BASE", ollama.base)
    assert pattern("Paris, in France.").city == "Paris"
    assert len(ollama.bodies) == 2


async def test_recorded_answers_of_ollama_are_read_plain_and_streamed() -> None:
    rows: list[dict[str, Any]] = corpus_rows("cassettes.jsonl")  # type: ignore[assignment]
    rows = [row for row in rows if row["wire"] == "ollama.chat"]
    assert rows
    with replayed() as base:
        for row in rows:
            options = Options(timeout=20, api_base=f"{base}/r/{row['id']}")
            request = Request(f"ollama_chat/{row['request']['model']}", (Message("user", "hi"),), options)
            if row["stream"]:
                response = (await streamed(GATEWAY, request))[-1].response
            else:
                response = await GATEWAY.asend(request)
            assert response is not None
            choice, usage = response.choices[0], response.usage
            assert plain(choice.text) == plain(row["expected"]["text"])
            assert (choice.finish_reason, response.cost) == ("stop", 0.0)
            counted = row["expected"]["usage"]
            assert usage is not None
            assert usage.output_tokens == counted.get("out", usage.output_tokens)
            assert counted.get("in") in (None, usage.input_tokens)


@pytest.mark.parametrize("lane", ["litellm", "fast"])
def test_a_server_on_this_machine_that_speaks_openai_needs_no_key(
    faults: FaultServer, lane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    faults.script([Answer('{"city": "Paris", "country": "France"}')])
    with override(lane=lane):
        pattern = extract.into(City).with_options(model="openai/any", api_base=faults.api_base, mode="json_schema")
        assert pattern("The capital of France is Paris.").city == "Paris"
    [body] = faults.bodies
    assert body["response_format"]["json_schema"]["schema"]["properties"].keys() == {"city", "country"}


@pytest.mark.parametrize("lane", ["litellm", "fast"])
@pytest.mark.parametrize("variable", ["OPENAI_BASE_URL", "OPENAI_API_BASE"])
def test_nor_does_one_that_the_environment_names(
    faults: FaultServer, variable: str, lane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv(variable, faults.api_base)
    faults.script([Answer("Hello.")])
    with override(lane=lane):
        assert complete.with_options(model="openai/any")("Hello!") == "Hello."
    assert faults.calls == 1


def test_a_key_that_is_set_is_used_there_too(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine-0123456789")
    assert complete.with_options(model="openai/ok", api_base=faults.api_base)("Hello!")
