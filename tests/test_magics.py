"""`%load_ext patterns` in a real kernel: templates edited, linted and tried in cells, and what was spent."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
GREET = """---
description: Greet somebody.
inputs: {name: Who.}
output: {type: object, properties: {text: {type: string}}, required: [text]}
examples:
  - {input: {name: Ann}, output: {text: Hi}}
---
{% system %}Be kind. {{ output_format }}{% endsystem %}
{% user %}Greet {{ name | quote("name") }}{% enduser %}
"""
BARE = GREET.replace(' | quote("name")', "")
SOURCE = """from patterns.testing import LocalProvider
import patterns
provider = LocalProvider({"gpt-4o-mini": ['{"text": "<b>Hi</b>"}', '{"text": "Ho"}']}).start()
patterns.configure(model="openai/gpt-4o-mini")
import os
os.environ["OPENAI_API_KEY"] = "a-key-of-nobody-0123456789"
os.environ["OPENAI_BASE_URL"] = provider.api_base
"""


def run(folder: Path, *cells: str) -> list[nbformat.NotebookNode]:
    """Run cells in a kernel that stands in an empty folder; give the cells with their outputs."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PATTERNS_", "OPENAI_"))}
    env |= {"PYTHONPATH": str(ROOT), "PATTERNS_DATA_DIR": f"{folder}/data", "IPYTHONDIR": f"{folder}/ipython"}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env=env)
    return list(notebook.cells)


def html(cell: nbformat.NotebookNode) -> str:
    return "\n".join(o.data.get("text/html", "") for o in cell.outputs if "data" in o)


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[nbformat.NotebookNode]:
    folder = tmp_path_factory.mktemp("kernel")
    return run(
        folder,
        "%load_ext patterns\n" + SOURCE,
        "%%template greet\n" + GREET,
        "%%template greet name=</name><script>x\n" + GREET,
        "%%template greet\n" + BARE,
        "%%template greet\n" + GREET.replace("{% endsystem %}", ""),
        "%%template greet name=Bo --run\n" + GREET.replace("Greet {{", "Hail {{"),
        "patterns.Pattern('greet')('Cy')",
        "%patterns",
        "import pathlib\nprint(sorted(str(p) for p in pathlib.Path().rglob('*.jinja')))",
        "%%template greet --save\n" + GREET,
        "%%template ../greet\n" + GREET,
        "print(pathlib.Path('templates/greet.md.jinja').read_text() == " + repr(GREET) + ")",
    )


def test_cell_is_linted_and_its_messages_are_shown_with_the_inputs_of_an_example(
    cells: list[nbformat.NotebookNode],
) -> None:
    assert "no findings" in html(cells[1])
    assert "Ann" in html(cells[1])
    assert "Be kind." in html(cells[1])


def test_inputs_stay_data_and_markup_stays_text(cells: list[nbformat.NotebookNode]) -> None:
    assert "<script>" not in html(cells[2])
    assert "&lt;script&gt;x" in html(cells[2])


def test_findings_name_the_line_of_the_cell(cells: list[nbformat.NotebookNode]) -> None:
    assert "line 10" in html(cells[3])
    assert "bare-input" in html(cells[3])


def test_template_that_does_not_load_shows_its_finding_and_nothing_else(cells: list[nbformat.NotebookNode]) -> None:
    assert "syntax" in html(cells[4])
    assert "Ann" not in html(cells[4])


def test_template_is_run_and_the_kernels_patterns_use_it(cells: list[nbformat.NotebookNode]) -> None:
    assert "&lt;b&gt;Hi&lt;/b&gt;" in html(cells[5])
    assert "Hail" in html(cells[5])
    assert cells[6].outputs[-1].data["text/plain"] == "{'text': 'Ho'}"


def test_status_tells_the_model_and_what_was_spent(cells: list[nbformat.NotebookNode]) -> None:
    told = html(cells[7])
    assert "openai/gpt-4o-mini" in told
    assert "for 2 answers" in told


def test_nothing_is_written_into_the_folder_but_on_request(cells: list[nbformat.NotebookNode]) -> None:
    assert cells[8].outputs[0].text.strip() == "[]"
    assert "saved as templates/greet.md.jinja" in html(cells[9])
    assert cells[11].outputs[0].text.strip() == "True"


def test_name_that_leads_out_is_refused(cells: list[nbformat.NotebookNode]) -> None:
    assert "cannot be the name of a template" in html(cells[10])
