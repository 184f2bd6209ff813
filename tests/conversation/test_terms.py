"""What a conversation may take in time, tries and money holds for the patterns that are asked in it."""

from __future__ import annotations

import pytest

from patterns import BudgetExceeded, Conversation, classify_sentiment
from tests.faultserver import FaultServer

ANSWER = '{"label": "positive", "confidence": 0.9}'


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-nobody-0123456789")


def test_one_budget_counts_all_that_is_said_in_a_conversation(faults: FaultServer) -> None:
    faults.script(["Hello.", ANSWER])
    talk = Conversation(model="openai/gpt-4o-mini", api_base=faults.api_base, budget=0.02, max_tokens=100)
    talk.send("Hi.")
    after_one = talk._pattern._setup.ledger
    assert after_one is not None
    spent = after_one.spent
    assert spent > 0
    talk.ask(classify_sentiment, "It works.")
    assert after_one.spent > spent


def test_budget_that_is_too_small_refuses_a_pattern_in_a_conversation(faults: FaultServer) -> None:
    talk = Conversation(model="openai/gpt-4o-mini", api_base=faults.api_base, budget=1e-7)
    with pytest.raises(BudgetExceeded):
        talk.ask(classify_sentiment, "It works.")
    assert faults.calls == 0


def test_what_the_pattern_says_itself_goes_before_the_conversation(faults: FaultServer) -> None:
    faults.script([500, ANSWER])
    talk = Conversation(model="openai/gpt-4o-mini", api_base=faults.api_base, retries=0, max_cost=1e-9)
    patient = classify_sentiment.with_options(retries=1, max_cost=1.0)
    assert talk.ask(patient, "It works.").label == "positive"
    assert faults.calls == 2
