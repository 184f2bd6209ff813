"""`python -m tests.model.traffic`: all recorded exchanges through the gateway; writes the table, tells what is wrong.

With a name behind it, of a provider, a wire or an exchange, only these, and nothing is written.
"""

from __future__ import annotations

import asyncio
import os
import sys

from tests.model.test_replay import replayed
from tests.model.traffic.running import Outcome, exchanges, outcomes
from tests.model.traffic.table import KNOWN, table, unlisted, written
from tests.model.traffic.wires import NOBODY, VARIABLES


def main(only: str | None = None) -> int:
    os.environ |= dict.fromkeys(VARIABLES, NOBODY)
    rows = [row for row in exchanges() if only in (None, row["provider"], row["wire"], row["id"])]
    with replayed() as base:
        found = asyncio.run(outcomes(rows, base))
    if only is None:
        written(found)
    print(table(found))
    for outcome in found:
        if outcome.wrong:
            print(_told(outcome))
    new = unlisted(found)
    print(f"{len(rows)} exchanges; not right: {sum(bool(o.wrong) for o in found)}; other than listed: {new}")
    return 1 if new else 0


def _told(outcome: Outcome) -> str:
    row = outcome.row
    reason = KNOWN.get(row["id"], {}).get("reason", "no reason is listed")
    head = f"{row['id']} {row['provider']} {row['wire']} {row['model']}: {', '.join(outcome.wrong)}: {reason}"
    return f"{head}\n    found    {str(outcome.found)[:300]}\n    expected {str(row['expected'])[:300]}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
