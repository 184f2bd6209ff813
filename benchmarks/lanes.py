"""The two lanes beside each other: throughput with 512 calls at once, CPU for each chunk, and the first answer.

A server in a process of its own answers after 50 ms, or streams 200 chunks. Each way runs in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys

SERVER = """
import asyncio, json, sys
CHUNK = "data: " + json.dumps({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4.1-mini",
    "choices": [{"index": 0, "delta": {"content": "word "}, "finish_reason": None}]}) + "\\n\\n"
LAST = CHUNK.replace("null", '"stop"') + "data: [DONE]\\n\\n"
TEXT = '{"name": "Jo", "age": 35}'
REPLY = json.dumps({"id": "x", "object": "chat.completion", "created": 1, "model": "gpt-4.1-mini", "choices": [
    {"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70}}).encode()
HEAD = f"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: {len(REPLY)}\\r\\n\\r\\n".encode()
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            lines = head.lower().split(b"\\r\\n")
            length = next(int(l.split(b":")[1]) for l in lines if l.startswith(b"content-length"))
            body = await reader.readexactly(length)
            if b'"stream":true' in body.replace(b" ", b""):
                kind = b"text/event-stream\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n"
                writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-type: " + kind)
                for part in [CHUNK.replace("word", f"word{n}") for n in range(200)] + [LAST]:
                    writer.write(f"{len(part):x}\\r\\n{part}\\r\\n".encode())
                    await writer.drain()
                    await asyncio.sleep(0)
                writer.write(b"0\\r\\n\\r\\n")
                continue
            await asyncio.sleep(float(sys.argv[1]))
            writer.write(HEAD + REPLY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
ASKED = """
import asyncio, time
base, way, calls = sys.argv[1], sys.argv[2], 2048
MESSAGES = [{"role": "user", "content": "Who is Jo? Answer in JSON."}]
if way == "litellm":
    import litellm
    common = {"model": "openai/gpt-4.1-mini", "messages": MESSAGES, "api_base": base, "max_retries": 0, "timeout": 60}
    async def one():
        await litellm.acompletion(**common)
    async def streamed():
        async for _ in await litellm.acompletion(**common, stream=True):
            pass
else:
    from patterns.exchange import Options, Request
    from patterns.messages import Message
    from patterns.model.fast.gateway import FastGateway
    gateway, told = FastGateway(), (Message("user", MESSAGES[0]["content"]),)
    request = Request("openai/gpt-4.1-mini", told, Options(api_base=base, timeout=60.0))
    async def one():
        await gateway.asend(request)
    async def streamed():
        async for _ in gateway.astream(request):
            pass
async def at_once():
    gate = asyncio.Semaphore(512)
    async def through():
        async with gate:
            await one()
    await asyncio.gather(*(through() for _ in range(64)))
    started = time.perf_counter()
    await asyncio.gather(*(through() for _ in range(calls)))
    return calls / (time.perf_counter() - started)
async def chunks():
    await streamed()
    started = time.process_time()
    for _ in range(10):
        await streamed()
    return (time.process_time() - started) / 2010 * 1e6
async def main():
    print(f"{way:10} {await at_once():7.0f} calls/s   {await chunks():7.1f} us of CPU for each chunk")
asyncio.run(main())
"""
FIRST = """
import time
started = time.perf_counter()
from pydantic import BaseModel
from patterns import Pattern
class Person(BaseModel):
    name: str
    age: int
ask = Pattern("json_extraction/extract", output=Person, model="openai/gpt-4.1-mini", api_base=sys.argv[1])
assert ask("Jo is 35.").age == 35
"""


def serving(seconds: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen([sys.executable, "-c", SERVER, seconds], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"


def run(program: str, *words: str, lane: str = "litellm") -> None:
    keys = {"OPENAI_API_KEY": "sk-nobody-0123456789", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "PATTERNS_LANE": lane}
    environ = {**os.environ, **keys, "LITELLM_MODE": "PRODUCTION"}
    subprocess.run([sys.executable, "-c", "import sys\n" + program, *words], check=True, env=environ)


def main() -> None:
    import time

    process, base = serving("0.05")
    try:
        for way in ("litellm", "fast lane"):
            run(ASKED, base, way)
    finally:
        process.kill()
    process, base = serving("0")
    try:
        for lane in ("litellm", "fast"):
            taken = []
            for _ in range(5):
                started = time.perf_counter()
                run(FIRST, base, lane=lane)
                taken.append(time.perf_counter() - started)
            print(f"{lane:10} {sorted(taken)[2]:7.2f} s from the start of the process to its end after a first answer")
    finally:
        process.kill()


if __name__ == "__main__":
    main()
