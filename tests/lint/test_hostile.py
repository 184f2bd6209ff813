"""Files that were made to hurt: one clear finding each, soon."""

# ruff: noqa: E501
from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from patterns.lint import Run
from patterns.prompt.catalog import default_catalog

HEAD = "---\ndescription: x\ninputs: {text: x}\nformat: text\n---\n"
SOON = 5.0
"""Seconds, on a machine that does other things too. Alone each takes less than one."""

Make = Callable[[Path], object]


def text(content: str) -> Make:
    return lambda path: path.write_text(content)


def _bomb(depth: int) -> str:
    calls = "".join(
        f"{{% macro m{n}() %}}{{{{ m{n + 1}() }}}}{{{{ m{n + 1}() }}}}{{% endmacro %}}\n" for n in range(depth)
    )
    return f"{HEAD}{calls}{{% macro m{depth}() %}}x{{% endmacro %}}\n{{% user %}}{{{{ m0() }}}}{{{{ text | raw }}}}{{% enduser %}}\n"


def _loop(path: Path) -> None:
    os.symlink(path.name, path)


def _out(path: Path) -> None:
    os.symlink("/etc/passwd", path)


HOSTILE: dict[str, tuple[Make, str]] = {
    "10 MB": (text(HEAD + "x" * 10_000_000), "unsafe"),
    "binary": (lambda path: path.write_bytes(os.urandom(50_000)), "unsafe"),
    "NUL": (lambda path: path.write_bytes(b"---\n\0\n---\n"), "front-matter"),
    "invalid UTF-8": (lambda path: path.write_bytes(HEAD.encode() + b"{% user %}\n\xff\xfe\n{% enduser %}\n"), "unsafe"),
    "a link that leads out": (_out, "unsafe"),
    "a link to itself": (_loop, "unsafe"),
    "a folder of that name": (lambda path: path.mkdir(), ""),
    "a pipe": (lambda path: os.mkfifo(path), "unsafe"),
    "aliases": (text("---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n"), "unsafe"),
    "a tag": (text("---\ndescription: !!python/object/apply:os.system [id]\n---\n"), "unsafe"),
    "a key twice": (text("---\ndescription: a\ndescription: b\n---\n"), "unsafe"),
    "deep YAML": (text("---\ninputs: " + "[" * 20_000 + "\n---\n"), "unsafe"),
    "much YAML": (text("---\ndescription: " + "x" * 100_000 + "\n---\n"), "unsafe"),
    "deep expressions": (text(HEAD + "{% user %}{{ " + "(" * 50_000 + " }}{% enduser %}"), "unsafe"),
    "deep blocks": (text(HEAD + "{% if text %}" * 5_000 + "{% endif %}" * 5_000), "unsafe"),
    "blocks without end": (text(HEAD + "{% if text %}" * 50), "syntax"),
    "a macro bomb": (text(_bomb(60)), "unsafe"),
    "doubling": (text(HEAD + "{% set x = text %}" + "{% set x = x ~ x %}" * 60 + "{% user %}{{ x | raw }}{% enduser %}"), "unsafe"),
    "a front matter without end": (text("---\n" + "a: b\n" * 1_000), "front-matter"),
    "a million braces": (text(HEAD + "{" * 900_000), "unsafe"),
    "many comments": (text(HEAD + "{#" * 400_000), "syntax"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "rule"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_one_clear_finding_soon(make: Make, rule: str, tmp_path: Path) -> None:
    make(tmp_path / "t.md.jinja")
    began = time.perf_counter()
    report = Run((tmp_path,), default_catalog().folders).report()
    assert time.perf_counter() - began < SOON
    assert [finding.rule for finding in report.findings] == ([rule] if rule else [])
    assert all(len(str(finding)) < 500 for finding in report.findings)


@pytest.mark.parametrize("name", ["Upper", "a b", "a-b", "..", "é", "a\nb"])
def test_a_name_that_nothing_finds_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.md.jinja").write_text(HEAD + "{% user %}{{ text | raw }}{% enduser %}\n")
    (finding,) = Run((tmp_path,), default_catalog().folders).report().findings
    assert finding.rule == "unsafe"
    assert "cannot be the name of a template" in finding.message


def test_a_folder_that_is_a_link_out_is_told_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "t.md.jinja").write_text("{% if")
    os.symlink(tmp_path / "out", tmp_path / "in" / "x")
    os.symlink(tmp_path / "in", tmp_path / "in" / "again")
    report = Run((tmp_path / "in",), default_catalog().folders).report()
    assert [(finding.rule, finding.path.name) for finding in report.findings] == [("unsafe", "x")]


def test_2_000_lines_take_less_than_a_second_or_so(tmp_path: Path) -> None:
    """benchmarks/lint.py measures; here is room for a machine that does other things too."""
    from benchmarks.lint import long_template

    (tmp_path / "t.md.jinja").write_text(long_template(2_000))
    began = time.perf_counter()
    report = Run((tmp_path,), default_catalog().folders).report()
    assert time.perf_counter() - began < 3
    assert report.findings == ()
