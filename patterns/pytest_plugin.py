"""Lets pytest run the spec files of templates: `*.spec.yaml`, wherever pytest looks for tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr, TracebackStyle

    from patterns.spec.cases import Case, Spec

UPDATE = "--patterns-update"
FILES = "patterns_spec_files"
_UPDATED: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("patterns", "spec tests of prompt templates")
    group.addoption(
        UPDATE, action="store_true", help="write the messages that come out into the spec files that are collected"
    )
    parser.addini(FILES, "patterns of the names of spec files", type="args", default=["*.spec.yaml", "*.spec.yml"])


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption(UPDATE):
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{UPDATE} is not for CI: what is not looked at proves nothing")
    if hasattr(config, "workerinput") or config.getoption("numprocesses", None):
        raise pytest.UsageError(f"{UPDATE} writes files, so it runs in one process: add -n 0")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for each in config.stash.get(_UPDATED, []):
        terminalreporter.write_line(f"updated {each}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if any(file_path.match(pattern) for pattern in parent.config.getini(FILES)):
        return SpecFile.from_parent(parent, path=file_path)
    return None


class SpecFile(pytest.File):
    """One spec file. With the switch it is updated before its cases are read."""

    def collect(self) -> Iterator[pytest.Item]:
        from patterns.spec.cases import read_spec
        from patterns.spec.updating import update

        if self.config.getoption(UPDATE):
            told = self.config.stash.setdefault(_UPDATED, [])
            told.extend(f"{self.path.name}: {title}" for title in update(self.path))
        spec = read_spec(self.path)
        for case in spec.cases:
            yield SpecCase.from_parent(self, name=case.title, spec=spec, case=case)
        if spec.snapshot:
            yield SpecCase.from_parent(self, name="every example has a case", spec=spec, case=None)

    def repr_failure(  # type: ignore[override]  # pytest's own collectors take no style either
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str | TerminalRepr:
        from patterns.errors import PatternsError

        if isinstance(excinfo.value, PatternsError):
            return _told(excinfo.value)
        return super().repr_failure(excinfo)


class SpecCase(pytest.Item):
    """One case of a spec file; without a case, whether the snapshot is whole."""

    def __init__(self, *, spec: Spec, case: Case | None, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self._spec, self._case = spec, case

    def runtest(self) -> None:
        from patterns.spec.checking import check, check_snapshot

        if self._case is None:
            check_snapshot(self._spec)
        else:
            check(self._spec, self._case)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, (self._case.line if self._case else 1) - 1, self.name

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: TracebackStyle | None = None
    ) -> str | TerminalRepr:
        from patterns.errors import PatternsError
        from patterns.spec.checking import Mismatch, Outdated

        error = excinfo.value
        if isinstance(error, Mismatch | PatternsError):
            line = self._case.line if self._case else 1
            advice = f"\n\nIf this is as it should be: pytest {UPDATE} {self.path.name}"
            return f"{self.path}:{line}: {_told(error)}{advice if isinstance(error, Outdated) else ''}"
        return super().repr_failure(excinfo)


def _told(error: BaseException) -> str:
    hint = getattr(error, "hint", "")
    return f"{error}\n  {hint}" if hint else str(error)
