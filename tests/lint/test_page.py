"""Every rule has a section in the page: its bad file breaks it alone, where the page says, its good file does not."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from patterns.lint import RULES, Options, Run
from patterns.prompt.catalog import default_catalog
from tests.lint.page import PAGE, Section, sections
from tests.test_cli import patterns

SECTIONS = sections()
ROOT = str(PAGE.parents[1])
"""Where the command is found, from any folder."""


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def told(folder: Path, section: Section) -> tuple[list[str], set[str]]:
    """What lint says of a folder, by paths from there, and the rules."""
    said = dict(zip(section.options[::2], section.options[1::2], strict=True))
    window, models = said.get("--window"), tuple(filter(None, [said.get("--model")]))
    root = folder / "templates" if (folder / "templates").is_dir() else folder
    options = Options(window=int(window) if window else None, models=models)
    report = Run((root,), default_catalog().folders, root=root, options=options).report()
    lines = [str(finding).replace(f"{folder}{os.sep}", "") for finding in report.findings]
    return lines, {finding.rule for finding in report.findings}


def test_every_rule_has_a_section_and_no_section_is_left_over() -> None:
    assert list(SECTIONS) == list(RULES)
    assert {name: section.level for name, section in SECTIONS.items()} == {n: rule.level for n, rule in RULES.items()}


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
def test_the_bad_file_breaks_its_rule_alone_and_where_the_page_says(section: Section, tmp_path: Path) -> None:
    lines, rules = told(written(tmp_path, section.bad), section)
    assert lines == section.out.splitlines()
    assert rules == {section.rule}


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
def test_the_good_file_breaks_none(section: Section, tmp_path: Path) -> None:
    assert section.good
    assert told(written(tmp_path, section.good), section) == ([], set())


@pytest.mark.parametrize("rule", ["bare-input", "too-long", "pair-differs"])
def test_the_command_says_the_same(rule: str, tmp_path: Path) -> None:
    section = SECTIONS[rule]
    written(tmp_path, section.bad)
    where = "templates" if (tmp_path / "templates").is_dir() else "."
    done = patterns("lint", where, *section.options, cwd=tmp_path, PYTHONPATH=ROOT)
    assert done.stdout == section.out
    assert done.returncode == 1


def test_the_words_of_the_page_are_those_of_the_table() -> None:
    """Exit codes and options that the page names are there."""
    page = PAGE.read_text(encoding="utf-8")
    help_ = patterns("lint", "--help", PYTHONPATH=ROOT, NO_COLOR="1").stdout
    for option in set(re.findall(r"--[a-z]+", page)) - {"--check", "--diff"}:
        assert option in help_, option
