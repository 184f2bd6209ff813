"""A template held against every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from patterns.errors import PatternsError, TemplateError
from patterns.lint import about, answers, length, names, pairs, quoting, worked
from patterns.lint.findings import Finding, finding_of
from patterns.lint.flow import flow_of
from patterns.lint.pages import Book, Reader
from patterns.lint.rules import RULES
from patterns.lint.study import Asked, Row, Study
from patterns.lint.values import TooMuch
from patterns.lint.waivers import applied, read_waivers
from patterns.output.shape import Shape, shape_of
from patterns.prompt.build import build
from patterns.prompt.catalog import Catalog
from patterns.prompt.examples import path_of, rows_of
from patterns.prompt.files import File
from patterns.prompt.front_matter import FrontMatter
from patterns.prompt.inputs import Inputs
from patterns.recipe import imported

NOTHING = Asked()
Check = Callable[[Study], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    "undeclared-input": names.undeclared_input,
    "text-outside-role": quoting.text_outside_role,
    "example-input": worked.example_input,
    "example-output": worked.example_output,
    "bare-input": quoting.bare_input,
    "input-in-system": quoting.input_in_system,
    "part-placed": quoting.part_placed,
    "pair-differs": pairs.pair_differs,
    "too-long": length.too_long,
    "shape-refused": answers.shape_refused,
    "unused-input": names.unused_input,
    "answer-before-reasoning": answers.answer_before_reasoning,
    "required-invention": answers.required_invention,
    "unstable-prefix": length.unstable_prefix,
    "no-output-format": answers.no_output_format,
    "no-examples": worked.no_examples,
    "unbalanced-examples": worked.unbalanced_examples,
    "no-description": about.no_description,
    "no-user-message": quoting.no_user_message,
    "history-not-placed": names.history_not_placed,
}
"""The rules that look at what could be read. The others are what reading itself comes upon."""


def lint(
    catalog: Catalog, name: str, asked: Asked = NOTHING, rules: Mapping[str, object] = RULES
) -> tuple[Finding, ...]:
    """List what is wrong with a template, by file and line. `rules` are those that count, by name.

    Raises TemplateError for a name that no folder has, InputError for a model whose window is not known.
    """
    reader = Reader(catalog.folders)
    file = reader.find(name)
    if file is None:
        catalog.load(name)  # says so, and which names are near
        raise TemplateError(f"there is no template {name!r}")
    return settled([examine(reader, file, asked, rules)], rules)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a template before waivers count: `texts` are those of its files, by path.

    `unseen` says that it names a Python type which was not imported, `own` is its file, None for a partial.
    """

    name: str
    findings: tuple[Finding, ...] = ()
    texts: Mapping[Path, str] = field(default_factory=dict)
    own: Path | None = None
    unseen: bool = False


def examine(reader: Reader, file: File, asked: Asked, rules: Mapping[str, object]) -> Examined:
    """Hold one file of some folders against the rules."""
    book = reader.book(file)
    found = [replace(finding_of(error, file.path), edit=book.edits.get(error)) for error in book.faults]
    study: Study | None = None
    try:
        study = _study(book, asked, found)
        found.extend(finding for name, check in CHECKS.items() if study and name in rules for finding in check(study))
    except (TooMuch, RecursionError):
        found.append(Finding("unsafe", "written out, its macros and includes grow past all bounds", file.path))
    if study is not None and not any(RULES[finding.rule].level == "error" for finding in found):
        found.extend(_unloadable(book))
    unseen = study is not None and study.shape is None and isinstance(study.front.output, str)
    texts = {page.file.path: page.text for page in book.pages.values()}
    return Examined(book.name, tuple(found), texts, None if book.partial else file.path, unseen)


def settled(examined: Sequence[Examined], rules: Mapping[str, object]) -> tuple[Finding, ...]:
    """Put findings together, each once, without those that are waived, by file and line."""
    found = dict.fromkeys(finding for each in examined for finding in each.findings if finding.rule in rules)
    texts = {path: text for each in examined for path, text in each.texts.items()}
    texts |= {finding.path: _text(finding.path) for finding in found if finding.path.suffix == ".py"}
    waivers = [waiver for path, text in texts.items() for waiver in read_waivers(path, text)]
    own = frozenset(each.own for each in examined if each.own)
    kept = applied(found, waivers, rules, own)
    return tuple(sorted(dict.fromkeys(kept), key=lambda each: (str(each.path), each.line, each.rule)))


def _unloadable(book: Book) -> Iterator[Finding]:
    """What no rule has a word for, but loading has: a template without errors does load."""
    try:
        if book.linked is not None:
            build(book.name, book.linked)
    except TemplateError as error:
        yield finding_of(error, book.main.file.path)


def _study(book: Book, asked: Asked, faults: list[Finding]) -> Study | None:
    """What can be told of a template; None for a partial, and where the front matter cannot be read."""
    front = book.front()
    if front is None or book.partial:
        return None
    flow = flow_of(book, front.inputs) if book.linked is not None else None
    return _equipped(Study(book, front, flow, asked=asked), faults)


def _equipped(study: Study, faults: list[Finding]) -> Study:
    """Add the type of the answers and the examples, as far as they can be read."""
    try:
        study = replace(study, shape=_shape(study))
    except TemplateError as error:
        faults.append(replace(finding_of(error, study.path), line=study.place("output")[1]))
    except PatternsError as error:
        faults.append(Finding("front-matter", error.message, *study.place("output"), hint=error.hint))
    try:
        study = replace(study, rows=tuple(_rows(study)))
    except TemplateError as error:
        faults.append(
            replace(finding_of(error, study.path), rule="front-matter" if error.rule == "syntax" else error.rule)
        )
    return study


def _shape(study: Study) -> Shape[object] | None:
    """The type that the template names. An import is followed only where its folder is trusted."""
    output = study.front.output
    if output is None:
        return shape_of(str) if study.front.format == "text" else None
    if isinstance(output, str):
        file, _ = _giver(study, "output")
        return cast("Shape[object]", shape_of(imported(output, file.path))) if file.folder.trusted else None
    return cast("Shape[object]", shape_of(output))


def _rows(study: Study) -> Iterator[Row]:
    if study.front.examples is not None:
        file, front = _giver(study, "examples")
        path, rows = path_of(file, front), rows_of(file, front, Inputs(study.book.name, study.front.inputs))
        yield from (Row(raw, number, path, line) for number, (raw, line) in enumerate(rows, 1))


def _giver(study: Study, key: str) -> tuple[File, FrontMatter]:
    """The file whose front matter says what a key is, the template itself or one that it extends."""
    givers = ((unit.file, unit.front) for unit in study.book.chain() if getattr(unit.front, key) is not None)
    return next(givers, (study.book.main.file, study.front))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
