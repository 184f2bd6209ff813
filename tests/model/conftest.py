"""Tests that ask for `lane` run on both lanes; the fast one is alone, so that it can hand on nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.model.asking import LANES


@pytest.fixture(params=["litellm", "fast"])
def lane(request: pytest.FixtureRequest) -> Iterator[str]:
    """The lane of this test. What only litellm does is marked so."""
    LANES.name = request.param
    if LANES.name == "fast" and request.node.get_closest_marker("by_litellm"):
        pytest.skip("litellm's lane alone does this")
    yield LANES.name
    LANES.name = "litellm"
