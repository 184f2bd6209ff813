"""The words of a conversation: who speaks, what is said, which tools are called."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import ClassVar, Literal, TypeAlias
from urllib.parse import urlsplit

from patterns.drawn import Drawn

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
"""Any JSON value. Numbers are finite; mappings have string keys."""

Role: TypeAlias = Literal["system", "user", "assistant", "tool"]
Format: TypeAlias = Literal["json", "code", "text", "answer"]
"""How an answer is written: a JSON value, one fenced block of code, plain text, or reasoning with a final answer."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may ask us to call. `parameters` is a JSON Schema with an object at its root."""

    name: str
    description: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model's request to call a tool.

    `arguments` is None when the text of them is not a JSON object; `raw` always holds that text.
    """

    id: str
    name: str
    arguments: Mapping[str, Json] | None
    raw: str = ""


@dataclass(frozen=True, repr=False)
class Part:
    """What a message holds besides text: an image, a document or a sound. `patterns.parts` makes and checks them.

    `data` is the content itself; it is empty where `url` says where the provider finds it. Neither is ever shown.
    """

    kind: ClassVar[str] = "part"

    media_type: str
    data: bytes = b""
    name: str = ""
    url: str = ""

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the content, or of the address: 64 hexadecimal digits."""
        return sha256(self.data or self.url.encode()).hexdigest()

    def encoded(self) -> str:
        """The content in base64."""
        return b64encode(self.data).decode("ascii")

    def __str__(self) -> str:
        """What it is in place of the content: `[image/png 12 kB]`."""
        where = f"at {urlsplit(self.url).hostname}" if self.url else written_size(len(self.data))
        return f"[{self.media_type} {where}]"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)[1:-1]})"


def written_size(size: int) -> str:
    """A number of bytes as people write it, in steps of 1,000."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:.0f} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"


Content: TypeAlias = "str | tuple[str | Part, ...]"
"""What a message says: text, or pieces of text and parts in their order."""


@dataclass(frozen=True, slots=True)
class Thoughts:
    """What a provider wants back as it came, beside the calls that followed from it. `model` alone understands it."""

    model: str
    blocks: tuple[Mapping[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. `tool_call_id` is set on role `tool` only; `tool_calls` and `thoughts` on role `assistant` only."""

    role: Role
    content: Content
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    thoughts: Thoughts | None = None

    @property
    def text(self) -> str:
        """The content as text, with each part shown as what it is: `[image/png 12 kB]`."""
        return self.content if isinstance(self.content, str) else "\n\n".join(map(str, self.content))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The images, documents and sounds among the content."""
        return () if isinstance(self.content, str) else tuple(p for p in self.content if isinstance(p, Part))


class Messages(Drawn, list[Message]):
    """A list of messages that a notebook draws one under the other."""
