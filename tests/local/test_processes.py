"""What a process does that holds a model: it starts without, it ends while one writes, it forks, it lacks the extra."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.asking import name

ROOT = Path(__file__).resolve().parents[2]
BEGIN = """
import os, sys, threading, time
from patterns import complete
MODEL = sys.argv[1]
def ask(**options):
    try:
        return complete.with_options(model=MODEL, reasks=0, retries=0, **options).run("Hello!").text
    except Exception as error:
        return type(error).__name__
LONG = {"max_tokens": 100_000, "extra": {"ignore_eos": True}}
"""


def ran(script: str, model: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", BEGIN + script, model]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, check=False)


def told(script: str, model: str) -> list[str]:
    """What a script prints; it must end well, and llama.cpp must not have written a word."""
    done = ran(script, model)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.split()


def test_the_library_is_imported_by_the_first_call_alone(models: Path) -> None:
    script = """
print("xllamacpp" in sys.modules)
ask(max_tokens=3)
print("xllamacpp" in sys.modules, "litellm" in sys.modules)
"""
    assert told(script, name(models)) == ["False", "True", "False"]


def test_without_the_extra_the_error_says_what_to_install(models: Path) -> None:
    script = """
sys.modules["xllamacpp"] = None
from patterns import ExtraMissing
try:
    complete.with_options(model=MODEL)("Hello!")
except ExtraMissing as error:
    print(error.extra, error.hint, sep="|")
"""
    assert " ".join(told(script, name(models))) == "local|pip install 'prompt-patterns[local]'"


@pytest.mark.parametrize("how", ["", "sys.exit(0)"])
def test_a_program_may_end_while_a_model_writes(how: str, models: Path) -> None:
    script = f"""
threading.Thread(target=ask, kwargs=LONG, daemon=True).start()
time.sleep(1.0)
print("end")
{how}
"""
    assert told(script, name(models, context=100_000)) == ["end"]


def test_an_interrupt_stops_the_writing_and_is_the_callers(models: Path) -> None:
    script = """
import signal
ask(max_tokens=1)
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    complete.with_options(model=MODEL, **LONG)("Hello!")
except KeyboardInterrupt:
    print("interrupted")
print(ask(max_tokens=3))
"""
    assert told(script, name(models, context=100_000)) == ["interrupted", "Truncated"]


FORKED = """
import warnings; warnings.simplefilter("ignore")
from patterns import complete
if (child := os.fork()) == 0:
    try:
        complete.with_options(model=MODEL)("Hello!")
    except Exception as error:
        print(type(error).__name__, "spawn" in error.hint, flush=True)
    sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_is_told_to_be_spawned_and_the_parent_goes_on(models: Path) -> None:
    script = f"ask(max_tokens=3)\n{FORKED}\nprint(ask(max_tokens=3))"
    assert told(script, name(models)) == ["ModelError", "True", "3", "Truncated"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_while_a_model_writes_harms_neither(models: Path) -> None:
    script = f"threading.Thread(target=ask, kwargs=LONG, daemon=True).start()\ntime.sleep(1.0)\n{FORKED}"
    assert told(script, name(models, context=100_000)) == ["ModelError", "True", "3"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_that_is_forked_before_loads_a_model_of_its_own(models: Path) -> None:
    script = """
import warnings; warnings.simplefilter("ignore")
if (child := os.fork()) == 0:
    print(ask(max_tokens=3), flush=True)
    sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), ask(max_tokens=3))
"""
    assert told(script, name(models)) == ["Truncated", "3", "Truncated"]


def test_llama_cpp_says_why_a_file_cannot_be_loaded_when_asked(models: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.gguf").write_bytes((models / "tiny.gguf").read_bytes()[:1000])
    assert told("print(ask())", name(tmp_path, "cut")) == ["UnknownModel"]
    assert "error loading model" in ran("print(ask())", name(tmp_path, "cut", verbosity=1)).stderr


def test_a_model_may_be_unloaded_as_soon_as_it_is_loaded(models: Path) -> None:
    script = """
from patterns.model.local.engine import Engine
from patterns.model.local.weights import weights_of
for _ in range(100):
    Engine(weights_of(MODEL)).close()
print("done")
"""
    assert told(script, name(models)) == ["done"]
