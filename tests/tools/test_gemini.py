"""Gemini signs its calls; the signature goes back with the result, for without it the next request is refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from patterns import complete

MODEL = "gemini-3-pro-preview"
SIGNATURE = "c2lnbmVkIGJ5IHRoZSBtb2RlbA=="


class Gemini(ThreadingHTTPServer):
    """Calls `look_up` first, and answers then."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[dict[str, Any]] = []

    def say(self) -> dict[str, Any]:
        call = {"functionCall": {"name": "look_up", "args": {"number": 7}}, "thoughtSignature": SIGNATURE}
        part = call if len(self.bodies) == 1 else {"text": "Lost."}
        counted = {"promptTokenCount": 5, "candidatesTokenCount": 5, "totalTokenCount": 10}
        candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}
        return {"candidates": [candidate], "usageMetadata": counted}


class _Handler(BaseHTTPRequestHandler):
    server: Gemini

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        said = json.dumps(self.server.say()).encode()
        streamed = "stream" in self.path
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if streamed else "application/json")
        self.end_headers()
        self.wfile.write(b"data: " + said + b"\n\n" if streamed else said)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of requests."""


@pytest.fixture
def gemini(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gemini]:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-nobody-0123456789")
    with Gemini() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def look_up(number: int) -> str:
    """Look up."""
    return f"{number} is lost"


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_the_signature_of_a_call_goes_back_with_its_result(streamed: bool, gemini: Gemini) -> None:
    base = f"http://127.0.0.1:{gemini.server_port}/v1beta/models/{MODEL}"
    pattern = complete.with_options(model=f"gemini/{MODEL}", api_base=base, tools=[look_up], retries=0, timeout=20)
    assert (list(pattern.stream("7?"))[-1] if streamed else pattern("7?")) == "Lost."
    _, asked, told = gemini.bodies[1]["contents"]
    assert asked["parts"][0]["thoughtSignature"] == SIGNATURE
    assert "7 is lost" in json.dumps(told)
