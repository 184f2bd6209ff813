"""Errors travel: they can be pickled, they advise, and they hold no secret."""

from __future__ import annotations

import inspect
import pickle

import pytest

from patterns import errors
from patterns.errors import (
    BudgetExceeded,
    ExtraMissing,
    Invalid,
    ModelError,
    NeedsModel,
    OutputError,
    PatternsError,
    Problem,
    TemplateError,
    ToolsCalled,
    ToolTurnsExceeded,
    TransientError,
)
from patterns.exchange import Attempt, Choice, Request, Response, Usage
from patterns.messages import ToolCall

REQUEST = Request("m", ())


def attempt(cost: float | None, usage: Usage | None = None) -> Attempt:
    return Attempt(REQUEST, Response((Choice("x"),), "m", usage, cost))


SPECIAL = {
    BudgetExceeded: BudgetExceeded("over", spent=1.0, limit=0.5),
    ExtraMissing: ExtraMissing("a notebook", "notebook"),
    NeedsModel: NeedsModel("not found", fields=["age"]),
    TemplateError: TemplateError("odd", path="a.md.jinja", line=3),
    Invalid: Invalid("no", errors=[Problem("$.age", "is not a number")], attempts=[attempt(0.1)]),
    ToolsCalled: ToolsCalled([ToolCall("1", "look_up", {"q": "x"})]),
    ToolTurnsExceeded: ToolTurnsExceeded(3, [ToolCall("1", "look_up", {"q": "x"})], attempts=[attempt(0.1)]),
}
ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, PatternsError)]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_comes_back_from_pickle_whole(kind: type[PatternsError]) -> None:
    error = SPECIAL.get(kind) or kind("what happened", hint="what to do")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert again.args == error.args
    assert again.__dict__ == error.__dict__


def test_the_tree_in_the_docstring_names_every_error() -> None:
    assert errors.__doc__ is not None
    assert [kind.__name__ for kind in ALL if kind.__name__ not in errors.__doc__] == []


def test_the_hint_is_shown_under_the_traceback() -> None:
    assert ModelError("no", hint="set the key").__notes__ == ["set the key"]


def test_a_key_in_a_message_is_struck_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "canary-1234567890")
    error = TransientError(
        "rejected canary-1234567890", raw_text="key canary-1234567890", hint="is canary-1234567890 right?"
    )
    assert "canary-1234567890" not in repr(error) + str(error.__dict__) + repr(pickle.dumps(error))


def test_cost_and_usage_are_summed_over_attempts() -> None:
    error = OutputError("no", attempts=[attempt(0.25, Usage(10, 2)), attempt(0.5, Usage(20, 3))])
    assert error.cost == 0.75
    assert error.usage == Usage(30, 5)


def test_one_unknown_price_makes_the_sum_unknown_not_zero() -> None:
    assert OutputError("no", attempts=[attempt(0.25), attempt(None)]).cost is None
    assert OutputError("no").cost is None
