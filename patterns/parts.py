"""Images, documents and sounds as a part of what a model is given: made of bytes, of a file, or of an address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from patterns.errors import InputError
from patterns.messages import Part, written_size

MEGA = 1_000_000
_HEAD = 1024
"""Bytes in which a PDF may begin, by its own specification."""
_SUFFIXES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".wav": "audio/wav", ".mp3": "audio/mpeg", ".flac": "audio/flac", ".ogg": "audio/ogg",
}  # fmt: skip
_KINDS = {"image": "Image", "application": "Document", "audio": "Audio"}


class _Made(Part):
    """What the three kinds have in common: how they are made, and what is checked then."""

    takes: ClassVar[str]
    most: ClassVar[int]

    def __init__(self, source: bytes | bytearray | memoryview | str | os.PathLike[str], *, name: str = "") -> None:
        """Take the content itself, or the path of a file; `name` is what the provider is told that it is called.

        Raises InputError for what is not of this kind, too large, or not what its name says.
        """
        kind = type(self).__name__
        if isinstance(source, bytes | bytearray | memoryview):
            self._set(_checked(type(self), bytes(source), name or f"the content of {kind}(…)"), name)
        elif isinstance(source, str) and "://" in source:
            self._set(*self._at(source))
        elif isinstance(source, str | os.PathLike):
            path = Path(source)
            self._set(_checked(type(self), _read(path, type(self)), path.name), name or path.name)
        else:
            raise InputError(f"{kind}(…) takes bytes or a path, not a {type(source).__name__}")

    def _set(self, held: tuple[str, bytes], name: str = "", url: str = "") -> None:
        for field, value in (("media_type", held[0]), ("data", held[1]), ("name", name), ("url", url)):
            object.__setattr__(self, field, value)

    def _at(self, url: str) -> tuple[tuple[str, bytes], str, str]:
        raise InputError(
            f"{type(self).__name__}(…) takes no address: providers do not fetch one, and neither do we",
            hint="download it first, and pass the bytes or a path",
        )


class Image(_Made):
    """A picture: PNG, JPEG, GIF or WebP, of 20 MB at most.

    An address (https) is passed on for the provider to fetch; calls refuse it unless `allow_urls=True` is set.
    """

    kind = "image"
    takes = "PNG, JPEG, GIF or WebP"
    most = 20 * MEGA

    def _at(self, url: str) -> tuple[tuple[str, bytes], str, str]:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or not url.isprintable():
            raise InputError(
                "the address of an image must begin with https://, and hold a host and no password",
                hint="for a file on this machine pass its path, for anything else its bytes",
            )
        known = _SUFFIXES.get(Path(parts.path).suffix.lower(), "image/*")
        return (known, b""), "", url


class Document(_Made):
    """A PDF, of 32 MB at most."""

    kind = "document"
    takes = "PDF"
    most = 32 * MEGA


class Audio(_Made):
    """A sound: WAV, MP3, FLAC or Ogg, of 25 MB at most. OpenAI's models take the first two."""

    kind = "audio"
    takes = "WAV, MP3, FLAC or Ogg"
    most = 25 * MEGA


PARTS: dict[str, type[_Made]] = {part.kind: part for part in (Image, Document, Audio)}
"""The kinds of parts, by the names that inputs of templates are declared with."""


def part_at(path: Path) -> Part | None:
    """The part in a file whose name ends like one; None for any other name. Raises InputError as its kind does."""
    known = _SUFFIXES.get(path.suffix.lower())
    return None if known is None else next(k for k in PARTS.values() if k.__name__ == _class_of(known))(path)


def _class_of(media_type: str) -> str:
    return _KINDS[media_type.partition("/")[0]]


def named(kind: str) -> str:
    """A kind of part in words: `an image`."""
    return {"image": "an image", "document": "a document"}.get(kind, "a sound")


def _read(path: Path, kind: type[_Made]) -> bytes:
    """Read a file as far as its kind may be long. Nothing else is read: no pipe, no device, no folder."""
    if "\0" in str(path):
        raise InputError("the path of a file cannot hold a NUL")
    try:
        if not path.is_file():
            raise InputError(f"{path} is no file" if path.exists() else f"{path}: there is no such file")
        _check_size(path.stat().st_size, kind, str(path))
        with path.open("rb") as file:
            return file.read(kind.most + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None


def _checked(kind: type[_Made], data: bytes, what: str) -> tuple[str, bytes]:
    """Tell the media type by the content, and hold it against the kind that is wanted and against the name."""
    if not data:
        raise InputError(f"{what} is empty")
    _check_size(len(data), kind, what)
    found = media_type(data)
    if found is None:
        raise InputError(f"{what} is not {kind.takes} by its first bytes", hint=f"convert it to {kind.takes} first")
    if (right := _class_of(found)) != kind.__name__:
        raise InputError(f"{what} holds {found}, and not {named(kind.kind)}", hint=f"make it with {right}(…)")
    said = _SUFFIXES.get(Path(what).suffix.lower(), found)
    if said != found:
        raise InputError(f"{what} is {said} by its name and {found} by its content", hint="give it the right name")
    return found, data


def _check_size(size: int, kind: type[_Made], what: str) -> None:
    if size > kind.most:
        raise InputError(
            f"{what} has {written_size(size)}, and {named(kind.kind)} may have {written_size(kind.most)}",
            hint="make it smaller: fewer pixels, fewer pages, or a shorter piece",
        )


def media_type(data: bytes) -> str | None:
    """Tell a media type by the first bytes; None for what is none of those that models take."""
    head = data[:_HEAD]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head.startswith(b"fLaC"):
        return "audio/flac"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    # A frame of MPEG audio, layer III, begins with eleven bits that are set; a tag may stand before the first.
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    return "application/pdf" if b"%PDF-" in head else None
