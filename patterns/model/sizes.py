"""How large a picture, a document or a sound is, from its own words: pixels, pages, seconds."""

from __future__ import annotations

import re
import struct
import zlib

_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_STREAM = re.compile(rb"/ObjStm(?:(?!endobj).){0,400}?stream\r?\n", re.DOTALL)
_MOST_UNPACKED = 16_000_000
"""Bytes that are unpacked of a document at most: a small one may unpack to very much."""
_BYTES_A_PAGE = 20_000
"""Where pages cannot be counted, as in an encrypted document, one is assumed for each of these."""
_SLOWEST = 4_000
"""Bytes of a second at least: sound of 32 kbit/s, below which speech is rarely packed."""
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def pixels(data: bytes) -> tuple[int, int] | None:
    """Width and height of a picture; None where its head does not tell them."""
    found: tuple[int, ...] | None
    try:
        if data.startswith(b"\x89PNG"):
            found = struct.unpack(">II", data[16:24])
        elif data.startswith(b"GIF8"):
            found = struct.unpack("<HH", data[6:10])
        elif data.startswith(b"RIFF"):
            found = _webp(data)
        else:
            found = _jpeg(data)
    except (struct.error, IndexError):
        return None
    return (found[0], found[1]) if found and min(found) > 0 else None


def _webp(data: bytes) -> tuple[int, ...] | None:
    """The three ways to write it, by RFC 9649: lossy, lossless, extended."""
    kind = data[12:16]
    if kind == b"VP8 ":
        return tuple(side & 0x3FFF for side in struct.unpack("<HH", data[26:30]))
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


def _jpeg(data: bytes) -> tuple[int, ...] | None:
    """Go from segment to segment up to the one that begins a frame."""
    at = 2
    while data[at] == 0xFF:
        mark, (length,) = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])
        if mark in _JPEG_SIZES:
            high, wide = struct.unpack(">HH", data[at + 5 : at + 9])
            return wide, high
        at += 2 + length
    return None


def pages(data: bytes) -> int:
    """Count the pages of a PDF, those in packed objects too; by its length where none is found."""
    found, left = len(_PAGE.findall(data)), _MOST_UNPACKED
    for packed in _STREAM.finditer(data):
        unpacked = _unpacked(data, packed.end(), left)
        found, left = found + len(_PAGE.findall(unpacked)), left - len(unpacked)
        if left <= 0:
            break
    return found or -(-len(data) // _BYTES_A_PAGE)


def _unpacked(data: bytes, start: int, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(memoryview(data)[start:], most)
    except zlib.error:
        return b""


def seconds(data: bytes) -> float:
    """How long a sound is: what WAV says of itself, else the most that so many bytes can be."""
    if data.startswith(b"RIFF") and len(data) >= 32:
        rate = int.from_bytes(data[28:32], "little")
        if rate:
            return len(data) / rate
    return len(data) / _SLOWEST
