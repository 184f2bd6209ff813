"""Languages whose own tool can parse without running: it is called with the source, and a deadline."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patterns.sandbox.findings import Finding

SECONDS = 10.0
"""How long a tool may take."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A command that parses a source and says by its exit code whether it could.

    `place` finds the line and the message in what it prints. Only commands that parse belong here: `perl -c`, for
    one, runs BEGIN blocks, and a C compiler reads any file that the source includes.
    """

    command: tuple[str, ...]
    place: re.Pattern[str]
    suffixes: tuple[str, ...] = ("",)
    """The source is handed over in a file that ends so, each in turn until one passes; `""` for standard input."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a tool said: nothing, or its finding."""

    by: str
    finding: Finding | None = None


TOOLS: Mapping[str, Tool] = {
    # A module is read more strictly than a script: what passes as either is JavaScript.
    "javascript": Tool(
        ("node", "--check"),
        re.compile(r":(?P<line>\d+)\n[\s\S]*?^(?P<what>SyntaxError: .*)$", re.MULTILINE),
        (".mjs", ".cjs"),
    ),
    "bash": Tool(("bash", "--norc", "--noprofile", "-n"), re.compile(r"line (?P<line>\d+): (?P<what>.*)")),
    "php": Tool(
        ("php", "-n", "-l"), re.compile(r"(?P<what>PHP Parse error: .*|Parse error: .*) on line (?P<line>\d+)")
    ),
    "lua": Tool(("luac", "-p", "-"), re.compile(r"stdin:(?P<line>\d+): (?P<what>.*)")),
    "go": Tool(("gofmt", "-e"), re.compile(r":(?P<line>\d+):\d+: (?P<what>.*)")),
}


def check_with_tool(language: str, source: str) -> Verdict | None:
    """Ask the tool of a language; None where it is not installed or did not come to an end."""
    tool = TOOLS[language]
    program = shutil.which(tool.command[0])
    if program is None:
        return None
    complaint = ""
    try:
        for suffix in tool.suffixes:
            said = _complaint(tool, program, source, suffix)
            if said is None:
                return Verdict(" ".join(tool.command))
            complaint = complaint or said
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Verdict(" ".join(tool.command), _finding(tool, complaint))


def _finding(tool: Tool, complaint: str) -> Finding:
    found = tool.place.search(complaint)
    if found:
        return Finding(found["what"].strip()[:300], int(found["line"]))
    return Finding(complaint.strip().partition("\n")[0][:300] or "not well-formed")


def _complaint(tool: Tool, program: str, source: str, suffix: str) -> str | None:
    """Run a tool in an empty folder and a bare environment, and give what it says; None when it is content."""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        command = [program, *tool.command[1:]]
        text = source.encode("utf-8", "replace")
        if suffix:
            path = Path(folder, f"answer{suffix}")
            path.write_bytes(text)
            command.append(str(path))
        ran = subprocess.run(
            command,
            input=b"" if suffix else text,
            capture_output=True,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "LC_ALL": "C"},
            timeout=SECONDS,
            check=False,
        )
    return None if ran.returncode == 0 else (ran.stderr or ran.stdout).decode("utf-8", "replace") or "not well-formed"
