"""The same trouble on both lanes: the same answer, or the same error in the same words, paid or not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from patterns.model.fast.gateway import FastGateway
from patterns.model.transport import LitellmGateway
from tests.faultserver import FaultServer
from tests.faultserver.faults import ANSWERS
from tests.model.asking import request
from tests.model.lane_table import KEYS, LIKES, answer, told

LITELLM, FAST = LitellmGateway(), FastGateway()
WIRES = ("openai", "anthropic", "gemini", "groq", "mistral", "openrouter")
STATUSES = ("400", "401", "403", "404", "408", "409", "429ra7", "429ra250ms", "500", "502", "503ra3", "529")
REFUSED = (*STATUSES, "quota", "ctx", "policy", "echo401", "html502")
STRANGE = ("html", "text", "nothing", "garbage", "drop")
STREAMED = ("s-nodone", "s-done", "s-err")
OPENAI_ALONE = {"oldcall", "nofinish"}
OWN_WORDS = re.compile(r"(not of the form that this provider sends|no connection to [^,]*, or it broke):.*", re.DOTALL)
"""What stands behind these words is each lane's own account of what it met."""

AS_BYTES = "litellm shows the whole reply, as Python's bytes, for the provider's words"
COUNTED = "the provider counted before the stream broke; litellm counts by itself"
A_PAGE = "litellm keeps to itself that it was a web page"
UNREAD = "litellm does not say, or not as such, that it could not read the reply, which may be paid for"
LISTED: dict[tuple[str, str, bool], str] = {
    ("anthropic", "ctx", True): AS_BYTES,
    ("anthropic", "s-nodone", True): COUNTED,
    ("anthropic", "s-done", True): COUNTED,
    ("anthropic", "s-err", True): COUNTED,
    ("gemini", "ctx", True): AS_BYTES,
    ("gemini", "s-err", True): COUNTED,
    ("gemini", "nousage", False): "litellm reads no reply without a count of tokens",
    ("gemini", "nochoices", True): "a stream without candidates is empty, and nothing of it was cut off",
    ("gemini", "html", False): A_PAGE,
    ("groq", "html", False): A_PAGE,
    ("mistral", "html", False): A_PAGE,
    ("mistral", "garbage", False): UNREAD,
    **{("openrouter", name, False): UNREAD for name in ("html", "text", "nothing", "garbage")},
    ("openrouter", "think", True): "litellm loses thoughts under this name",
    ("openrouter", "s-err", True): "litellm stumbles over a code that is no number",
}
"""Where the fast lane tells something else, and why."""


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("wire", WIRES)
async def test_both_lanes_tell_the_same_but_for_what_is_listed(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, wire: str, *, stream: bool
) -> None:
    for key in KEYS:
        monkeypatch.setenv(key, "a-key-of-nobody-0123456789")
    names = [*ANSWERS, *REFUSED, *(STREAMED if stream else STRANGE)]
    if wire in ("anthropic", "gemini"):
        names = [name for name in names if name not in OPENAI_ALONE]
    odd = await parted(faults, wire, names, stream=stream)
    listed = {name for where, name, way in LISTED if (where, way) == (wire, stream)}
    assert odd.keys() == listed, odd


async def parted(server: FaultServer, wire: str, names: list[str], *, stream: bool) -> dict[str, Any]:
    """What the lanes tell differently, by the name of the trouble: litellm's and the fast lane's."""
    found = {}
    for name in names:
        wanted = request(server, name, wire, timeout=60.0, **({"api_base": server.api_base} if wire in LIKES else {}))
        theirs = plainly(told(await answer(LITELLM, wanted, stream=stream)))
        ours = plainly(told(await answer(FAST, wanted, stream=stream)))
        odd = {key: (theirs.get(key), ours.get(key)) for key in theirs | ours if theirs.get(key) != ours.get(key)}
        if odd:
            found[name] = odd
    return found


def plainly(seen: dict[str, Any]) -> dict[str, Any]:
    """What was told, with one word for what is not shown, and without the lanes' own accounts."""
    if "words" in seen:
        seen["words"] = OWN_WORDS.sub(r"\1", seen["words"].replace("REDACTED", "[redacted]"))
    return seen
