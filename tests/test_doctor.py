"""The doctor tells where each setting comes from, and what is wrong with the settings themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from patterns.doctor import findings
from patterns.settings import layers, override


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "_configured", {})
    (tmp_path / "pyproject.toml").write_text("[tool.patterns]\nretries = 4\n[tool.patterns.profiles.prod]\nrpm = 60\n")
    monkeypatch.chdir(tmp_path)


def words(topic: str) -> list[str]:
    return [each.words for each in findings() if each.topic == topic]


def test_each_setting_is_shown_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_PROFILE", "prod")
    monkeypatch.setenv("PATTERNS_FALLBACKS", "a/b,c/d")
    with override(api_key={"openai": "sk-CANARY0123456789"}):
        shown = words("setting")
        assert "sk-CANARY" not in str(findings())
    file = tmp_path / "pyproject.toml"
    assert f"retries = 4 ({file} [tool.patterns])" in shown
    assert f"rpm = 60 ({file} [tool.patterns.profiles.prod])" in shown
    assert "deadline = 120.0 (built-in profile prod)" in shown
    assert "fallbacks = a/b, c/d (environment)" in shown
    assert "keys = Keys(openai) (override())" in shown
    assert "reasks 2" in words("defaults")[0]


def test_a_key_that_was_given_is_enough_for_a_named_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with override(model="openai/gpt-4.1-mini"):
        assert not next(each for each in findings() if each.topic == "model").ok
        with override(api_key={"openai": "sk-CANARY0123456789"}):
            assert next(each for each in findings() if each.topic == "model").ok


def test_settings_that_cannot_be_understood_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_PROFILE", "prd")
    wrong = next(each for each in findings() if each.topic == "settings")
    assert (wrong.ok, wrong.words) == (False, "there is no profile 'prd'")
    assert "did you mean prod?" in wrong.hint
