"""Spec files of templates, run by pytest as users run them: in a process of its own, over files on disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = """---
description: Say hello.
inputs: {name: Who., tone: {type: string, default: kind}}
output: {type: object, properties: {text: {type: string}}, required: [text]}
examples:
  - {input: {name: Ann}, output: {text: Hi}}
  - {input: {name: Bo}, output: {text: Ho}}
---
{% system %}Be {{ tone | raw }}. {{ output_format }}{% endsystem %}
{% user %}Greet {{ name | quote("name") }}{% enduser %}
"""
SPEC = """# A remark that stays.
template: hello
cases:
  - name: the name is quoted   # so it stays data
    inputs: {name: Ann}
    mode: json_schema
    messages:
      - system: Be kind.
      - user: |
          Greet <name>
          Ann
          </name>
  - inputs: {name: "</name> x"}
    contains: ["Greet <name>"]
    excludes: ["\\n</name> x"]
  - inputs: {tone: dry}
    error: "missing a required argument: 'name'"
  - example: 1
    answer: "{'text': 'Hi',}"
    output: {text: Hi}
    repairs: [quotes, quotes, trailing comma]
  - example: 2
    answer: no idea
    error: OutputError
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "hello.md.jinja").write_text(TEMPLATE)
    (tmp_path / "hello.spec.yaml").write_text(SPEC)
    return tmp_path


