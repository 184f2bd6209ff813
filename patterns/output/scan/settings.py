"""TOML without a fence around it, and settings as `key = value` lines."""

from __future__ import annotations

from patterns.output.scan.notation import written_in
from patterns.output.scan.toml import SIGN, Toml
from patterns.output.tree import Candidate, Noted, Origin


def read_settings(text: str) -> list[Candidate]:
    """Give what the lines of a text set, when most of them set something."""
    sign = SIGN(text)
    if sign is None:
        return []
    start = sign.start()
    toml = Toml(text, start, len(text))
    if toml.told < 2 or 2 * toml.other > toml.told:
        return []
    outside = (text[max(0, start - 1_000) : start] + text[toml.root.end :][:1_000]).strip()
    return [settings(toml, "pairs", outside, doubtful=bool(toml.other or outside))]


def settings(toml: Toml, origin: Origin, outside: str, *, doubtful: bool = False) -> Candidate:
    """Make a candidate of what was read."""
    root = toml.root
    told = written_in("toml", toml.text, root.start, root)
    cost = 0.5 + toml.other + sum(mend.cost for mend in toml.mends)
    return Noted(root, origin, (told, *toml.mends), cost, root.complete, outside, "toml", doubtful)
