"""Waivers: a comment in a file that lets a rule be broken there, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from patterns.lint.findings import Edit, Finding
from patterns.lint.rules import RULES
from patterns.prompt.front_matter import FENCE
from patterns.prompt.near import did_you_mean

_WORDS = r"lint:\s*ignore(?P<all>-file)?\s*\[(?P<rules>[^\]]*)\](?P<reason>[^\n]*?)"
_IN_BODY = re.compile(rf"\{{#-?\s*{_WORDS}\s*-?#\}}")
_BEHIND_HASH = re.compile(rf"(?:^|(?<=\s))#\s*{_WORDS}\s*$")


@dataclass(frozen=True, slots=True)
class Waiver:
    """`rules` may be broken on this line and the next, or in the whole file. `alone`: nothing else is on the line."""

    path: Path
    line: int
    rules: tuple[str, ...]
    reason: str
    whole_file: bool
    text: str
    alone: bool

    def covers(self, finding: Finding) -> bool:
        near = self.whole_file or finding.line in (self.line, self.line + 1)
        return near and finding.path == self.path and finding.rule in self.rules and RULES[finding.rule].waivable


def read_waivers(path: Path, text: str) -> tuple[Waiver, ...]:
    """Find the waivers of a file: comments of Jinja in a body, behind # in a front matter and in other files."""
    if "lint:" not in text:
        return ()
    return tuple(_waiver(path, line, match) for line, match in _matches(path, text))


def _matches(path: Path, text: str) -> Iterator[tuple[int, re.Match[str]]]:
    template = path.suffix == ".jinja"
    lines = text.split("\n")
    inside = not template or (bool(lines) and lines[0].rstrip() == FENCE)
    for number, line in enumerate(lines, 1):
        if template and inside and number > 1 and line.rstrip() == FENCE:
            inside = False
        if match := (_BEHIND_HASH if inside else _IN_BODY).search(line):
            yield number, match


def _waiver(path: Path, line: int, match: re.Match[str]) -> Waiver:
    rules = tuple(rule.strip() for rule in match["rules"].split(",") if rule.strip())
    return Waiver(
        path, line, rules, match["reason"].strip(), match["all"] is not None, match[0], match.string.strip() == match[0]
    )


def applied(
    findings: Iterable[Finding], waivers: Sequence[Waiver], ran: Mapping[str, object], own: frozenset[Path]
) -> Iterator[Finding]:
    """Leave out the findings that are waived; add one for each waiver that is wrong, or waives nothing.

    Whether a waiver is needed is known where its rules ran, and in the files that were looked at themselves (`own`):
    a partial is seen only as far as somebody uses it.
    """
    used: set[Waiver] = set()
    for finding in findings:
        covering = [waiver for waiver in waivers if waiver.covers(finding)]
        used.update(covering)
        if not covering:
            yield finding
    for waiver in waivers if "waiver" in ran else ():
        wrong = list(_wrong(waiver))
        yield from wrong
        if not wrong and waiver not in used and waiver.path in own and all(rule in ran for rule in waiver.rules):
            message = f"nothing here breaks {' or '.join(waiver.rules)}"
            edit = Edit(waiver.text, "") if waiver.alone else None
            yield Finding("waiver", message, waiver.path, waiver.line, "take the waiver out", edit)


def _wrong(waiver: Waiver) -> Iterator[Finding]:
    for rule in waiver.rules:
        if rule not in RULES:
            yield Finding("waiver", f"there is no rule {rule!r}", waiver.path, waiver.line, did_you_mean(rule, RULES))
        elif not RULES[rule].waivable:
            yield Finding("waiver", f"{rule} cannot be waived", waiver.path, waiver.line)
    if not waiver.rules:
        yield Finding("waiver", "no rule is named", waiver.path, waiver.line, "lint: ignore[bare-input] the reason")
    elif not waiver.reason:
        yield Finding("waiver", "no reason is given", waiver.path, waiver.line, "say why, behind the brackets")
