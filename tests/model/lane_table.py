"""The recorded exchanges on both lanes, and the table of who serves what that comes of it.

`python -m tests.model.lane_table` writes the table anew.
"""

from __future__ import annotations

import asyncio
import os
import re
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from patterns.errors import PatternsError
from patterns.exchange import Choice, Options, Request, Response
from patterns.messages import Message, ToolCall
from patterns.model import fast
from patterns.model.fast.gateway import FastGateway
from patterns.model.fast.serving import obstacle
from patterns.model.gateway import Gateway
from patterns.model.transport import LitellmGateway
from tests.corpus import corpus_rows
from tests.model.test_replay import differences, replayed

TABLE = Path(fast.__file__).with_name("lanes.toml")
PREFIXES = {
    "openai.chat": ("openai/", "/v1"),
    "anthropic.messages": ("anthropic/", ""),
    "gemini.generate": ("gemini/", "/v1beta"),
}
LIKES = ("groq", "mistral", "openrouter")
"""Providers on OpenAI's wire: what they said is read as said by any host, and once more as theirs."""
PREFIXES |= {f"{name}.chat": (f"{name}/", "/v1") for name in LIKES}
KEYS = [f"{name}_API_KEY".upper() for name in ("openai", "anthropic", "gemini", *LIKES)]
MUST = 0.99
"""The share of exchanges that must come out equal, or better, before the fast lane serves them."""
FEWEST = 10
"""Exchanges that prove anything."""
FAULTS = {
    "9d24c40ef269530b": "litellm forgets the price of what is written to the cache where the first event says none is",
    "8255cf03a41d5a58": "the same",
    "f4fe7250d1b94d9d": "litellm shows the whole reply, as Python's bytes, for the provider's words about an error",
    "5d898768301a3e88": "the same",
    "9451bf772da61a6a": "the same",
    "66cfb5f798df4ca8": "litellm makes a signed block of each piece of a thought, or loses the thought",
}
"""Where litellm's lane is wrong about what no reader of answers looks at."""
DEARER = re.compile(r'"AUDIO"|"toolUsePromptTokenCount"|"webSearchQueries"')
"""Replies of Gemini to audio, or with the help of its own tools: what is dearer in them the fast lane is never asked
for, so that their cost is not compared."""
HEAD = """# Which lane serves what: made by `python -m tests.model.lane_table` of recorded exchanges; a test compares.
# `equal`: both lanes give the same response or the same error in the same words, cost and usage included. `guessed`:
# the same but for the tokens of thoughts, which litellm guesses of their text where the provider counts none.
# `better`: litellm's lane fails, or misreads what an independent reader and the fast lane read alike. `other`: all
# the rest. What the fast lane leaves to litellm from the start is not counted: `serving.py` and the wires name it.
"""
VERDICTS = ("equal", "guessed", "better", "other")


def exchanges() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = corpus_rows("cassettes.jsonl")  # type: ignore[assignment]
    theirs = [
        {**row, "wire": f"{row['provider']}.chat"}
        for row in rows
        if row["wire"] == "openai.chat" and row["provider"] in LIKES
    ]
    return [row for row in [*rows, *theirs] if row["wire"] in PREFIXES]


def asked(row: dict[str, Any], base: str) -> Request:
    prefix, path = PREFIXES[row["wire"]]
    extra = {"extra_headers": {"x-replay-id": row["id"]}}
    options = Options(timeout=20, api_base=base + path, extra=extra)
    return Request(f"{prefix}{row['model'] or 'm'}", (Message("user", "hi"),), options)


async def answer(gateway: Gateway, request: Request, *, stream: bool) -> Response | PatternsError:
    try:
        if not stream:
            return await gateway.asend(request)
        last = [delta async for delta in gateway.astream(request)][-1].response
        assert last is not None, "a stream ends with the whole response"
        return last
    except PatternsError as error:
        return error


