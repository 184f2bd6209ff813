"""The tiny models, written once in a run, and a line of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from patterns.model.local.gateway import LocalGateway
from patterns.model.local.line import Line
from tests.local.tiny import write


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models: `tiny` and `other` write characters, `short` ends at any time, `wild` writes any bytes."""
    folder = tmp_path_factory.mktemp("models")
    write(folder / "tiny.gguf")
    write(folder / "other.gguf", seed=1)
    write(folder / "short.gguf", ends=True)
    write(folder / "wild.gguf", wild=True)
    return folder


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


@pytest.fixture
def gateway(line: Line) -> LocalGateway:
    return LocalGateway(line)
