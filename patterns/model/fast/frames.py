"""Server-sent events out of a stream of bytes, however the network cuts it."""

from __future__ import annotations

from collections.abc import AsyncIterator


async def frames(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Give the data of each event as it is complete, and of the last one even where no empty line ends it."""
    rest, data = b"", []
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].strip())
            elif data and not line.strip():
                yield b"\n".join(data)
                data = []
    if rest.startswith(b"data:"):
        data.append(rest[5:].strip())
    if data:
        yield b"\n".join(data)
