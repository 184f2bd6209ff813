"""Settings: override before configure before the environment."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from patterns import settings as module
from patterns.errors import InputError
from patterns.settings import configure, from_environment, override, settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_configured", {})
    for name in ("PATTERNS_MODEL", "PATTERNS_TEMPLATES", "PATTERNS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


def test_the_environment_is_read() -> None:
    found = from_environment({"PATTERNS_MODEL": "m", "PATTERNS_TEMPLATES": "a:b", "PATTERNS_OFFLINE": "1"})
    assert (found.model, found.templates, found.offline) == ("m", (Path("a"), Path("b")), True)
    assert from_environment({"PATTERNS_MODEL": ""}).model is None


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
