from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from patterns.errors import PatternsError, TransientError, Truncated
from patterns.exchange import Choice, Request, Response, Usage
from patterns.library.classify import classify
from patterns.library.complete import complete
from patterns.library.extract import extract
from patterns.library.sentiment import Sentiment, classify_sentiment
from patterns.messages import Message
from patterns.testing import FakeModel, NetworkBlocked, block_network

GOOD = {"label": "positive", "confidence": 0.9}


@pytest.mark.parametrize(
    "answer",
    [
        '{"label": "positive", "confidence": 0.9}',
        "Sure!\n```json\n{'label': 'Positive', 'confidence': 0.9,}\n```",
        GOOD,
        Sentiment(label="positive", confidence=0.9),
        lambda request: GOOD,
        Response((Choice('{"label": "positive", "confidence": 0.9}'),), model="m"),
    ],
)
def test_every_kind_of_answer_goes_through_the_reading_chain(answer: object) -> None:
    with FakeModel([answer]):  # type: ignore[list-item]
        assert classify_sentiment("Nice.") == Sentiment(label="positive", confidence=0.9)


def test_mends_of_an_answer_are_noted_as_for_any_model() -> None:
    with FakeModel(["{'label': 'positive', 'confidence': 0.9,}"]):
        assert classify_sentiment.run("Nice.").repairs


def test_an_error_is_raised_in_its_turn() -> None:
    with FakeModel([TransientError("busy"), GOOD]) as model:
        with pytest.raises(TransientError):
            classify_sentiment.with_options(retries=0)("Nice.")
        assert classify_sentiment("Nice.").label == "positive"
    assert len(model.requests) == 2


def test_a_cut_answer_is_told_from_a_whole_one() -> None:
    cut = Response((Choice('{"label": "pos', finish_reason="length"),), model="m")
    with FakeModel([cut]), pytest.raises(Truncated):
        classify_sentiment("Nice.")


def test_a_function_sees_the_request() -> None:
    def answer(request: Request) -> str:
        return request.messages[-1].content.upper()

    with FakeModel([answer]):
        assert complete("hello") == "HELLO"


def test_requests_are_kept() -> None:
    with FakeModel(["a", "b"]) as model:
        complete("1")
        complete("2")
    assert [request.messages for request in model.requests] == [(Message("user", "1"),), (Message("user", "2"),)]


def test_running_out_of_answers_fails_the_test_and_no_error_of_a_model() -> None:
    with FakeModel(["a"]) as model:
        complete("1")
        with pytest.raises(AssertionError, match="given 1, and this is request 2") as caught:
            complete("2")
    assert not isinstance(caught.value, PatternsError)
    assert model.left == 0


def test_the_last_answer_does_not_repeat_in_a_batch() -> None:
    with FakeModel(["a"]), pytest.raises(AssertionError, match="no answer left"):
        list(complete.batch(["1", "2"]))


def test_candidates_are_taken_one_after_another() -> None:
    with FakeModel(["a", "b", "c"]) as model:
        assert complete("x", n=2) == ["a", "b"]
        assert complete("x") == "c"
    assert model.left == 0


async def test_it_answers_sync_async_and_streams_alike() -> None:
    with FakeModel([GOOD] * 5):
        assert classify_sentiment("x").label == "positive"
        assert (await classify_sentiment.acall("x")).label == "positive"
        assert list(classify_sentiment.stream("x"))[-1].label == "positive"
        assert [value async for value in classify_sentiment.astream("x")][-1].label == "positive"
        assert [outcome.output.label for outcome in classify_sentiment.batch(["x"])] == ["positive"]


async def test_a_stream_comes_in_pieces_and_ends_with_the_whole() -> None:
    model = FakeModel(["The quick brown fox."])
    deltas = [delta async for delta in model.astream(Request("m", (Message("user", "x"),)))]
    assert len(deltas) > 3
    assert "".join(delta.text for delta in deltas) == "The quick brown fox."
    assert deltas[-1].response is not None
    assert deltas[-1].response.choices[0].text == "The quick brown fox."


