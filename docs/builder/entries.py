"""One public name as an entry of the reference: a directive of Sphinx's Python domain around its docstring."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import get_overloads

from pydantic import BaseModel

from builder.words import code, prose
from patterns import Pattern


def entry(module: ModuleType, name: str) -> str:
    """Give the entry of `name` as it is imported from `module`."""
    found = getattr(module, name)
    title = f"### {name}".replace("__", r"\_\_")
    full = f"{module.__name__}.{name}"
    words = prose(words_of(module, name))
    if isinstance(found, type):
        body = _class(found, full, words)
    elif inspect.isfunction(found):
        body = _directive("function", _signatures(found, full), words)
    elif callable(found):
        body = _ready(found, full, words)
    else:
        body = _directive("data", [full], words)
    return f"{title}\n\n{body}"


def words_of(module: ModuleType, name: str) -> str:
    """What a name says of itself: its own docstring, never one of a parent or of its type."""
    found = getattr(module, name)
    if isinstance(found, type):
        return vars(found).get("__doc__") or ""
    return (found.__doc__ or "") if callable(found) else _words_of_value(module, name)


def _class(kind: type, full: str, words: str) -> str:
    inside = [words, _fields(kind), *(_members(kind, full))]
    sort = "exception" if issubclass(kind, BaseException) else "class"
    return _directive(sort, [full + _made_with(kind)], "\n\n".join(part for part in inside if part), 6)


def _made_with(kind: type) -> str:
    """How it is made, where that is for callers: values with fields show these instead."""
    if is_dataclass(kind) or issubclass(kind, BaseModel | BaseException):
        return ""
    return _written(inspect.signature(kind))


def _fields(kind: type) -> str:
    if is_dataclass(kind):
        shown = [(each.name, str(each.type), _default(each)) for each in fields(kind)]
    elif issubclass(kind, BaseModel):
        shown = [(name, str(words), "") for name, words in inspect.get_annotations(kind).items()]
    else:
        return ""
    return "\n".join(f"- {code(name)}: {code(words + default)}" for name, words, default in shown if name[0] != "_")


def _default(each: Field[object]) -> str:
    if each.default is not MISSING:
        return f" = {each.default!r}"
    return "" if each.default_factory is MISSING else " = …"


def _members(kind: type, full: str) -> Iterator[str]:
    """Methods and properties of the class's own, in the order of its file."""
    for name, member in vars(kind).items():
        if (name[0] == "_" and name != "__call__") or hasattr(BaseModel, name):
            continue
        if isinstance(member, property):
            yield _directive("property", [f"{full}.{name}"], prose(member.__doc__))
        elif isinstance(member, classmethod | staticmethod) or inspect.isfunction(member):
            plain: Callable[..., object] = getattr(member, "__func__", member)
            yield _directive("method", _signatures(plain, f"{full}.{name}"), prose(plain.__doc__))


def _ready(found: Callable[..., object], full: str, said: str) -> str:
    """A pattern that is an object: what calls it, what it says of itself, and what it has beyond every pattern."""
    if isinstance(found, Pattern):
        inside = f"{said}\n\nA [pattern](#pattern), with all its verbs."
        return _directive("function", [full + _inputs(found)], inside)
    kind = type(found)
    heads = _signatures(kind.__call__, full)
    own = [
        _directive("method", _signatures(member, f"{full}.{name}"), prose(member.__doc__))
        for name, member in _own(kind)
    ]
    return _directive("function", heads, "\n\n".join([said, "It has the verbs of every [pattern](#pattern).", *own]), 6)


def _inputs(found: Pattern[..., object]) -> str:
    template = found.recipe().template
    names = [name if name in template.required else f"{name}=…" for name in template.inputs]
    return f"({', '.join(names)})"


def _own(kind: type) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, member in vars(kind).items():
        if name[0] != "_" and inspect.isfunction(member) and not hasattr(Pattern, name):
            yield name, member


def _signatures(function: Callable[..., object], full: str) -> list[str]:
    shown = get_overloads(function) or [function]
    return [full + _written(inspect.signature(each)) for each in shown]


def _written(signature: inspect.Signature) -> str:
    """On one line, without `self`, annotations as they stand in the source."""
    kept = [_plain(each) for name, each in signature.parameters.items() if name not in ("self", "cls")]
    returned = signature.return_annotation
    answer = _Words(returned) if isinstance(returned, str) else returned
    return str(signature.replace(parameters=kept, return_annotation=answer)).replace("\n", " ")


def _plain(each: inspect.Parameter) -> inspect.Parameter:
    return each.replace(annotation=_Words(each.annotation)) if isinstance(each.annotation, str) else each


class _Words(str):
    """An annotation that is written without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _words_of_value(module: ModuleType, name: str) -> str:
    """The text below an assignment, which is where a plain value has its words."""
    if name == "__version__":
        return "The version that is installed, as `pip` knows it."
    home = import_module(f"patterns.{module._HOME_OF[name]}")
    body = ast.parse(inspect.getsource(home)).body
    for node, below in pairwise(body):
        target = getattr(node, "target", None) or (getattr(node, "targets", None) or [None])[0]
        if isinstance(target, ast.Name) and target.id == name and isinstance(below, ast.Expr):
            return str(ast.literal_eval(below.value))
    return ""


def _directive(sort: str, heads: list[str], inside: str, colons: int = 4) -> str:
    """One entry; of several signatures, each has a head, and the last one has the words."""
    fence = ":" * colons
    *others, last = heads
    bare = [f"{fence}{{py:{sort}}} {head}\n:no-index:\n{fence}" for head in others]
    return "\n\n".join([*bare, f"{fence}{{py:{sort}}} {last}\n\n{inside}\n{fence}"])