def told(found: Response | PatternsError) -> dict[str, Any]:
    """Everything of an answer or an error that anybody can see, without ids that litellm makes up."""
    if isinstance(found, Response):
        cost = None if found.cost is None else round(found.cost, 12)
        choices = tuple(
            replace(choice, tool_calls=tuple(map(numberless, choice.tool_calls))) for choice in found.choices
        )
        return {"choices": choices, "model": found.model, "usage": found.usage, "cost": cost}
    names = ("status", "retry_after", "paid", "raw_text", "most_retries")
    attempts = [told(a.response) for a in getattr(found, "attempts", ()) if a.response]
    seen = {name: getattr(found, name, None) for name in names}
    return {"error": type(found), "words": str(found), "hint": found.hint, "attempts": attempts, **seen}


def numberless(call: ToolCall) -> ToolCall:
    """A call without the part of its id that is made up where the provider gives none."""
    return replace(call, id=re.sub(r"^call_[0-9a-f]{28}", "call_", call.id))


def right(found: Response | PatternsError, expected: dict[str, Any]) -> bool:
    """Whether an independent reader reads the same."""
    choice: Choice | None = found.choices[0] if isinstance(found, Response) and found.choices else None
    return choice is not None and not expected["error"] and not differences(choice, expected)


def verdict(theirs: Response | PatternsError, ours: Response | PatternsError, row: dict[str, Any]) -> str:
    if row["wire"] == "gemini.generate" and DEARER.search(row["response"].get("body", "")):
        theirs, ours = unpriced(theirs), unpriced(ours)
    if told(theirs) == told(ours):
        return "equal"
    if isinstance(theirs, Response) and isinstance(ours, Response) and told(uncounted(theirs)) == told(ours):
        return "guessed"
    if row["id"] in FAULTS:
        return "better"
    if not right(ours, row["expected"]):
        return "other"
    if isinstance(theirs, PatternsError):
        return "better"
    parted = {name for name, value in told(theirs).items() if value != told(ours)[name]}
    misread = not right(theirs, row["expected"]) or (thoughts_alone(theirs, ours) and row["expected"]["thinking"])
    return "better" if misread and parted == {"choices"} else "other"


def uncounted(found: Response) -> Response:
    """A response without a count of thoughts."""
    return replace(found, usage=replace(found.usage, reasoning_tokens=0)) if found.usage else found


def unpriced(found: Response | PatternsError) -> Response | PatternsError:
    return replace(found, cost=None) if isinstance(found, Response) else found


def thoughts_alone(theirs: Response, ours: Response | PatternsError) -> bool:
    """Whether litellm's lane lost the thoughts, and nothing else."""
    assert isinstance(ours, Response)
    return theirs.choices == tuple(replace(choice, reasoning="") for choice in ours.choices)


async def compared(rows: list[dict[str, Any]], base: str) -> tuple[dict[tuple[str, str], Counter[str]], list[str]]:
    """The verdicts by wire and way, and the ids of what is neither equal nor better."""
    verdicts: dict[tuple[str, str], Counter[str]] = {}
    others: list[str] = []
    litellm, fast = LitellmGateway(), FastGateway()
    for row in rows:
        request = asked(row, base)
        if obstacle(request):
            continue
        theirs = await answer(litellm, request, stream=row["stream"])
        ours = await answer(fast, request, stream=row["stream"])
        found = verdict(theirs, ours, row)
        way = "streamed" if row["stream"] else "plain"
        verdicts.setdefault((row["wire"], way), Counter())[found] += 1
        if found == "other":
            others.append(row["id"])
    return verdicts, others


def written(verdicts: dict[tuple[str, str], Counter[str]]) -> str:
    parts = [HEAD]
    for (wire, way), counts in sorted(verdicts.items()):
        good = counts.total() - counts["other"]
        serves = "fast" if good >= FEWEST and good >= MUST * counts.total() else "litellm"
        numbers = "".join(f"{name} = {counts[name]}\n" for name in VERDICTS)
        parts.append(f'\n[[lane]]\nwire = "{wire}"\nway = "{way}"\nserves = "{serves}"\n{numbers}')
    return "".join(parts)


def rows_of(text: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(text).get("lane", [])
    return rows


def main() -> None:
    os.environ.update(dict.fromkeys(KEYS, "a-key-of-nobody-0123456789"))
    with replayed() as base:
        verdicts, others = asyncio.run(compared(exchanges(), base))
    TABLE.write_text(written(verdicts), encoding="utf-8")
    print(TABLE.read_text(encoding="utf-8"), *others, sep="\n")


if __name__ == "__main__":
    main()
