"""The filters of a template: six that write data safely, and five of Jinja's own that only look or trim."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, ItemsView, Iterable, KeysView, Mapping, ValuesView
from functools import lru_cache
from typing import TypeAlias

from jinja2.runtime import Undefined

from patterns.messages import Part
from patterns.parts import named
from patterns.prompt.sheet import Fault, sheet, spend

Filter: TypeAlias = Callable[..., object]

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#./-]{0,40}")
_BACKTICKS = re.compile(r"`+")
# What a tokenizer or a reader may take for the end of a block although it is not the plain closing tag.
_GAP = r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
_LESS = r"[<＜﹤‹〈]"
_SLASH = r"[/／⁄∕]"
_BRACKETS = re.compile(rf"{_LESS}|\[")
# Marks that chat formats put between turns: <|im_start|>, <｜User｜>, [INST], <<SYS>>.
_TURN = re.compile(
    r"(?P<open><)(?P<guard>\\*)(?=[|｜][^|｜<>\s]{1,40}[|｜]>)"
    r"|(?P<bracket>\[)(?P<mark>\\*)(?=/?INST\])"
    r"|(?P<double><<)(?P<sys>\\*)(?=/?SYS>>)"
)


def printed(value: object) -> str:
    """Write what stands between {{ and }}: text and numbers only, so that no Python repr reaches a prompt."""
    if type(value) is str:
        text = value
    elif type(value) is int or type(value) is float:
        text = _number(value)
    elif isinstance(value, str | Undefined):
        # A missing name raises here and says which; `x if y` without an else is nothing, and prints nothing.
        text = str(value)
    else:
        raise _unprintable(value)
    spend(0, len(text))
    return text


def _unprintable(value: object) -> Fault:
    if callable(value):
        return Fault("a macro or method is printed without being called", "add parentheses: {{ name() }}")
    if isinstance(value, Part):
        return Fault(f"{named(value.kind)} is printed like text", "place it: {{ … | part }}")
    kind = {"NoneType": "null", "bool": "true or false", "dict": "an object", "list": "a list"}
    what = kind.get(type(value).__name__, "a list")
    return Fault(
        f"{what} is printed, but only text and numbers are written as they are",
        "add a filter: {{ … | json }} or {{ … | bullets }}; or test it: {% if … %}",
    )


def _number(value: int | float) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        raise Fault("a number that JSON cannot hold is printed") from None


def quote(value: object, tag: str = "") -> str:
    """Wrap data in <tag>…</tag> on lines of its own; whatever could end the block inside gets a backslash.

    A closing tag of the same name in any spelling (`</ TAG >`, look-alikes, invisible characters between the
    letters) and the turn marks of chat formats are defused: one backslash goes in after the first character,
    and taking one out again gives the data back exactly. An image, a document or a sound stands in the block as it is.
    """
    if not isinstance(tag, str) or not _TAG.fullmatch(tag):
        raise Fault("quote needs a tag of letters, digits, - and _", '{{ text | quote("text") }}')
    if isinstance(value, Part):
        return _written(f"<{tag}>\n{sheet().place(value)}\n</{tag}>")
    text = _text(value, "quote")
    return _written(f"<{tag}>\n{defuse(text, tag)}\n</{tag}>")


def defuse(text: str, tag: str) -> str:
    """Put a backslash into everything that could close the block `tag` or begin a turn."""
    if not _BRACKETS.search(text):
        return text
    text = _closer(tag).sub(lambda match: f"{match[1]}\\{match[2]}", text)
    return _TURN.sub(lambda match: f"{match[0]}\\", text)


@lru_cache(maxsize=256)
def _closer(tag: str) -> re.Pattern[str]:
    letters = _GAP.join(re.escape(letter) for letter in tag)
    return re.compile(rf"({_LESS})(\\*(?={_GAP}{_SLASH}{_GAP}{letters}))", re.IGNORECASE)


def fence(value: object, language: str = "") -> str:
    """Put code into a fence of backticks longer than any run of them inside."""
    text = _text(value, "fence")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise Fault("fence needs the name of a language in one word", '{{ source | fence("python") }}')
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    bar = "`" * max(3, longest + 1)
    return _written(f"{bar}{language}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{bar}")


def as_json(value: object, indent: int | None = None) -> str:
    """Write any value as JSON."""
    if isinstance(indent, bool) or not (indent is None or (isinstance(indent, int) and 0 <= indent <= 8)):
        raise Fault("json takes an indent from 0 to 8")
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise Fault(f"this cannot be written as JSON: {error}") from None
    return _written(text)


def _plain(value: object) -> object:
    if isinstance(value, Undefined):
        str(value)  # raises, and says which name
    if isinstance(value, KeysView | ValuesView | ItemsView | range):
        return list(value)
    raise TypeError(f"{named(value.kind) if isinstance(value, Part) else type(value).__name__} is not data")


def bullets(value: object) -> str:
    """Write a list as lines `- item`, an object as lines `- key: value`; further lines of an item are indented."""
    if isinstance(value, Undefined):
        str(value)  # raises, and says which name
    if isinstance(value, Mapping):
        items = [f"{key}: {_item(member)}" for key, member in value.items()]
    elif isinstance(value, Iterable) and not isinstance(value, str) and not callable(value):
        items = [_item(member) for member in value]
    else:
        raise Fault("bullets needs a list or an object", "{{ labels | bullets }}")
    return _written("\n".join("- " + "\n  ".join(item.splitlines() or [""]) for item in items))


def _item(value: object) -> str:
    return value if isinstance(value, str) else as_json(value)


def raw(value: object) -> str:
    """Write text as it is: the author vouches that it is no stranger's."""
    return _text(value, "raw")


def part(value: object) -> str:
    """Place an image, a document or a sound here, beside the text; text that is data does not pass for one."""
    if isinstance(value, Undefined):
        return str(value)  # raises, and says which name
    if not isinstance(value, Part):
        raise Fault("part needs an image, a document or a sound", "declare the input as one: photo: {type: image}")
    return sheet().place(value)


def _join(value: object, separator: str = "") -> str:
    """Put the texts of a list together."""
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable) or not isinstance(separator, str):
        raise Fault("join needs a list and a text to put between", '{{ names | join(", ") }}')
    parts = [_item(part) for part in value]
    spend(len(parts), sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def _length(value: object) -> int:
    """Count the members of a list or an object, or the characters of a text."""
    if isinstance(value, str | Mapping | list | tuple | range):
        return len(value)
    raise Fault("length needs a list, an object or a text")


def _lower(value: object) -> str:
    return _text(value, "lower").lower()


def _upper(value: object) -> str:
    return _written(_text(value, "upper").upper())


def _trim(value: object) -> str:
    return _text(value, "trim").strip()


def _text(value: object, name: str) -> str:
    """Take text, or a number as JSON writes it; anything else must be written by another filter first."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, Undefined):
        return str(value)  # raises, and says which name
    if isinstance(value, Part):
        raise Fault(f"{name} needs text, and this is {named(value.kind)}", "place it: {{ … | part }}")
    raise Fault(f"{name} needs text", f"write the value first: {{{{ … | json | {name} }}}}")


def _written(text: str) -> str:
    spend(0, len(text))
    return text


SAFE: dict[str, Filter] = {
    "quote": quote, "fence": fence, "json": as_json, "bullets": bullets, "raw": raw, "part": part,
}  # fmt: skip
"""The filters that say how data is written. Data printed without one of them is what lint asks about."""

FILTERS: dict[str, Filter] = {
    **SAFE, "join": _join, "length": _length, "lower": _lower, "upper": _upper, "trim": _trim,
}  # fmt: skip
