"""Steps inside an object: a key is due, or what stands in its place."""

from __future__ import annotations

import re

from patterns.output.scan.closing import KEY, QUOTES
from patterns.output.scan.limits import DAMAGE
from patterns.output.scan.sloppy import read_sloppy
from patterns.output.scan.sound import DIALECTS, read_members, sound_key
from patterns.output.scan.values import read_value
from patterns.output.scan.walk import CURLY, SQUARE, Walk
from patterns.output.tree import Node

_BARE_KEY = re.compile(rf"[^:=,，：{{}}\[\]\n{QUOTES}\\]{{1,200}}+").match
_COLON = re.compile(r"\s*+(?:=>|:=|->|[:：=])((?:\s*+[:：])*+)").match
_MORE_OBJECTS = re.compile(r"\s*+(?:,\s*+\{|\])").match
_FENCE = re.compile(r"```\w*+").match


def step_object(walk: Walk, node: Node) -> None:
    """Read the sound members that come next, then one that is not."""
    assert isinstance(node.value, list)
    since = walk.pos = walk.source.blank(walk.pos)
    sign = walk.text[since : since + 1]
    if sign in DIALECTS:
        walk.pos, key, closed = read_members(DIALECTS[sign], walk.source, since, node.value)
    elif sign.isalpha():
        walk.pos, key, closed = read_sloppy(walk.source, since, node.value)
    else:
        _damaged(walk, node)
        return
    if walk.pos != since:
        walk.comma = walk.pos - 1
        if sign == "'":
            walk.source.mend("quotes", since, walk.text.rfind("'", since, walk.pos) + 1, None)
    if closed:
        walk.comma = -1
        _close(walk, walk.pos - 1)
    elif key is not None:
        walk.key = key
        walk.enter()
    else:
        _damaged(walk, node)


def _damaged(walk: Walk, node: Node) -> None:
    """Take one step where the sound reading stopped."""
    source, text = walk.source, walk.text
    source.spend(DAMAGE)
    pos = walk.pos = source.skip(walk.pos)
    if pos >= source.end:
        return
    sign = text[pos]
    if sign in CURLY:
        _close(walk, pos)
    elif sign in SQUARE:
        _square(walk, pos)
    elif sign == '"' and (found := sound_key(text, pos)):
        walk.pos = found.end()
        _value(walk, Node("string", found[1], pos, walk.pos))
    elif walk.common(pos):
        return
    elif (sign in QUOTES and not text.startswith("```", pos)) or text.startswith('\\"', pos):
        key, walk.pos = read_value(source, pos, "key", walk.objects, walk.arrays)
        _value(walk, key)
    elif sign in "{[｛［(":
        _bracket(walk, node, pos)
    elif fence := _FENCE(text, pos):
        _fence(walk, node, pos, fence.end())
    else:
        _bare_key(walk, pos)


def _close(walk: Walk, pos: int) -> None:
    """Close the object; where its opening brace was doubled, pass the second closing one, too."""
    past = pos + 1
    if walk.closers[-1] == "" and not _lost_brace(walk, past):
        walk.end_list_before(len(walk.stack) - 1)
    if walk.closers[-1] == "}}":
        after = walk.source.skip(past)
        if walk.text.startswith("}", after):
            walk.source.mend("doubled bracket", after, after + 1)
            past = after + 1
    if walk.text[pos] != "}":
        walk.sign(pos, "}")
    walk.close(past)


def _lost_brace(walk: Walk, past: int) -> bool:
    """The members behind objects in a list are an object, too, that has only lost its opening brace."""
    items = walk.stack[-2].value if len(walk.stack) > 1 else None
    objects = isinstance(items, list) and len(items) > 1 and items[-2].kind == "object"
    return objects and _MORE_OBJECTS(walk.text, past) is not None


def _square(walk: Walk, pos: int) -> None:
    """A square bracket where a key is due."""
    if walk.closers[-1] == "":
        walk.missing_closer(pos)
    else:
        walk.mismatch(pos, "}")


