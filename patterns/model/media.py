"""Images, documents and sounds in litellm's words, which are those of OpenAI's chat completions."""

from __future__ import annotations

from patterns.messages import Json, Part
from patterns.sendable import sendable

FORMATS = {"audio/wav": "wav", "audio/mpeg": "mp3", "audio/flac": "flac", "audio/ogg": "ogg"}


def part_words(part: Part) -> Json:
    """Write a part; its content is encoded anew each time, for kept it would take more room than the content."""
    if part.kind == "audio":
        return {"type": "input_audio", "input_audio": {"data": part.encoded(), "format": FORMATS[part.media_type]}}
    if part.kind == "document":
        name = sendable(part.name) or "document.pdf"
        return {"type": "file", "file": {"filename": name, "file_data": _inline(part)}}
    return {"type": "image_url", "image_url": {"url": part.url or _inline(part)}}


def _inline(part: Part) -> str:
    return f"data:{part.media_type};base64,{part.encoded()}"
