"""A run of lint over files and folders: every template read once, every finding told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from patterns.errors import InputError
from patterns.lint.checks import Examined, examine, settled
from patterns.lint.findings import Finding, Level
from patterns.lint.options import Options
from patterns.lint.pages import Reader
from patterns.lint.pairs import find_pairs
from patterns.lint.places import Target, python_of, targets_of
from patterns.lint.rules import RULES
from patterns.lint.study import Asked
from patterns.prompt.files import YOURS, Folder


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found in how many templates. `unseen` are templates whose Python types were not imported."""

    findings: tuple[Finding, ...]
    templates: int
    unseen: tuple[str, ...] = ()

    def count(self, level: Level) -> int:
        return sum(RULES[finding.rule].level == level for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run looks. `known` are the folders of the settings; `trusted` lets types of all others be imported."""

    paths: tuple[Path, ...]
    known: tuple[Folder, ...]
    root: Path | None = None
    trusted: bool = False
    options: Options = field(default_factory=Options)

    def report(self) -> Report:
        """Hold all that is there against the rules. Raises InputError where there is nothing to hold."""
        found: list[Finding] = []
        targets: list[Target] = []
        for path in self.paths or self._own():
            for each in targets_of(path, self.known, self.root, self.trusted):
                found.append(each) if isinstance(each, Finding) else targets.append(each)
        examined = self._examined(dict.fromkeys(targets))
        unseen = tuple(each.name for each in examined if each.unseen)
        kept = settled([*examined, Examined("", tuple(found))], self.options.rules())
        return Report(kept, len(examined), unseen)

    def _own(self) -> tuple[Path, ...]:
        """The user's own folders, without a path; what installed packages bring is theirs to mend."""
        own = [folder.path for folder in self.known if folder.origin == YOURS and folder.path.is_dir()]
        here = Path("templates")
        if not own and not here.is_dir():
            raise InputError("there is nothing to lint", hint="name a file or a folder: patterns lint templates/")
        return tuple(own) or (here,)

    def _examined(self, targets: Iterable[Target]) -> list[Examined]:
        rules = self.options.rules()
        readers: dict[tuple[Folder, ...], Reader] = {}
        made = []
        for target in targets:
            reader = readers.setdefault(target.folders, Reader(target.folders))
            pairs = _pairs(python_of(target.folders)) if "pair-differs" in rules else ()
            asked = Asked(self.options.models, self.options.window, pairs)
            made.append(examine(reader, target.file, asked, rules))
        return made


_pairs = cache(find_pairs)


def as_json(report: Report, fixed: int) -> Mapping[str, object]:
    """A report for machines."""
    findings: Sequence[Mapping[str, object]] = [
        {
            "rule": each.rule,
            "level": RULES[each.rule].level,
            "path": str(each.path),
            "line": each.line,
            "message": each.message,
            "hint": each.hint,
            "fixable": each.edit is not None,
        }
        for each in report.findings
    ]
    return {
        "findings": findings,
        "templates": report.templates,
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "fixed": fixed,
        "types_not_imported": list(report.unseen),
    }