def test_usage_is_counted_by_length_and_costs_nothing() -> None:
    with FakeModel(["x" * 10]):
        result = complete.run("y" * 8)
    assert result.usage == Usage(input_tokens=2, output_tokens=3)
    assert result.cost == 0.0
    assert result.engine == "fake"


def test_values_are_wrapped_where_the_shape_is_enforced_and_no_object() -> None:
    with FakeModel([[1, 2], {"label": "a", "confidence": 1}], mode="json_schema") as model:
        assert extract("1, 2", list[int]) == [1, 2]
        assert classify("x", ["a", "b"]).label == "a"
    assert [request.mode for request in model.requests] == ["json_schema"] * 2


def test_models_in_a_list_are_written_as_json() -> None:
    with FakeModel([[Sentiment(label="mixed", confidence=0.5)]]):
        assert extract("x", list[Sentiment]) == [Sentiment(label="mixed", confidence=0.5)]


def test_it_is_installed_for_this_context_only() -> None:
    seen: list[str] = []

    async def task(name: str) -> None:
        with FakeModel([name]):
            await asyncio.sleep(0)
            seen.append(await complete.acall("x"))

    async def both() -> None:
        await asyncio.gather(task("one"), task("two"))

    asyncio.run(both())
    assert sorted(seen) == ["one", "two"]


def test_the_inner_one_answers() -> None:
    with FakeModel(["outer"]):
        with FakeModel(["inner"]):
            assert complete("x") == "inner"
        assert complete("x") == "outer"


def test_threads_share_its_answers_without_losing_one() -> None:
    model = FakeModel([str(number) for number in range(200)])
    request = Request("m", (Message("user", "x"),))
    got: list[str] = []

    def work() -> None:
        got.extend(model.send(request).choices[0].text for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=int) == [str(number) for number in range(200)]


@pytest.mark.parametrize("answers", ["text", {"a": 1}])
def test_one_answer_without_a_list_is_a_mistake(answers: object) -> None:
    with pytest.raises(TypeError, match="list"):
        FakeModel(answers)  # type: ignore[arg-type]


@pytest.fixture
def local_server() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


FAR = [
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    lambda: socket.create_connection(("example.invalid", 80), timeout=1),
    lambda: socket.socket().connect_ex(("192.0.2.1", 80)),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, ("192.0.2.1", 53)),
    lambda: socket.getaddrinfo("example.invalid", 443),
    lambda: socket.gethostbyname("127.0.0.1.example.invalid"),
    lambda: asyncio.run(_connect("192.0.2.1")),
    lambda: asyncio.run(_connect("example.invalid")),
]


async def _connect(host: str) -> None:
    await asyncio.open_connection(host, 80)


@pytest.mark.parametrize("reach", FAR)
def test_the_network_is_out_of_reach(reach: object) -> None:
    with block_network(), pytest.raises(NetworkBlocked, match=r"192\.0\.2\.1|example\.invalid"):
        reach()  # type: ignore[operator]


def test_this_machine_is_in_reach_unless_told_otherwise(local_server: tuple[str, int]) -> None:
    with block_network():
        socket.create_connection(local_server, timeout=5).close()
        socket.create_connection(("localhost", local_server[1]), timeout=5).close()
    with block_network(loopback=False), pytest.raises(NetworkBlocked, match="FakeModel") as caught:
        socket.create_connection(local_server, timeout=5)
    assert "127.0.0.1" in str(caught.value)


def test_the_wall_comes_down_again(local_server: tuple[str, int]) -> None:
    before = socket.getaddrinfo, socket.socket.connect
    with block_network(loopback=False), block_network():
        assert socket.getaddrinfo is not before[0]
    assert (socket.getaddrinfo, socket.socket.connect) == before
    socket.create_connection(local_server, timeout=5).close()


def test_a_pattern_runs_behind_the_wall() -> None:
    with block_network(loopback=False), FakeModel([GOOD]):
        assert classify_sentiment("Nice.").label == "positive"
