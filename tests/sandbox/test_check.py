"""Code is checked for being well-formed, and never run."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.sandbox.check import CheckReport, check

SOUND = {
    "python": "def f():\n    return 1\n",
    "json": '{"a": [1, 2.5, null]}',
    "toml": '[a]\nb = "c"\n',
    "yaml": "a: 1\nb: [1, 2]\n",
    "xml": "<a><b/></a>",
    "html": "<!doctype html><p>One<br><p>Two<script>if (a < b) c('</p>')</script><div title='>'></div>",
    "javascript": "import a from 'b';\nexport const c = await a();\n",
    "bash": "if true; then echo hi; fi\n",
}
BROKEN = {
    "python": ("x = 1\ndef f(:\n    pass\n", 2),
    "json": ('{\n"a": 1,\n}', 3),
    "toml": ("a = 1\nb = \n", 2),
    "yaml": ("a: 1\nb: [1\nc: 2\n", 3),
    "xml": ("<a>\n<b>\n</a>", 3),
    "html": ("<div>\n<span>\n</div>", 3),
    "javascript": ("const a = 1;\nconst b = ;\n", 2),
    "bash": ("echo hi\nif true; then\n", 3),
}
TOOLS = {"javascript": "node", "bash": "bash"}


def needs(language: str) -> None:
    if language in TOOLS and shutil.which(TOOLS[language]) is None:
        pytest.skip(f"{TOOLS[language]} is not installed")


@pytest.mark.parametrize("language", SOUND)
def test_sound_source_passes(language: str) -> None:
    needs(language)
    report = check(language, SOUND[language])
    assert (report.checked, report.problem, report.line) == (True, None, None)
    assert report.by


@pytest.mark.parametrize("language", BROKEN)
def test_broken_source_is_reported_with_its_line(language: str) -> None:
    needs(language)
    source, line = BROKEN[language]
    report = check(language, source)
    assert report.checked
    assert report.problem
    assert report.line == line


@pytest.mark.parametrize("language", ["cobol", "", "perl", "typescript"])
def test_language_without_a_checker_is_said_to_be_unchecked(language: str) -> None:
    report = check(language, "whatever")
    assert (report.checked, report.problem) == (False, None)


def test_tool_that_is_not_installed_leaves_the_code_unchecked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    report = check("javascript", "const a = ;")
    assert (report.checked, report.problem) == (False, None)
    assert "not installed" in report.by


def test_script_that_is_no_module_passes_as_javascript() -> None:
    needs("javascript")
    assert check("js", "var x = 010;\nwith (x) { }\n").problem is None


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "open({path!r}, 'w')"),
        ("javascript", "require('fs').writeFileSync({path!r}, '')"),
        ("bash", "touch {path!r}"),
        ("yaml", "!!python/object/apply:os.system ['touch {path}']"),
        ("php", "<?php touch({path!r});"),
    ],
)
def test_checked_code_is_not_run(language: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / "ran"
    check(language, source.format(path=str(path)))
    assert not path.exists()


@pytest.mark.parametrize(
    "source",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "a" + ".b" * 90_000,
        "x = 1" + "+1" * 90_000,
        "a\0b",
        "\ud800",
        "x = " + "9" * 9_000,
    ],
)
def test_hostile_python_is_a_problem_and_no_crash(source: str) -> None:
    report = check("python", source)
    assert report.checked
    assert report.problem


def test_entities_of_xml_are_refused() -> None:
    assert check("xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>').problem


def test_source_beyond_the_limit_is_left_unchecked() -> None:
    assert check("python", "x = 1\n" * 100_000) == CheckReport(False, by="none: the source is too long")


def test_warnings_of_the_compiler_stay_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check("python", "x = '\\d'\nassert (x, 1)\nx is 1\n").problem is None


@given(st.sampled_from(["python", "json", "toml", "yaml", "xml", "html"]), st.text(max_size=60))
@settings(deadline=None)
def test_any_source_gets_a_report(language: str, source: str) -> None:
    assert check(language, source).checked
