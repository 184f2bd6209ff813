"""A model's name says which file is meant; what is wrong with it is said before anything is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patterns.errors import BadRequest, UnknownModel
from patterns.model.local.weights import Weights, weights_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "llama-3.2-1b.gguf").write_bytes(b"GGUF and more")
    (tmp_path / "qwen3-0.6b.gguf").write_bytes(b"GGUF and more")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", ["qwen3-0.6b.gguf", "./qwen3-0.6b.gguf", "~/qwen3-0.6b.gguf"])
def test_a_path_may_be_relative_or_begin_at_home(name: str, folder: Path) -> None:
    assert weights_of(f"local/{name}") == Weights(folder.resolve() / "qwen3-0.6b.gguf")


def test_two_names_of_one_file_are_one_model(folder: Path) -> None:
    (folder / "link.gguf").symlink_to(folder / "qwen3-0.6b.gguf")
    assert weights_of("local/link.gguf") == weights_of(f"local/{folder}/qwen3-0.6b.gguf")


def test_choices_stand_behind_a_question_mark() -> None:
    found = weights_of("local/qwen3-0.6b.gguf?context=4096&parallel=2&gpu_layers=0&threads=3")
    assert (found.context, found.parallel, found.gpu_layers, found.threads) == (4096, 2, 0, 3)


@pytest.mark.parametrize(
    ("choices", "words", "hint"),
    [
        ("contxt=4096", "no choice 'contxt'", "context"),
        ("context=much", "context is a whole number from 0 on", ""),
        ("parallel=0", "parallel is a whole number from 1 on", ""),
        ("gpu_layers=-2", "gpu_layers is a whole number from -1 on", ""),
        ("threads=", "threads is a whole number", ""),
    ],
)
def test_a_choice_that_makes_no_sense_is_an_error(choices: str, words: str, hint: str) -> None:
    with pytest.raises(BadRequest, match=words) as caught:
        weights_of(f"local/qwen3-0.6b.gguf?{choices}")
    assert hint in caught.value.hint


def test_a_file_that_is_not_there_is_told_with_those_that_are(folder: Path) -> None:
    with pytest.raises(UnknownModel) as caught:
        weights_of("local/qwen-0.6b.gguf")
    assert str(folder / "qwen-0.6b.gguf") in caught.value.message
    assert f"in {folder} there is qwen3-0.6b.gguf" in caught.value.hint


def test_a_folder_that_is_not_there_is_told_too(folder: Path) -> None:
    with pytest.raises(UnknownModel) as caught:
        weights_of("local/models/deep/x.gguf")
    assert f"in {folder}" in caught.value.hint


def test_a_folder_is_no_model(folder: Path) -> None:
    (folder / "sub").mkdir()
    with pytest.raises(UnknownModel, match="is a folder") as caught:
        weights_of("local/sub")
    assert "no other .gguf file" in caught.value.hint


@pytest.mark.parametrize(("content", "words"), [(b"", "is empty"), (b"PK\x03\x04 a zip", "is no GGUF file")])
def test_another_kind_of_file_is_told_from_one(content: bytes, words: str, folder: Path) -> None:
    (folder / "bad.gguf").write_bytes(content)
    with pytest.raises(UnknownModel, match=words):
        weights_of("local/bad.gguf")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("~nobody-of-this-name/x.gguf", "home directory"),
        ("a\0b.gguf", "null"),
        ("a" * 5000 + ".gguf", "cannot be read"),
    ],
)
def test_a_path_that_can_be_none_is_told_as_one_that_is_not_there(name: str, words: str) -> None:
    with pytest.raises(UnknownModel, match=words) as caught:
        weights_of(f"local/{name}")
    assert caught.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.gguf")
    with pytest.raises(UnknownModel, match="a pipe"):
        weights_of("local/pipe.gguf")


def test_no_more_threads_are_asked_for_than_a_process_survives() -> None:
    assert weights_of("local/qwen3-0.6b.gguf?threads=512").threads == 512
    with pytest.raises(BadRequest, match="threads are 512 at most"):
        weights_of("local/qwen3-0.6b.gguf?threads=100000")
