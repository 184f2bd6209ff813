"""Every command of the shell with its arguments and options, from the application itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from builder.words import code, table
from patterns.cli import app


def markdown() -> str:
    """Give a section for each command, in the order of `patterns --help`."""
    root = typer.main.get_command(app)
    return "\n\n".join(_section(command, name) for name, command in commands(root, "patterns"))


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its full name."""
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
        return
    for key, each in below.items():
        yield from commands(each, f"{name} {key}")


def _section(command: Any, name: str) -> str:
    context = command.context_class(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    rows = [_row(each) for each in command.get_params(context) if not getattr(each, "hidden", False)]
    options = table(["", "", "default"], rows)
    return "\n\n".join([f"## {name}", str(command.help or ""), f"```text\n{usage}\n```", options])


def _row(each: Any) -> list[str]:
    if each.param_type_name == "option":
        names, words = ", ".join(map(code, [*each.opts, *each.secondary_opts])), each.help or ""
    else:
        names, words = code(each.metavar or each.name.upper()), getattr(each, "help", None) or ""
    plain = each.default is None or callable(each.default) or isinstance(each.default, bool)
    default = "" if plain or each.default in ((), []) else code(each.default)
    return [names, words, default]
