from __future__ import annotations

from patterns.library.reasoning import Solution, solve
from patterns.testing import FakeModel


def test_the_answer_stands_apart_from_the_steps() -> None:
    answer = '{"steps": ["12 / 4 = 3."], "answer": "3 apples"}'
    with FakeModel([answer]):
        assert solve("Twelve apples for four children?") == Solution(steps=["12 / 4 = 3."], answer="3 apples")


def test_the_steps_are_asked_for_before_the_answer() -> None:
    with FakeModel([{"steps": ["So."], "answer": "1"}]) as model:
        solve("?")
    target = model.requests[0].target
    assert target is not None
    assert list(target.schema["properties"]) == ["steps", "answer"]  # type: ignore[arg-type]
    words = model.requests[0].messages[0].content
    assert words.index("steps:") < words.index("answer:")


def test_an_answer_without_steps_is_asked_for_again() -> None:
    with FakeModel([{"steps": [], "answer": "3"}, {"steps": ["12 / 4 = 3."], "answer": "3"}]):
        result = solve.run("Twelve apples for four children?")
    assert len(result.attempts) == 2
    assert result.output.steps == ["12 / 4 = 3."]
