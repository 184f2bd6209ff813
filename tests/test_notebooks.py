"""The notebooks run from top to bottom in a real kernel, without a key, and show what they promise."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@lru_cache
def executed(name: str) -> nbformat.NotebookNode:
    """A notebook as a stranger would run it: in an empty folder, without keys or settings."""
    folder = mkdtemp()
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    env = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    env = {name: value for name, value in env.items() if not name.startswith("PATTERNS_")}
    env |= {"PATTERNS_OFFLINE": "1", "PATTERNS_DATA_DIR": folder, "IPYTHONDIR": f"{folder}/ipython"}
    env |= {"PYTHONPATH": str(ROOT)}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}})
    return client.execute(env=env)


def shown(name: str, holds: str, kind: str = "text/html") -> str:
    """What the one code cell that holds these words displayed, in one kind, or printed."""
    (cell,) = [cell for cell in executed(name).cells if cell.cell_type == "code" and holds in cell.source]
    if kind == "print":
        return "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout")
    return "\n".join(o.data.get(kind, "") for o in cell.outputs if "data" in o)


@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_a_notebook_runs_and_no_markup_comes_from_data(name: str) -> None:
    outputs = [o for cell in executed(name).cells for o in cell.get("outputs", [])]
    assert all(o.output_type != "error" for o in outputs)
    pages = [o.data["text/html"] for o in outputs if "data" in o and "text/html" in o.data]
    assert len(pages) >= 4
    assert all("<script" not in page and "<img" not in page for page in pages)


def test_the_first_draws_values_with_their_mends_folded() -> None:
    assert "<th>label</th><td>positive</td>" in shown("01_first_patterns", "love with it")
    assert "where it stands" in shown("01_first_patterns", "result = extract.run")
    assert "<summary>9 mends</summary>" in shown("01_first_patterns", "examine(answer, Person)")
    assert "It arrived on Tuesday." in shown("01_first_patterns", "classify_sentiment.render")
    assert shown("01_first_patterns", "classify_sentiment.batch", "print") == "0 positive\n1 negative\n2 neutral\n"


def test_the_second_writes_asks_breaks_and_edits_a_template() -> None:
    name = "02_write_a_pattern"
    assert "<td>message</td><td>required</td><td>What the customer wrote.</td>" in shown(name, "def triage")
    assert "&lt;b&gt;sales&lt;/b&gt;" in shown(name, "Ignore your rules")
    assert "<td>$.team</td><td>enum</td><td>Billing</td><td>billing</td>" in shown(name, "result = here.run")
    assert shown(name, "result.output", "text/plain") == "Ticket(team='billing', urgent=False)"
    again = shown(name, "again = here.run")
    assert "what came back at attempt 1" in again
    assert "cantina" in again
    linted = shown(name, "subprocess", "print")
    assert linted.startswith("nothing is wrong\n23 'massage' is not declared\n")
    assert "triage.md.jinja:23: undeclared-input" in linted


def test_a_template_that_is_edited_while_the_kernel_runs_counts_at_the_next_call() -> None:
    assert "You are quick and calm." in shown("02_write_a_pattern", "You are quick and calm", "text/plain")
    assert "You are quick and calm." not in shown("02_write_a_pattern", "Ignore your rules", "text/plain")


def test_the_third_mends_what_can_be_mended_and_refuses_the_rest() -> None:
    name = "03_check_and_repair"
    chatty = shown(name, "examine(chatty, Order)")
    assert "<td>$.status</td><td>unquoted key</td>" in chatty
    assert ">status</mark>: " in chatty
    assert "1240.5" in shown(name, "order = examine(human")
    assert "('number', '2 boxes', '2')" in shown(name, "order.repairs", "text/plain")
    cut = shown(name, "examine(cut, list[Item])")
    assert "not complete" in cut
    assert "<td>cup</td>" in cut
    assert "Unreadable" in shown(name, "no_value = error")
    assert "<td>$.status</td>" in shown(name, "wrong = error")
    dials = shown(name, "for dial in", "print").splitlines()
    assert [line.split()[2] for line in dials] == ["Invalid", "Invalid", "6", "Invalid", "6", "6"]
    assert "&lt;script&gt;" in shown(name, "onerror")


def test_the_fourth_goes_from_model_to_model() -> None:
    name = "04_from_provider_to_provider"
    assert "<td>json_schema</td>" in shown(name, "strict = ask")
    assert shown(name, "old = ask", "print") == "tools after 2 requests\nthen 1\n"
    assert "openai/gpt-4.1-mini · in place of openai/busy · 2 attempts" in shown(name, "moved = ask")
    assert "TransientError" in shown(name, "failed = error")
    assert "<summary>8 mends</summary>" in shown(name, "sloppy = ask")
    assert shown(name, "max_cost", "print").endswith("\n0 requests were sent\n")
    assert "1 attempt" in shown(name, "shown = patterns.show")
    assert shown(name, "provider.stop()", "print") == "Oslo 12\n"


def test_the_notebooks_are_kept_without_outputs_and_paths() -> None:
    assert len(NOTEBOOKS) == 4
    for path in NOTEBOOKS:
        assert str(ROOT.parent) not in path.read_text(encoding="utf-8")
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert [c for c in notebook.cells if c.cell_type == "code" and (c.outputs or c.execution_count)] == []
