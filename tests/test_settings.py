"""Settings: override before configure before the environment."""

from __future__ import annotations

import os
import pickle
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from patterns.errors import InputError
from patterns.redact import redact
from patterns.settings import configure, from_environment, keys_in_force, layers, origins, override, settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "_configured", {})
    for name in [each for each in os.environ if each.startswith("PATTERNS_")]:
        monkeypatch.delenv(name, raising=False)


def test_the_environment_is_read() -> None:
    found = from_environment({"PATTERNS_MODEL": "m", "PATTERNS_TEMPLATES": "a:b", "PATTERNS_OFFLINE": "1"})
    assert found == {"model": "m", "templates": (Path("a"), Path("b")), "offline": True}
    assert from_environment({"PATTERNS_MODEL": ""}) == {}


def test_override_wins_over_configure_and_configure_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_MODEL", "from-env")
    assert settings().model == "from-env"
    configure(model="configured")
    assert settings().model == "configured"
    with override(model="overridden", timeout=5):
        assert (settings().model, settings().timeout) == ("overridden", 5)
    assert settings().model == "configured"


def test_an_override_stays_in_its_thread() -> None:
    seen: list[str | None] = []
    with override(model="mine"):
        thread = threading.Thread(target=lambda: seen.append(settings().model))
        thread.start()
        thread.join()
    assert seen == [None]


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(InputError, match="no such setting: modle"):
        configure(modle="x")  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["budget", "timeout"])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="above 0"):
        configure(**{name: 0})  # type: ignore[arg-type]


