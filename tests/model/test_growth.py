"""Streamed answers put together from chunks in every form that litellm has for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace as Made
from typing import Any

from patterns.exchange import Request, Usage
from patterns.model.growth import Growth
from patterns.model.tap import Tap
from tests.model.asking import PERSON

REQUEST = Request("m", ())


def piece(index: int = 0, finish: str | None = None, **delta: Any) -> Made:
    return Made(choices=[Made(index=index, finish_reason=finish, delta=Made(**delta))])


def call(index: int, name: str | None, arguments: str, id: str | None = None) -> Made:
    return Made(index=index, id=id, function=Made(name=name, arguments=arguments))


async def tapped(chunks: list[object]) -> Tap:
    """A tap through which these chunks have run."""

    async def source() -> AsyncIterator[object]:
        for chunk in chunks:
            yield chunk

    tap = Tap(source())
    assert [chunk async for chunk in tap] == chunks
    return tap


async def test_candidates_whose_pieces_alternate_are_kept_apart() -> None:
    growth = Growth(REQUEST)
    chunks = [
        piece(0, content="a"),
        piece(1, content="x"),
        piece(0, "stop", content="b"),
        piece(1, "length", content="y"),
    ]
    texts = [growth.take(chunk).text for chunk in chunks]
    response = growth.response(await tapped(chunks))  # type: ignore[arg-type]
    assert [(c.text, c.finish_reason) for c in response.choices] == [("ab", "stop"), ("xy", "length")]
    assert texts == ["a", "", "b", ""]


async def test_parallel_calls_are_put_together_by_their_index() -> None:
    growth = Growth(REQUEST)
    chunks = [
        piece(tool_calls=[call(0, "f", "", "1"), call(1, "g", "", "2")]),
        piece(tool_calls=[call(1, None, '{"b":')]),
        piece(tool_calls=[call(0, None, '{"a": 1}')]),
        piece(0, "tool_calls", tool_calls=[call(1, None, " 2}")]),
    ]
    for chunk in chunks:
        growth.take(chunk)
    calls = growth.response(await tapped(chunks)).choices[0].tool_calls  # type: ignore[arg-type]
    assert [(c.id, c.name, c.arguments) for c in calls] == [("1", "f", {"a": 1}), ("2", "g", {"b": 2})]


def test_only_the_answering_call_grows_the_text() -> None:
    growth = Growth(Request("m", (), target=PERSON, mode="tools"))
    chunk = piece(tool_calls=[call(0, "search", '{"q": 1}', "1"), call(1, "Person", '{"name"', "2")])
    assert growth.take(chunk).text == '{"name"'


async def test_litellm_s_plain_chunks_are_understood() -> None:
    tap = await tapped(
        [{"text": "a", "is_finished": False}, {"text": "", "is_finished": True, "finish_reason": "stop"}]
    )
    assert tap.finish == {0: "stop"}
    assert not tap.counted


async def test_usage_counts_only_when_the_provider_sent_it() -> None:
    counted = Made(choices=[], usage=Made(prompt_tokens=5, completion_tokens=2))
    growth = Growth(REQUEST)
    growth.take(counted)
    assert growth.response(await tapped([counted])).usage == Usage(5, 2)
    assert growth.response(await tapped([piece(content="a")])).usage is None


async def test_a_refusal_is_gathered_piece_by_piece() -> None:
    chunks: list[object] = [piece(refusal="I can"), piece(0, "stop", refusal="not.")]
    growth = Growth(REQUEST)
    for chunk in chunks:
        growth.take(chunk)
    assert growth.response(await tapped(chunks)).choices[0].refusal == "I cannot."
