"""The sections of docs/lint.md: the page is the source of the files that break and keep each rule."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lint.md"
_SECTION = re.compile(r"^## (?P<rule>[a-z-]+)\n(?P<text>.*?)(?=^## |\Z)", re.S | re.M)
_FILE = re.compile(r"<!-- (?P<kind>bad|good): (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)^```\n", re.S | re.M)
_OUT = re.compile(r"^```text\n(?P<out>.*?)^```\n", re.S | re.M)
_OPTIONS = re.compile(r"<!-- options: (.*) -->")


@dataclass
class Section:
    rule: str
    level: str
    options: list[str]
    out: str
    bad: dict[str, str] = field(default_factory=dict)
    good: dict[str, str] = field(default_factory=dict)


def sections() -> dict[str, Section]:
    rules = PAGE.read_text(encoding="utf-8").partition("# The rules\n")[2]
    return {found["rule"]: _section(found["rule"], found["text"]) for found in _SECTION.finditer(rules)}


def _section(rule: str, text: str) -> Section:
    options, out = _OPTIONS.search(text), _OUT.search(text)
    level = text.strip().partition(".")[0].partition(",")[0]
    made = Section(rule, level, shlex.split(options[1]) if options else [], out["out"] if out else "")
    for file in _FILE.finditer(text):
        (made.bad if file["kind"] == "bad" else made.good)[file["name"]] = file["text"]
    return made
