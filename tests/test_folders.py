"""Folders of the package: made for their owner only, and never through somebody else's link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patterns.folders import Unsafe, cache_dir, data_dir


def test_a_folder_is_made_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_DATA_DIR", str(tmp_path / "far" / "data"))
    assert data_dir() == tmp_path / "far" / "data"
    assert data_dir().stat().st_mode & 0o777 == 0o700


def test_an_open_folder_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_folder = tmp_path / "cache"
    open_folder.mkdir(mode=0o755)
    monkeypatch.setenv("PATTERNS_CACHE_DIR", str(open_folder))
    assert cache_dir().stat().st_mode & 0o777 == 0o700


def test_a_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setenv("PATTERNS_CACHE_DIR", str(tmp_path / "link"))
    with pytest.raises(Unsafe, match="a link"):
        cache_dir()


def test_another_users_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").mkdir()
    monkeypatch.setenv("PATTERNS_CACHE_DIR", str(tmp_path / "theirs"))
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    with pytest.raises(Unsafe, match="another user"):
        cache_dir()


def test_without_a_variable_it_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATTERNS_DATA_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_dir().is_relative_to(tmp_path) or "prompt-patterns" in data_dir().parts
