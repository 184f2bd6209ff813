"""The shape of an answer in words: a terse type notation instead of a JSON Schema dump."""

from __future__ import annotations

import json
from collections.abc import Mapping

from patterns.messages import Json


def words(schema: Mapping[str, Json]) -> str:
    """Say in words what to answer with."""
    return f"Answer with JSON only, of this type:\n{json.dumps(schema)}"
