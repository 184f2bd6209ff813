"""What the formats of JSON Schema mean for a text; formats not listed say nothing."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable
from datetime import date, datetime, time

from patterns.schemas.linear import searcher

_DURATION = r"^P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$"


def _parses(read: Callable[[str], object], shape: str) -> Callable[[str], bool]:
    """Whether a text looks like `shape` and can be read: Python's readers alone take more than the format does."""
    matches = searcher(shape)

    def holds(text: str) -> bool:
        try:
            return matches(text) and read(text) is not None
        except ValueError:
            return False

    return holds


def _duration(text: str) -> bool:
    return searcher(_DURATION)(text) and text[-1] not in "PT"


FORMATS: dict[str, tuple[Callable[[str], bool], str]] = {
    "date": (_parses(date.fromisoformat, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "a date written YYYY-MM-DD"),
    "date-time": (
        _parses(datetime.fromisoformat, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}"),
        "a date and time written YYYY-MM-DDTHH:MM:SS, with an offset if it is known",
    ),
    "time": (_parses(time.fromisoformat, r"^[0-9]{2}:[0-9]{2}"), "a time written HH:MM:SS"),
    "duration": (_duration, "an ISO 8601 duration such as P3DT12H"),
    "email": (searcher(r"^[^@\s]+@[^@\s]+$"), "an e-mail address"),
    "uuid": (_parses(uuid.UUID, r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"), "a UUID"),
    "ipv4": (_parses(ipaddress.IPv4Address, "."), "an IPv4 address"),
    "ipv6": (_parses(ipaddress.IPv6Address, "."), "an IPv6 address"),
    "uri": (searcher(r"^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$"), "a URL with its scheme"),
}
"""Format → what holds of such a text, and how to say it."""
