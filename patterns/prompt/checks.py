"""What a template's syntax may not do, told on load with the line: before any text is rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from jinja2 import nodes

from patterns.prompt.roles import is_history, role_blocks, role_of
from patterns.prompt.sheet import Fault

Kind: TypeAlias = Literal["extends", "include", "import"]
_REFERRING: tuple[type[nodes.Node], ...] = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


@dataclass(frozen=True, slots=True)
class Reference:
    """Another file that a template names.

    `context` says whether that file sees the names of this one; `wanted` are the macros imported from it.
    """

    kind: Kind
    name: str
    line: int
    context: bool
    wanted: tuple[str, ...] = ()


class LineFault(Fault):
    """A fault with the line where it stands."""

    def __init__(self, message: str, line: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.line = line


def references(tree: nodes.Template) -> tuple[Reference, ...]:
    """List the files that a template extends, includes and imports; refuse names that are not written out."""
    return tuple(_reference(node) for node in tree.find_all(_REFERRING))


def _reference(node: nodes.Node) -> Reference:
    target = node.template  # type: ignore[attr-defined]
    kind = _kind(node)
    if not isinstance(target, nodes.Const) or not isinstance(target.value, str):
        raise LineFault(
            f"{kind} needs the name of one file, written out", node.lineno, f'{{% {kind} "_shared.md.jinja" … %}}'
        )
    if getattr(node, "ignore_missing", False):
        raise LineFault("`ignore missing` is not supported", node.lineno, "include a file that exists")
    wanted = tuple(name if isinstance(name, str) else name[0] for name in getattr(node, "names", ()))
    return Reference(kind, target.value, node.lineno, bool(getattr(node, "with_context", True)), wanted)


def _kind(node: nodes.Node) -> Kind:
    if isinstance(node, nodes.Extends):
        return "extends"
    return "include" if isinstance(node, nodes.Include) else "import"


def check_syntax(tree: nodes.Template) -> None:
    """Refuse roles in roles, text that cannot reach a message, and switched escaping."""
    for switch in tree.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)):
        raise LineFault("{% autoescape %} is not supported", switch.lineno, "prompts are text, not HTML")
    for block in role_blocks(tree):
        _check_message(block)
    if extends := next(tree.find_all(nodes.Extends), None):
        _check_child(tree, extends.lineno)


def _check_message(block: nodes.FilterBlock) -> None:
    for node in block.find_all((nodes.FilterBlock, nodes.ExprStmt)):
        if role := role_of(node):
            inside = f"{{% {role} %}} inside of {{% {role_of(block)} %}}"
            raise LineFault(inside, node.lineno, "end the outer message first")
        if is_history(node):
            raise LineFault(
                f"{{% history %}} inside of {{% {role_of(block)} %}}",
                node.lineno,
                "put {% history %} between two messages",
            )


def _check_child(tree: nodes.Template, line: int) -> None:
    """In a file that extends another, only what stands in blocks is ever rendered."""
    for node in tree.body:
        if node.lineno < line and isinstance(node, nodes.Output) and not _speaks(node):
            continue
        if role := role_of(node):
            raise LineFault(
                f"{{% {role} %}} outside of a block, in a file that extends another",
                node.lineno,
                "put it into a {% block %} of the file it extends",
            )
        if isinstance(node, nodes.Output) and _speaks(node):
            raise LineFault(
                "text outside of a block, in a file that extends another, is never rendered",
                stray_line(node),
                "put it into a {% block %}",
            )


def _speaks(output: nodes.Output) -> bool:
    return any(not isinstance(part, nodes.TemplateData) or part.data.strip() for part in output.nodes)


def stray_line(output: nodes.Output) -> int:
    """The line of the first thing in an output node that is not blank."""
    for part in output.nodes:
        if not isinstance(part, nodes.TemplateData):
            return part.lineno
        if part.data.strip():
            return first_line(part)
    return output.lineno


def first_line(data: nodes.TemplateData) -> int:
    """The line on which a piece of text begins to say something."""
    lead = len(data.data) - len(data.data.lstrip())
    return data.lineno + data.data.count("\n", 0, lead)


def stray_text(tree: nodes.Template) -> Iterator[int]:
    """Lines of text that stands outside of every message, macro, block and captured value."""
    yield from _stray(tree.body)


def _stray(body: list[nodes.Node]) -> Iterator[int]:
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData) and part.data.strip():
                    yield first_line(part)
        elif isinstance(node, nodes.For | nodes.If | nodes.With | nodes.Block):
            for inner in (node.body, getattr(node, "elif_", []), getattr(node, "else_", [])):
                yield from _stray(inner)
