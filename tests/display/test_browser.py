"""In a real browser: what is drawn runs nothing, asks for nothing, and every text is seen as it is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from patterns.display.whole import html
from tests.display.test_html import HOSTILE, everything

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--dump-dom",
]
ARMED = [text.replace("alert(1)", "document.title='run'") for text in HOSTILE]


def opened(page: str, folder: Path) -> tuple[str, list[str]]:
    """The document as the browser has it in the end, and what its console said."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, re.findall(r".*CONSOLE.*", done.stderr)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_browser_runs_nothing_of_what_is_drawn(tmp_path: Path) -> None:
    drawn = "".join(html(value).replace("<details>", "<details open>") for text in ARMED for value in everything(text))
    document, console = opened(f"<!doctype html><meta charset=utf-8><title>still</title>{drawn}", tmp_path)
    assert "<title>still</title>" in document
    assert console == []
    assert not re.search(r"<(script|img|svg|iframe|a|link)\b", document)
    assert "&lt;script&gt;" in document


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_the_browser_would_have_shown_it(tmp_path: Path) -> None:
    armed = "<!doctype html><title>still</title><script>console.error('x'); document.title='run'</script>"
    document, console = opened(armed, tmp_path)
    assert "<title>run</title>" in document
    assert len(console) == 1
