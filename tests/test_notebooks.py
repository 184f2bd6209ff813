"""The notebooks run from top to bottom in a real kernel, without a key, and show what they promise."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def executed(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    for name in [name for name in os.environ if name.endswith("_API_KEY") or name == "PATTERNS_MODEL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATTERNS_OFFLINE", "1")
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    return client.execute()


def html_of(notebook: nbformat.NotebookNode) -> str:
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    return "\n".join(o.data.get("text/html", "") for o in outputs if "data" in o)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_in_a_real_kernel(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(path, tmp_path, monkeypatch)
    assert all(o.output_type != "error" for cell in notebook.cells for o in cell.get("outputs", []))


def test_the_first_notebook_draws_values_with_their_mends_folded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = html_of(executed(ROOT / "notebooks" / "01_first_patterns.ipynb", tmp_path, monkeypatch))
    assert "<table" in page
    assert "where it stands" in page
    assert "mends</summary>" in page
    assert "<script" not in page


def test_the_notebooks_are_kept_without_outputs_and_paths() -> None:
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        assert str(ROOT.parent) not in text
        notebook = nbformat.read(path, as_version=4)
        assert [c for c in notebook.cells if c.cell_type == "code" and (c.outputs or c.execution_count)] == []