WRONG = [
    ("budget", "2.00", "a number above 0"),
    ("budget", float("nan"), "a number above 0"),
    ("timeout", None, "a number above 0"),
    ("reasks", "2", "a whole number"),
    ("retries", -1, "a whole number"),
    ("model", 3, "the name of a model"),
    ("mode", "xml", "one of json_schema"),
    ("templates", "templates", "a tuple of folders"),
    ("offline", "yes", "True or False"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_setting_that_would_be_no_setting_at_all_is_refused(name: str, value: object, words: str) -> None:
    with pytest.raises(InputError, match=f"{name} must be {words}"):
        configure(**{name: value})  # type: ignore[arg-type]


def test_folders_may_be_strings_in_a_list() -> None:
    with override(templates=["mine"]) as found:  # type: ignore[arg-type]
        assert found.templates == (Path("mine"),)


FILE = """
[tool.patterns]
model = "from-file"
retries = 5

[tool.patterns.profiles.prod]
model = "from-profile"
fallbacks = ["second"]
budget = 2.5
cache = "answers.db"

[tool.patterns.prices]
"mine/model" = [0.5, 2]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text(FILE)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    return tmp_path


def test_the_nearest_file_is_read(project: Path) -> None:
    found = settings()
    assert (found.model, found.retries, found.prices) == ("from-file", 5, {"mine/model": (0.5, 2.0)})


def test_a_file_that_changes_is_read_again(project: Path) -> None:
    assert settings().retries == 5
    (project / "pyproject.toml").write_text("[tool.patterns]\nretries = 11\n")
    assert settings().retries == 11


def test_a_profile_is_over_the_rest_of_the_file_and_under_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATTERNS_PROFILE", "prod")
    found = settings()
    assert (found.model, found.fallbacks, found.retries) == ("from-profile", ("second",), 5)
    assert found.cache == project / "answers.db"
    assert found.deadline == 120.0, "what the name means by itself is under the file"
    monkeypatch.setenv("PATTERNS_MODEL", "from-env")
    assert settings().model == "from-env"
    with override(model="overridden"):
        assert settings().model == "overridden"


def test_where_each_setting_comes_from(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_RETRIES", "1")
    configure(profile="prod", timeout=30)
    where = {name: origin.where for name, origin in origins().items()}
    assert where["retries"] == "environment"
    assert where["timeout"] == "configure()"
    assert where["model"] == f"{project / 'pyproject.toml'} [tool.patterns.profiles.prod]"
    assert where["prices"] == f"{project / 'pyproject.toml'} [tool.patterns]"
    assert where["deadline"] == "built-in profile prod"
    assert where["reasks"] == "default"


def test_a_budget_of_a_file_is_one_for_the_whole_process(project: Path) -> None:
    configure(profile="prod")
    first = settings().ledger
    assert first is not None
    assert first.limit == 2.5
    with override(timeout=5) as inside:
        assert inside.ledger is first


def test_a_profile_that_is_not_there_is_named_with_those_that_are(project: Path) -> None:
    with pytest.raises(InputError, match="no profile 'prd'") as caught:
        configure(profile="prd")
    assert "did you mean prod?" in caught.value.hint


WRONG_FILES = [
    ("retries = -1", "retries must be a whole number", ""),
    ("modle = 'x'", "modle cannot be set in a file", "did you mean mode or model?"),
    ("api_key = 'sk-1'", "api_key cannot be set in a file", "a key does not belong in a file"),
    ("api_base = 'http://x'", "api_base cannot be set", "draw the keys to another host"),
    ("templates = ['x']", "templates cannot be set", "PATTERNS_TEMPLATES"),
    ("cache = '../../.bashrc'", "must lie inside the project", ""),
    ("cache = '/etc/passwd'", "must lie inside the project", ""),
    ("profiles = 3", "one table for each profile", ""),
    ("retries = ", "cannot be read", ""),
]


@pytest.mark.parametrize(("line", "words", "hint"), WRONG_FILES)
def test_a_wrong_file_is_refused_with_its_place(project: Path, line: str, words: str, hint: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.patterns]\n{line}\n")
    with pytest.raises(InputError, match=words) as caught:
        settings()
    assert str(project / "pyproject.toml") in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("PATTERNS_RETRIES", "two", "a whole number"),
        ("PATTERNS_BUDGET", "inf", "a number above 0"),
        ("PATTERNS_OFFLINE", "perhaps", "True or False"),
        ("PATTERNS_MODE", "xml", "one of json_schema"),
    ],
)
def test_a_wrong_variable_is_refused_by_name(
    variable: str, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(InputError, match=f"{variable} must be {words}"):
        settings()


def test_variables_reach_every_kind_of_setting() -> None:
    found = from_environment(
        {
            "PATTERNS_FALLBACKS": "a, b",
            "PATTERNS_CACHE": "1",
            "PATTERNS_USAGE": "runs/usage.db",
            "PATTERNS_DEADLINE": "2.5",
            "PATTERNS_RPM": "60",
            "PATTERNS_BREAKER": "0",
        }
    )
    assert found == {
        "fallbacks": ("a", "b"),
        "cache": True,
        "usage": Path("runs/usage.db"),
        "deadline": 2.5,
        "rpm": 60,
        "breaker": False,
    }


def test_keys_stay_with_what_they_are_for_and_show_nowhere() -> None:
    turns = iter(["sk-first-0123456789", "sk-second-0123456789"])
    configure(api_key={"openai": lambda: next(turns), "api.example.com": SecretStr("sk-box-0123456789")})
    keys = settings().keys
    assert keys is not None
    source = keys.source("openai/gpt-4.1-mini", "openai")
    assert source is not None
    assert (source(), source()) == ("sk-first-0123456789", "sk-second-0123456789")
    assert keys.source("openai/gpt-4.1-mini", "openai", ["elsewhere.example.com"]) is None
    assert keys.source("anthropic/claude", "anthropic") is None
    assert repr(keys) == "Keys(openai, api.example.com)"
    assert "sk-" not in repr(settings())
    assert redact("it was my-first: sk-first-0123456789") == "it was my-first: [redacted]"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(keys)


def test_one_key_is_for_the_provider_of_the_model() -> None:
    configure(model="openai/gpt-4.1-mini", api_key=lambda: "sk-only-0123456789")
    keys = settings().keys
    assert keys is not None
    assert keys.scopes == ("openai",)


def test_the_keys_in_force_are_those_of_the_settings() -> None:
    assert keys_in_force() is settings().keys is None
    configure(api_key={"openai": "sk-outer-0123456789"})
    outer = keys_in_force()
    assert outer is settings().keys is not None
    with override(retries=1):
        assert keys_in_force() is settings().keys is outer
    with override(api_key={"openai": "sk-inner-0123456789"}):
        assert keys_in_force() is settings().keys is not outer
        with override(api_key=None):
            assert keys_in_force() is settings().keys is None
    configure(api_key=None)
    assert keys_in_force() is settings().keys is None


def test_a_key_without_a_scope_is_refused_and_not_shown() -> None:
    with pytest.raises(InputError, match="api_key must be a mapping") as caught:
        configure(api_key="sk-canary-0123456789")
    assert "canary" not in str(caught.value)
