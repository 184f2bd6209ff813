"""Rules about names: what is read must be declared, and what is declared must be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from patterns.errors import TemplateError
from patterns.lint.findings import Edit, Finding, finding_of
from patterns.lint.study import Study
from patterns.prompt.declared import undeclared
from patterns.prompt.front_matter import PROVIDED

_NAME = re.compile(r"'(\w+)' is not declared")


def undeclared_input(study: Study) -> Iterator[Finding]:
    if study.book.linked is None or not all(page.front for page in study.book.pages.values()):
        return
    for error in undeclared(study.book.linked, frozenset(study.front.inputs) | PROVIDED):
        finding = finding_of(error, study.path)
        yield Finding(finding.rule, finding.message, finding.path, finding.line, finding.hint, _renamed(study, error))


def _renamed(study: Study, error: TemplateError) -> Edit | None:
    """Rename to the one near input, where nothing else uses that: the file did not load before."""
    if not (found := _NAME.match(error.fault)):
        return None
    near = get_close_matches(found[1].lower(), study.front.inputs, n=2, cutoff=0.6)
    read = {read.name for page in study.book.pages.values() if page.unit for read in page.unit.reads}
    return Edit(found[1], near[0]) if len(near) == 1 and near[0] not in read else None


def unused_input(study: Study) -> Iterator[Finding]:
    """Only inputs that the file itself declares: what it extends has a check of its own."""
    own = study.book.main.front
    if study.flow is None or own is None:
        return
    for name in own.inputs:
        if name not in study.flow.used:
            path, line = study.place("inputs", name)
            yield Finding(
                "unused-input",
                f"the input {name!r} reaches no message and decides nothing",
                path,
                line,
                "use it, or take it out of the front matter",
            )


def history_not_placed(study: Study) -> Iterator[Finding]:
    if any(page.unit and page.unit.history_tag for page in study.book.pages.values()):
        return
    for page in study.book.pages.values():
        line = next((read.line for read in page.unit.reads if read.name == "history"), None) if page.unit else None
        if line is not None:
            hint = "put {% history %} between two messages"
            yield Finding(
                "history-not-placed", "history is read, but its messages are put nowhere", page.file.path, line, hint
            )
            return
