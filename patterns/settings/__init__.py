"""Settings of the process: from `override`, `configure`, the environment, and `[tool.patterns]` in pyproject.toml."""

from __future__ import annotations

from patterns.settings.layers import Origin, configure, from_environment, keys_in_force, origins, override, settings
from patterns.settings.values import Changes, Settings

__all__ = [
    "Changes",
    "Origin",
    "Settings",
    "configure",
    "from_environment",
    "keys_in_force",
    "origins",
    "override",
    "settings",
]
