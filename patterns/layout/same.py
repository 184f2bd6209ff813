"""Whether two bodies render the same whatever the inputs: their syntax trees, without what is never rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from jinja2 import nodes

from patterns.prompt.roles import is_history, role_of
from patterns.prompt.sheet import trim_outer_lines

Form: TypeAlias = tuple[object, ...]


def same(one: nodes.Template, other: nodes.Template) -> bool:
    """Compare two parsed bodies. False for some that do render the same, never True for any that do not."""
    return _whole(one) == _whole(other)


def _whole(tree: nodes.Template) -> Form:
    """Blank text counts in a file without messages of its own: another may include it anywhere."""
    speaks = tree.find(nodes.Extends) is not None or next(_outer_roles(tree.body), None) is not None
    return _body(tree.body, silent=speaks)


def _outer_roles(body: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    for node in body:
        if isinstance(node, nodes.For | nodes.If):
            yield from _outer_roles([*node.body, *node.else_, *getattr(node, "elif_", [])])
        elif role_of(node) or is_history(node):
            yield node


def _body(body: Iterable[nodes.Node], silent: bool) -> Form:
    return tuple(form for node in body if (form := _statement(node, silent)))


def _statement(node: nodes.Node, silent: bool) -> Form:
    if isinstance(node, nodes.Output):
        parts = _merged(_form(part) for part in node.nodes)
        return ("output", *parts) if (parts := _spoken(parts) if silent else parts) else ()
    if isinstance(node, nodes.FilterBlock) and role_of(node):
        return ("role", role_of(node), *_trimmed(_body(node.body, silent=False)))
    if isinstance(node, nodes.For):
        heads = (_form(node.target), _form(node.iter), _form(node.test), node.recursive)
        return ("for", heads, _body(node.body, silent), _body(node.else_, silent))
    if isinstance(node, nodes.If):
        elifs = tuple(_statement(each, silent) for each in node.elif_)
        return ("if", _form(node.test), _body(node.body, silent), elifs, _body(node.else_, silent))
    return ("statement", _form(node))


def _spoken(parts: Form) -> Form:
    return tuple(part for part in parts if not (isinstance(part, str) and not part.strip()))


def _merged(parts: Iterable[object]) -> Form:
    """Texts side by side as one: a comment between them leaves nothing."""
    made: list[object] = []
    for part in parts:
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        elif part != "":
            made.append(part)
    return tuple(made)


def _trimmed(body: Form) -> Form:
    """A message without the blank lines at its ends. The first statement is the one that begins it."""
    if len(body) < 2:
        return body
    begin, *rest = body
    # The mark keeps the end of the text, which is not the end of the message.
    rest[0] = _edge(rest[0], 1, lambda text: trim_outer_lines(f"{text}\0").removesuffix("\0"))
    rest[-1] = _edge(rest[-1], -1, lambda text: text.rstrip(" \t\r\n"))
    return (begin, *(form for form in rest if form != ("output",)))


def _edge(form: object, at: int, change: Callable[[str], str]) -> object:
    if not isinstance(form, tuple) or form[0] != "output" or len(form) < 2 or not isinstance(form[at], str):
        return form
    parts = list(form)
    parts[at] = change(parts[at])
    return tuple(part for part in parts if part != "")


def _form(value: object) -> object:
    """A node as nested tuples, without its place; text as itself."""
    if isinstance(value, nodes.TemplateData):
        return value.data
    if isinstance(value, nodes.Output):
        return ("output", *_merged(_form(part) for part in value.nodes))
    if isinstance(value, nodes.FilterBlock) and role_of(value):
        return _statement(value, silent=False)
    if isinstance(value, nodes.Node):
        return (type(value).__name__, *(_form(inside) for _, inside in value.iter_fields()))
    if isinstance(value, list):
        return tuple(_form(each) for each in value)
    return (type(value).__name__, value)
