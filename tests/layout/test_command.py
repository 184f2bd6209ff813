"""The command in a real process: what is written, what is shown, and the codes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests import test_cli
from tests.lint.page import PAGE

UGLY = "---\nformat: text\ndescription: d\n---\n{%user%}hi{%enduser%}\n\n"
NICE = "---\ndescription: d\nformat: text\n---\n{% user %}hi{% enduser %}\n"


def fmt(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return test_cli.patterns("fmt", *words, cwd=cwd, PYTHONPATH=str(PAGE.parents[1]))


def folder(at: Path) -> Path:
    (at / "ugly.md.jinja").write_text(UGLY)
    (at / "ugly.md.jinja").chmod(0o640)
    (at / "nice.md.jinja").write_text(NICE)
    return at


def test_files_that_are_named_are_written(tmp_path: Path) -> None:
    before = (folder(tmp_path) / "nice.md.jinja").stat().st_ino
    done = fmt(".", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"laid out {tmp_path}/ugly.md.jinja\n")
    assert (tmp_path / "ugly.md.jinja").read_text() == NICE
    assert (tmp_path / "ugly.md.jinja").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "nice.md.jinja").stat().st_ino == before
    assert sorted(os.listdir(tmp_path)) == ["nice.md.jinja", "ugly.md.jinja"]


def test_nothing_is_written_without_a_name_or_when_only_asked(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    folder(tmp_path / "templates")
    assert fmt(cwd=tmp_path).returncode == 2
    check, diff = fmt("templates", "--check", cwd=tmp_path), fmt("templates", "--diff", cwd=tmp_path)
    assert (check.returncode, check.stdout) == (1, "")
    assert "would lay out" in check.stderr
    assert diff.returncode == 1
    assert "-{%user%}hi{%enduser%}\n" in diff.stdout
    assert "+{% user %}hi{% enduser %}\n" in diff.stdout
    assert (tmp_path / "templates" / "ugly.md.jinja").read_text() == UGLY
    assert fmt("templates/nice.md.jinja", "--check", cwd=tmp_path).returncode == 0


def test_a_broken_file_is_left_alone_and_the_others_are_laid_out(tmp_path: Path) -> None:
    (folder(tmp_path) / "broken.md.jinja").write_text("{% user %}\n")
    done = fmt(".", cwd=tmp_path)
    assert done.returncode == 2
    assert "broken.md.jinja:1: {% user %} is not closed" in done.stderr
    assert (tmp_path / "broken.md.jinja").read_text() == "{% user %}\n"
    assert (tmp_path / "ugly.md.jinja").read_text() == NICE


def test_line_ends_and_marks_become_one_kind(tmp_path: Path) -> None:
    path = tmp_path / "t.md.jinja"
    path.write_bytes(b"\xef\xbb\xbf" + NICE.replace("\n", "\r\n").encode())
    assert fmt(".", cwd=tmp_path).returncode == 0
    assert path.read_bytes() == NICE.encode()


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "real.md.jinja").write_text(UGLY)
    os.symlink("real.md.jinja", tmp_path / "t" / "link.md.jinja")
    done = fmt("t/link.md.jinja", cwd=tmp_path)
    assert done.returncode == 2
    assert "is no plain file" in done.stderr
    assert (tmp_path / "t" / "real.md.jinja").read_text() == UGLY


def test_machines_get_one_object(tmp_path: Path) -> None:
    told = json.loads(fmt(str(folder(tmp_path)), "--check", "--json", cwd=tmp_path).stdout)
    assert told == {"changed": [f"{tmp_path}/ugly.md.jinja"], "written": False, "broken": []}
