"""The shared corpus, where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def corpus_path(name: str) -> Path:
    """Give the path of a corpus file, or skip the test that needs it."""
    path = SHARED / "corpus" / name
    if not path.exists():
        pytest.skip(f"the shared corpus is not beside this checkout: no {name}")
    return path


def corpus_rows(name: str) -> list[dict[str, object]]:
    """Read a JSON Lines file of the corpus."""
    with corpus_path(name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
