"""What lint finds: the rule that is broken, where, what is wrong, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from patterns.errors import TemplateError

Level: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that mends a finding: on its line, `old` (which stands there once) becomes `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: its name, what is wrong, and where. `line` is 1-based; 1 when the whole file is meant."""

    rule: str
    message: str
    path: Path
    line: int = 1
    hint: str = ""
    edit: Edit | None = None

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.path}:{self.line}: {self.rule}: {self.message}{hint}"


def finding_of(error: TemplateError, path: Path) -> Finding:
    """Tell as a finding what loading a template would have raised; `path` where the error names none."""
    return Finding(error.rule, error.fault, Path(error.path or path), error.line or 1, error.hint)
