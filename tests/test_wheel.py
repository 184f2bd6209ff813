"""The wheel works on its own: in an empty environment, from another folder, with its templates inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.jinja"))


def _run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None, stdin: str = "") -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, input=stdin, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, cwd=ROOT)
    return next(out.glob("*.whl"))


def test_every_template_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert TEMPLATES
    assert [t for t in TEMPLATES if f"patterns/{t}" not in names] == []
    assert "patterns/py.typed" in names
    assert not [n for n in names if n.startswith(("tests/", "benchmarks/", "notebooks/"))]


@pytest.mark.slow
def test_the_wheel_answers_in_an_empty_environment_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = (
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--constraint",
        ROOT / "constraints.txt",
    )
    _run(python, *install, wheel, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PATTERNS_OFFLINE": "1"}
    command = tmp_path / "env" / "bin" / "patterns"
    out = _run(
        command,
        "extract",
        "--schema",
        "invoice, total float",
        "--json",
        cwd=elsewhere,
        env=env,
        stdin="Invoice: A-17\nTotal: 40.00 EUR\n",
    )
    assert json.loads(out)["output"] == {"invoice": "A-17", "total": 40.0}
    code = "import patterns as p; print(p.__file__); print(p.classify_sentiment('I love it, it is wonderful.').label)"
    where, label = _run(python, "-c", code, cwd=elsewhere, env=env).split()
    assert where.startswith(str(tmp_path))
    assert label == "positive"
