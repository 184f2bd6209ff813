"""What the command makes of hostile text, odd locales and broken types: words and a code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli import ROOT, patterns

ESCAPES = "\x1b]0;title\x07 \x1b[2J \x9b2J \u202e \u2066 [red]x[/red] {{ 7 * 7 }}"


def _bytes(*words: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "PATTERNS_DATA_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "patterns", *words],
        input=stdin,
        capture_output=True,
        env={**keep, "PYTHONPATH": str(ROOT), "PATTERNS_OFFLINE": "1", **env},
        timeout=60,
    )


def _harmless(text: str) -> None:
    assert not {"\x1b", "\x9b", "\x07", "\u202e", "\u2066", "\r"} & set(text)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    "words", [("render", "few_shot/sentiment", "-i", "text=x"), ("list",), ("--help",), ("wrong",)]
)
def test_a_narrow_encoding_ends_no_command(words: tuple[str, ...], encoding: str) -> None:
    done = _bytes(*words, PYTHONIOENCODING=encoding)
    assert b"Traceback" not in done.stderr
    assert done.returncode == (2 if words == ("wrong",) else 0)


@pytest.mark.parametrize(
    "locale", [{}, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}]
)
def test_stdin_that_is_not_utf8_is_refused_with_the_byte_and_the_way_out(locale: dict[str, str]) -> None:
    done = _bytes("run", "few_shot/sentiment", "--json", stdin=b"I love \xff it", **locale)
    error = json.loads(done.stdout)
    assert (done.returncode, error["message"]) == (2, "stdin is not UTF-8 text")
    assert "byte 7" in error["hint"]
    assert "iconv" in error["hint"]


def test_stdin_is_utf8_whatever_the_locale() -> None:
    done = _bytes("read", "--json", stdin='{"a": "é"}'.encode(), PYTHONIOENCODING="latin-1")
    assert json.loads(done.stdout)["output"] == {"a": "é"}


@pytest.mark.parametrize(
    "source", ["raise RuntimeError('\\x1b]0;title\\x07 at import')", "x = (", "1 / 0", "import nowhere"]
)
def test_a_module_that_breaks_while_it_is_imported_is_an_error_of_words(source: str, tmp_path: Path) -> None:
    (tmp_path / "shapes.py").write_text(source)
    done = patterns("read", "-s", "shapes:Bill", "--json", stdin="{}", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["message"].startswith("cannot import shapes:Bill")
    assert "Traceback" not in done.stderr
    _harmless(done.stderr)


@pytest.mark.parametrize("since", ["999999w", "0h", "1969-01-01", "9999-12-31"])
def test_usage_takes_any_span_of_time(since: str) -> None:
    done = patterns("usage", "--since", since)
    assert (done.returncode, done.stderr) == (0, "")


def test_spaces_and_joiners_of_real_texts_are_shown_as_they_are() -> None:
    text = "10\u00a0000\u202f€ 全角\u3000空白 👩\u200d💻 می\u200cخواهم"
    assert text in patterns("render", "few_shot/sentiment", "-i", f"text={text}").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("render", "few_shot/sentiment", "-i", f"text={ESCAPES}"),
        ("render", f"few_shot/{ESCAPES}"),
        ("show", ESCAPES),
        ("diff", f"few_shot/sentiment@{ESCAPES}"),
        ("lint", ESCAPES),
        ("fmt", ESCAPES),
        ("watch", ESCAPES),
        ("list", ESCAPES),
        ("new", ESCAPES, "-i", "a", "-f", "b", "--about", "x"),
        ("new", "few_shot/x", "-i", ESCAPES, "-f", "b", "--about", ESCAPES, "--dry-run"),
        ("read", "-s", ESCAPES),
        ("read", ESCAPES),
        ("extract", "-s", "name", ESCAPES),
        ("run", "few_shot/sentiment", "-o", ESCAPES),
        ("run", "few_shot/sentiment", "-m", ESCAPES, "-i", "text=x"),
        ("usage", "--since", ESCAPES),
        ("usage", "--by", ESCAPES),
        ("cache", "stats", "--at", ESCAPES),
        ("cache", ESCAPES),
        (ESCAPES,),
    ],
    ids=lambda words: " ".join(words[:2])[:20].encode("ascii", "replace").decode() if len(words) else "",
)
def test_words_of_a_command_line_reach_the_screen_harmless(words: tuple[str, ...], tmp_path: Path) -> None:
    done = patterns(*words, cwd=tmp_path)
    _harmless(done.stdout + done.stderr)
    assert done.returncode in (0, 2, 3, 5)
    assert "Traceback" not in done.stderr


def test_answers_of_a_model_and_names_of_files_reach_the_screen_harmless(tmp_path: Path) -> None:
    answer = json.dumps({ESCAPES: [ESCAPES, {"a": "\ud800"}]}, ensure_ascii=True)
    (tmp_path / "\x1b]0;t\x07.txt").write_text(f"Here:\n\n{answer}")
    for words in (("read", "\x1b]0;t\x07.txt"), ("read", "--format", "text", "\x1b]0;t\x07.txt")):
        done = patterns(*words, cwd=tmp_path)
        _harmless(done.stdout + done.stderr)
        assert done.returncode == 0, done.stderr
        assert "[red]x[/red] {{ 7 * 7 }}" in done.stdout


@pytest.mark.parametrize("command", ["show", "render", "run", "lint", "fmt", "list", "doctor"])
@pytest.mark.parametrize("fault", ["escapes", "bytes", "nul", "long", "binary"])
def test_hostile_templates_reach_the_screen_harmless(command: str, fault: str, tmp_path: Path) -> None:
    body = {
        "escapes": f"---\ndescription: '[red]'\n---\n{{% user %}}{ESCAPES[:-11]}{{% enduser %}}\n{{% {ESCAPES}",
        "bytes": "---\ndescription: x\n---\n{% user %}caf\udcff{% enduser %}\n",
        "nul": "---\ndescription: x\n---\n{% user %}a\x00b{% enduser %}\n",
        "long": "---\ndescription: " + "x" * 50_000 + "\n---\n{% user %}" + "y" * 400_000 + "{% enduser %}\n",
        "binary": "\x7fELF\x02\x01\x01" + "\x00" * 64,
    }[fault]
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/t.md.jinja").write_bytes(body.encode("utf-8", "surrogateescape"))
    named = {"lint": ("templates",), "fmt": ("templates", "--check"), "list": (), "doctor": ()}.get(command, ("t",))
    for machine in ((), ("--json",)):
        done = patterns(command, *named, *machine, stdin="", cwd=tmp_path)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode in (0, 1, 2, 3)
        _harmless(done.stderr)
        if machine:
            json.loads(done.stdout)
        else:
            _harmless(done.stdout)
