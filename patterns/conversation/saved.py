"""The file of a conversation: JSON with a version, checked on the way in, whole or not there on the way out."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from patterns.conversation.memory import Bounds
from patterns.conversation.turns import Turn, turns_of
from patterns.errors import InputError
from patterns.messages import Content, Json, Message, Part, Role, Thoughts, ToolCall
from patterns.parts import PARTS
from patterns.redact import redact

FORMAT: Final = "patterns.conversation"
VERSION: Final = 1


Blocks: TypeAlias = tuple[Mapping[str, Json], ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SavedCall(_Strict):
    """A call of a tool."""

    id: str
    name: str
    arguments: dict[str, JsonValue] | None
    raw: str


class SavedPart(_Strict):
    """An image, a document or a sound: its content in base64, or the address that stands for it."""

    kind: Literal["image", "document", "audio"]
    data: str = ""
    name: str = ""
    url: str = ""


class SavedThoughts(_Strict):
    """What a provider wants back as it came."""

    model: str
    blocks: list[dict[str, JsonValue]]


class SavedMessage(_Strict):
    """One message."""

    role: Role
    content: str | list[str | SavedPart]
    tool_calls: list[SavedCall] = []
    tool_call_id: str | None = None
    thoughts: SavedThoughts | None = None


class SavedTurn(_Strict):
    """One turn, and when it ended in seconds."""

    at: Annotated[float, Field(allow_inf_nan=False)]
    messages: list[SavedMessage] = Field(min_length=1)


class Saved(_Strict):
    """A whole conversation: what was said, its model's name, its bounds. No options, no keys, no endpoints."""

    format: Literal["patterns.conversation"] = FORMAT
    version: Literal[1] = VERSION
    system: str
    model: str | None
    history_tokens: Annotated[int, Field(ge=1)] | None
    ttl: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None
    turns: list[SavedTurn]

    def restored(self) -> tuple[Turn, ...]:
        """Make the turns again, each with its own time; raise InputError where they are no conversation."""
        turns = tuple(Turn(tuple(map(_message, turn.messages)), turn.at) for turn in self.turns)
        for number, turn in enumerate(turns):
            made = turns_of(turn.messages, turn.at)
            if len(made) != 1:
                raise InputError(f"turn {number + 1} holds {len(made)} turns")
        turns_of((message for turn in turns for message in turn.messages), 0)
        return turns


def made(system: str, model: str | None, bounds: Bounds, turns: Sequence[Turn]) -> Saved:
    """Put a conversation into the form of the file, with everything that looks like a secret struck out."""
    return Saved(
        system=redact(system),
        model=model,
        history_tokens=bounds.tokens,
        ttl=bounds.ttl,
        turns=[
            SavedTurn(at=turn.at, messages=[_saved_message(message) for message in turn.messages]) for turn in turns
        ],
    )


def _saved_message(message: Message) -> SavedMessage:
    calls = [
        SavedCall.model_validate(
            {"id": call.id, "name": call.name, "arguments": _clean(call.arguments), "raw": redact(call.raw)}
        )
        for call in message.tool_calls
    ]
    return SavedMessage(
        role=message.role,
        content=_saved_content(message.content),
        tool_calls=calls,
        tool_call_id=message.tool_call_id,
        thoughts=_saved_thoughts(message.thoughts),
    )


def _saved_thoughts(thoughts: Thoughts | None) -> SavedThoughts | None:
    """Keep thoughts whole or not at all: with a secret struck out of them, their provider would not know them again."""
    if thoughts is None or any(_clean(block) != block for block in thoughts.blocks):
        return None
    return SavedThoughts.model_validate({"model": thoughts.model, "blocks": list(thoughts.blocks)})


def _saved_content(content: Content) -> str | list[str | SavedPart]:
    if isinstance(content, str):
        return redact(content)
    return [redact(piece) if isinstance(piece, str) else _saved_part(piece) for piece in content]


def _saved_part(part: Part) -> SavedPart:
    return SavedPart.model_validate(
        {"kind": part.kind, "data": part.encoded(), "name": redact(part.name), "url": redact(part.url)}
    )


def _clean(value: Json) -> JsonValue:
    """Strike secrets out of every text inside a value."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _clean(member) for key, member in value.items()}
    return [_clean(member) for member in value] if isinstance(value, list) else value


def _message(saved: SavedMessage) -> Message:
    kept = saved.thoughts
    thoughts = Thoughts(kept.model, cast("Blocks", tuple(kept.blocks))) if kept else None
    calls = tuple(map(_call, saved.tool_calls))
    return Message(saved.role, _content(saved.content), calls, saved.tool_call_id, thoughts)


def _content(saved: str | list[str | SavedPart]) -> Content:
    return saved if isinstance(saved, str) else tuple(p if isinstance(p, str) else _part(p) for p in saved)


def _part(saved: SavedPart) -> Part:
    """Make a part again, checked like a new one. An address is one, never the path of a file."""
    try:
        if saved.url and not saved.url.startswith("https://"):
            raise ValueError("its address does not begin with https://")
        return PARTS[saved.kind](saved.url or b64decode(saved.data, validate=True), name=saved.name)
    except ValueError as error:
        raise InputError(f"a part cannot be read: {error}") from None


def _call(saved: SavedCall) -> ToolCall:
    return ToolCall(saved.id, saved.name, cast("Mapping[str, Json] | None", saved.arguments), saved.raw)


def write(path: Path, saved: Saved) -> None:
    """Put the file in place at once: a reader, or a crash, meets the old one or the new one. Readable by its owner."""
    text = json.dumps(saved.model_dump(), indent=1, allow_nan=False)
    try:
        _replace(path, text)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path} cannot be written: {reason}", hint="is there such a folder?") from None


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def read(path: Path) -> tuple[Saved, tuple[Turn, ...]]:
    """Read and check a file; raise InputError that says what is wrong with it."""
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file", hint="save a conversation first") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}", hint="was it written by Conversation.save?") from None
    if isinstance(found, dict) and found.get("format") == FORMAT and found.get("version") != VERSION:
        hint = f"this release reads version {VERSION}; update prompt-patterns"
        raise InputError(f"{path}: a conversation of version {found.get('version')!r}", hint=hint)
    try:
        saved = Saved.model_validate(found)
        return saved, saved.restored()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise InputError(f"{path}: {place}: {first['msg']}", hint="was it written by Conversation.save?") from None
    except InputError as error:
        raise InputError(f"{path}: {error.message}", hint=error.hint) from None
