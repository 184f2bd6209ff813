"""`show`: a stream grows in one place, and ends with its story."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import nbformat
import pytest
from nbclient import NotebookClient

import patterns
from patterns import OutputError, extract
from patterns.setup import Changes
from patterns.testing import FakeModel
from tests.faultserver import FaultServer

ANSWER = '{"name": "Jo", "skills": ["tea", "chess"]}'


def test_a_stream_gives_its_last_value_and_its_result(
    here: Changes, faults: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    faults.script([ANSWER])
    shown = patterns.show(extract.with_options(**here).into("name, skills list[str]").stream("…"))
    assert shown.output.skills == ["tea", "chess"]
    assert shown.result is not None
    assert shown.result.output == shown.output
    told = capsys.readouterr().out
    assert told.count("chess") == 1
    assert "1 attempt" in told


async def test_a_stream_on_the_loop_is_awaited(
    here: Changes, faults: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    faults.script([ANSWER])
    shown = await patterns.show(extract.with_options(**here).into("name, skills list[str]").astream("…"))
    assert shown.output.name == "Jo"
    assert shown.result is not None
    assert "chess" in capsys.readouterr().out


def test_items_are_gathered(capsys: pytest.CaptureFixture[str]) -> None:
    with FakeModel(['[{"n": 1}, {"n": 2}]']):
        shown = patterns.show(extract.into(list[dict[str, int]]).stream_items("…"), gather=True)
    assert shown.output == [{"n": 1}, {"n": 2}]
    assert shown.result is not None
    assert "1 attempt" in capsys.readouterr().out


def test_a_stream_that_breaks_leaves_what_had_come(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Iterator[str]:
        yield "the first"
        yield "the second"
        raise OutputError("no more")

    with pytest.raises(OutputError, match="no more"):
        patterns.show(broken())
    assert capsys.readouterr().out == "the second\n"


async def test_an_async_stream_that_breaks_leaves_what_had_come(capsys: pytest.CaptureFixture[str]) -> None:
    async def broken() -> AsyncIterator[str]:
        yield "the first"
        raise OutputError("no more")

    with pytest.raises(OutputError, match="no more"):
        await patterns.show(broken())
    assert capsys.readouterr().out == "the first\n"


def test_any_other_value_is_drawn_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert patterns.show([{"n": 1}, {"n": 2}]).output == [{"n": 1}, {"n": 2}]
    assert capsys.readouterr().out.split() == ["n", "1", "2"]


def test_on_a_screen_the_value_grows_in_its_place() -> None:
    code = (
        "import time, patterns\n"
        "def slow():\n    for n in range(4):\n        yield {'n': n}\n        time.sleep(0.15)\n"
        "patterns.show(slow())\n"
    )
    ours, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80"}
    done = subprocess.Popen([sys.executable, "-c", code], stdout=theirs, stdin=theirs, stderr=subprocess.PIPE, env=env)
    os.close(theirs)
    screen = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end has closed
            break
        screen += piece
    assert done.wait(20) == 0
    assert b"\x1b[2K" in screen  # a line was wiped, to be written again
    assert all(f"{n}".encode() in screen for n in range(4))


def test_in_a_notebook_one_output_is_updated_at_a_bounded_rate() -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(
            "import time, patterns\n"
            "def many():\n    for n in range(300):\n        yield {'n': n, 'text': '<script>alert(1)</script>'}\n"
            "        time.sleep(0.002)\n"
            "patterns.show(many())"
        )
    ]
    client = Counting(notebook, timeout=60, kernel_name="python3")
    (output,) = client.execute().cells[0].outputs
    assert output.output_type == "display_data"
    assert "<td>299</td>" in output.data["text/html"]
    assert "<script" not in output.data["text/html"]
    assert "n: 299" in output.data["text/plain"]
    assert 2 <= client.updates <= 20


class Counting(NotebookClient):
    """Counts how often an output that is there already was drawn anew."""

    updates = 0

    def process_message(self, msg: dict[str, object], cell: object, cell_index: int) -> object:
        self.updates += msg["msg_type"] == "update_display_data"
        return super().process_message(msg, cell, cell_index)  # type: ignore[arg-type]
