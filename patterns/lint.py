"""Every rule that a template can break, each told with its path and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from patterns.errors import TemplateError
from patterns.messages import Json
from patterns.parts import PARTS
from patterns.prompt.catalog import Catalog
from patterns.prompt.filters import SAFE
from patterns.prompt.kinds import parts_of, types_of
from patterns.prompt.survey import Print
from patterns.prompt.template import Template
from patterns.prompt.unit import Unit

_CLOSED = frozenset({"enum", "const", "pattern", "format"})
_NO_TEXT = frozenset({"integer", "number", "boolean", "null", *PARTS})


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: its name, what is wrong, and where (1-based line, None for the file as a whole)."""

    rule: str
    message: str
    path: Path
    line: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.message} [{self.rule}]"


def lint(catalog: Catalog, name: str) -> tuple[Finding, ...]:
    """List what is wrong with a template, in the order of lines. One that does not load has one finding, `broken`."""
    try:
        template = catalog.load(name)
    except TemplateError as error:
        path = Path(error.path) if error.path else Path(name)
        message = error.message.removeprefix(f"{error.path}:{error.line}: ").removeprefix(f"{error.path}: ")
        return (Finding("broken", message, path, error.line, error.hint),)
    found = [finding for rule in RULES.values() for finding in rule(template)]
    return tuple(sorted(found, key=lambda finding: (str(finding.path), finding.line or 0, finding.rule)))


def _described(template: Template) -> Iterator[Finding]:
    if not template.description:
        yield Finding("described", "the template does not say what it is for", template.path, 1, "description: …")


def _speaks_to_user(template: Template) -> Iterator[Finding]:
    if not any(role == "user" for unit in template.units for role, _ in unit.roles):
        yield Finding("asks", "no {% user %} message: most models want one", template.path)


def _output_format_placed(template: Template) -> Iterator[Finding]:
    if template.format == "json" and not _readers(template, "output_format"):
        yield Finding(
            "output-format",
            "the shape of the answer is never shown: a model without structured output has to guess it",
            template.path,
            hint="put {{ output_format }} into the system message",
        )


def _inputs_used(template: Template) -> Iterator[Finding]:
    for name in template.inputs:
        if not _readers(template, name):
            path, line = _declaration(template, name)
            yield Finding("unused-input", f"the input {name!r} is never used", path, line)


def _inputs_guarded(template: Template) -> Iterator[Finding]:
    for unit, printed in _printed_texts(template):
        if not SAFE.keys() & set(printed.filters):
            root = printed.variable.partition(".")[0]
            yield Finding(
                "unquoted-input",
                f"the input {printed.variable!r} is printed bare: its text can pass for the prompt's own",
                unit.path,
                printed.line,
                f'{{{{ {printed.variable} | quote("{root}") }}}}, or | raw when nobody else writes it',
            )


def _inputs_outside_system(template: Template) -> Iterator[Finding]:
    for unit, printed in _printed_texts(template):
        if printed.role == "system" and "raw" not in printed.filters:
            yield Finding(
                "input-in-system",
                f"the input {printed.variable!r} speaks in the system message",
                unit.path,
                printed.line,
                "data goes into a user message, instructions into the system message",
            )


def _parts_placed(template: Template) -> Iterator[Finding]:
    """Images, documents and sounds are no text: they are placed, and in what the user says."""
    parts = {name for name, fragment in template.inputs.items() if parts_of(fragment) and not _is_free_text(fragment)}
    for unit, printed in _printed(template, parts):
        hint = f"{{% user %}}{{{{ {printed.variable} | part }}}}{{% enduser %}}"
        if not {"part", "quote"} & set(printed.filters):
            what = f"the input {printed.variable!r} is no text, and is printed like text"
            yield Finding("part-placed", what, unit.path, printed.line, hint)
        elif printed.role not in ("user", None):
            what = f"the input {printed.variable!r} is placed in {{% {printed.role} %}}, where models take text alone"
            yield Finding("part-placed", what, unit.path, printed.line, hint)


def _examples_shown(template: Template) -> Iterator[Finding]:
    given = next((unit for unit in template.units if unit.front.examples is not None), None)
    if given is not None and not _readers(template, "examples"):
        line = given.front.line(("examples",))
        yield Finding(
            "unused-examples", "the examples are never shown", given.path, line, "{% for example in examples %}"
        )
    if template.technique == "few_shot" and not template.examples:
        yield Finding("no-examples", "a few-shot template without examples", template.path, 1, "examples: …")


def _stable_text_first(template: Template) -> Iterator[Finding]:
    """Provider caches keep the beginning of a prompt: text that changes from call to call belongs behind the rest."""
    for unit in template.units:
        shown = [read.line for read in unit.reads if read.name == "examples"]
        early = [p for u, p in _printed_texts(template) if u is unit and p.role and shown and p.line < min(shown)]
        for printed in early[:1]:
            yield Finding(
                "stable-first",
                f"the input {printed.variable!r} comes before the examples, which never change",
                unit.path,
                printed.line,
                "stable text first, variable text last: providers cache the beginning",
            )


def _history_placed(template: Template) -> Iterator[Finding]:
    readers = _readers(template, "history")
    if readers and not any(unit.history_tag for unit in template.units):
        line = next(read.line for read in readers[0].reads if read.name == "history")
        yield Finding(
            "history",
            "history is read, but its messages are put nowhere",
            readers[0].path,
            line,
            "put {% history %} between two messages",
        )


RULES: Mapping[str, Callable[[Template], Iterator[Finding]]] = {
    "described": _described,
    "asks": _speaks_to_user,
    "output-format": _output_format_placed,
    "unused-input": _inputs_used,
    "unquoted-input": _inputs_guarded,
    "input-in-system": _inputs_outside_system,
    "part-placed": _parts_placed,
    "examples": _examples_shown,
    "stable-first": _stable_text_first,
    "history": _history_placed,
}
"""The rules, by name. `broken` stands before them: a template that does not load cannot be asked."""


def _readers(template: Template, name: str) -> list[Unit]:
    return [unit for unit in template.units if any(read.name == name for read in unit.reads)]


def _declaration(template: Template, name: str) -> tuple[Path, int | None]:
    declaring = (unit for unit in template.units if name in unit.front.inputs)
    unit = next(declaring, template.units[0])
    return unit.path, unit.front.line(("inputs", name))


def _printed_texts(template: Template) -> Iterator[tuple[Unit, Print]]:
    """Every place where an input that may be any text is printed."""
    yield from _printed(template, {name for name, fragment in template.inputs.items() if _is_free_text(fragment)})


def _printed(template: Template, names: set[str]) -> Iterator[tuple[Unit, Print]]:
    for unit in template.units:
        for printed in unit.prints:
            if printed.variable.partition(".")[0] in names:
                yield unit, printed


def _is_free_text(fragment: Mapping[str, Json]) -> bool:
    types = types_of(fragment)
    return (not types or not set(types) <= _NO_TEXT) and not fragment.keys() & _CLOSED
