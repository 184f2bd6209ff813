"""Blocking calls on the fast lane: connections that are kept, deadlines that hold, keys that stay unseen."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
import socket
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from patterns.errors import BadRequest, PatternsError, TransientError
from patterns.exchange import Options, Request
from patterns.messages import Message
from patterns.model.fast import lines
from patterns.model.fast.gateway import FastGateway
from tests.faultserver import FaultServer, Raw
from tests.faultserver.answers import Answer, Reply
from tests.faultserver.wires import encode
from tests.model.asking import request

FAST = FastGateway()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    lines.close()


def test_calls_one_after_another_share_a_connection(faults: FaultServer) -> None:
    for _ in range(5):
        FAST.send(request(faults, "ok"))
    assert (faults.calls, faults.connections) == (5, 1)


def test_threads_have_a_connection_each_at_a_time(faults: FaultServer) -> None:
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            list(threads.map(lambda _: FAST.send(request(faults, "ok")), range(8)))
    assert faults.calls == 24
    assert faults.connections <= 8


def test_connections_that_nobody_needs_any_more_are_closed(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [lines._opened(lines._addressed(faults.root)[0], time.monotonic() + 5) for _ in range(4)]
    here, there = (lines._addressed(root)[0] for root in (faults.root, faults.root.replace("127.0.0.1", "localhost")))
    for line, host in zip(kept, (here, here, there, there), strict=True):
        lines._keep(host, line)
    monkeypatch.setattr(lines, "IDLE", 0.0)
    lines._keep(here, last := lines._opened(here, time.monotonic() + 5))
    assert [line.sock for line in kept] == [None] * 4
    assert last.sock is not None


def test_a_connection_that_the_server_has_closed_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that keeps its connections for a moment only: every request finds one, and none is sent twice."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key-of-nobody-0123456789")
    body = b'{"choices": [{"message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}]}'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(3):
                connection, _ = server.accept()
                with connection:
                    taken.append(connection.recv(100_000))
                    connection.sendall(head + body)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        for _ in range(3):
            asked = Request("openai/any", (Message("user", "hi"),), Options(api_base=base, timeout=5.0))
            assert FAST.send(asked).choices[0].text == "hi"
            time.sleep(0.05)
        thread.join(5)
    assert len(taken) == 3


def test_a_reply_byte_by_byte_ends_at_the_deadline(faults: FaultServer) -> None:
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"within 0\.5 s"):
        FAST.send(request(faults, "slowdrip", timeout=0.5))
    assert time.monotonic() - started < 0.75


def test_a_head_byte_by_byte_ends_at_the_deadline(faults: FaultServer) -> None:
    head = b"HTTP/1.1 200 OK\r\nx-slow: " + b"y" * 100
    faults.script([Raw([part for byte in head for part in (bytes([byte]), 0.1)], head=False)])
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"within 0\.5 s"):
        FAST.send(request(faults, "any", timeout=0.5))
    assert time.monotonic() - started < 0.75


def test_what_is_packed_is_unpacked(faults: FaultServer) -> None:
    """Nothing packed is asked for, but some proxies pack all the same."""

    def packed(call: object) -> Reply:
        whole = encode(call, Answer('{"packed": true}'))  # type: ignore[arg-type]
        assert isinstance(whole, Reply)
        return Reply(200, gzip.compress(whole.body), headers={"content-encoding": "gzip"})

    faults.script([packed, Reply(200, b"no gzip at all", headers={"content-encoding": "gzip"})])
    assert FAST.send(request(faults, "any")).choices[0].text == '{"packed": true}'
    with pytest.raises(TransientError, match="no connection"):
        FAST.send(request(faults, "any"))


def test_a_key_with_a_line_break_is_refused_and_not_shown(faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-CANARY\r\nx-evil: 1")
    with pytest.raises(BadRequest, match="line break") as caught:
        FAST.send(request(faults, "ok"))
    assert "CANARY" not in "".join(traceback.format_exception(caught.value))
    assert faults.calls == 0


def test_a_header_of_the_users_goes_before_our_own_but_for_the_length(faults: FaultServer) -> None:
    own = {"Host": "models.example", "Content-Length": "3", "User-Agent": "mine"}
    FAST.send(request(faults, "ok", extra={"extra_headers": own}))
    headers = faults.log[0][1].headers
    assert (headers["host"], headers["user-agent"]) == ("models.example", "mine")
    assert int(headers["content-length"]) > 3


def test_an_interrupt_shows_no_frame_that_holds_the_key(faults: FaultServer) -> None:
    """Debuggers and reporters of crashes show what local variables hold."""
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        FAST.send(request(faults, "hang", timeout=5.0))
    assert time.monotonic() - started < 2
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames[-1] == "_blocking"
    assert "asked" not in frames


async def test_a_cancelled_call_shows_no_frame_that_holds_the_key(faults: FaultServer) -> None:
    faults.script([Raw([30.0], head=False)])
    call = asyncio.create_task(FAST.asend(request(faults, "silent")))
    while not faults.calls:
        await asyncio.sleep(0.01)
    call.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await call
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert "asend" in frames
    assert frames[-1] == "_whole"


def test_a_host_that_nobody_knows_is_no_connection(faults: FaultServer) -> None:
    with pytest.raises(PatternsError, match="no connection") as caught:
        FAST.send(request(faults, "ok", api_base="http://no-such-host.invalid/v1", timeout=5.0))
    assert isinstance(caught.value, TransientError)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing to fork with")
def test_a_forked_child_opens_a_connection_of_its_own(faults: FaultServer) -> None:
    FAST.send(request(faults, "ok"))
    if (child := os.fork()) == 0:
        answered = False
        try:
            answered = FAST.send(request(faults, "ok")).choices[0].text == '{"ok": true}'
        finally:
            os._exit(0 if answered else 1)
    assert os.waitpid(child, 0)[1] == 0
    FAST.send(request(faults, "ok"))
    assert (faults.calls, faults.connections) == (3, 2)
