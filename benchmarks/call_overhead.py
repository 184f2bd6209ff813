"""What a pattern call costs over litellm itself: CPU a call, in one process, beside `litellm.completion` + Pydantic.

A server in a process of its own answers at once. The ways take turns, a pattern by litellm's lane and by the fast one
among them; the medians of the rounds are compared.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Literal

ROUNDS, CALLS = 15, 40
PERSON = '{"name": "Jo Smith", "age": 35, "skills": ["Python", "SQL"]}'
SERVER = """
import asyncio, json, sys
REPLY = json.dumps({"id": "x", "object": "chat.completion", "created": 1, "model": "gpt-4.1-mini", "choices": [
    {"index": 0, "message": {"role": "assistant", "content": sys.argv[1]}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70}}).encode()
HEAD = f"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: {len(REPLY)}\\r\\n\\r\\n".encode()
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            lines = head.lower().split(b"\\r\\n")
            length = next(int(l.split(b":")[1]) for l in lines if l.startswith(b"content-length"))
            await reader.readexactly(length)
            writer.write(HEAD + REPLY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


FAST = "patterns, fast lane"


def lane_of(way: str) -> Literal["fast", "litellm"]:
    return "fast" if way == FAST else "litellm"


def cpu_of(work: Callable[[], object]) -> float:
    """Microseconds of CPU a call, all threads of this process together."""
    start = time.process_time()
    for _ in range(CALLS):
        work()
    return (time.process_time() - start) / CALLS * 1e6


async def acpu_of(work: Callable[[], Any]) -> float:
    start = time.process_time()
    for _ in range(CALLS):
        await work()
    return (time.process_time() - start) / CALLS * 1e6


def report(name: str, rounds: dict[str, list[float]]) -> None:
    floor = statistics.median(rounds["litellm"])
    for way, taken in rounds.items():
        ratio = statistics.median(a / b for a, b in zip(taken, rounds["litellm"], strict=True))
        print(f"{name:6} {way:26} {statistics.median(taken):7.0f} µs  {ratio:5.2f} ×  (floor {floor:.0f})")


def main() -> None:
    process = subprocess.Popen([sys.executable, "-c", SERVER, PERSON], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        os.environ["OPENAI_API_KEY"] = "sk-nobody"
        compare(f"http://127.0.0.1:{process.stdout.readline().strip()}/v1")
    finally:
        process.kill()


def compare(api_base: str) -> None:
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    import litellm
    from pydantic import BaseModel

    from patterns import Pattern, override

    class Person(BaseModel):
        name: str
        age: int
        skills: list[str]

    text = "John Smith is a 35-year-old software engineer who knows Python and SQL."
    extract = Pattern("json_extraction/extract", output=Person, model="openai/gpt-4.1-mini", api_base=api_base)
    messages = [{"role": m.role, "content": m.content} for m in extract.render(text)]
    schema = {"type": "json_schema", "json_schema": {"name": "Person", "schema": Person.model_json_schema()}}
    asked: dict[str, Any] = {
        "model": "openai/gpt-4.1-mini",
        "messages": messages,
        "api_base": api_base,
        "temperature": 0,
        "max_retries": 0,
        "num_retries": 0,
        "timeout": 60,
    }

    def plain(**more: Any) -> Person:
        return Person.model_validate_json(litellm.completion(**asked, **more).choices[0].message.content)

    async def aplain(**more: Any) -> Person:
        return Person.model_validate_json((await litellm.acompletion(**asked, **more)).choices[0].message.content)

    ways: dict[str, Callable[[], object]] = {
        "litellm": lambda: plain(response_format=schema),
        "litellm, class as schema": lambda: plain(response_format=Person),
        "patterns": lambda: extract(text),
        FAST: lambda: extract(text),
    }
    aways: dict[str, Callable[[], Any]] = {
        "litellm": lambda: aplain(response_format=schema),
        "litellm, class as schema": lambda: aplain(response_format=Person),
        "patterns": lambda: extract.acall(text),
        FAST: lambda: extract.acall(text),
    }
    with override(retries=0):
        rounds: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(ROUNDS + 2):
            for way, work in ways.items():
                with override(lane=lane_of(way)):
                    taken = cpu_of(work)
                if number >= 2:
                    rounds[way].append(taken)
        report("sync", rounds)

        async def asynchronous() -> None:
            rounds: dict[str, list[float]] = {way: [] for way in aways}
            for number in range(ROUNDS + 2):
                for way, work in aways.items():
                    with override(lane=lane_of(way)):
                        taken = await acpu_of(work)
                    if number >= 2:
                        rounds[way].append(taken)
            report("async", rounds)

        asyncio.run(asynchronous())


if __name__ == "__main__":
    main()
