"""The two calls around a steady part of a template: whether it was said before, and that it has been said now."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import pass_context
from jinja2.runtime import Context

from patterns.prompt.filters import Filter
from patterns.prompt.sheet import sheet

KEPT = "\0kept"
KEEP = "\0keep"


@pass_context
def _kept(context: Context, key: str) -> bool:
    """Repeat what was said, where that is still what this file reads: a file that includes it may have other words."""
    now = sheet()
    known = now.kept
    same = known and context.get("examples") is known.examples and context.get("output_format") == known.output_format
    return now.repeat(key) if same else False


@pass_context
def _keep(_context: Context, key: str) -> None:
    sheet().keep(key)


# A NUL in a filter's name keeps it out of reach of templates; see roles.
STEADY_FILTERS: Mapping[str, Filter] = {KEPT: _kept, KEEP: _keep}
