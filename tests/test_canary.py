"""A key goes every way that there is, and is found in nothing that is left behind."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.canary.search import leaks
from tests.faultserver import FaultServer
from tests.faultserver.faults import SECRET

KEYS = {
    "OPENAI_API_KEY": SECRET,
    "ANTHROPIC_API_KEY": "sk-ant-CANARY-anthropic-0123456789",
    "CANARY_PLAIN": "CANARY-plain-without-a-shape",
    "CANARY_OPAQUE": "CANARYopaque+/=0123",
}
"""The last two look like no key, and the names of their variables do not say that they are."""


def gone(folder: Path, faults: FaultServer) -> subprocess.CompletedProcess[bytes]:
    keep = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    env = {
        **keep,
        **KEYS,
        "PATTERNS_DATA_DIR": str(folder / "data"),
        "PATTERNS_CACHE_DIR": str(folder / "cache-dir"),
        "PYTHONFAULTHANDLER": "1",
    }
    words = [sys.executable, "-m", "tests.canary.ways", faults.api_base, faults.root, str(folder)]
    with open(folder / "stdout.txt", "wb") as out, open(folder / "stderr.txt", "wb") as err:
        return subprocess.run(words, stdout=out, stderr=err, env=env, timeout=280)


@pytest.fixture(scope="module")
def server(_fault_server: FaultServer) -> FaultServer:
    return _fault_server


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, server: FaultServer) -> Path:
    """What a program leaves behind that goes every way, with all that can be turned on."""
    server.reset()
    folder = tmp_path_factory.mktemp("left")
    done = gone(folder, server)
    assert done.returncode == 0, (folder / "stderr.txt").read_text()[-3000:]
    return folder


def test_no_key_is_left_behind(left: Path) -> None:
    assert leaks(left) == []


def test_the_keys_were_there_to_be_found(left: Path, server: FaultServer) -> None:
    """Else the search would prove nothing: each key was sent, and each kind of thing was left behind."""
    sent = {str(call.headers.get("authorization") or call.headers.get("x-api-key")) for _, call in server.log}
    for key in KEYS.values():
        assert any(key in each for each in sent), key
    assert "[redacted]" in (left / "log.txt").read_text()
    names = set(next(left.glob("*-names.txt")).read_text().split())
    assert names >= {"error.pickle", "error.traceback.txt", "result.pickle", "events.txt", "spans.json", "keys.txt"}
    for path in ("usage.sqlite", "cache/answers.sqlite", "budget.sqlite", "tape.jsonl"):
        assert (left / path).stat().st_size > 0
    log = (left / "log.txt").read_text()
    assert "patterns.content" in log
    assert "Who is Jo?" in log


@pytest.mark.parametrize(
    "content",
    [
        SECRET.encode(),
        SECRET.encode("utf-16-le"),
        SECRET[::-1].encode(),
        SECRET.encode().hex().encode(),
        base64.b64encode(SECRET.encode()),
        base64.b64encode(b"x" + SECRET.encode()),
        base64.b64encode(b"xy" + SECRET.encode()),
        json.dumps({"key": SECRET.replace("C", "\\u0043")}).replace("\\\\", "\\").encode(),
    ],
)
def test_the_search_finds_what_is_there(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "left.json").write_bytes(b"some text before " * (b"{" not in content) + content)
    assert leaks(tmp_path)


NOTEBOOK = """
from patterns import Pattern, configure
from pathlib import Path
Path("yes.md.jinja").write_text("---\\ninputs: {text: Any.}\\n---\\n{% user %}{{ text }}{% enduser %}\\n")
configure(templates=(Path("."),))
asking = Pattern("yes", output=dict, model="openai/MODEL", api_base="BASE", retries=0, reasks=0)
asking
%xmode Verbose
"""


def test_no_key_is_in_a_notebook(tmp_path: Path, faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a notebook shows the local variables of every frame of an error."""
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.v4.new_notebook()
    setting_up = NOTEBOOK.replace("BASE", faults.api_base)
    for model in ("echo401", "ok"):
        cells = [setting_up.replace("MODEL", model), "asking.run('x')", "asking('x')", "list(asking.stream('x'))"]
        notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}
    )
    executed = client.execute()
    outputs = [output for cell in executed.cells for output in cell.outputs]
    errors = [output for output in outputs if output.output_type == "error"]
    assert len(errors) == 3
    assert {error.ename for error in errors} == {"AuthenticationError"}
    shown = re.sub(r"\x1b\[[\d;]*m", "", "\n".join("\n".join(error.traceback) for error in errors))
    assert "asking = <patterns.model.asking.Asking object" in shown
    nbformat.write(executed, tmp_path / "executed.ipynb")
    assert leaks(tmp_path) == []


def test_no_key_is_in_what_the_command_prints(tmp_path: Path, faults: FaultServer) -> None:
    (tmp_path / "yes.md.jinja").write_text("---\ninputs: {text: Any.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    env = {**os.environ, **KEYS, "PATTERNS_TEMPLATES": str(tmp_path), "PATTERNS_LOG": "debug"}
    env |= {"PATTERNS_LOG_CONTENT": "1", "PATTERNS_DATA_DIR": str(tmp_path / "data")}
    commands = [
        [
            "run",
            "yes",
            "-s",
            "ok bool",
            "-i",
            "text=x",
            "-m",
            f"openai/{model}",
            "-o",
            f"api_base={faults.api_base}",
            *json_too,
        ]
        for model in ("echo401", "ok", "500x1")
        for json_too in ([], ["--json"])
    ]
    commands += [["doctor"], ["doctor", "--json"], ["usage"], ["usage", "--json"], ["cache", "stats"]]
    for number, command in enumerate(commands):
        done = subprocess.run([sys.executable, "-m", "patterns", *command], capture_output=True, env=env, timeout=60)
        (tmp_path / f"{number}.out").write_bytes(done.stdout)
        (tmp_path / f"{number}.err").write_bytes(done.stderr)
        assert done.returncode in (0, 3), done.stderr
    assert leaks(tmp_path) == []
