from __future__ import annotations

import pytest

from patterns.setup import Changes
from tests.faultserver import FaultServer


@pytest.fixture
def here(faults: FaultServer) -> Changes:
    """Options that lead to the fault server, whose script is the model."""
    return {"model": "openai/scripted", "api_base": faults.api_base}
