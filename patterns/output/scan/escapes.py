r"""Escapes in strings: what `\n`, `\u00e9`, `\'` and the wrong ones stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.output.scan.backslashes import as_it_stands, begins_path

_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.)|$)",
    re.S,
)
_UNFINISHED = re.compile(r"\\(?:u[0-9a-fA-F]{0,3}|x[0-9a-fA-F]?)?$")
_HALF = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.S
)
_PLAIN = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LONE = re.compile("[\ud800-\udfff]")


def decode(body: str) -> tuple[str, bool]:
    """Resolve the escapes of a string; say whether any of them was not JSON's.

    A backslash before a letter that is no escape stays, and others with it where they are meant so (paths, LaTeX);
    before punctuation it goes (Markdown); at the end of a line it goes with the line end.
    """
    if "\\" not in body:
        return body, False
    value, bent, stays = _resolved(body)
    if stays or (bent and begins_path(body)):
        return as_it_stands(body, lambda part: _resolved(part)[0]), True
    return value, bent


def _resolved(body: str) -> tuple[str, bool, bool]:
    """Resolve every escape by itself; say whether one was not JSON's, and whether one stayed as it is."""
    bent = stays = False

    def resolve(match: re.Match[str]) -> str:
        nonlocal bent, stays
        high, low, point, byte, plain = match.groups()
        if plain in _PLAIN:
            return _PLAIN[plain]
        if high:
            return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
        if point:
            return chr(int(point, 16))
        bent = True
        if byte:
            return chr(int(byte, 16))
        stays |= plain is not None and plain.isalnum()
        return _odd(plain)

    return _ESCAPE.sub(resolve, body), bent, stays


def _odd(plain: str | None) -> str:
    if plain is None or plain == "\n":
        return ""
    return "\\" + plain if plain.isalnum() or plain.isspace() else plain


def without_unfinished(body: str) -> str:
    r"""Drop an escape that the end of the text cut in two (`\`, `\u12`)."""
    tail = len(body) - 8
    cut = _UNFINISHED.search(body, max(tail, 0))
    if cut is None:
        return body
    slashes = len(body[: cut.start() + 1]) - len(body[: cut.start() + 1].rstrip("\\"))
    return body[: cut.start()] if slashes % 2 else body


def whole_characters(value: str) -> str:
    """Replace lone surrogates, which no encoding can carry, by U+FFFD."""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return _LONE.sub("\ufffd", value)
    return value


lone_surrogates = _LONE.finditer
"""The halves of pairs that stand in a text as such."""


def lone_escapes(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Give the escapes in sound JSON that stand for half of a pair."""
    return (match for match in _HALF.finditer(text, start, end) if match[1])
