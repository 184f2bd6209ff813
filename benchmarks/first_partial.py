"""How long after the bytes of a stream the value shows what they say: on a loop, and blocking.

A server of its own process writes the time into the first piece of each answer, and the rest of it a tenth of a second
later. The first value with that time in it ends the clock. The first answer of the process is shown apart.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time

CALLS = 20
SERVER = """
import asyncio, json, time
def piece(text, ending=None):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": ending}
    data = json.dumps({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})
    return f"{len(data) + 8:x}\\r\\ndata: {data}\\n\\n\\r\\n".encode()
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            lines = head.lower().split(b"\\r\\n")
            await reader.readexactly(next(int(l.split(b":")[1]) for l in lines if l.startswith(b"content-length")))
            kind = b"content-type: text/event-stream\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n"
            writer.write(b"HTTP/1.1 200 OK\\r\\n" + kind)
            writer.write(piece('{"sent": %r, "note": "' % time.time()))
            await writer.drain()
            await asyncio.sleep(0.1)
            writer.write(piece('all of it"}', "stop") + b"0\\r\\n\\r\\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def main() -> None:
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        os.environ |= {"OPENAI_API_KEY": "sk-nobody-0123456789", "PATTERNS_LANE": "fast"}
        measure(f"http://127.0.0.1:{process.stdout.readline().strip()}/v1")
    finally:
        process.kill()


def measure(api_base: str) -> None:
    from pydantic import BaseModel

    from patterns import Pattern

    class Told(BaseModel):
        sent: float
        note: str

    ask = Pattern("json_extraction/extract", output=Told, model="openai/gpt-4.1-mini", api_base=api_base)

    def blocking() -> float:
        after = 0.0
        for value in ask.stream("x"):
            if not after and getattr(value, "sent", None):
                after = time.time() - value.sent
        return after

    async def on_a_loop() -> float:
        after = 0.0
        async for value in ask.astream("x"):
            if not after and getattr(value, "sent", None):
                after = time.time() - value.sent
        return after

    async def several() -> list[float]:
        return [await on_a_loop() for _ in range(CALLS)]

    first = blocking()
    for name, taken in (("blocking", [blocking() for _ in range(CALLS)]), ("on a loop", asyncio.run(several()))):
        print(f"{name:10} {statistics.median(taken) * 1e3:6.2f} ms in the median, {max(taken) * 1e3:6.2f} ms at most")
    print(f"the first  {first * 1e3:6.2f} ms")


if __name__ == "__main__":
    main()
