"""Every Python block of the README and of `docs/` runs, and prints what the page says it prints.

A comment `<!-- answers: [...] -->` above a block holds what the model says in it: a JSON list of strings, and of
objects that call functions, `{"name": {"argument": 1}}`. Without one, the block is answered by the rules engine.
Templates that the page shows under `<!-- file: templates/NAME -->` are there.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from patterns.messages import ToolCall
from patterns.settings import layers
from patterns.testing import Answer, FakeModel
from tests.media import pdf, png

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(
    r"(?:<!-- answers: (?P<answers>.*?) -->\n)?```python\n(?P<code>.*?)^```\n(?:\n?```text\n(?P<out>.*?)^```)?",
    re.S | re.M,
)
TEMPLATE = re.compile(r"<!-- file: templates/(?P<name>[\w./-]+) -->\n```jinja\n(?P<text>.*?)^```$", re.S | re.M)


@dataclass(frozen=True)
class Snippet:
    line: int
    code: str
    answers: list[Answer] | None
    out: str | None
    templates: dict[str, str]


def _answer(told: str | dict[str, Any]) -> Answer:
    if isinstance(told, str):
        return told
    return [ToolCall(f"call_{number}", name, given) for number, (name, given) in enumerate(told.items())]


def snippets(page: str) -> list[Snippet]:
    templates = {found["name"]: found["text"] for found in TEMPLATE.finditer(page)}
    return [
        Snippet(
            line=page.count("\n", 0, found.start("code")) + 1,
            code=found["code"],
            answers=list(map(_answer, json.loads(found["answers"]))) if found["answers"] else None,
            out=found["out"],
            templates=templates,
        )
        for found in BLOCK.finditer(page)
    ]


FILES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in FILES}
README = snippets(PAGES["README.md"])
ALL = [pytest.param(each, id=f"{name}:{each.line}") for name, page in PAGES.items() for each in snippets(page)]
TRIAGE = re.findall(r"```jinja\n(.*?)```", PAGES["README.md"], re.S)[0]


def test_there_are_ten_snippets_at_least_and_most_say_what_they_print() -> None:
    assert len(README) >= 10
    assert sum(snippet.out is not None for snippet in README) >= 8


@pytest.mark.parametrize("snippet", ALL)
def test_a_snippet_runs_and_prints_what_it_says(
    snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(layers, "_configured", {})
    (tmp_path / "templates").mkdir()
    for name, text in {"triage.md.jinja": TRIAGE, **snippet.templates}.items():
        (tmp_path / "templates" / name).write_text(text)
    (tmp_path / "invoice.png").write_bytes(png())
    (tmp_path / "report.pdf").write_bytes(pdf())
    monkeypatch.setenv("PATTERNS_OFFLINE", "1")
    monkeypatch.delenv("PATTERNS_MODEL", raising=False)
    printed = io.StringIO()
    model = FakeModel(snippet.answers) if snippet.answers is not None else contextlib.nullcontext()
    code = compile(snippet.code, f"page:{snippet.line}", "exec", dont_inherit=True)
    with model, contextlib.redirect_stdout(printed):
        exec(code, {"__name__": "readme"})
    if snippet.out is not None:
        assert printed.getvalue() == snippet.out
