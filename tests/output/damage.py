"""Damage done to sound JSON on purpose: each way that answers go wrong, at a random place of a random document.

A class of damage edits a token of a written document, or all of its text. The value that the damaged text stands for
is the document itself, save for a text that was cut: there it is any beginning of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import TypeAlias

from tests.output.written import Token, Written

Edit: TypeAlias = Callable[[Written, Random], bool]
"""Does the damage, and says whether there was a place for it."""
Wrap: TypeAlias = Callable[[str, Random], str]


def _on(roles: str, change: Callable[[str, Random], str], only: str = "") -> Edit:
    """Build a damage that changes the text of one token of a role, where it matches `only`."""
    wanted = frozenset(roles.split())

    def edit(written: Written, random: Random) -> bool:
        tokens = written.tokens
        at = written.pick(random, lambda at: tokens[at].role in wanted and bool(re.search(only, tokens[at].text, re.S)))
        if at is not None:
            tokens[at].text = change(tokens[at].text, random)
        return at is not None

    return edit


def _drop(role: str, unless: Callable[[Written, int], bool] = lambda written, at: False) -> Edit:
    """Build a damage that leaves a token out, but for places where that could be read in two ways."""

    def edit(written: Written, random: Random) -> bool:
        tokens = written.tokens
        at = written.pick(random, lambda at: at > 0 and tokens[at].role == role and not unless(written, at))
        if at is None:
            return False
        tokens[at].text = ""
        if role != "close":
            tokens[at + 1].blank = tokens[at + 1].blank or " "
        return True

    return edit


def _unlike(bracket: str, *same: str) -> Callable[[Written, int], bool]:
    """Build the condition of a dropped bracket: the last is another class, and before its like it is a riddle."""

    def unless(written: Written, at: int) -> bool:
        last = at == len(written.tokens) - 1
        return last or written.tokens[at].text != bracket or (bool(same) and written.follows(at, *same))

    return unless


def _all(change: Callable[[Token], str]) -> Edit:
    """Build a damage that changes every token."""

    def edit(written: Written, random: Random) -> bool:
        for token in written.tokens:
            token.text = change(token)
        return True

    return edit


def _before(role: str, texts: tuple[str, ...], *, after: bool = False) -> Edit:
    """Build a damage that puts a text before, or behind, a token of a role."""

    def edit(written: Written, random: Random) -> bool:
        at = written.pick(random, lambda at: written.tokens[at].role == role)
        if at is not None:
            token, text = written.tokens[at], random.choice(texts)
            token.text = token.text + text if after else text + token.text
        return at is not None

    return edit


def _wrapped(before: tuple[str, ...], after: tuple[str, ...]) -> Wrap:
    return lambda text, random: random.choice(before) + text + random.choice(after)


def _swap(old: str, new: str) -> Callable[[Token], str]:
    return lambda token: token.text.replace(old, new) if token.role not in ("key", "string") else token.text


def _requote(left: str, right: str) -> Callable[[Token], str]:
    def change(token: Token) -> str:
        if token.role not in ("key", "string"):
            return token.text
        body = json.loads(token.text)
        escaped = body.replace("\\", "\\\\").replace("\n", "\\n")
        return left + (escaped.replace(left, "\\" + left) if left == right else escaped) + right

    return change


def _python(token: Token) -> str:
    return repr(json.loads(token.text)) if token.role in ("key", "string", "literal") else token.text


def _split_string(text: str, random: Random) -> str:
    at = text.index(" ", 2)
    return f'{text[:at]}" + "{text[at:]}'


def _unescaped(text: str, random: Random) -> str:
    return text.replace('\\"', '"')


_PLAIN_WORD = r'^"[A-Za-z_]\w*"$'
_LEAD = ("Sure! Here it is:\n\n", "The result, as asked (see [1]):\n", "Use {name} as a key.\n", "I used {this}: ")
_TAIL = ("\n\nHope this helps!", "\nLet me know {if} more [is] needed.", "\n\nNote: prices are rounded.", "\nDone.")

EDITS: dict[str, Edit] = {
    "dropped comma": _drop("comma"),
    "doubled comma": _on("comma", lambda text, random: ",,"),
    "dropped colon": _drop("colon"),
    "doubled colon": _on("colon", lambda text, random: "::"),
    "equals for colon": _on("colon", lambda text, random: random.choice((" =", " =>"))),
    "semicolon for comma": _on("comma", lambda text, random: ";"),
    "trailing comma": _before("close", (",",)),
    "unquoted key": _on("key", lambda text, random: text[1:-1], _PLAIN_WORD),
    "key without opening quote": _on("key", lambda text, random: text[1:], _PLAIN_WORD),
    "key without closing quote": _on("key", lambda text, random: text[:-1], _PLAIN_WORD),
    "unquoted word": _on("string", lambda text, random: text[1:-1], _PLAIN_WORD),
    "string without opening quote": _on("string", lambda text, random: text[1:], r'^"[A-Za-z][\w ]*"$'),
    "string without closing quote": _on("string", lambda text, random: text[:-1], r'^"[A-Za-z][\w .]*"$'),
    "one string in single quotes": _on("key string", lambda text, random: f"'{text[1:-1]}'", r"""^"[^'\\]*"$"""),
    "unescaped inner quotes": _on("string", _unescaped, r'\\"'),
    "raw newline": _on("string", lambda text, random: text.replace("\\n", "\n"), r"\\n"),
    "joined strings": _on("string", _split_string, r"^..+ "),
    "needless escape": _on("string", lambda text, random: text.replace("_", "\\_").replace("'", "\\'"), "[_']"),
    "comment": _before("comma", (" // see below\n", " /* so, {far} */ ", ' # "why": not\n'), after=True),
    "ellipsis in a list": _before("close", (", ...", ",\n..."), after=False),
    "thousands separator": _on("number", lambda text, random: f"{int(text):_}", r"^\d{4,}$"),
    "plus sign": _on("number", lambda text, random: "+" + text, r"^\d"),
    "dropped closing brace": _drop("close", _unlike("}")),
    "dropped closing bracket": _drop("close", _unlike("]", ",", "[")),
    "dropped last bracket": lambda written, random: written.tokens[-1].role == "close" and bool(written.tokens.pop()),
    "doubled closing brace": _on("close", lambda text, random: "}}", "}"),
    "doubled closing bracket": _on("close", lambda text, random: "]]", "]"),
    "wrong closing bracket": _on("close", lambda text, random: "]" if text == "}" else "}"),
}
"""Damage at one place. What could be read in two ways is left out."""

STYLES: dict[str, Edit] = {
    "single quotes": _all(_requote("'", "'")),
    "typographic quotes": _all(_requote("“", "”")),
    "guillemets": _all(_requote("«", "»")),
    "backticks": _all(_requote("`", "`")),
    "python": _all(_python),
    "javascript": _all(lambda token: token.text[1:-1] if token.role == "key" else token.text),
    "CJK punctuation": lambda written, random: (
        _all(_swap(",", "，"))(written, random) and _all(_swap(":", "："))(written, random)
    ),
}
"""Another way of writing, all through the document."""

WRAPS: dict[str, Wrap] = {
    "fence": _wrapped(("```json\n", "```\n", "```JSON\n", "```yaml\n", "~~~json\n"), ("\n```", "\n```\n\nDone.", "")),
    "fence in prose": _wrapped(tuple(lead + "```json\n" for lead in _LEAD), tuple("\n```" + tail for tail in _TAIL)),
    "prose before": _wrapped(_LEAD, ("",)),
    "prose after": _wrapped(("",), _TAIL),
    "prose around": _wrapped(_LEAD, _TAIL),
    "thoughts": _wrapped(('<think>Maybe {"a": 1}? No.</think>\n', "<reasoning>[1, 2]</reasoning>"), ("",)),
    "answer tags": _wrapped(("<answer>", "So:\n<answer>\n", "<json>"), ("</answer>", "\n</answer>", "</json>")),
    "call": _wrapped(("callback(", "render("), (");", ")")),
    "marks": _wrapped(("\ufeff", "\0", "\u200b"), ("", "\0", "\ufeff")),
    "escaped as a whole": lambda text, random: json.dumps(text, ensure_ascii=False)[1:-1],
    "cut": lambda text, random: text[: random.randrange(2, len(text))],
}
"""Damage around the value, and cuts."""