def _bracket(walk: Walk, node: Node, pos: int) -> None:
    """A bracket where a key is due: doubled braces, a list closed too early, or an object never closed."""
    members = node.value
    assert isinstance(members, list)
    sign = walk.text[pos]
    if sign == "{" and not members and walk.closers[-1] == "}":
        walk.source.mend("doubled bracket", pos, pos + 1)
        walk.closers[-1] = "}}"
        walk.pos = pos + 1
    elif sign == "{" and members and len(walk.stack) > 1 and walk.stack[-2].kind == "array":
        walk.missing_closer(pos)
    elif sign in "{[" and members and members[-1][1].kind == "array":
        _reopen(walk, members[-1][1], pos)
    else:
        walk.source.mend("stray text", pos, pos + 1)
        walk.pos = pos + 1


def _reopen(walk: Walk, closed: Node, pos: int) -> None:
    """Items follow a list that was closed too early: open it again; brackets around bare items are not theirs."""
    assert isinstance(closed.value, list)
    walk.source.mend("extra bracket", closed.end - 1, closed.end)
    walk.push(closed, "]")
    if walk.text[pos] == "[" and closed.value and closed.value[-1].kind != "array":
        walk.source.mend("extra bracket", pos, pos + 1)
        walk.pos = pos + 1


def _fence(walk: Walk, node: Node, pos: int, past: int) -> None:
    """A fence inside the first brackets is a wrapper; anywhere else it ends the value."""
    inside = walk.text[past : past + 2].strip()[:1] in ("{", "[")
    if inside or (not node.value and not walk.text.startswith("\n", past)):
        walk.source.mend("text around", pos, past)
        walk.pos = past
    else:
        while walk.stack:
            walk.missing_closer(pos)


def _bare_key(walk: Walk, pos: int) -> None:
    """Read a key without quotes, or with one of them; pass words that are none."""
    source, text = walk.source, walk.text
    run = _BARE_KEY(text, pos)
    end = run.end() if run else pos + 1
    name = text[pos:end].rstrip()
    key = Node("string", name, pos, pos + len(name))
    sign = text[end : end + 1]
    if not sign:
        if not name[0].isalpha():
            source.mend("stray text", pos, end)
        walk.pos = source.end
    elif _COLON(text, end):
        source.mend("unquoted key", pos, key.end, None)
        walk.pos = end
        _value(walk, key)
    elif sign in QUOTES and _COLON(text, source.peek(end + 1)):
        source.mend("missing quote", pos, pos, '"')
        walk.pos = end + 1
        _value(walk, key)
    elif (sign in QUOTES and (text[end - 1].isspace() and KEY(text, end))) or sign in ":=\\":
        source.mend("stray text", pos, end)
        walk.pos = end
    else:
        source.mend("unquoted key", pos, key.end, None)
        walk.pos = end
        _value(walk, key)


def _was_over(walk: Walk) -> bool:
    """The object has members already and stands in a list: a lone string before the end of the list is its item."""
    return bool(walk.stack[-1].value) and len(walk.stack) > 1 and walk.stack[-2].kind == "array"


def _value(walk: Walk, key: Node) -> None:
    """Read the colon after a key, and the value."""
    source, text = walk.source, walk.text
    pos = source.skip(walk.pos)
    colon = _COLON(text, pos)
    if colon:
        if colon[1]:
            source.mend("extra colon", *colon.span(1))
        if (sign := text[pos : colon.start(1)].strip()) != ":":
            kind, past = "punctuation" if sign == "：" else "wrong sign", colon.start(1)
            source.mend(kind, past - len(sign), past, ":")
        pos = source.skip(colon.end())
    walk.pos = pos
    if pos >= source.end:
        return
    walk.comma = -1
    walk.key = key
    if text[pos] == "]" and not colon and _was_over(walk):
        walk.pos = key.start
        walk.missing_closer(key.start)
        return
    if text[pos] in ",，}｝]］":
        at = pos if colon else key.end
        source.mend("missing value", at, at, '""' if colon else ': ""')
        walk.attach(Node("bare", "", at, at))
        walk.after()
        return
    if not colon:
        source.mend("missing colon", key.end, pos, ":")
    walk.value("member")
