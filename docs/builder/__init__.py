"""What Sphinx does for these pages beyond Markdown: it fills in what the code says, and shows what comments say.

`<!-- generated: NAME -->` on a line of its own stands for Markdown that the module `builder.NAME` makes of the package.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from builder.remarks import shown

_GENERATED = re.compile(r"^<!-- generated: (?P<name>\w+) -->$", re.M)


def filled(page: str) -> str:
    """Give a page with its generated parts in their places, and its remarks as a reader may see them."""
    return _GENERATED.sub(lambda found: import_module(f"builder.{found['name']}").markdown(), shown(page))


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx; it calls this."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _read(app: Any, name: str, source: list[str]) -> None:
    source[0] = filled(source[0])
