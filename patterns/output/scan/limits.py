"""How much work a text may cause: the bounds that keep reading linear and small."""

from __future__ import annotations

MAX_DEPTH = 128
"""Brackets within brackets. Answers stay below 20; a deeper span is not read as a value."""

MAX_NODES = 250_000
"""Values in one tree; a text with more is no answer, and is left unread."""

DAMAGE = 4
"""What a step through damage counts against the same bound: it takes that much longer than a sound one."""

MAX_MENDS = 1_000
"""Mends kept one by one; beyond it only their cost is summed."""

MAX_SPANS = 10_000
"""Places in one text where a value is looked for."""

MAX_LINES = 50_000
"""Lines in a text that is read line by line; each takes longer than a member of JSON."""

MAX_CANDIDATES = 64
"""Readings handed to the aligner."""

BRACKETS_AHEAD = 16
"""Closing brackets looked at behind one that does not fit."""

LOOK_AHEAD = 4_000
"""Characters past a doubtful closing quote in which a better one is looked for."""

REREAD = 4
"""How often, over all, the length of the text may be read again for alternatives and look-ahead."""