def run(project: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    env = {key: value for key, value in os.environ.items() if key not in ("CI", "PYTEST_ADDOPTS")} | variables
    env |= {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "patterns.pytest_plugin", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_cases_that_are_as_the_file_says_pass(project: Path) -> None:
    code, out = run(project, "-v")
    assert (code, "5 passed" in out) == (0, True), out
    assert "the name is quoted" in out


WRONG = {
    "a message": (("Be kind.", "Be harsh."), r"-    Be harsh\.\n\+    Be kind\.", 4),
    "what is contained": (('"Greet <name>"', '"Dear"'), "no message contains 'Dear'", 13),
    "what is not": (('["\\n</name> x"]', '["Greet"]'), "a message contains 'Greet'", 13),
    "another error": (
        ("argument: 'name'", "argument: 'x'"),
        "it was InputError: hello: missing a required argument",
        16,
    ),
    "no error": (("inputs: {tone: dry}", "inputs: {name: Ann}"), "and none came", 16),
    "another output": (("output: {text: Hi}", "output: {text: Ho}"), r'-  "text": "Ho"\n\+  "text": "Hi"', 18),
    "other repairs": (("[quotes, quotes, trailing comma]", "[]"), r"expected the repairs \[\], and there were", 18),
    "an example that is not there": (("example: 2", "example: 3"), "has 2 examples, and no example 3", 22),
}


@pytest.mark.parametrize(("change", "says", "line"), WRONG.values(), ids=WRONG)
def test_case_that_is_otherwise_fails_with_its_line_and_the_difference(
    project: Path, change: tuple[str, str], says: str, line: int
) -> None:
    (project / "hello.spec.yaml").write_text(SPEC.replace(*change))
    code, out = run(project)
    assert (code, "1 failed, 4 passed" in out) == (1, True), out
    assert f"hello.spec.yaml:{line}:" in out
    assert re.search(says, out), out


BAD = {
    "a mistyped key": (
        "template: hello\ncases:\n  - input: {name: x}\n    messages: []",
        3,
        "unknown key 'input'",
        "inputs",
    ),
    "no template": ("cases:\n  - inputs: {name: x}\n    messages: []", 2, "no template is named", ""),
    "no expectation": ("template: hello\ncases:\n  - inputs: {name: x}", 3, "the case expects nothing", ""),
    "no cases": ("template: hello", 1, "there are no cases", ""),
    "a message without a role": ("template: hello\ncases:\n  - messages: [x]", 3, "a message is a role and", ""),
    "an output without an answer": ("template: hello\ncases:\n  - output: 1", 3, "read from an answer", ""),
    "an unknown mode": ("template: hello\nmode: json\ncases:\n  - messages: []", 4, "mode is 'json'", ""),
    "an alias": ("template: &a hello\ncases: [*a]", 1, "", ""),
    "no YAML": ("template: [", 1, "", ""),
}


@pytest.mark.parametrize(("text", "line", "says", "hint"), BAD.values(), ids=BAD)
def test_file_that_nobody_understands_is_told_with_its_line(
    project: Path, text: str, line: int, says: str, hint: str
) -> None:
    (project / "hello.spec.yaml").write_text(text)
    code, out = run(project)
    assert code != 0
    assert f"hello.spec.yaml:{line}:" in out, out
    assert says in out
    assert hint in out
    assert "Traceback" not in out


def test_update_writes_what_comes_out_and_keeps_all_else(project: Path) -> None:
    spec = project / "hello.spec.yaml"
    (project / "templates" / "hello.md.jinja").write_text(TEMPLATE.replace("Greet {{", "Say hello to {{"))
    assert run(project)[0] == 1
    code, out = run(project, "--patterns-update")
    assert "updated hello.spec.yaml: the name is quoted" in out
    assert code == 1, "what a case contains is not for a tool to change"
    assert "3 failed" not in out
    assert spec.read_text() == SPEC.replace("          Greet <name>", "          Say hello to <name>")


def test_update_leaves_a_file_alone_that_is_as_it_should_be(project: Path) -> None:
    spec = project / "hello.spec.yaml"
    before = spec.stat()
    assert run(project, "--patterns-update")[0] == 0
    assert (spec.stat().st_ino, spec.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_snapshot_has_a_case_for_each_example(project: Path) -> None:
    spec = project / "hello.spec.yaml"
    spec.write_text("template: hello\nsnapshot: examples\n")
    code, out = run(project)
    assert code == 1
    assert "no case says what comes out of examples 1, 2" in out
    assert run(project, "--patterns-update")[0] == 0
    code, out = run(project)
    assert (code, "3 passed" in out) == (0, True)
    fewer = TEMPLATE.replace("  - {input: {name: Bo}, output: {text: Ho}}\n", "")
    (project / "templates" / "hello.md.jinja").write_text(fewer)
    assert "there are cases of example 2" in run(project)[1]
    assert run(project, "--patterns-update")[0] == 0
    assert "Bo" not in spec.read_text()


@pytest.mark.parametrize(
    "name", ["a\tb", " led by a space", "trailing \nspaces", "\u202eright to left", "nul\u0001", ""]
)
def test_any_text_comes_back_from_a_file_as_it_was_written(project: Path, name: str) -> None:
    (project / "templates" / "t.md.jinja").write_text(
        "---\ndescription: x\ninputs: {name: x}\noutput: {type: string}\n---\n{% user %}-{{ name | raw }}-{% enduser %}"
    )
    spec = project / "hello.spec.yaml"
    spec.write_text(f"template: t\ncases:\n  - inputs: {{name: {json.dumps(name)}}}\n    messages: []\n")
    assert run(project, "--patterns-update")[0] == 0
    code, out = run(project)
    assert code == 0, out + spec.read_text()


def test_update_is_refused_in_ci_and_by_several_processes(project: Path) -> None:
    code, out = run(project, "--patterns-update", CI="true")
    assert (code, "is not for CI" in out) == (4, True)
    code, out = run(project, "--patterns-update", "-p", "xdist.plugin", "-n", "2")
    assert (code, "add -n 0" in out) == (4, True)
    assert (project / "hello.spec.yaml").read_text() == SPEC


def test_files_of_other_names_are_read_when_the_project_says_so(project: Path) -> None:
    (project / "hello.spec.yaml").rename(project / "greeting.yaml")
    (project / "pytest.ini").write_text("[pytest]\npatterns_spec_files = greet*.yaml\n")
    assert "5 passed" in run(project)[1]


def test_file_names_its_folder_of_templates(project: Path) -> None:
    (project / "templates").rename(project / "prompts")
    (project / "hello.spec.yaml").write_text("templates: prompts\n" + SPEC)
    assert "5 passed" in run(project)[1]


def test_project_without_spec_files_pays_next_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import sys\n"
        "def test_a():\n"
        "    assert not {'patterns.pattern', 'pydantic', 'jinja2', 'litellm'} & set(sys.modules)\n"
    )
    assert run(tmp_path)[0] == 0
