"""What a change to a template does to its messages, between two templates and between two revisions of git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = """---
description: Greet.
inputs: {name: Who.}
output: {type: string}
examples:
  - {input: {name: Ann}, output: Hi}
  - {input: {name: Bo}, output: Ho}
---
{% include "_tone.md.jinja" %}
{% user %}Greet {{ name | quote("name") }}.{% enduser %}
"""


def run(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **variables}
    command = [sys.executable, "-m", "patterns", *words]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "greet.md.jinja").write_text(TEMPLATE)
    (folder / "_tone.md.jinja").write_text("{% system %}Be kind.{% endsystem %}")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def test_same_messages_say_nothing_and_end_with_0(project: Path) -> None:
    done = run(project, "diff", "greet@HEAD")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_change_in_a_file_that_is_included_is_seen_since_a_revision(project: Path) -> None:
    (project / "templates" / "_tone.md.jinja").write_text("{% system %}Be harsh.{% endsystem %}")
    done = run(project, "diff", "greet@HEAD")
    assert done.returncode == 1, done.stderr
    assert "inputs 1, 2 of 2" in done.stdout
    assert "--- greet@HEAD\n+++ greet\n" in done.stdout
    assert "-Be kind.\n+Be harsh.\n" in done.stdout


def test_two_revisions_are_compared_and_the_checkout_is_left_alone(project: Path) -> None:
    tone = project / "templates" / "_tone.md.jinja"
    tone.write_text("{% system %}Be harsh.{% endsystem %}")
    git(project, "commit", "-qam", "second")
    tone.write_text("not even a template {% ")
    done = run(project, "diff", "greet@HEAD~1", "greet@HEAD", "--json")
    [found] = json.loads(done.stdout)
    assert (done.returncode, found["inputs"]) == (1, [1, 2])
    assert "+Be harsh." in found["diff"]
    assert tone.read_text() == "not even a template {% "


def test_two_templates_are_compared_over_the_examples_of_the_first(project: Path) -> None:
    (project / "templates" / "greet.terse.md.jinja").write_text(TEMPLATE.replace("Greet {{", "Hail {{"))
    done = run(project, "diff", "greet", "greet.terse")
    assert done.returncode == 1
    assert done.stdout.count("+Hail <name>") == 2
    shown = run(project, "diff", "greet", "greet.terse", "-i", "name=x\x1b[31m")
    assert "inputs 1 of 1" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_template_that_does_not_render_is_a_difference(project: Path) -> None:
    (project / "templates" / "greet.md.jinja").write_text(
        TEMPLATE.replace("{name: Who.}", "{name: Who., age: How old.}")
        .replace("{name: Ann}", "{name: Ann, age: '1'}")
        .replace("{name: Bo}", "{name: Bo, age: '2'}")
        .replace("Greet {{", "Greet {{ age | raw }} {{")
    )
    done = run(project, "diff", "greet@HEAD", "greet")
    assert done.returncode == 1
    assert "+error: greet" in done.stdout


WRONG = {
    "no such revision": (("greet@nonesuch",), "git says: fatal: Needed a single revision"),
    "a revision that is an option": (("greet@--help",), "git says:"),
    "no such template": (("nope@HEAD",), "there is no template 'nope'"),
    "no examples": (("json_extraction/none",), "there is no template"),
}


@pytest.mark.parametrize(("words", "says"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_compared_is_told(project: Path, words: tuple[str, ...], says: str) -> None:
    done = run(project, "diff", *words)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr


def test_folder_outside_of_a_checkout_is_told(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "templates").mkdir()
    (elsewhere / "templates" / "greet.md.jinja").write_text(TEMPLATE.replace('{% include "_tone.md.jinja" %}\n', ""))
    done = run(elsewhere, "diff", "greet@HEAD")
    assert done.returncode == 2
    assert "not a git repository" in done.stderr
    assert "git is not installed" in run(elsewhere, "diff", "greet@HEAD", PATH="/nowhere").stderr
