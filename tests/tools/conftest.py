"""What the tests of tools share: functions, and the way to the fault server on both wires."""

from __future__ import annotations

import pytest

from patterns.setup import Changes
from tests.faultserver import FaultServer


@pytest.fixture(scope="session", autouse=True)
def _litellm_is_there() -> None:
    """Deadlines of these tests are for tools, not for the first import of litellm."""
    import litellm  # noqa: F401


@pytest.fixture(params=["openai", "anthropic"])
def where(request: pytest.FixtureRequest, faults: FaultServer) -> Changes:
    """The options that lead to the fault server, where no fault has this model's name."""
    base = faults.api_base if request.param == "openai" else faults.root
    return {"model": f"{request.param}/plain-model", "api_base": base, "timeout": 20.0, "retries": 0}


@pytest.fixture
def here(faults: FaultServer) -> Changes:
    return {"model": "openai/plain-model", "api_base": faults.api_base, "timeout": 20.0, "retries": 0}
