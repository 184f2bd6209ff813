"""Every rule a template can break: each has a name, a level, a section in `docs/lint.md`, and a family of its own."""

from patterns.lint.checks import CHECKS, lint
from patterns.lint.findings import Edit, Finding, Level
from patterns.lint.fixes import fix
from patterns.lint.options import Options, options_from
from patterns.lint.places import Target, targets_of
from patterns.lint.rules import RULES, Rule
from patterns.lint.runs import Report, Run, as_json
from patterns.lint.study import Asked

__all__ = [
    "CHECKS",
    "RULES",
    "Asked",
    "Edit",
    "Finding",
    "Level",
    "Options",
    "Report",
    "Rule",
    "Run",
    "Target",
    "as_json",
    "fix",
    "lint",
    "options_from",
    "targets_of",
]
