"""The rule about what a template says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from patterns.lint.findings import Finding
from patterns.lint.study import Study


def no_description(study: Study) -> Iterator[Finding]:
    if not (study.front.description or "").strip():
        yield Finding("no-description", "the template does not say what it is for", study.path, 1, "description: …")
