"""Whether source code is well-formed, by the parser of its language; nothing of it is ever run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from patterns.sandbox.data_checks import check_json, check_toml, check_yaml
from patterns.sandbox.findings import LONGEST, LONGEST_SLOW, Finding
from patterns.sandbox.markup_checks import check_html, check_xml
from patterns.sandbox.python_check import check_python
from patterns.sandbox.tool_checks import TOOLS, check_with_tool

_BUILT_IN: Mapping[str, tuple[str, Callable[[str], Finding | None]]] = {
    "python": ("compile", check_python),
    "json": ("json", check_json),
    "toml": ("tomllib", check_toml),
    "yaml": ("ruamel.yaml", check_yaml),
    "xml": ("expat", check_xml),
    "svg": ("expat", check_xml),
    "html": ("html.parser", check_html),
}
_ALIASES: Mapping[str, str] = {
    "py": "python",
    "python3": "python",
    "yml": "yaml",
    "htm": "html",
    "xhtml": "xml",
    "js": "javascript",
    "mjs": "javascript",
    "node": "javascript",
    "sh": "bash",
    "shell": "bash",
    "golang": "go",
    "rb": "ruby",
}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a checker found. `checked` is False where none was at hand, and then nothing is said of the code.

    `problem` is None for code that is well-formed, `line` counts from 1, `by` names the checker.
    """

    checked: bool
    problem: str | None = None
    line: int | None = None
    by: str = ""


def check(language: str, source: str) -> CheckReport:
    """Check that source code is well-formed, without running any of it."""
    language = language.strip().lower()
    language = _ALIASES.get(language, language)
    if len(source) > (LONGEST_SLOW if language in {"toml", "yaml"} else LONGEST):
        return CheckReport(False, by="none: the source is too long")
    if language in _BUILT_IN:
        by, checker = _BUILT_IN[language]
        return _report(checker(source), by)
    if language in TOOLS:
        return _with_tool(language, source)
    return CheckReport(False, by=f"none: no checker for {language or 'an unknown language'}")


def _with_tool(language: str, source: str) -> CheckReport:
    ran = check_with_tool(language, source)
    if ran is None:
        return CheckReport(False, by=f"none: {TOOLS[language].command[0]} is not installed, or gave no verdict")
    return _report(ran.finding, ran.by)


def _report(finding: Finding | None, by: str) -> CheckReport:
    if finding is None:
        return CheckReport(True, by=by)
    return CheckReport(True, finding.problem, finding.line, by)
