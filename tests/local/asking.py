"""How the tests of this room ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from patterns.exchange import Delta, Mode, Options, Request, Target
from patterns.messages import Json, Message
from patterns.model.gateway import Gateway

HELLO = (Message("system", "You are brief."), Message("user", "Grüße, 世界 🙂"))


def name(models: Path, which: str = "tiny", **choices: int) -> str:
    """A model's name: one thread, as many tests share the cores, and a context that takes little memory."""
    chosen = {"context": 2048, "threads": 1, **choices}
    return f"local/{models / which}.gguf?" + "&".join(f"{key}={value}" for key, value in chosen.items())


def asking(
    model: str, schema: dict[str, Json] | None = None, mode: Mode | None = None, text: str = "", **options: Any
) -> Request:
    messages = (Message("user", text),) if text else HELLO
    target = None if schema is None else Target("Answer", schema)
    chosen = mode or ("prompted" if schema is None else "json_schema")
    return Request(model, messages, Options(**{"timeout": 20.0, "seed": 1, **options}), target, chosen)


async def streamed(gateway: Gateway, request: Request) -> list[Delta]:
    return [delta async for delta in gateway.astream(request)]
