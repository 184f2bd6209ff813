"""Fixtures that rooms share: the fault server, and an environment without anybody's keys."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from patterns.model.lanes import forget
from patterns.model.modes_learnt import own_file
from tests.faultserver import FaultServer

# As the package does before it imports litellm; here for the tests that import it themselves.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
os.environ.setdefault("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True")
os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
# Tests watch warnings, threads and time: no import goes on beside them, but where that is what is tested.
os.environ.setdefault("PATTERNS_WARM", "0")
# The first example of a process may import half the package: how long one takes says nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the package writes goes into a folder of this run, never into the user's."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATTERNS_DATA_DIR", str(folder / "data"))
        patch.setenv("PATTERNS_CACHE_DIR", str(folder / "cache"))
        yield


@pytest.fixture(autouse=True)
def _no_memory_of_models() -> None:
    """Models that failed in one test are not held back in the next, and take what they did not."""
    forget()
    for file in own_file().parent.glob(f"{own_file().name}*"):
        file.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def _fault_server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def faults(_fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> FaultServer:
    """The fault server, with empty books; keys that only it would take are in the environment."""
    _fault_server.reset()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key-of-nobody-0123456789")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-key-of-nobody-0123456789")
    return _fault_server
