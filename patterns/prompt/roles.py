"""The tags that speak: {% system %}, {% user %}, {% assistant %}, and {% history %} for the turns so far.

A role block compiles to a filter block, whose text goes to the sheet and leaves nothing in the output. The
filters behind it have names that hold a NUL, which no template can spell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from jinja2 import TemplateSyntaxError, nodes, pass_context
from jinja2.ext import Extension
from jinja2.lexer import Token
from jinja2.parser import Parser
from jinja2.runtime import Context

from patterns.messages import Role
from patterns.prompt.sheet import sheet

ENTER = "\0enter"
SAY = "\0say"
SPLICE = "\0splice"


class RoleTags(Extension):
    """Parses the three role tags and the history tag."""

    tags = {"system", "user", "assistant", "history"}  # noqa: RUF012 (declared so by Jinja)

    def parse(self, parser: Parser) -> nodes.Node:
        token = next(parser.stream)
        if token.value == "history":
            return self._statement(SPLICE, None, token.lineno)
        body = self._body(parser, token)
        enter = self._statement(ENTER, token.value, token.lineno)
        say = _filter(None, SAY, [nodes.Const(token.value, lineno=token.lineno)], token.lineno)
        block = nodes.FilterBlock([enter, *body], say, lineno=token.lineno)
        return block.set_environment(self.environment)

    @staticmethod
    def _body(parser: Parser, tag: Token) -> list[nodes.Node]:
        try:
            return parser.parse_statements((f"name:end{tag.value}",), drop_needle=True)
        except TemplateSyntaxError as error:
            if (error.message or "").endswith(f"needs to be closed is {tag.value!r}."):
                # Jinja tells the last line of the file; the author wants the line of the tag.
                raise TemplateSyntaxError(f"{{% {tag.value} %}} is not closed", tag.lineno) from None
            raise

    def _statement(self, name: str, argument: str | None, line: int) -> nodes.Node:
        call = _filter(nodes.Const(argument, lineno=line), name, [], line)
        return nodes.ExprStmt(call, lineno=line).set_environment(self.environment)


def _filter(value: nodes.Expr | None, name: str, arguments: list[nodes.Expr], line: int) -> nodes.Filter:
    return nodes.Filter(value, name, arguments, [], None, None, lineno=line)


def role_of(node: nodes.Node) -> Role | None:
    """Tell which role a node of the syntax tree speaks; None when it is no role block."""
    if isinstance(node, nodes.FilterBlock) and node.filter.name == SAY:
        return cast("Role", cast("nodes.Const", node.filter.args[0]).value)
    return None


def role_blocks(node: nodes.Node) -> Iterator[nodes.FilterBlock]:
    """Every role block in the tree below a node."""
    return (block for block in node.find_all(nodes.FilterBlock) if role_of(block))


def is_history(node: nodes.Node) -> bool:
    """Tell whether a node is the history tag."""
    return isinstance(node, nodes.ExprStmt) and isinstance(node.node, nodes.Filter) and node.node.name == SPLICE


# `pass_context` keeps the compiler from calling these while it folds constants.
@pass_context
def _enter(_context: Context, role: Role) -> None:
    sheet().enter(role)


@pass_context
def _say(_context: Context, text: str, role: Role) -> str:
    sheet().say(role, text)
    return ""


@pass_context
def _splice(_context: Context, _argument: None) -> None:
    sheet().splice()


ROLE_FILTERS: dict[str, Callable[..., object]] = {ENTER: _enter, SAY: _say, SPLICE: _splice}
