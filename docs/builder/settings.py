"""The table of settings, from `patterns.settings.knobs`, and of what one pattern may set for itself."""

from __future__ import annotations

from dataclasses import MISSING, fields

from builder.meanings import MEANINGS
from builder.words import code, table
from patterns.settings import Settings
from patterns.settings.knobs import KNOBS
from patterns.setup import Changes


def markdown() -> str:
    """Give both tables; a setting without a sentence in `meanings.py` ends the build."""
    if wrong := set(MEANINGS) ^ (set(KNOBS) | set(Changes.__annotations__)):
        raise LookupError(f"docs/builder/meanings.py and the settings differ in {', '.join(sorted(wrong))}")
    return "\n\n".join(["## Settings", _settings(), "## Of a pattern alone", _options()])


def _settings() -> str:
    defaults = {each.name: each.default for each in fields(Settings) if each.default is not MISSING}
    rows = []
    for name, knob in KNOBS.items():
        default = defaults.get(name)
        shown = "–" if default in (None, ()) else code(default)
        places = [place for place, may in (("variable", knob.read), ("file", knob.in_file)) if may]
        rows.append([code(name), MEANINGS[name], knob.words, shown, ", ".join(places) or "–"])
    return table(["setting", "what it does", "value", "default", "beside code"], rows)


def _options() -> str:
    names = [name for name in Changes.__annotations__ if name not in KNOBS]
    return table(["option", "what it does"], [[code(name), MEANINGS[name]] for name in names])
