"""The command in a real process: what it prints, where, and the code it ends with."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faultserver import FaultServer
from tests.media import pdf, png

ROOT = Path(__file__).resolve().parents[1]
KEY = "sk-nobody-0123456789abcdef"
INVOICE = "Invoice no.: A-17\nDue: 2 May 2026\nTotal: 40.00 EUR\n"


def patterns(*words: str, stdin: str = "", cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    keep = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "PATTERNS_DATA_DIR", "PATTERNS_CACHE_DIR")
        if name in os.environ
    }
    return subprocess.run(
        [sys.executable, "-m", "patterns", *words],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        # From any folder it is this checkout that is tried, not one that happens to be installed.
        env={**keep, "PYTHONPATH": str(ROOT), "PATTERNS_OFFLINE": "1", "COLUMNS": "200", **env},
        timeout=60,
    )


def test_extract_reads_stdin_and_prints_lines_for_a_person() -> None:
    done = patterns("extract", "--schema", "invoice_number, total float", stdin=INVOICE)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "invoice_number: A-17\ntotal: 40.0\n"
    assert "rules answers" in done.stderr


def test_extract_prints_one_json_line_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(INVOICE)
    (tmp_path / "b.txt").write_text(INVOICE.replace("40", "50"))
    done = patterns("extract", "-s", "total float", "--json", "a.txt", "b.txt", cwd=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["output"] for line in lines] == [{"total": 40.0}, {"total": 50.0}]
    source = lines[0]["sources"][0]
    assert INVOICE[source["start"] : source["end"]] == source["text"]


def test_a_schema_may_be_a_file_or_a_python_type(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"type": "object", "properties": {"total": {"type": "number"}}}')
    (tmp_path / "shapes.py").write_text("from pydantic import BaseModel\nclass Bill(BaseModel):\n    total: float\n")
    for schema in ("s.json", "shapes:Bill"):
        done = patterns("extract", "-s", schema, "--json", stdin=INVOICE, cwd=tmp_path)
        assert json.loads(done.stdout)["output"] == {"total": 40.0}, done.stderr


def test_run_takes_inputs_by_name_from_files_and_from_stdin(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("I love it, it is wonderful.")
    by_name = patterns("run", "few_shot/sentiment", "-i", "text=I love it, it is wonderful.", "--json")
    by_file = patterns("run", "few_shot/sentiment", "-i", "text=@t.txt", "--json", cwd=tmp_path)
    by_stdin = patterns("run", "few_shot/sentiment", "--json", stdin="I love it, it is wonderful.")
    assert by_name.stdout == by_file.stdout == by_stdin.stdout
    assert json.loads(by_name.stdout)["output"]["label"] == "positive"


def test_run_asks_a_real_model(faults: FaultServer) -> None:
    faults.script(['{"label": "negative", "confidence": 0.9}'])
    done = patterns(
        "run",
        "few_shot/sentiment",
        *("-m", "openai/gpt-4.1-mini", "-o", f"api_base={faults.api_base}", "--json"),
        stdin="It broke again.",
        OPENAI_API_KEY="sk-nobody-0123456789abcdef",
    )
    assert json.loads(done.stdout)["output"] == {"label": "negative", "confidence": 0.9}, done.stderr
    assert json.loads(done.stdout)["cost"] > 0
    assert faults.paid == 1


def test_render_shows_the_messages_and_asks_nobody() -> None:
    done = patterns("render", "few_shot/sentiment", "-i", "text=It arrived.", "--json")
    messages = json.loads(done.stdout)
    assert messages[0]["role"] == "system"
    assert messages[-1]["content"].endswith("<text>\nIt arrived.\n</text>")


def test_list_and_show_name_the_templates() -> None:
    names = [each["name"] for each in json.loads(patterns("list", "--json").stdout)]
    assert "few_shot/sentiment" in names
    shown = json.loads(patterns("show", "few_shot/sentiment", "--json").stdout)
    assert shown["examples"] >= 5
    assert "{% system %}" in shown["source"]


def test_doctor_says_which_model_would_answer_and_why() -> None:
    done = patterns("doctor", PATTERNS_OFFLINE="1")
    assert "rules" in done.stdout
    assert done.returncode == 0
    named = patterns("doctor", "--json", PATTERNS_MODEL="openai/gpt-4.1-mini", OPENAI_API_KEY="sk-none")
    assert named.returncode == 0
    assert "openai/gpt-4.1-mini" in next(f["words"] for f in json.loads(named.stdout) if f["topic"] == "model")


ILL = [
    ({"PATTERNS_MODEL": "openai/gpt-4.1-mini"}, "OPENAI_API_KEY"),
    ({"PATTERNS_MODEL": "gpt-4oo"}, "gpt-4o"),
    ({"PATTERNS_TEMPLATES": "/nowhere/at/all"}, "/nowhere/at/all"),
]


@pytest.mark.parametrize(("env", "words"), ILL)
def test_doctor_sees_what_would_fail(env: dict[str, str], words: str) -> None:
    done = patterns("doctor", **env)
    assert "look" in done.stdout
    assert words in done.stdout
    assert done.returncode == 3


def test_read_shows_the_value_on_stdout_and_the_mends_on_stderr() -> None:
    done = patterns(
        "read", "-s", "name, skills list[str]", stdin="Sure:\n```json\n{'Name': 'Jo', skills: 'Python',}\n```"
    )
    assert done.stdout == "name: Jo\nskills:\n  - Python\n"
    assert "candidate 1" in done.stderr
    assert "mended $.skills" in done.stderr


@pytest.mark.parametrize("machine", [(), ("--json",)])
def test_a_value_that_is_cut_off_is_shown_and_ends_with_1(machine: tuple[str, ...]) -> None:
    done = patterns("read", "-s", "name, age int", *machine, stdin='{"name": "Jo", "age": 3')
    assert done.returncode == 1
    assert "Jo" in done.stdout


WRONG = [
    (("extract",), "", 2, "what to extract is not said"),
    (("extract", "-s", "name wat"), "x", 2, "column"),
    (("extract", "-s", "name", "missing.txt"), "", 2, "cannot read missing.txt"),
    (("extract", "-s", "nowhere:Thing"), "x", 2, "cannot import nowhere:Thing"),
    (("run", "few_shot/sentimnt"), "x", 2, "few_shot/sentiment"),
    (("run", "few_shot/sentiment", "-i", "text"), "", 2, "is not name=value"),
    (("run", "few_shot/sentiment", "-o", "temperature=9"), "x", 2, "from 0 to 2"),
    (("extract", "-s", "birth_date date"), "nothing here", 3, "birth_date"),
    (("run", "chain_of_thought/solve"), "2 + 2?", 3, "OPENAI_API_KEY"),
    (("run", "few_shot/sentiment", "-m", "openai/gpt-4.1-mini"), "x", 3, "OPENAI_API_KEY"),
    (("read", "-s", "age int"), "I am sorry, I cannot do that.", 1, ""),
]


@pytest.mark.parametrize(
    ("words", "stdin", "code", "said"),
    WRONG,
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_what_goes_wrong_is_said_with_a_code(words: tuple[str, ...], stdin: str, code: int, said: str) -> None:
    done = patterns(*words, stdin=stdin)
    assert done.returncode == code, done.stderr
    assert done.stderr.count("error:") == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_error_for_machines_is_json_on_stdout() -> None:
    done = patterns("extract", "-s", "birth_date date", "--json", stdin="nothing here")
    told = json.loads(done.stdout)
    assert told["error"] == "NeedsModel"
    assert "birth_date" in told["message"]


def test_an_unreachable_host_ends_with_five_and_no_key(tmp_path: Path) -> None:
    done = patterns(
        "run",
        "few_shot/sentiment",
        *("-m", "openai/gpt-4.1-mini", "-o", "api_base=http://127.0.0.1:9/v1", "-o", "retries=0"),
        stdin="x",
        OPENAI_API_KEY="sk-canary-0123456789abcdef",
    )
    assert done.returncode == 5
    assert "127.0.0.1" in done.stderr
    assert "canary" not in done.stderr + done.stdout


def test_control_characters_of_a_text_never_reach_the_terminal() -> None:
    done = patterns("extract", "-s", "name", stdin="Name: Jo\x1b[31m\x1b]0;owned\x07 Smith\n")
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x07" not in done.stdout + done.stderr


def test_colour_stands_on_a_terminal_only() -> None:
    assert "\x1b[" not in patterns("list").stdout + patterns("doctor").stdout
    screen = on_a_terminal("doctor")
    assert "\x1b[" in screen
    assert "\x1b[" not in on_a_terminal("doctor", NO_COLOR="1").replace("\x1b[?25", "")


def on_a_terminal(*words: str, **env: str) -> str:
    """Run the command with a pseudo-terminal for stdout."""
    leader, follower = pty.openpty()
    keep = {"PATH": os.environ["PATH"], "PATTERNS_OFFLINE": "1", "TERM": "xterm-256color", **env}
    process = subprocess.Popen([sys.executable, "-m", "patterns", *words], stdout=follower, stderr=follower, env=keep)
    os.close(follower)
    seen = b""
    try:
        while piece := os.read(leader, 4096):
            seen += piece
    except OSError:  # the other end has closed
        pass
    process.wait(30)
    os.close(leader)
    return seen.decode()


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m patterns show few_shot/sentiment | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env={**os.environ, "PATTERNS_OFFLINE": "1"}
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_files_that_are_no_text_go_to_the_model_as_what_they_are(faults: FaultServer, tmp_path: Path) -> None:
    (tmp_path / "bill.pdf").write_bytes(pdf())
    (tmp_path / "photo.png").write_bytes(png())
    faults.script(['{"number": 7}'])
    here = ["--model", "openai/gpt-4.1-mini", "-o", f"api_base={faults.api_base}"]
    done = patterns(
        "extract", "--schema", "number int", *here, str(tmp_path / "bill.pdf"), "--json", OPENAI_API_KEY=KEY
    )
    assert json.loads(done.stdout)["output"] == {"number": 7}
    assert [piece["type"] for piece in faults.bodies[0]["messages"][-1]["content"]] == ["text", "file", "text"]
    shown = patterns("render", "few_shot/sentiment", "-i", f"text=@{tmp_path / 'photo.png'}").stdout
    assert "[image/png 71 bytes]" in shown
    assert done.returncode == 0
