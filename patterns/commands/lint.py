"""The command `patterns lint`: what is wrong with templates, by file and line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from patterns import terminal
from patterns.endings import end, errors, print_json
from patterns.lint import RULES, Options, Report, Run, as_json, fix, options_from
from patterns.recipe import catalog_of
from patterns.settings import settings


def lint(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders; without any, your own.")] = None,
    select: Annotated[list[str] | None, typer.Option("--select", help="Hold these rules alone (a,b).")] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Leave these rules out (a,b).")] = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", "-m", help="Hold prompts against this model's window.")
    ] = None,
    window: Annotated[int | None, typer.Option("--window", min=1, help="The same, by a number of tokens.")] = None,
    root: Annotated[Path | None, typer.Option("--root", help="The folder that names in templates count from.")] = None,
    fix_: Annotated[bool, typer.Option("--fix", help="Write the mends that cannot change a working prompt.")] = False,
    import_: Annotated[bool, typer.Option("--import", help="Import the Python types that templates name.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="A warning fails, too.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules, and stop.")] = False,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Say what is wrong with templates: `file:line: rule: message`.

    Ends with 0 when nothing is wrong or only warnings are left, with 1 for errors (with --strict for warnings, too),
    with 2 for wrong use.
    """
    with errors(machine):
        if rules:
            _list(machine)
            return
        options = options_from(_split(select), _split(ignore), _split(model), window, strict)
        known = catalog_of(settings().templates).folders
        run = Run(tuple(paths or ()), known, root, import_, options)
        report = run.report()
        fixed = fix(report.findings) if fix_ else 0
        _print(run.report() if fixed else report, fixed, options, machine)


def _split(names: list[str] | None) -> list[str]:
    return [name.strip() for each in names or () for name in each.split(",") if name.strip()]


def _list(machine: bool) -> None:
    if machine:
        print_json([{"rule": name, "level": rule.level, "asks": rule.asks} for name, rule in RULES.items()])
        return
    for name, rule in RULES.items():
        terminal.print_line(f"{name:<24}{rule.level:<9}{rule.asks}")


def _print(report: Report, fixed: int, options: Options, machine: bool) -> None:
    if machine:
        print_json(as_json(report, fixed))
    else:
        for finding in report.findings:
            terminal.print_line(str(finding).replace(f"{os.getcwd()}{os.sep}", "", 1))
        _sum_up(report, fixed)
    if report.count("error") or (options.strict and report.count("warning")):
        end(1)


def _sum_up(report: Report, fixed: int) -> None:
    if report.unseen:
        terminal.remark(
            f"{_many(len(report.unseen), 'template')} with a Python type that was not looked at: "
            "--import, or name the folder in PATTERNS_TEMPLATES"
        )
    mended = f", {fixed} mended" if fixed else ""
    counts = f"{_many(report.count('error'), 'error')}, {_many(report.count('warning'), 'warning')}"
    terminal.remark(f"{counts} in {_many(report.templates, 'template')}{mended}")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
