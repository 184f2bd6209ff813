"""Pictures, documents and sounds as small as they can be, made here."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 4, height: int = 3, note: bytes = b"") -> bytes:
    """A grey picture; `note` stands in it as a comment."""
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), *([(b"tEXt", b"Comment\0" + note)] if note else [])]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*each) for each in [*chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg(width: int = 4, height: int = 3) -> bytes:
    """The head of a JPEG, up to its size."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\1\1\0\0\1\0\1\0\0"
    return b"\xff\xd8" + app + b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0\xff\xd9"


def gif(width: int = 4, height: int = 3) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0;"


def webp(width: int = 4, height: int = 3) -> bytes:
    """The extended kind."""
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4)
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(pages: int = 1, *, packed: bool = False) -> bytes:
    """A document without a word; `packed` hides its pages in an object stream, as newer ones do."""
    objects = b"".join(b"<< /Type /Page /Parent 2 0 R >>\n" for _ in range(pages))
    root = b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages >> endobj\n"
    if not packed:
        return root + objects + b"%%EOF\n"
    data = zlib.compress(objects)
    head = b"3 0 obj << /Type /ObjStm /N %d /First 0 /Filter /FlateDecode /Length %d >>\n" % (pages, len(data))
    return root + head + b"stream\n" + data + b"\nendstream endobj\n%%EOF\n"


def wav(seconds: float = 0.5) -> bytes:
    """Silence, 8,000 samples a second, a byte each."""
    data = b"\x80" * int(8_000 * seconds)
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 8_000, 1, 8) + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", len(head) + len(data)) + head + data
