"""New templates as `patterns new` writes them: complete, tested, and without a finding."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.authoring.draft import Draft, files
from patterns.authoring.model_source import ModelSource
from patterns.output.shape import shape_of
from patterns.output.shorthand.nodes import Record
from patterns.output.shorthand.parser import parse

ROOT = Path(__file__).resolve().parents[1]
ENV = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PATTERNS_OFFLINE": "1", "NO_COLOR": "1", "COLUMNS": "200"}
ENV |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={**ENV, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


KINDS = {
    "few_shot/triage": ("team billing|technical|sales: who sees to it", "urgent bool"),
    "json_extraction/invoice": (
        "number",
        "due date",
        "items list[{name, qty int, tags set[str]}]",
        "extra dict[float]",
    ),
    "chain_of_thought/riddle": ("answer int|null", "sure bool"),
    "plain": ('"due date" date', "class: a word of Python's", '"2nd"?', "any any", "at datetime?"),
    "support/deep/json": ('label: it\'s "odd"',),
}


@pytest.mark.parametrize(("name", "fields"), KINDS.items(), ids=KINDS)
def test_new_template_passes_its_spec_test_and_lint(name: str, fields: tuple[str, ...], tmp_path: Path) -> None:
    options = [word for field in fields for word in ("--field", field)]
    made = run(tmp_path, "patterns", "new", name, "-i", "message", *options, "--about", "Do what is to be done")
    assert made.returncode == 0, made.stderr
    tested = run(tmp_path, "pytest", "-q", "-p", "patterns.pytest_plugin", "-p", "no:cacheprovider", "tests")
    assert tested.returncode == 0, tested.stdout + "".join(path.read_text() for path in tmp_path.rglob("*.py"))
    checked = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "check", "--select", "E,F,I,UP", "--line-length", "200", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stdout
    linted = run(tmp_path, "patterns", "lint", "templates")
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "triage.py").write_text("mine = 1\n")
    made = run(tmp_path, "patterns", "new", "few_shot/triage", "-i", "text", "-f", "label a|b", "--about", "x")
    assert made.returncode == 2
    assert "triage.py is there already" in made.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["triage.py"]
    assert (tmp_path / "triage.py").read_text() == "mine = 1\n"


def test_dry_run_shows_the_files_and_writes_none(tmp_path: Path) -> None:
    made = run(tmp_path, "patterns", "new", "t", "-i", "text", "-f", "label a|b", "--about", "x", "--dry-run")
    assert "── templates/t.md.jinja" in made.stdout
    assert list(tmp_path.iterdir()) == []


def test_module_of_the_same_name_is_left_alone(tmp_path: Path) -> None:
    run(tmp_path, "patterns", "new", "few_shot/json", "-i", "text", "-f", "label a|b", "--about", "x")
    assert (tmp_path / "json_pattern.py").exists()
    assert not (tmp_path / "json.py").exists()


WRONG = {
    "a name with a dash": (("my-template", "-i", "a", "-f", "b"), "cannot be the name of a template"),
    "a way out": (("../t", "-i", "a", "-f", "b"), "cannot be the name of a template"),
    "an input with a dash": (("t", "-i", "a-b", "-f", "b"), "cannot be the name of an input"),
    "a type of no name": (("t", "-i", "a", "-f", "a|b"), "a type without a name"),
    "an unknown type": (("t", "-i", "a", "-f", "b strin"), "strin"),
    "no field": (("t", "-i", "a"), "not said: the fields"),
}


@pytest.mark.parametrize(("words", "says"), WRONG.values(), ids=WRONG)
def test_wrong_words_are_told(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    made = run(tmp_path, "patterns", "new", *words, "--about", "x")
    assert (made.returncode, says in made.stderr) == (2, True), made.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_given_is_asked_for_on_a_terminal(tmp_path: Path) -> None:
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "patterns", "new", "few_shot/mood"],
        cwd=tmp_path,
        env={**ENV, "HOME": str(tmp_path)},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.write(mine, b"Tell the mood\ntext, author\nmood good|bad\n")
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    text = (tmp_path / "templates" / "few_shot" / "mood.md.jinja").read_text()
    assert "  text: The text.\n  author: The author.\n" in text
    assert 'Literal["good", "bad"]' in (tmp_path / "mood.py").read_text()


names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
kinds = st.sampled_from(["", " int", " float", " bool", " date", " datetime", " list[str]", " dict[int]", " any"])


fields_apart = st.lists(
    st.tuples(names, kinds, st.booleans()), min_size=1, max_size=5, unique_by=lambda each: each[0].strip("_")
)
"""Names that differ in underscores at their end alone are refused, as too close to each other."""


@given(fields_apart)
def test_model_in_python_is_the_model_of_the_shorthand(fields: list[tuple[str, str, bool]]) -> None:
    shorthand = "\n".join(f"{name}{'?' * missing}{kind}" for name, kind, missing in fields)
    record = parse(shorthand)
    assert isinstance(record, Record)
    source = ModelSource("Answer", record, "What is wanted.")
    found: dict[str, object] = {}
    exec(compile(f"{source.imports}\n\n{source.classes}", "made", "exec", dont_inherit=True), found)
    written = shape_of(found["Answer"]).schema
    meant = shape_of(shorthand).schema
    assert set(written["properties"]) == set(meant["properties"])  # type: ignore[arg-type]
    assert sorted(written.get("required", [])) == sorted(meant.get("required", []))  # type: ignore[arg-type, type-var]


@given(st.text(max_size=80))
def test_any_sentence_makes_files_that_load(about: str) -> None:
    made = files(Draft("few_shot/t", about, ("text",), ("label a|b",)))
    for path, text in made.items():
        if path.suffix == ".py":
            compile(text, str(path), "exec", dont_inherit=True)
