"""The server itself: HTTP/1.1 by hand on a thread, so that it can misbehave below HTTP; it keeps its own books."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tests.faultserver import gemini
from tests.faultserver.answers import Answer, Call, Raw, Reply
from tests.faultserver.faults import Said, fault
from tests.faultserver.wires import encode, error

Scripted = str | int | Answer | Reply | Raw | Callable[[Call], Said]


class FaultServer:
    """Answers on `api_base` (OpenAI) and `root` (Anthropic, Gemini).

    `calls`, `paid` and `connections` are its own count.
    """

    def __init__(self) -> None:
        self.log: list[tuple[float, Call]] = []
        self.paid = 0
        self.connections = 0
        self._script: list[Scripted] = []
        self._seen: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._port = 0
        self._thread = threading.Thread(target=self._serve, name="faultserver", daemon=True)

    def __enter__(self) -> FaultServer:
        self._thread.start()
        assert self._ready.wait(5), "the fault server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_base(self) -> str:
        return f"{self.root}/v1"

    @property
    def calls(self) -> int:
        return len(self.log)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [dict(call.body) for _, call in self.log]

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.log]

    def script(self, answers: Sequence[Scripted]) -> None:
        """Say these, one a call, to every model whose name names no fault; a function is given the call."""
        self._script = list(answers)

    def reset(self) -> None:
        self.log, self._script, self.paid, self.connections = [], [], 0, 0
        self._seen.clear()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", 0))
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._exchange(reader, writer):
                pass
        with contextlib.suppress(Exception):
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; say whether the connection lives on."""
        call = await self._read(reader)
        said = self._say(call)
        answer = encode(call, said) if isinstance(said, Answer) else said
        if isinstance(answer, Reply):
            self.paid += answer.status == 200
            writer.write(_head(answer.status, answer.type, len(answer.body), answer.headers) + answer.body)
            await writer.drain()
            return True
        self.paid += 1
        await _play(writer, answer)
        return False

    async def _read(self, reader: asyncio.StreamReader) -> Call:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:]) if v}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        data = json.loads(body) if body else {}
        path = head[0].split(" ")[1]
        named, streams = gemini.asked(path) or ("", False)
        model = str(data.get("model", named))
        call = Call(path, headers, data | ({"stream": True} if streams else {}), self._seen[model], named)
        if head[0].startswith("POST"):
            self._seen[model] += 1
            self.log.append((time.monotonic(), call))
        return call

    def _say(self, call: Call) -> Said:
        if call.path.endswith("/models"):
            return Reply(body=json.dumps({"object": "list", "data": [{"id": "ok", "object": "model"}]}).encode())
        known = fault(call)
        if known is not None:
            return known
        if not self._script:
            return Reply(418, error(call, 418, f"nothing is scripted for {call.model!r}"))
        return _scripted(call, self._script.pop(0))


def _scripted(call: Call, item: Scripted) -> Said:
    if isinstance(item, str):
        return Answer(item)
    if isinstance(item, int):
        return fault(Call(call.path, call.headers, {**call.body, "model": str(item)})) or Reply(item)
    return item(call) if callable(item) else item


def _head(status: int, kind: str, length: int | None, headers: Any = ()) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", f"content-type: {kind}"]
    lines += [f"{k}: {v}" for k, v in dict(headers).items()]
    lines += ["connection: close"] if length is None else [f"content-length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


async def _play(writer: asyncio.StreamWriter, raw: Raw) -> None:
    if raw.head:
        writer.write(_head(200, raw.type, raw.length))
    for step in raw.steps:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        else:
            await asyncio.sleep(step)
