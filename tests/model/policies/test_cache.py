"""The cache policy: what is kept, what is answered from it, and that equal requests in flight are sent once."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from patterns import Pattern, PatternsError, listen
from patterns.errors import AuthenticationError, DeadlineExceeded, OutputError, TransientError, Truncated
from patterns.events import CacheHit, Event
from patterns.exchange import Choice, Options, Request, Response, Result, Usage
from patterns.messages import Message, Tool
from patterns.model.flights import FLIGHTS
from patterns.model.policies.cache import caching
from patterns.model.steps import Ask, Steps, Wait, adrive, ask, drive
from patterns.model.store import Store, store_at
from patterns.model.transport import LitellmGateway
from patterns.testing import FakeModel
from tests.faultserver import Answer, FaultServer
from tests.model.asking import request
from tests.model.policies.driving import trip

HERE = Path(__file__).resolve().parents[3]
REQUEST = Request("openai/m", (Message("user", "Who?"),), Options(timeout=10.0))
GOOD = Response((Choice("yes"),), "m", Usage(5, 1), 0.5, id="1")
JO = '{"name": "Jo", "age": 35}'


class Person(BaseModel):
    name: str
    age: int


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "answers.sqlite")
    yield made
    made.close()


def person(faults: FaultServer, path: Path, name: str = "openai/someone", **options: Any) -> Pattern[..., Person]:
    return Pattern(
        "json_extraction/extract",
        output=Person,
        model=name,
        api_base=faults.api_base,
        cache=path,
        **{"timeout": 10.0, "retries": 0, **options},
    )


def answered(policy: Ask, *answers: Response | Exception, asked: Request = REQUEST) -> tuple[Response, int]:
    """Drive a policy by hand; give its response, and how many requests it let through."""
    steps, sent = policy(asked, trip()), 0
    try:
        step = next(steps)
        for answer in answers:
            assert isinstance(step, Request)
            sent += 1
            step = steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
    except StopIteration as stop:
        return stop.value, sent
    raise AssertionError(f"it still asks for {step}")


# What is kept


def test_an_answer_is_paid_for_once(store: Store) -> None:
    policy = caching(ask, store)
    assert answered(policy, GOOD) == (GOOD, 1)
    again, sent = answered(policy)
    assert sent == 0
    assert again == replace(GOOD, cached=True, cost=0.0, usage=None)


@pytest.mark.parametrize("reason", ["stop", "end_turn", "tool_calls"])
def test_an_answer_that_ended_well_is_kept(store: Store, reason: str) -> None:
    answered(caching(ask, store), replace(GOOD, choices=(Choice("yes", reason),)))
    assert answered(caching(ask, store))[0].cached


@pytest.mark.parametrize(
    "choice",
    [
        Choice("ye", "length"),
        Choice("", "content_filter"),
        Choice("yes", "eaten_by_dog"),
        Choice("yes", None),
        Choice("", "stop", refusal="I cannot."),
    ],
    ids=lambda choice: str(choice.finish_reason),
)
def test_an_answer_that_did_not_is_not(store: Store, choice: Choice) -> None:
    answered(caching(ask, store), replace(GOOD, choices=(Choice("good"), choice)))
    assert answered(caching(ask, store), GOOD)[1] == 1


def test_an_error_is_not_kept(store: Store) -> None:
    with pytest.raises(TransientError):
        answered(caching(ask, store), TransientError("busy"))
    assert answered(caching(ask, store), GOOD)[1] == 1


def test_an_answer_that_is_too_old_is_asked_for_anew(tmp_path: Path) -> None:
    now = [1000.0]
    store = Store(tmp_path / "a.sqlite", clock=lambda: now[0])
    answered(caching(ask, store, ttl=60), GOOD)
    now[0] += 61
    fresh = replace(GOOD, id="2")
    assert answered(caching(ask, store, ttl=60), fresh) == (fresh, 1)
    assert answered(caching(ask, store, ttl=60))[0].id == "2"
    store.close()


def test_a_request_without_a_key_goes_by(store: Store) -> None:
    strange = replace(REQUEST, options=Options(extra={"client": object()}))  # type: ignore[dict-item]
    for _ in range(2):
        assert answered(caching(ask, store), GOOD, asked=strange) == (GOOD, 1)


def test_candidates_and_tools_are_parts_of_the_question(store: Store) -> None:
    policy = caching(ask, store)
    answered(policy, GOOD)
    for other in (replace(REQUEST, options=Options(n=3)), replace(REQUEST, tools=(Tool("search"),))):
        several = replace(GOOD, choices=(Choice("a"), Choice("b"), Choice("c", "tool_calls")))
        assert answered(policy, several, asked=other)[1] == 1
        assert answered(policy, asked=other)[0].choices == several.choices


def test_another_host_in_the_environment_gives_other_answers(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = caching(ask, store)
    answered(policy, GOOD)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert answered(policy, replace(GOOD, id="local"))[1] == 1
    assert answered(policy)[0].id == "local"
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert answered(policy)[0].id == "1"


# Through a pattern, over HTTP


def test_a_hit_costs_nothing_and_says_so(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO])
    pattern = person(faults, tmp_path / "a.db", "openai/gpt-4.1-mini")
    first = pattern.run("Jo is 35.")
    assert not first.cached
    assert first.cost
    heard: list[Event] = []
    with listen(heard.append):
        again = pattern.run("Jo is 35.")
    assert again.cached
    assert (again.output, again.cost, again.usage) == (Person(name="Jo", age=35), 0.0, Usage())
    assert faults.calls == 1
    (hit,) = [event for event in heard if isinstance(event, CacheHit)]
    assert hit.pattern == "json_extraction/extract"
    assert hit.response.cached
    assert hit.request.model == "openai/gpt-4.1-mini"


def test_other_words_are_another_question(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO, JO, JO])
    pattern = person(faults, tmp_path / "a.db")
    for pattern_, text in [(pattern, "Jo is 35."), (pattern, "Jo is 36."), (pattern.with_options(seed=1), "Jo is 35.")]:
        assert not pattern_.run(text).cached
    assert faults.calls == 3


async def test_sync_async_and_streams_share_the_answers(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO, JO])
    pattern = person(faults, tmp_path / "a.db")
    pieces = [value async for value in pattern.astream("Jo is 35.")]
    assert len(pieces) > 1
    assert faults.calls == 1
    assert [value async for value in pattern.astream("Jo is 35.")] == [Person(name="Jo", age=35)]
    assert (await pattern.arun("Jo is 35.")).cached
    assert pattern.run("Jo is 35.").cached
    assert list(pattern.stream("Jo is 35.")) == [Person(name="Jo", age=35)]
    assert faults.calls == 1


def test_items_of_a_hit_come_one_by_one(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([f'[{JO}, {{"name": "Al", "age": 3}}]'])
    people = person(faults, tmp_path / "a.db", mode="prompted").into(list[Person])
    assert [item.name for item in people.stream_items("Jo is 35, Al 3.")] == ["Jo", "Al"]
    assert [item.name for item in people.stream_items("Jo is 35, Al 3.")] == ["Jo", "Al"]
    assert faults.calls == 1


def test_an_answer_that_the_type_does_not_take_is_not_paid_for_again(faults: FaultServer, tmp_path: Path) -> None:
    """What was received is read anew, from what is kept, by whoever asks."""
    faults.script(['{"name": "Jo"}', '{"name": "Jo", "age": "unknown"}'])
    pattern = person(faults, tmp_path / "a.db", reasks=1)
    for _ in range(3):
        with pytest.raises(OutputError) as caught:
            pattern("Jo is 35.")
        assert len(caught.value.attempts) == 2
    assert faults.calls == 2
    assert caught.value.cost == 0.0

    def grown_up(value: Person) -> bool:
        return value.age > 17

    faults.script([JO])
    person(faults, tmp_path / "a.db")("Jo, 35")
    with pytest.raises(OutputError):
        person(faults, tmp_path / "a.db", reasks=0).with_checks(lambda value: value.age < 17)("Jo, 35")
    assert person(faults, tmp_path / "a.db").with_checks(grown_up)("Jo, 35").age == 35
    assert faults.calls == 3


def test_a_cut_answer_is_asked_for_anew(faults: FaultServer, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(Truncated):
            person(faults, tmp_path / "a.db", "openai/length", max_tokens=5)("Jo is 35.")
    first = faults.calls
    with pytest.raises(Truncated):
        person(faults, tmp_path / "a.db", "openai/length", max_tokens=5)("Jo is 35.")
    assert faults.calls > first


def test_a_cache_that_is_off_keeps_nothing(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO, JO])
    pattern = person(faults, tmp_path / "a.db").with_options(cache=False)
    assert not pattern.run("Jo is 35.").cached
    assert not pattern.run("Jo is 35.").cached
    assert faults.calls == 2
    assert not (tmp_path / "a.db").exists()


def test_a_fake_model_is_neither_kept_nor_answered_for(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO])
    pattern = person(faults, tmp_path / "a.db")
    pattern("Jo is 35.")
    with FakeModel(['{"name": "Al", "age": 3}'] * 2):
        assert pattern("Jo is 35.").name == "Al"
        assert pattern("Who else?").name == "Al"
    faults.script([JO])
    assert pattern("Who else?").name == "Jo"


def test_a_damaged_cache_is_set_aside_and_the_call_goes_on(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO])
    (tmp_path / "a.db").write_bytes(b"garbage" * 1000)
    with pytest.warns(RuntimeWarning, match=r"the cache was damaged .*corrupt-"):
        assert person(faults, tmp_path / "a.db")("Jo is 35.").name == "Jo"
    assert person(faults, tmp_path / "a.db").run("Jo is 35.").cached
    assert faults.calls == 1


def test_a_cache_that_cannot_be_used_fails_no_call(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO, JO])
    (tmp_path / "file").touch()
    pattern = person(faults, tmp_path / "file" / "a.db")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert not pattern.run("Jo is 35.").cached
        for _ in range(3):
            store_at(tmp_path / "file" / "a.db").flush()
        assert not pattern.run("Jo is 35.").cached
    assert ["calls go on without it" in str(each.message) for each in caught] == [True]
    assert faults.calls == 2


def test_another_process_is_answered_from_the_cache_without_litellm(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO])
    code = (
        "import sys; from pathlib import Path; from tests.model.policies.test_cache import Person, Pattern\n"
        "p = Pattern('json_extraction/extract', output=Person, model='openai/gpt-4.1-mini', api_base=sys.argv[1],"
        " cache=Path(sys.argv[2]), lane='litellm')\n"
        "print(p.run('Jo is 35.').cached, 'litellm' in sys.modules)"
    )
    # A module of tests imports the transport, but litellm only comes with the first request.
    told = [
        subprocess.run(
            [sys.executable, "-c", code, faults.api_base, str(tmp_path / "a.db")],
            capture_output=True,
            text=True,
            cwd=HERE,
            check=True,
            env={**os.environ, "PYTHONPATH": str(HERE)},
        ).stdout.strip()
        for _ in range(2)
    ]
    assert told == ["False True", "True False"]
    assert faults.calls == 1


def test_no_key_is_in_the_file(faults: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "sk-CANARYcache0123456789abcdef"
    monkeypatch.setenv("OPENAI_API_KEY", canary)
    faults.script([JO])
    person(faults, tmp_path / "a.db", extra={"extra_headers": {"x-trace": "header-CANARY"}})("Jo is 35.")
    assert faults.log[0][1].headers["authorization"] == f"Bearer {canary}"
    assert faults.log[0][1].headers["x-trace"] == "header-CANARY"
    for file in tmp_path.iterdir():
        assert b"CANARY" not in file.read_bytes(), file


# Equal requests in flight


def test_64_threads_that_ask_the_same_send_one_request(faults: FaultServer, store: Store) -> None:
    policy = caching(ask, store)
    wanted, gateway = request(faults, "slow"), LitellmGateway()
    drive(ask(request(faults, "ok"), trip()), gateway)  # litellm is imported
    begin = threading.Barrier(64)

    def one() -> Response:
        begin.wait()
        return drive(policy(wanted, trip()), gateway)

    with ThreadPoolExecutor(64) as pool:
        found = [future.result() for future in [pool.submit(one) for _ in range(64)]]
    assert faults.calls == 2
    assert sum(not response.cached for response in found) == 1
    assert sum(response.cost or 0 for response in found if response.cached) == 0
    assert len({response.choices for response in found}) == 1


async def test_64_tasks_that_ask_the_same_send_one_request(faults: FaultServer, store: Store) -> None:
    policy, wanted, gateway = caching(ask, store), request(faults, "slow"), LitellmGateway()
    found = await asyncio.gather(*(adrive(policy(wanted, trip()), gateway) for _ in range(64)))
    assert faults.calls == 1
    assert sum(not response.cached for response in found) == 1


async def test_threads_and_tasks_mixed_send_one_request(faults: FaultServer, tmp_path: Path) -> None:
    pattern = person(faults, tmp_path / "a.db", "openai/slow", mode="prompted").into(dict[str, bool])
    blocking = [asyncio.to_thread(pattern.run, "Jo") for _ in range(8)]
    streams = [_last(pattern.astream("Jo")) for _ in range(4)]
    results = await asyncio.gather(*blocking, *(pattern.arun("Jo") for _ in range(20)), *streams)
    assert faults.calls == 1
    whole = [found for found in results if isinstance(found, Result)]
    assert sum(not found.cached for found in whole) <= 1
    assert {str(found.output if isinstance(found, Result) else found) for found in results} == {"{'ok': True}"}


async def _last(values: Any) -> Any:
    return [value async for value in values][-1]


async def test_the_loop_is_free_while_tasks_wait(faults: FaultServer, store: Store) -> None:
    policy, wanted, gateway = caching(ask, store), request(faults, "slow"), LitellmGateway()
    await adrive(ask(request(faults, "ok"), trip()), gateway)
    leader = threading.Thread(target=lambda: drive(policy(wanted, trip()), gateway))
    leader.start()
    while not FLIGHTS._flying:
        await asyncio.sleep(0.001)
    waiting = asyncio.create_task(adrive(policy(wanted, trip()), gateway))
    longest, last = 0.0, time.monotonic()
    while not waiting.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    leader.join()
    assert waiting.result().cached
    assert longest < 0.2
    assert faults.calls == 2


async def test_a_failure_lets_one_other_try(faults: FaultServer, store: Store) -> None:
    policy, wanted, gateway = caching(ask, store), request(faults, "slowdropx1"), LitellmGateway()
    found = await asyncio.gather(*(adrive(policy(wanted, trip()), gateway) for _ in range(16)), return_exceptions=True)
    assert faults.calls == 2
    assert sum(isinstance(each, TransientError) for each in found) == 1
    assert sum(isinstance(each, Response) and each.cached for each in found) == 14


async def test_a_leader_that_is_cancelled_frees_the_flight(faults: FaultServer, store: Store) -> None:
    policy, wanted, gateway = caching(ask, store), request(faults, "slow"), LitellmGateway()
    leader = asyncio.create_task(adrive(policy(wanted, trip()), gateway))
    while not faults.calls:
        await asyncio.sleep(0.01)
    followers = [asyncio.create_task(adrive(policy(wanted, trip()), gateway)) for _ in range(5)]
    await asyncio.sleep(0.05)
    leader.cancel()
    found = await asyncio.gather(*followers)
    assert leader.cancelled()
    assert faults.calls == 2
    assert sum(not response.cached for response in found) == 1
    assert not FLIGHTS._flying


async def test_a_waiter_that_is_cancelled_leaves_the_flight_alone(faults: FaultServer, store: Store) -> None:
    policy, wanted, gateway = caching(ask, store), request(faults, "slow"), LitellmGateway()
    leader = asyncio.create_task(adrive(policy(wanted, trip()), gateway))
    while not faults.calls:
        await asyncio.sleep(0.01)
    waiter = asyncio.create_task(adrive(policy(wanted, trip()), gateway))
    await asyncio.sleep(0.05)
    waiter.cancel()
    assert not (await leader).cached
    assert waiter.cancelled()
    assert faults.calls == 1


@pytest.mark.parametrize("blocking", [True, False])
async def test_a_waiter_keeps_its_own_deadline(faults: FaultServer, store: Store, blocking: bool) -> None:
    policy, wanted, gateway = caching(ask, store), request(faults, "slow"), LitellmGateway()
    leader = asyncio.create_task(adrive(policy(wanted, trip()), gateway))
    while not faults.calls:
        await asyncio.sleep(0.01)
    hasty = replace(wanted, options=replace(wanted.options, timeout=0.15))
    began, steps = time.monotonic(), policy(hasty, trip())
    with pytest.raises(TransientError, match=r"within 0\.15 s"):
        await (asyncio.to_thread(drive, steps, gateway) if blocking else adrive(steps, gateway))
    assert time.monotonic() - began < 0.35
    assert not (await leader).cached
    assert faults.calls == 1


async def test_a_waiter_is_held_to_the_deadline_of_its_call(faults: FaultServer, tmp_path: Path) -> None:
    pattern = person(faults, tmp_path / "a.db", "openai/slow", mode="prompted").into(dict[str, bool])
    leader = asyncio.create_task(pattern.arun("Jo"))
    while not faults.calls:
        await asyncio.sleep(0.01)
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        await pattern.with_options(deadline=0.15).arun("Jo")
    assert time.monotonic() - began < 0.4
    assert (await leader).output == {"ok": True}
    assert faults.calls == 1


async def test_a_blocking_call_on_the_loop_of_the_leader_does_not_wait_for_ever(
    faults: FaultServer, store: Store
) -> None:
    """It blocks the very loop that the leader needs; so it asks by itself."""
    policy, wanted, gateway = caching(ask, store), request(faults, "slow"), LitellmGateway()
    leader = asyncio.create_task(adrive(policy(wanted, trip()), gateway))
    while not faults.calls:
        await asyncio.sleep(0.01)
    began = time.monotonic()
    assert drive(policy(wanted, trip()), gateway).choices
    assert time.monotonic() - began < 5
    assert (await leader).choices
    assert faults.calls == 2


def test_a_loop_that_ends_while_it_waits_leaves_no_trace(
    faults: FaultServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    policy, wanted, gateway = caching(ask, store), request(faults, "slow"), LitellmGateway()
    leader = threading.Thread(target=lambda: drive(policy(wanted, trip()), gateway))
    leader.start()
    while not FLIGHTS._flying:
        time.sleep(0.001)

    async def hasty() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(adrive(policy(wanted, trip()), gateway), 0.05)

    asyncio.run(hasty())
    leader.join()
    assert caplog.records == []
    assert faults.calls == 1


def test_an_answer_that_is_not_kept_still_serves_those_who_wait(store: Store) -> None:
    policy, cut = caching(ask, store), replace(GOOD, choices=(Choice("ye", "length"),))
    leader, waiter = policy(REQUEST, trip()), policy(REQUEST, trip())
    assert isinstance(next(leader), Request)
    step = next(waiter)
    assert isinstance(step, Wait)
    assert 9.0 < step.seconds <= 10.0
    assert _end(leader, cut) == cut
    assert _end(waiter, None) == replace(cut, cached=True, cost=0.0, usage=None)
    assert store.stats().answers == 0


def test_who_tries_after_a_failure_has_only_the_time_that_is_left(store: Store) -> None:
    now = [0.0]
    policy = caching(ask, store, clock=lambda: now[0])
    leader, waiter = policy(REQUEST, trip()), policy(REQUEST, trip())
    next(leader)
    next(waiter)
    now[0] = 4.0
    with pytest.raises(AuthenticationError):
        leader.throw(AuthenticationError("no"))
    sent = next(waiter)
    assert isinstance(sent, Request)
    assert sent.options.timeout == 6.0
    assert _end(waiter, GOOD) == GOOD


def _end(steps: Steps[Response], answer: Response | None) -> Response:
    with pytest.raises(StopIteration) as stop:
        steps.send(answer)
    return stop.value.value  # type: ignore[no-any-return]


@pytest.mark.parametrize("give_up", [lambda steps: steps.close(), lambda steps: None], ids=["closed", "collected"])
def test_steps_that_are_given_up_land_their_flight(store: Store, give_up: Callable[[Steps[Response]], None]) -> None:
    leader = caching(ask, store)(REQUEST, trip())
    next(leader)
    assert FLIGHTS._flying
    give_up(leader)
    del leader
    assert not FLIGHTS._flying


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_forked_child_does_not_wait_for_its_parents_flights(store: Store) -> None:
    leader = caching(ask, store)(REQUEST, trip())
    next(leader)
    child = os.fork()
    if not child:
        asked = isinstance(next(caching(ask, store)(REQUEST, trip())), Request)
        os._exit(0 if asked else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    leader.close()


def test_wait_ends_with_its_time(store: Store) -> None:
    future: Future[Response | None] = Future()

    def steps() -> Steps[float]:
        began = time.monotonic()
        yield Wait(future, 0.1)
        return time.monotonic() - began

    assert 0.09 < drive(steps(), LitellmGateway()) < 0.3
    assert 0.09 < asyncio.run(adrive(steps(), LitellmGateway())) < 0.3
    future.set_result(None)
    assert drive(steps(), LitellmGateway()) < 0.05
    assert asyncio.run(adrive(steps(), LitellmGateway())) < 0.05


def test_a_batch_of_equal_rows_is_paid_once(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([Answer(JO)])
    outcomes = list(person(faults, tmp_path / "a.db").batch(["Jo is 35."] * 50, concurrency=16))
    assert [outcome.output.name for outcome in outcomes] == ["Jo"] * 50
    assert faults.calls == faults.paid == 1


def test_the_next_model_answers_under_its_own_name(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO])
    pattern = person(faults, tmp_path / "a.db", "openai/500", fallbacks=["openai/someone"])
    assert pattern.run("Jo is 35.").fallback_model == "openai/someone"
    again = pattern.run("Jo is 35.")
    assert (again.fallback_model, again.cached) == ("openai/someone", True)
    assert person(faults, tmp_path / "a.db").run("Jo is 35.").cached
    assert [body["model"] for body in faults.bodies] == ["500", "someone", "500"]


def test_a_budget_is_not_touched_by_a_hit(faults: FaultServer, tmp_path: Path) -> None:
    faults.script([JO])
    path = tmp_path / "a.db"
    person(faults, path, "openai/gpt-4.1-mini", max_tokens=100)("Jo is 35.")
    broke = person(faults, path, "openai/gpt-4.1-mini", max_tokens=100, budget=0.000001)
    assert broke.run("Jo is 35.").cached
    with pytest.raises(PatternsError, match=r"budget|left"):
        broke("Jo is 36.")
    assert faults.calls == 1
