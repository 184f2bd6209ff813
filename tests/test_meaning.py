"""Examples compared by an embedding model, over real HTTP: paid once, within budgets, retried, and told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import patterns
from patterns import BudgetExceeded, ExtraMissing, ModelError, Pattern, Selection
from tests.faultserver import Call, FaultServer, Reply

TOPICS = ("printer paper scanner", "salary wage bonus", "door lamp window")
ROWS = "text,team\nprinter,it\nsalary,pay\nlamp,house\nscanner,it\n"
BODY = """{% system %}Route it. {{ output_format }}{% endsystem %}
{% for example in examples %}
{% user %}{{ example.input.text | quote("text") }}{% enduser %}
{% assistant %}{{ example.output | json }}{% endassistant %}
{% endfor %}
{% user %}{{ text | quote("text") }}{% enduser %}
"""
HEAD = """---
description: Route a message.
inputs: {text: The message.}
output: {type: object, properties: {team: {type: string}}, required: [team]}
examples: {file: rows.csv, choose: similar, k: 2, model: openai/text-embedding-3-small}
---
"""


def embedded(call: Call) -> Reply:
    """One number for each topic: how many of its words stand in the text."""
    texts = call.body["input"]
    rows = [[0.01 + sum(word in topic.split() for word in text.split()) for topic in TOPICS] for text in texts]
    data = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(rows)]
    usage = {"prompt_tokens": 2 * len(texts), "total_tokens": 2 * len(texts)}
    body = {"object": "list", "data": list(reversed(data)), "model": call.model, "usage": usage}
    return Reply(body=json.dumps(body).encode())


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def route(tmp_path: Path, faults: FaultServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pattern[[str], object]]:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-nobody-0123456789")
    monkeypatch.setenv("PATTERNS_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "route.md.jinja").write_text(HEAD + BODY)
    (tmp_path / "rows.csv").write_text(ROWS)
    with patterns.override(templates=(tmp_path,)):
        yield Pattern("route", model="openai/gpt-4o-mini", api_base=faults.api_base).with_options(
            choose=Selection(api_base=faults.api_base)
        )


def asked(faults: FaultServer) -> list[list[str]]:
    """The texts of each request for vectors, in their order."""
    return [body["input"] for body in faults.bodies if "input" in body]


def test_most_alike_in_meaning_stands_last_and_each_text_is_paid_once(
    route: Pattern[[str], object], faults: FaultServer
) -> None:
    faults.script([embedded, '{"team": "it"}', embedded, '{"team": "pay"}', '{"team": "it"}'])
    first = route.run("paper scanner")
    second = route.run("bonus")
    again = route.run("paper scanner")
    assert [each.number for each in first.examples] == [4, 1]
    assert second.examples[-1].number == 2
    assert second.examples[-1].why == "similar: rank 1 by meaning (openai/text-embedding-3-small)"
    assert again.examples == first.examples
    assert asked(faults) == [["printer", "salary", "lamp", "scanner", "paper scanner"], ["bonus"]]


def test_cost_and_tokens_of_vectors_are_on_the_result(route: Pattern[[str], object], faults: FaultServer) -> None:
    faults.script([embedded, '{"team": "it"}', '{"team": "it"}'])
    paid, free = route.run("paper"), route.run("paper")
    assert paid.usage.input_tokens - free.usage.input_tokens == 10
    assert paid.cost is not None
    assert free.cost is not None
    assert paid.cost - free.cost == pytest.approx(10 * 0.02e-6)


async def test_async_verbs_wait_without_blocking_the_loop(route: Pattern[[str], object], faults: FaultServer) -> None:
    faults.script([embedded, '{"team": "it"}', '{"team": "it"}'])
    assert (await route.arun("paper")).examples[-1].why.endswith("(openai/text-embedding-3-small)")
    assert [each async for each in route.astream("paper")][-1] == {"team": "it"}
    assert len(asked(faults)) == 1


def test_second_process_pays_nothing_for_vectors_it_finds(
    route: Pattern[[str], object], faults: FaultServer, tmp_path: Path
) -> None:
    faults.script([embedded])
    shown = [message.content for message in route.render("wage")]
    code = (
        "import sys, pathlib, patterns\n"
        "folder, base = sys.argv[1:]\n"
        "with patterns.override(templates=(pathlib.Path(folder),)):\n"
        "    choose = patterns.Selection(api_base=base)\n"
        "    route = patterns.Pattern('route', model='openai/gpt-4o-mini', choose=choose)\n"
        "    print([message.content for message in route.render('wage')])\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path), faults.api_base]
    other = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert other.stdout.strip() == str(shown)
    assert faults.calls == 1


def test_failed_request_for_vectors_is_retried_and_then_told(
    route: Pattern[[str], object], faults: FaultServer
) -> None:
    faults.script([500, embedded, '{"team": "it"}'])
    assert route.run("paper").output == {"team": "it"}
    faults.reset()
    faults.script([401])
    with pytest.raises(ModelError, match="openai/text-embedding-3-small"):
        route.run("another text")
    assert faults.calls == 1


def test_answer_without_the_vectors_is_an_error(route: Pattern[[str], object], faults: FaultServer) -> None:
    faults.script([Reply(body=b'{"object": "list", "data": [], "model": "m", "usage": {"prompt_tokens": 1}}')] * 3)
    with pytest.raises(ModelError, match="no 5 vectors of one size came back"):
        route.with_options(retries=0).run("paper")


def test_vectors_are_within_the_budget(route: Pattern[[str], object], faults: FaultServer) -> None:
    with pytest.raises(BudgetExceeded):
        route.with_options(budget=1e-9).run("paper")
    assert faults.calls == 0


def test_nothing_is_asked_where_a_test_stands_in_for_the_model(route: Pattern[[str], object]) -> None:
    from patterns.testing import FakeModel

    with FakeModel(['{"team": "it"}']):
        result = route.run("the printer")
    assert result.examples[-1].why == "similar: rank 1 by words (BM25)"


def test_missing_numpy_is_told_before_anything_is_paid(
    route: Pattern[[str], object], faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ExtraMissing) as caught:
        route.run("paper")
    assert "prompt-patterns[embeddings]" in caught.value.hint
    assert faults.calls == 0


def test_key_is_neither_in_the_error_nor_on_disk(
    route: Pattern[[str], object], faults: FaultServer, tmp_path: Path
) -> None:
    faults.script([embedded, '{"team": "it"}', 401])
    route.run("paper")
    with pytest.raises(ModelError) as caught:
        route.run("other words")
    assert "a-key-of-nobody" not in repr(caught.value) + str(caught.value.__dict__)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").iterdir())
    assert b"a-key-of-nobody" not in kept
    assert b"scanner" not in kept
