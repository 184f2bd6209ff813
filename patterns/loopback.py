"""A model provider on this machine, for examples and tests: the real way over HTTP, without a key or a network."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, TypeAlias, cast

Body: TypeAlias = Mapping[str, Any]
Said: TypeAlias = str | int
"""What a model says: its answer, or the HTTP status that it fails with."""
Model: TypeAlias = Said | Sequence[Said] | Callable[[Body], Said]
"""The same each time; one after another, the last again and again; or a function of the request's body."""

_CHARACTERS_A_TOKEN = 4
_PIECE = 12
_WORDS = {
    400: "'response_format' of this type is not supported with this model",
    401: "wrong key",
    404: "no such model",
    429: "too many requests",
    503: "overloaded",
}


class LocalProvider:
    """Speaks OpenAI's chat API on loopback for `models`: their names, and what each of them says.

    `with LocalProvider({"small": '{"ok": true}'}) as provider:`, or `start()` and `stop()`. Models are then asked as
    `openai/small` with `api_base=provider.api_base`. `requests` holds the bodies that came, oldest first. Tokens are
    counted as a quarter of the characters. Nothing outside this machine can reach it.
    """

    def __init__(self, models: Mapping[str, Model]) -> None:
        self._models = dict(models)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.requests: list[Body] = []

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def start(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="local-provider", daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _say(self, body: Body) -> Said:
        with self._lock:
            self.requests.append(body)
            model = self._models.get(str(body.get("model")), 404)
            if isinstance(model, Sequence) and not isinstance(model, str):
                times = sum(each.get("model") == body.get("model") for each in self.requests)
                model = cast("Said", model[min(times, len(model)) - 1])
        said: Said = model(body) if callable(model) else model  # type: ignore[assignment, unused-ignore]
        return said

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        say = self._say

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
                said = say(body)
                if isinstance(said, int):
                    self._send(said, "application/json", _error(said))
                elif body.get("stream"):
                    self._send(200, "text/event-stream", "".join(_events(body, said)))
                else:
                    self._send(200, "application/json", json.dumps(_whole(body, said)))

            def _send(self, status: int, kind: str, text: str) -> None:
                content = text.encode()
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the program's own output is what counts."""

        return Handler


def _error(status: int) -> str:
    words = _WORDS.get(status, "failed")
    return json.dumps({"error": {"message": words, "type": "error", "param": None, "code": None}})


def _whole(body: Body, text: str) -> dict[str, Any]:
    """An answer; where the client insists on a tool, as the arguments of its call."""
    choice = body.get("tool_choice")
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if isinstance(choice, dict):
        call = {"name": choice["function"]["name"], "arguments": text}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": call}],
        }
    finish = "tool_calls" if "tool_calls" in message else "stop"
    return {
        **_head(body, "chat.completion"),
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": _usage(body, text),
    }


def _events(body: Body, text: str) -> Iterator[str]:
    head = _head(body, "chat.completion.chunk")
    for start in range(0, len(text), _PIECE):
        yield _event({**head, "choices": [{"index": 0, "delta": {"content": text[start : start + _PIECE]}}]})
    yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    yield _event({**head, "choices": [], "usage": _usage(body, text)})
    yield "data: [DONE]\n\n"


def _event(data: object) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _head(body: Body, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-local", "object": kind, "created": 0, "model": body.get("model")}


def _usage(body: Body, text: str) -> dict[str, int]:
    asked, answered = (-(-len(each) // _CHARACTERS_A_TOKEN) for each in (json.dumps(body.get("messages")), text))
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}
