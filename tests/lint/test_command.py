"""The command in a real process: paths, exit codes, settings, waivers, and what --fix writes."""

# ruff: noqa: E501
from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from patterns.lint import RULES
from tests import test_cli
from tests.lint.page import PAGE
from tests.prompt.folders import write

GOOD = '---\ndescription: Shorten.\ninputs: {text: A text.}\nformat: text\n---\n{% user %}\n{{ text | quote("text") }}\n{% enduser %}\n'
BARE = GOOD.replace(' | quote("text")', "")
WARNS = GOOD.replace("description: Shorten.\n", "")


def lint(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return test_cli.patterns("lint", *words, cwd=cwd, PYTHONPATH=str(PAGE.parents[1]), **env)


def test_the_codes_tell_what_was_found(tmp_path: Path) -> None:
    write(tmp_path, {"a/good": GOOD, "b/bare": BARE, "c/warns": WARNS})
    for path, words, code in [
        ("a", (), 0), ("b", (), 1), ("c", (), 0), ("c", ("--strict",), 1), (".", (), 1),
        ("b", ("--ignore", "bare-input"), 0), ("b", ("--select", "no-description"), 0), ("lost", (), 2),
        ("a", ("--select", "bare-imput"), 2), ("a", ("--ignore", "syntax"), 2), ("a", ("-m", "gpt-none"), 2),
    ]:  # fmt: skip
        assert lint(path, *words, cwd=tmp_path).returncode == code, (path, words)


def test_a_name_that_is_near_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"good": GOOD})
    assert "did you mean bare-input" in lint(".", "--select", "bare-imput", cwd=tmp_path).stderr


def test_findings_are_on_stdout_and_their_sum_on_stderr(tmp_path: Path) -> None:
    write(tmp_path, {"templates/a/bare": BARE, "templates/a/good": GOOD})
    done = lint(cwd=tmp_path)
    assert done.stdout.startswith("templates/a/bare.md.jinja:7: bare-input: the input text is printed bare")
    assert done.stderr == "1 error, 0 warnings in 2 templates\n"


def test_machines_get_one_object(tmp_path: Path) -> None:
    write(tmp_path, {"bare": BARE})
    told = json.loads(lint("--json", "bare.md.jinja", cwd=tmp_path).stdout)
    (finding,) = told.pop("findings")
    assert (finding["rule"], finding["level"], finding["line"], finding["fixable"]) == ("bare-input", "error", 7, False)
    assert finding["path"] == str(tmp_path / "bare.md.jinja")
    assert told == {"templates": 1, "errors": 1, "warnings": 0, "fixed": 0, "types_not_imported": []}


