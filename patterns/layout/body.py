"""The body of a template with its block tags on lines of their own, where that changes nothing.

Blank text outside of messages is never rendered, nor are the blank lines at both ends of a message. Everything else
between tags is part of the prompt and stays as it is, trailing spaces, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from patterns.layout.segments import Tag, tags

_ROLES = frozenset({"system", "user", "assistant"})
_OPENING = _ROLES | {"for", "if", "macro", "block", "call", "filter", "with"}
_SILENT = frozenset({"for", "if"})
"""Blocks that, outside of messages, print nothing themselves."""
_EDGE = re.compile(r"(?:[ \t]*\n)+")


def lay_out_body(body: str) -> str:
    """Lay a body out that can be parsed."""
    found = list(tags(body))
    if not found:
        return body
    contexts = _contexts(found)
    speaks = any(
        tag.name in _ROLES | {"extends", "history"} and _silent(c) for tag, c in zip(found, contexts, strict=False)
    )
    short = _short(body, found)
    made = [_gap(body[: found[0].start], None, found[0], contexts[0], speaks, single=False)]
    for number, tag in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else None
        gap = body[tag.end : after.start if after else len(body)]
        made.append(_padded(body, tag))
        made.append(_gap(gap, tag, after, contexts[number + 1], speaks, number in short))
    return "".join(made)


def _contexts(found: Sequence[Tag]) -> list[tuple[str, ...]]:
    """The blocks that are open before each tag, and behind the last."""
    open_: list[str] = []
    contexts: list[tuple[str, ...]] = []
    for tag in found:
        name = tag.name
        contexts.append(tuple(open_))
        if name.startswith("end") and open_:
            open_.pop()
        if name in _OPENING or (name == "set" and not tag.sets):
            open_.append(name)
    contexts.append(tuple(open_))
    return contexts


def _silent(context: tuple[str, ...]) -> bool:
    return all(name in _SILENT for name in context)


def _gap(text: str, before: Tag | None, after: Tag | None, context: tuple[str, ...], speaks: bool, single: bool) -> str:
    """Lay out what stands between two tags. `context` is what is open there."""
    if single:
        return text
    if before is not None and before.name in _ROLES:
        text = _first_line(text, after)
    if after is not None and after.name.removeprefix("end") in _ROLES and after.name.startswith("end"):
        return text.rstrip(" \t\n") + "\n"
    if speaks and not text.strip() and _silent(context) and (before is None or before.name not in _ROLES):
        return _blank(text, before, after)
    return text


def _first_line(text: str, after: Tag | None) -> str:
    """The text behind the tag that begins a message: on the next line, without blank lines above."""
    if edge := _EDGE.match(text):
        return "\n" + text[edge.end() :]
    rest = text.partition("\n")[0]
    moves = rest.strip() or (not text and after is not None and after.kind in ("block", "variable"))
    return "\n" + text if moves or (after is not None and after.kind == "variable") else text


def _blank(text: str, before: Tag | None, after: Tag | None) -> str:
    """Blank text outside of messages: one line end, or one blank line; the indent of the next tag stays."""
    if before is None:
        return ""
    if after is None:
        return "\n"
    lines = text.count("\n")
    if not lines:
        return " " if after.kind == "comment" and text else "" if after.kind == "comment" else "\n"
    return "\n" * min(lines, 2) + text.rpartition("\n")[2]


def _short(body: str, found: Sequence[Tag]) -> set[int]:
    """The gaps, by the number of the tag before, inside of messages that begin and end on one line."""
    short: set[int] = set()
    for begin, tag in enumerate(found):
        if tag.name in _ROLES:
            end = next(n for n in range(begin, len(found)) if found[n].name == f"end{tag.name}")
            if "\n" not in body[tag.start : found[end].end]:
                short.update(range(begin, end))
    return short


def _padded(body: str, tag: Tag) -> str:
    """A tag with one blank inside each brace, and around each bar of a filter; over several lines it stays as it is."""
    text = body[tag.start : tag.end]
    if tag.kind not in ("block", "variable") or "\n" in text:
        return text
    made = ""
    for kind, value in tag.words:
        if (kind, value) == ("operator", "|"):
            made = f"{made.rstrip()} | "
        elif kind != "whitespace" or not made.endswith(" "):
            made += value
    opening, closing = re.match(r"\{[{%][-+]?", text), re.search(r"[-+]?[}%]\}$", text)
    assert opening is not None
    assert closing is not None
    return f"{opening[0]} {made.strip()} {closing[0]}" if made.strip() else text
