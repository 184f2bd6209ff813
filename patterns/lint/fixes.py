"""Mends that cannot change what a working template renders, written to the files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from patterns.lint.findings import Edit, Finding
from patterns.replacing import replace_file

_LINE_ENDS = re.compile(r"(\r\n|\r|\n)")


def fix(findings: Iterable[Finding]) -> int:
    """Write the mends that findings carry, file by file; give how many. Raises InputError as `replace_file`."""
    by_path: dict[Path, list[Finding]] = {}
    for finding in findings:
        if finding.edit is not None:
            by_path.setdefault(finding.path, []).append(finding)
    return sum(_fix_file(path, each) for path, each in by_path.items())


def _fix_file(path: Path, findings: list[Finding]) -> int:
    before = path.read_bytes()
    parts = _LINE_ENDS.split(before.decode("utf-8"))
    made = 0
    for finding in sorted(findings, key=lambda each: -each.line):
        at = 2 * (finding.line - 1)
        assert finding.edit is not None
        changed = _changed(parts[at], finding.edit) if at < len(parts) else None
        if changed is not None:
            made += 1
            # A line that held nothing else goes, with its end.
            parts[at : at + 2 if not changed.strip() else at + 1] = [changed] if changed.strip() else []
    if made:
        replace_file(path, before, "".join(parts).encode("utf-8"))
    return made


def _changed(line: str, edit: Edit) -> str | None:
    """The line with its mend; None where it is not sure which words are meant."""
    word = re.compile(rf"(?<![\w.]){re.escape(edit.old)}(?!\w)") if edit.new else re.compile(re.escape(edit.old))
    found = list(word.finditer(line))
    if len(found) != 1:
        return None
    start, end = found[0].span()
    changed = line[:start] + edit.new + line[end:]
    return changed if edit.new else changed.rstrip()
