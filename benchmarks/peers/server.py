"""An OpenAI-compatible server that always finds the same person, in the way that each library asks to be answered.

Run as `python server.py SECONDS`: it prints its port, and answers after so many seconds.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

PERSON = '{"name": "Jo Smith", "age": 35, "skills": ["Python", "SQL"]}'
_TOOL = re.compile(rb'"function":\s*\{[^{}]*?"name":\s*"(\w+)"')


def message(body: bytes) -> dict[str, object]:
    """A call of the tool that was given, fields between DSPy's marks, or plain JSON."""
    if b'"tools"' in body and (tool := _TOOL.search(body)):
        called = {"name": tool[1].decode(), "arguments": PERSON}
        return {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": called}]}
    if b"[[ ## person ## ]]" in body:
        return {"content": f"[[ ## person ## ]]\n{PERSON}\n\n[[ ## completed ## ]]"}
    return {"content": PERSON}


def reply(body: bytes) -> bytes:
    said = {"role": "assistant", **message(body)}
    ending = "tool_calls" if "tool_calls" in said else "stop"
    answer = {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4.1-mini",
        "choices": [{"index": 0, "message": said, "finish_reason": ending}],
        "usage": {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70},
    }
    data = json.dumps(answer).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(data) + data


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = re.search(rb"content-length: *(\d+)", head)
            body = await (reader.readexactly(int(length[1])) if length else chunked(reader))
            if (seconds := float(sys.argv[1])) > 0:
                await asyncio.sleep(seconds)
            writer.write(reply(body))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def chunked(reader: asyncio.StreamReader) -> bytes:
    """A body whose length nobody knew before."""
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size + 2)
    await reader.readline()
    return body


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
