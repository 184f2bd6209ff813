"""IPython's magics: `%%template` lints and tries a template in a cell; `%patterns` says who answers, at what cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from IPython.core.display import HTML
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import display

from patterns.arguments import schema_argument, template_arguments
from patterns.desk import Desk, Meter, Tally
from patterns.display.markup import Html, fields, page, small, strong, text
from patterns.doctor import model_finding
from patterns.errors import PatternsError
from patterns.ledger import dollars
from patterns.lint import RULES, Finding
from patterns.pattern import Pattern
from patterns.settings import settings


@magics_class
class PatternsMagics(Magics):
    """Made by `%load_ext patterns`."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._desk, self._meter = Desk(), Meter()

    @line_magic("patterns")
    def patterns(self, line: str = "") -> None:
        """Say which model answers and why, and what was spent since `%load_ext patterns`."""
        try:
            display(HTML(page(_status(self._meter.tally))))
        except PatternsError as error:
            display(error)

    @magic_arguments()
    @argument("name", help="the template's name, such as few_shot/triage")
    @argument("inputs", nargs="*", help="inputs as name=value or name=@file; without any, those of an example")
    @argument("--example", "-e", type=int, default=1, help="the example whose inputs are taken (1)")
    @argument("--schema", "-s", help="the output type: a name in this notebook, shorthand, or module:Type")
    @argument("--run", "-r", action="store_true", help="ask the model, and show its answer")
    @argument("--save", action="store_true", help="write the template into templates/ here")
    @cell_magic("template")
    def template(self, line: str, cell: str) -> object:
        """Take the cell for a template: lint it, show its messages, and let this kernel's patterns use it.

        Nothing is written into your folders unless you say --save.
        """
        said = parse_argstring(self.template, line)
        try:
            path = self._desk.put(said.name, cell)
            findings = self._desk.findings(said.name)
            display(HTML(page(_found(findings, path))))
            if not all(RULES[finding.rule].waivable for finding in findings):
                return None
            if said.save:
                display(HTML(page(small(text(f"saved as {self._desk.save(said.name, Path('templates'))}")))))
            return self._tried(said)
        except PatternsError as error:
            return error

    def _tried(self, said: Any) -> object:
        """The messages, or the result; nothing where no inputs are given and the template has no examples."""
        names: Mapping[str, object] = getattr(self.shell, "user_ns", {})
        output: Any = names.get(said.schema, None) if said.schema else None
        if said.schema and output is None:
            output = schema_argument(said.schema)
        pattern: Pattern[..., object] = Pattern(said.name, output=output)
        given = template_arguments(said.name, said.inputs, asks=False)
        examples = pattern.recipe().template.examples
        if not said.inputs and 0 < said.example <= len(examples):
            given = {**examples[said.example - 1].input}
        verb: Callable[..., object] = pattern.run if said.run else pattern.render
        return verb(**given) if given or not pattern.recipe().template.required else None


def load(shell: InteractiveShell) -> None:
    """Put the magics into a shell."""
    shell.register_magics(PatternsMagics(shell))


def _status(tally: Tally) -> Html:
    now = settings()
    found = model_finding()
    rows = [("model", found.words), ("lane", now.lane)]
    if now.profile:
        rows.append(("profile", now.profile))
    rows.append(("templates", ", ".join(map(str, now.templates)) or "none of your own"))
    if now.ledger is not None:
        rows.append(("budget", f"{dollars(now.ledger.spent)} of {dollars(now.ledger.limit)}"))
    rows.append(("spent here", _spent(tally)))
    table = fields((text(name), text(words)) for name, words in rows)
    return table if found.ok else Html(table + strong(text(found.hint)))


def _spent(tally: Tally) -> str:
    if not tally.answers:
        return "nothing yet"
    answers = "1 answer" if tally.answers == 1 else f"{tally.answers:,} answers"
    priced = f"{dollars(tally.cost)} for {answers}" if tally.unpriced < tally.answers else f"{answers}, price unknown"
    open_ = f", {tally.unpriced:,} of unknown price" if 0 < tally.unpriced < tally.answers else ""
    return f"{priced}{open_}: {tally.input_tokens:,} tokens read, {tally.output_tokens:,} written"


def _found(findings: tuple[Finding, ...], path: Path) -> Html:
    """Findings by the lines of the cell, whose first is the magic's own."""
    if not findings:
        return small(text("no findings"))
    return fields((_place(finding, path), text(_words(finding))) for finding in findings)


def _place(finding: Finding, path: Path) -> Html:
    where = f"line {finding.line + 1}" if finding.path == path else f"{finding.path}:{finding.line}"
    return strong(text(where)) if RULES[finding.rule].level == "error" else text(where)


def _words(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint else ""
    return f"{finding.rule}: {finding.message}{hint}"
