"""The conformance table: by provider and wire, whole and streamed, how many exchanges are right in each field."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.model.traffic.judging import FIELDS
from tests.model.traffic.running import Outcome, Row

PAGE = Path(__file__).resolve().parents[3] / "docs" / "traffic.md"
KNOWN: Mapping[str, Mapping[str, Any]] = {
    row["id"]: row for row in tomllib.loads(Path(__file__).with_name("known.toml").read_text("utf-8"))["known"]
}
"""What is not right, by the exchange's id, with its fields and the reason."""
_BEGIN, _END = "<!-- table: python -m tests.model.traffic -->\n", "<!-- end of table -->\n"
_SAID = {
    "text": "text",
    "reasoning": "thinking",
    "refusal": "refusal",
    "finish": "finish",
    "error": "error",
}
"""Where the independent reader says that there is something in a field."""

_PROXY = re.compile(r"other:localhost:\d+")

Key = tuple[str, str, str]


def unlisted(found: Iterable[Outcome]) -> list[tuple[str, tuple[str, ...]]]:
    """The exchanges whose fields are not just as the list of known ones says."""
    return [
        (outcome.row["id"], outcome.wrong)
        for outcome in found
        if list(outcome.wrong) != list(KNOWN.get(outcome.row["id"], {}).get("fields", ()))
    ]


def table(found: Sequence[Outcome]) -> str:
    """Markdown. A cell is how many are right of those that have something in the field; after an error none is."""
    groups: dict[Key, list[Outcome]] = defaultdict(list)
    for outcome in found:
        groups[_key(outcome.row)].append(outcome)
    heads = ["provider", "wire", "", "all", *FIELDS]
    rows = [[*key, *_cells(group)] for key, group in sorted(groups.items())]
    rows.append(["**all**", "", "", *_cells(found)])
    lines = [heads, ["---"] * 3 + ["--:"] * (len(heads) - 3), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(found: Sequence[Outcome]) -> None:
    """Put the table into its page."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(_BEGIN)
    PAGE.write_text(before + _BEGIN + "\n" + table(found) + "\n" + _END + rest.partition(_END)[2], "utf-8")


def _key(row: Row) -> Key:
    provider = _PROXY.sub("a proxy", row["provider"]).removeprefix("other:")
    return provider, row["wire"], "streamed" if row["stream"] else "whole"


def _cells(group: Sequence[Outcome]) -> list[str]:
    right = sum(not outcome.wrong for outcome in group)
    return [f"{right}/{len(group)}", *(_cell(group, field) for field in FIELDS)]


def _cell(group: Sequence[Outcome], field: str) -> str:
    counts: Counter[bool] = Counter(
        not {field, "error"} & {*outcome.wrong}
        for outcome in group
        if field in outcome.wrong or _has(outcome.row, field)
    )
    return f"{counts[True]}/{counts.total()}" if counts else "–"


def _has(row: Row, field: str) -> bool:
    expected = row["expected"]
    if field == "usage":
        return any(expected["usage"].values())
    if field == "calls":
        return any(call["name"] for call in expected["tool_calls"])
    return bool(expected[_SAID[field]])