def test_a_folder_without_templates_and_a_place_without_folders_differ(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert lint("empty", cwd=tmp_path).returncode == 0
    nothing = lint(cwd=tmp_path)
    assert nothing.returncode == 2
    assert "there is nothing to lint" in nothing.stderr


def test_rules_are_listed(tmp_path: Path) -> None:
    lines = lint("--rules", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(RULES)


def test_the_project_sets_what_the_command_does_not(tmp_path: Path) -> None:
    write(tmp_path, {"t/bare": BARE, "t/warns": WARNS})
    config = tmp_path / "pyproject.toml"
    config.write_text('[tool.patterns.lint]\nignore = ["bare-input"]\nstrict = true\n')
    done = lint("t", cwd=tmp_path)
    assert done.returncode == 1
    assert "bare-input" not in done.stdout
    assert "no-description" in done.stdout
    assert "bare-input" in lint("t", "--ignore", "no-description", cwd=tmp_path).stdout
    for text, words in [
        ("ignor = []", "did you mean ignore?"), ("strict = 1", "strict must be true or false, not 1"),
        ('ignore = ["x"]', "there is no rule 'x'"), ("window = 0", "window must be a number of tokens"),
    ]:  # fmt: skip
        config.write_text(f"[tool.patterns.lint]\n{text}\n")
        wrong = lint("t", cwd=tmp_path)
        assert wrong.returncode == 2
        assert words in wrong.stderr


def test_settings_of_lint_do_not_disturb_other_commands(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.patterns]\nretries = 1\n[tool.patterns.lint]\nstrict = true\n")
    assert test_cli.patterns("list", cwd=tmp_path, PYTHONPATH=str(PAGE.parents[1])).returncode == 0


@pytest.mark.parametrize("root", ["templates", "prompts"])
def test_names_count_from_the_root(root: str, tmp_path: Path) -> None:
    write(
        tmp_path / root, {"_p": "x", "deep/er/t": GOOD.replace("{% enduser", '{% include "_p.md.jinja" %}{% enduser')}
    )
    given = [] if root == "templates" else ["--root", root]
    done = lint(f"{root}/deep/er", *given, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    if given:
        assert "missing-partial" in lint(f"{root}/deep/er", cwd=tmp_path).stdout


def test_a_type_is_imported_only_when_told(tmp_path: Path) -> None:
    (tmp_path / "traps.py").write_text("open('sprung', 'w').close()\nclass T: ...\n")
    text = GOOD.replace("format: text", "output: traps:T").replace("{% user %}", "{% user %}{{ output_format }}")
    write(tmp_path, {"templates/t": text})
    done = lint(cwd=tmp_path)
    assert not (tmp_path / "sprung").exists()
    assert "1 template with a Python type that was not looked at" in done.stderr
    lint("--import", cwd=tmp_path)
    assert (tmp_path / "sprung").exists()


WAIVED = BARE.replace("{{ text", "{# lint: ignore[bare-input] it is our own #}\n{{ text")


def test_a_waiver_counts_for_its_line_and_the_next(tmp_path: Path) -> None:
    far = BARE.replace("{% user %}\n", "{% user %}\n{# lint: ignore[bare-input] it is our own #}\n\n")
    whole = far.replace("ignore[", "ignore-file[")
    write(tmp_path, {"near": WAIVED, "far": far, "whole": whole})
    assert lint("near.md.jinja", "whole.md.jinja", cwd=tmp_path).stdout == ""
    out = lint("far.md.jinja", cwd=tmp_path).stdout
    assert "far.md.jinja:7: waiver: nothing here breaks bare-input" in out
    assert "far.md.jinja:9: bare-input" in out


def test_a_waiver_in_a_front_matter_stands_behind_a_hash(tmp_path: Path) -> None:
    lost = GOOD.replace(
        "inputs: {text: A text.}", "inputs:\n  text: A text.\n  old: x  # lint: ignore[unused-input] callers"
    )
    write(tmp_path, {"t": lost})
    assert lint(".", cwd=tmp_path).stdout == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ignore[bare-imput] x", "there is no rule 'bare-imput' (did you mean bare-input"),
        ("ignore[syntax] x", "syntax cannot be waived"),
        ("ignore[bare-input]", "no reason is given"),
        ("ignore[] x", "no rule is named"),
    ],
)
def test_a_waiver_that_is_wrong_is_told(words: str, told: str, tmp_path: Path) -> None:
    write(tmp_path, {"t": WAIVED.replace("ignore[bare-input] it is our own", words)})
    assert told in lint(".", cwd=tmp_path).stdout


def test_text_that_looks_like_a_waiver_is_none(tmp_path: Path) -> None:
    text = BARE.replace("{{ text", "lint: ignore[bare-input] the text says so\n{{ text")
    write(tmp_path, {"t": text})
    assert "bare-input" in lint(".", cwd=tmp_path).stdout


MENDS = {
    "a name": (GOOD.replace("{{ text", "{{ txt"), GOOD),
    "an ending": (
        GOOD.replace("{% user %}\n", '{% from "_shared" import data_only %}\n{% user %}\n{{ data_only("text") }}\n'),
        GOOD.replace("{% user %}\n", '{% from "_shared.md.jinja" import data_only %}\n{% user %}\n{{ data_only("text") }}\n'),
    ),
    "a waiver": (GOOD.replace("{{ text", "{# lint: ignore[bare-input] once #}\n{{ text"), GOOD),
    "a waiver in the front matter": (GOOD.replace("format", "# lint: ignore[unused-input] once\nformat"), GOOD),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), MENDS.values(), ids=MENDS)
def test_what_is_surely_meant_is_mended_when_asked(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "t.md.jinja"
    path.write_text(before)
    path.chmod(0o640)
    assert lint(".", cwd=tmp_path).stdout
    assert path.read_text() == before, "nothing is written unasked"
    done = lint(".", "--fix", cwd=tmp_path)
    assert path.read_text() == after
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "0 errors, 0 warnings in 1 template, 1 mended\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["t.md.jinja"]


LEFT = {
    "two near names": GOOD.replace("inputs: {text: A text.}", "inputs: {text1: a, text2: b}"),
    "a name that is used": GOOD.replace("{{ text", "{{ txt | raw }}{{ text"),
    "twice on a line": GOOD.replace("{{ text", "{{ txt }} {{ txt"),
    "a waiver beside text": GOOD.replace("{{ text", "now {# lint: ignore[bare-input] once #}\n{{ text"),
    "a bare input": BARE,
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_could_be_meant_otherwise_is_left(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"t": text})
    before = lint(".", cwd=tmp_path)
    assert before.stdout
    assert lint(".", "--fix", cwd=tmp_path).stdout == before.stdout
    assert (tmp_path / "t.md.jinja").read_text() == text


def test_line_ends_stay_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "t.md.jinja"
    path.write_bytes(GOOD.replace("{{ text", "{{ txt").replace("\n", "\r\n").encode())
    assert lint(".", "--fix", cwd=tmp_path).returncode == 0
    assert path.read_bytes() == GOOD.replace("\n", "\r\n").encode()


def test_every_hook_runs_a_command_that_there_is(tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    hooks = YAML(typ="safe").load((PAGE.parents[1] / ".pre-commit-hooks.yaml").read_text())
    write(tmp_path, {"bare": BARE})
    assert [hook["id"] for hook in hooks] == ["patterns-lint", "patterns-fmt"]
    for hook in hooks:
        assert hook["files"] == r"\.md\.jinja$"
        program, *words = hook["entry"].split()
        assert program == "patterns"
        done = test_cli.patterns(*words, "bare.md.jinja", cwd=tmp_path, PYTHONPATH=str(PAGE.parents[1]))
        assert done.returncode == (1 if hook["id"] == "patterns-lint" else 0), done.stderr


def test_templates_of_installed_packages_are_theirs_to_mend(tmp_path: Path) -> None:
    from patterns.lint import Run
    from patterns.prompt.catalog import default_catalog
    from patterns.prompt.files import Folder

    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md.jinja").write_text("{% user %}x{% enduser %}")
    mine, theirs = tmp_path / "mine", Folder(tmp_path / "theirs", trusted=True, origin="acme-prompts")
    alone = Run((), default_catalog([mine, theirs]).folders).report()
    assert {finding.path.name for finding in alone.findings} == {"mine.md.jinja"}
    named = Run((), default_catalog([mine, theirs.path, theirs]).folders).report()
    assert {finding.path.name for finding in named.findings} == {"mine.md.jinja", "theirs.md.jinja"}
