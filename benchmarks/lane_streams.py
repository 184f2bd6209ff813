"""Streams on the two lanes, by wire: CPU for each chunk, and how long after its bytes the first piece of text is out.

A server in a process of its own streams 200 chunks at once, or, to be timed, 20 chunks each 20 ms after the one
before; these say in their text when they were sent, by the clock that all processes of a machine share.
"""

from __future__ import annotations

import os
import subprocess
import sys

SERVER = """
import asyncio, json, time
def openai(text, last):
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop" if last else None}]}
def anthropic(text, last):
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
def gemini(text, last):
    return {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0,
        **({"finishReason": "STOP"} if last else {})}], "modelVersion": "m",
        "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 9, "totalTokenCount": 14}}
FIRST = [{"type": "message_start", "message": {"id": "x", "model": "m", "usage": {"input_tokens": 5}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}]
LAST = [{"type": "content_block_stop", "index": 0}, {"type": "message_stop"},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}]
def event(value):
    named = f"event: {value['type']}\\n" if "type" in value else ""
    return f"{named}data: {json.dumps(value)}\\n\\n".encode()
def wire(path):
    return anthropic if path.endswith("/messages") else gemini if "enerateContent" in path else openai
async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode()
            path = head.split(" ")[1]
            size = next(int(l.split(":")[1]) for l in head.lower().split("\\r\\n") if l.startswith("content-length"))
            slow, made = b"slowly" in await reader.readexactly(size), wire(path)
            kind = b"text/event-stream\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n"
            writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-type: " + kind)
            count = 20 if slow else 200
            async def put(part):
                writer.write(f"{len(part):x}\\r\\n".encode() + part + b"\\r\\n")
                await writer.drain()
            for value in FIRST if made is anthropic else []:
                await put(event(value))
            for n in range(count):
                await asyncio.sleep(0.02 if slow else 0)
                await put(event(made(f"{time.monotonic():.6f} " if slow else f"word{n} ", n == count - 1)))
            for value in [LAST[0], LAST[2], LAST[1]] if made is anthropic else []:
                await put(event(value))
            await put(b"data: [DONE]\\n\\n") if made is openai else None
            writer.write(b"0\\r\\n\\r\\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
ASKED = """
import asyncio, statistics, sys, time
way, model, base = sys.argv[1:]
if way == "litellm":
    import litellm
    async def texts(said):
        words = {"model": model, "messages": [{"role": "user", "content": said}], "api_base": base, "timeout": 60}
        async for chunk in await litellm.acompletion(**words, max_retries=0, stream=True):
            yield (chunk.choices[0].delta.content or "") if chunk.choices else ""
else:
    from patterns.exchange import Options, Request
    from patterns.messages import Message
    from patterns.model.fast.gateway import FastGateway
    gateway = FastGateway()
    async def texts(said):
        request = Request(model, (Message("user", said),), Options(api_base=base, timeout=60.0))
        async for delta in gateway.astream(request):
            yield delta.text
async def main():
    for _ in range(3):
        [text async for text in texts("Go on.")]
    started = time.process_time()
    for _ in range(15):
        [text async for text in texts("Go on.")]
    cpu = (time.process_time() - started) / 3000 * 1e6
    firsts = []
    for _ in range(12):
        async for text in texts("Go on slowly."):
            if text:
                firsts.append((time.monotonic() - float(text.split()[0])) * 1e3)
                break
    firsts.sort()
    told = f"first piece after {statistics.median(firsts):.2f} ms, {firsts[-2]:.2f} ms at the worst but one"
    print(f"{model:28} {way:8} {cpu:7.1f} us of CPU for each chunk; {told}")
asyncio.run(main())
"""
MODELS = (("openai/gpt-4.1-mini", "/v1"), ("anthropic/claude-haiku-4-5", ""), ("gemini/gemini-2.5-flash", "/v1beta"))


def main() -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    root = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    names = {f"{name}_API_KEY": "sk-nobody-0123456789" for name in ("OPENAI", "ANTHROPIC", "GEMINI")}
    environ = {**os.environ, **names, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}
    try:
        for model, path in MODELS:
            for way in ("litellm", "fast"):
                subprocess.run([sys.executable, "-c", ASKED, way, model, root + path], check=True, env=environ)
    finally:
        server.kill()


if __name__ == "__main__":
    main()
