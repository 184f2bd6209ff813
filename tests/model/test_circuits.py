"""The circuit of a model, by hand: when it opens, who goes first after a rest, how the others follow."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.events import CircuitChanged, Event, listen
from patterns.exchange import Options, Request
from patterns.model import lanes
from patterns.model.circuits import (
    LONGEST_PAUSE,
    LONGEST_REST,
    PAUSE,
    REST,
    TOO_MANY,
    Gate,
    Outcome,
    Place,
    circuits,
    gate_of,
)
from patterns.model.lanes import Lane, Registry, lane_of
from patterns.model.room import Room
from tests.model.policies.driving import Clock


def gate(clock: Clock) -> Gate:
    return Gate(Lane("m", "h"), clock=clock, draw=lambda: 1.0)


def ends(gate: Gate, *outcomes: Outcome, retry_after: float | None = None) -> None:
    for outcome in outcomes:
        place = gate.line_up()
        assert place.inside, "it was not let in"
        gate.leave(place, outcome, retry_after=retry_after)


def opened(clock: Clock) -> Gate:
    found = gate(clock)
    ends(found, *["failed"] * TOO_MANY)
    return found


def test_it_opens_when_half_of_the_last_ten_failed() -> None:
    found = gate(Clock())
    ends(found, *["failed", "well"] * 4)
    assert found.show().state == "closed"
    ends(found, "failed")
    assert found.show().state == "open"


def test_failures_of_long_ago_do_not_count() -> None:
    found = gate(Clock())
    ends(found, *["failed"] * 4, *["well"] * 10, *["failed"] * 4)
    assert found.show().state == "closed"


def test_what_tells_nothing_does_not_count() -> None:
    found = gate(Clock())
    ends(found, *["moot"] * 50)
    assert (found.show().state, found.show().failures) == ("closed", 0)


def test_an_open_one_lets_nobody_in_and_says_for_how_long() -> None:
    clock = Clock()
    found = opened(clock)
    clock.now = 10.0
    assert not found.line_up().inside
    assert (found.show().state, found.show().seconds, found.show().waiting) == ("open", REST - 10, 1)


def test_after_the_rest_exactly_one_goes_in() -> None:
    clock = Clock()
    found = opened(clock)
    clock.now = REST
    places = [found.line_up() for _ in range(20)]
    assert [place.inside for place in places] == [True] + [False] * 19
    assert found.show().state == "half-open"


def test_a_failed_probe_doubles_the_rest_up_to_a_bound() -> None:
    clock = Clock()
    found = opened(clock)
    rests = []
    for _ in range(6):
        rests.append(found.show().seconds)
        clock.now += found.show().seconds
        ends(found, "failed")
    assert rests == [REST, 2 * REST, 4 * REST, 8 * REST, LONGEST_REST, LONGEST_REST]


def test_a_probe_that_ends_well_closes_it_and_forgets_the_failures() -> None:
    clock = Clock()
    found = opened(clock)
    clock.now = REST
    ends(found, "well")
    assert (found.show().state, found.show().failures) == ("closed", 0)
    ends(found, *["failed"] * TOO_MANY)
    assert found.show().seconds == REST, "the next rest is a first one again"


@pytest.mark.parametrize("inside", [True, False])
def test_a_probe_that_was_given_up_frees_its_place_for_the_next(inside: bool) -> None:
    clock = Clock()
    found = opened(clock)
    clock.now = REST
    probe, second, third = (found.line_up() for _ in range(3))
    found.leave(probe if inside else second, "moot")
    assert (second.inside, third.inside) == (inside, False)
    assert second.turn.done() is inside or not inside


def test_what_left_before_the_change_says_nothing_about_now() -> None:
    clock = Clock()
    found = gate(clock)
    old = [found.line_up() for _ in range(20)]
    for place in old[:TOO_MANY]:
        found.leave(place, "failed")
    for place in old[TOO_MANY:10]:
        found.leave(place, "well")
    assert found.show().state == "open", "an old success does not close it"
    clock.now = REST
    ends(found, "well")
    for place in old[10:]:
        found.leave(place, "failed")
    assert found.show().state == "closed", "old failures do not open it"


def test_a_rate_limit_pauses_it_as_long_as_it_says() -> None:
    clock = Clock()
    found = gate(clock)
    ends(found, "limited", retry_after=7.0)
    assert (found.show().state, found.show().seconds) == ("paused", 7.0)
    clock.now = 6.9
    place = found.line_up()
    assert not place.inside
    clock.now = 7.0
    found.look(place)
    assert place.inside


def test_the_longest_wish_of_one_volley_counts() -> None:
    found = gate(Clock())
    first, second, third = (found.line_up() for _ in range(3))
    found.leave(first, "limited", retry_after=2.0)
    found.leave(second, "limited", retry_after=5.0)
    found.leave(third, "limited", retry_after=1.0)
    assert found.show().seconds == 5.0


def test_nobody_is_shut_out_for_a_day() -> None:
    found = gate(Clock())
    ends(found, "limited", retry_after=86_400.0)
    assert found.show().seconds == LONGEST_REST


def test_without_a_word_the_pauses_grow() -> None:
    clock = Clock()
    found = gate(clock)
    pauses = []
    for _ in range(8):
        ends(found, "limited")
        pauses.append(found.show().seconds)
        clock.now += found.show().seconds
    assert pauses == [min(PAUSE * 2**n, LONGEST_PAUSE) for n in range(8)]


def test_who_says_a_moment_again_and_again_is_asked_less_and_less() -> None:
    clock = Clock()
    found = gate(clock)
    for _ in range(12):
        ends(found, "limited", retry_after=0.001)
        clock.now += found.show().seconds
    assert clock.now > 10
    assert found.show().seconds <= LONGEST_PAUSE / 10


def rounds(found: Gate, clock: Clock, line: list[Place]) -> list[int]:
    """How many of the line go in each round, when all of a round are answered before the next."""
    found.look(line[0])
    sizes, flying = [], [place for place in line if place.inside]
    while flying:
        sizes.append(len(flying))
        for place in flying:
            found.leave(place, "well")
        line = [place for place in line if place not in flying]
        clock.now += 1.0
        flying = [place for place in line if place.inside]
    return sizes


def test_after_a_rate_limit_the_others_follow_few_at_first_and_slowly_past_the_half() -> None:
    clock = Clock()
    found = gate(clock)
    volley = [found.line_up() for _ in range(50)]
    for place in volley:
        found.leave(place, "limited", retry_after=2.0)
    line = [found.line_up() for _ in range(50)]
    clock.now = 2.0
    sizes = rounds(found, clock, line)
    assert sizes[:4] == [1, 2, 4, 8]
    assert sum(sizes) == 50
    assert max(sizes) <= 27, "the half of 50, and then one more in each round"


def grown(room: Room, successes: int) -> int | None:
    for _ in range(successes):
        room.widen()
    return room.size


def test_each_rate_limit_halves_what_may_be_on_its_way() -> None:
    room = Room()
    room.narrow(64, 0.0, halve=True)
    room.reopen(40)
    assert grown(room, 30) == 32
    assert grown(room, 33) == 33, "past the half of 64, one more for each round"
    room.narrow(20, 0.0, halve=True)
    room.reopen(40)
    assert grown(room, 8) == 10
    assert grown(room, 11) == 11
    assert grown(room, 5_000) is None, "where the first trouble was, there is no limit any more"


def test_the_limit_goes_when_it_was_quiet_for_a_minute() -> None:
    clock = Clock()
    found = gate(clock)
    volley = [found.line_up() for _ in range(50)]
    for place in volley:
        found.leave(place, "limited", retry_after=1.0)
    clock.now = 1.0
    ends(found, "well")
    assert found.show().room == 2
    clock.now = 62.0
    ends(found, "well")
    assert found.show().room is None


def test_each_change_is_told_once() -> None:
    heard: list[Event] = []
    clock = Clock()
    with listen(heard.append):
        found = opened(clock)
        clock.now = REST
        ends(found, "failed")
        clock.now += 2 * REST
        ends(found, "well")
    told = [(e.state, e.seconds) for e in heard if isinstance(e, CircuitChanged)]
    assert told == [("open", REST), ("half-open", 0), ("open", 2 * REST), ("half-open", 0), ("closed", 0)]


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_whatever_happens_never_two_probes_nobody_is_lost_and_the_count_is_right(seed: int, steps: int) -> None:
    """A random walk: places come, look, end in all ways, are given up; time passes."""
    rng, clock = random.Random(seed), Clock()
    found = Gate(Lane("m", ""), clock=clock, draw=rng.random)
    places: list[Place] = []
    for _ in range(steps * 10):
        match rng.choice(("come", "come", "end", "end", "give up", "time", "look")):
            case "come":
                places.append(found.line_up())
            case "end" if inside := [p for p in places if p.inside]:
                place = rng.choice(inside)
                places.remove(place)
                outcome: Outcome = rng.choice(("well", "failed", "limited", "moot"))
                found.leave(place, outcome, retry_after=rng.choice((None, 0.0, 3.0)))
            case "give up" if outside := [p for p in places if not p.inside]:
                place = rng.choice(outside)
                places.remove(place)
                found.leave(place, "moot")
            case "time":
                clock.now += rng.choice((0.1, 1.0, 40.0, 400.0))
            case "look" if places:
                found.look(rng.choice(places))
        shown = found.show()
        assert shown.flying == sum(p.inside for p in places)
        assert shown.waiting == sum(not p.inside for p in places)
        if shown.state == "half-open":
            assert sum(p.inside and p.epoch == found._epoch for p in places) <= 1
    for _ in range(10_000):  # whoever is left gets in when the model is well again
        if not places:
            break
        clock.now += 1.0
        found.look(places[0])
        for place in [p for p in places if p.inside]:
            places.remove(place)
            found.leave(place, "well")
    assert not places
    assert found.show().flying == 0


def test_threads_never_probe_together() -> None:
    clock = Clock()
    found = opened(clock)
    clock.now = REST
    barrier, inside = threading.Barrier(16), []

    def come() -> None:
        barrier.wait()
        place = found.line_up()
        if place.inside:
            inside.append(place)

    threads = [threading.Thread(target=come) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(inside) == 1


def test_a_model_at_another_host_has_a_circuit_of_its_own() -> None:
    here = Request("m", (), Options(api_base="http://user:word@one:8000/v1"))
    there = Request("m", (), Options(api_base="http://two:8000/v1"))
    assert lane_of(here) == Lane("m", "one:8000")
    assert gate_of(here) is not gate_of(there)
    ends(gate_of(here), *["failed"] * TOO_MANY)
    assert Counter(c.state for c in circuits()) == {"open": 1, "closed": 1}


def test_the_registry_is_bounded() -> None:
    registry: Registry[object] = Registry(lambda lane: object())
    first = registry.of(Lane("first", ""))
    for number in range(1000):
        registry.of(Lane(f"m{number}", ""))
    assert len(registry.all()) == lanes._MOST
    assert registry.of(Lane("first", "")) is not first


def test_a_forked_child_begins_anew() -> None:
    ends(gate_of(Request("m", ())), *["failed"] * TOO_MANY)
    lock = lanes._forgetting[0].__self__._lock  # type: ignore[attr-defined]
    with lock:  # as if another thread held it at the moment of the fork
        child = os.fork()
        if child == 0:
            os._exit(0 if not circuits() and gate_of(Request("m", ())).line_up().inside else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert circuits()[0].state == "open"
