"""What is known of models without importing litellm: facts, modes, prices, estimates."""

from __future__ import annotations

import subprocess
import sys

import litellm
import pytest

from patterns.exchange import Mode, Options, Request, Target
from patterns.messages import Message
from patterns.model.estimates import ASSUMED_OUTPUT, SLACK, estimate, worst
from patterns.model.known import facts, near_names, provider_of, without_route
from patterns.model.modes import mode_of
from patterns.model.prices import cost_of, free, prices, settled
from tests.model.asking import PERSON

# a name with the word for an API in it, the name that litellm's table holds
ROUTED = [
    ("openai/responses/gpt-4o", "openai/gpt-4o"),
    ("azure/responses/gpt-4o", "azure/gpt-4o"),
    ("bedrock/converse/anthropic.claude-3-haiku-20240307-v1:0", "bedrock/anthropic.claude-3-haiku-20240307-v1:0"),
    ("cohere_chat/v2/command-r", "cohere_chat/command-r"),
    ("groq/responses/x", "groq/responses/x"),
    ("openai/responses", "openai/responses"),
    ("responses", "responses"),
]


@pytest.mark.parametrize(("model", "plain"), ROUTED)
def test_the_word_for_an_api_is_no_part_of_a_model_s_name(model: str, plain: str) -> None:
    assert without_route(model) == plain
    assert facts(model) == facts(plain)


HELLO = (Message("user", "Hello, who are you?"),)

MODES: list[tuple[str, Mode]] = [
    ("openai/gpt-4.1-mini", "json_schema"),
    ("gpt-4o-mini", "json_schema"),
    ("anthropic/claude-haiku-4-5", "json_schema"),
    ("gemini/gemini-2.5-flash", "json_schema"),
    ("openai/gpt-4", "tools"),
    ("cohere/command-r7b-12-2024", "tools"),
    ("perplexity/sonar", "prompted"),
    ("ollama_chat/anything:1b", "json_schema"),
    ("openai/a-model-of-my-own", "prompted"),
    ("nobody/knows", "prompted"),
    ("anthropic/gpt-4o-mini", "prompted"),
]


@pytest.mark.parametrize(("model", "mode"), MODES)
def test_the_strongest_mode_that_is_vouched_for_is_taken(model: str, mode: Mode) -> None:
    assert mode_of(model) == mode


def test_a_bare_name_is_known_by_its_provider() -> None:
    assert provider_of("gpt-4o-mini") == "openai"
    assert provider_of("openai/whatever") == "openai"
    assert provider_of("whatever") == ""


def test_the_sample_entry_is_no_model() -> None:
    assert not facts("nothing/sample_spec-x")


def test_a_model_registered_in_litellm_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"litellm_provider": "openai", "mode": "chat", "supports_response_schema": True}
    monkeypatch.setitem(
        litellm.model_cost, "openai/mine", own | {"input_cost_per_token": 0, "output_cost_per_token": 0}
    )
    assert mode_of("openai/mine") == "json_schema"
    assert free("openai/mine")
    assert prices("openai/mine") == (0.0, 0.0)


@pytest.mark.parametrize("typo", ["openai/gpt-4.1-mni", "gpt-4.1-mimi", "opnai/gpt-4.1-mini"])
def test_a_misspelled_model_has_near_names(typo: str) -> None:
    assert "gpt-4.1-mini" in near_names(typo)


def test_a_name_like_no_other_has_none() -> None:
    assert near_names("zzzzzzzz/qqqqqqqqqq") == ()


# what litellm told, model, what it means
SETTLED = [
    (0.25, "openai/gpt-4o-mini", 0.25),
    (0.0, "ollama/llama3", 0.0),
    (None, "ollama/anything", 0.0),
    (0.0, "ollama/deepseek-v3.1:671b-cloud", None),
    (0.0, "openai/gpt-4o-mini", None),
    (0.0, "cohere/command-a-plus-05-2026", None),
    (None, "openai/unheard-of", None),
    ("0.1", "openai/gpt-4o-mini", None),
]


@pytest.mark.parametrize(("told", "model", "cost"), SETTLED)
def test_an_unknown_cost_is_none_and_never_nothing(told: object, model: str, cost: float | None) -> None:
    assert settled(model, told) == cost


def test_cached_tokens_have_their_own_price() -> None:
    plain = litellm.Usage(prompt_tokens=1000, completion_tokens=0, total_tokens=1000)
    cached = litellm.Usage(
        prompt_tokens=1000, completion_tokens=0, total_tokens=1000, prompt_tokens_details={"cached_tokens": 1000}
    )
    full, less = cost_of("openai/gpt-4o-mini", plain), cost_of("openai/gpt-4o-mini", cached)
    assert full == pytest.approx(1000 * 1.5e-07)
    assert less is not None
    assert less < full


def test_the_cost_of_an_unknown_model_is_none() -> None:
    assert cost_of("openai/unheard-of", litellm.Usage(prompt_tokens=1, completion_tokens=1, total_tokens=2)) is None


def test_an_estimate_ranges_from_no_answer_to_the_longest() -> None:
    given, made = prices("openai/gpt-4o-mini") or (0, 0)
    found = estimate(Request("openai/gpt-4o-mini", HELLO, Options(max_tokens=100, n=2)))
    assert 5 < found.input_tokens < 20
    assert found.output_tokens == 200
    assert found.low == pytest.approx(found.input_tokens * given)
    assert found.high == pytest.approx(found.input_tokens * given + 200 * made)


def test_the_schema_is_counted_where_it_is_sent() -> None:
    bare = estimate(Request("openai/gpt-4o-mini", HELLO))
    full = estimate(Request("openai/gpt-4o-mini", HELLO, target=PERSON, mode="json_schema"))
    assert full.input_tokens > bare.input_tokens + 20
    assert bare.output_tokens == ASSUMED_OUTPUT


def test_other_tokenizers_may_cut_finer() -> None:
    found = estimate(Request("anthropic/claude-haiku-4-5", HELLO, Options(max_tokens=1)))
    given, made = prices("anthropic/claude-haiku-4-5") or (0, 0)
    assert found.high == pytest.approx(found.input_tokens * SLACK * given + made)


def test_an_unknown_price_leaves_the_range_open() -> None:
    found = estimate(Request("openai/unheard-of", HELLO))
    assert (found.low, found.high) == (None, None)
    assert worst(Request("openai/unheard-of", HELLO)) is None


def test_a_free_model_s_worst_case_is_nothing() -> None:
    assert worst(Request("ollama_chat/llama3.2:1b", HELLO, target=Target("T", {}))) == 0.0


@pytest.mark.parametrize("model", ["rules", "installed"])
def test_what_answers_within_this_process_costs_nothing(model: str) -> None:
    assert worst(Request(model, HELLO)) == 0
    assert estimate(Request(model, HELLO)).high == 0


def test_modes_and_prices_do_without_litellm() -> None:
    program = (
        "import sys\n"
        "from patterns.model.modes import mode_of\nfrom patterns.model.prices import prices\n"
        "from patterns.model.resolve import resolve\n"
        "assert mode_of('openai/gpt-4o-mini') == 'json_schema'\n"
        "assert prices('openai/gpt-4o-mini') == (1.5e-07, 6e-07)\n"
        "assert resolve(environ={'OPENAI_API_KEY': 'k'}).engine == 'litellm'\n"
        "assert 'litellm' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
