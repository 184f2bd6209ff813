"""Folders of template files written for one test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from patterns.messages import Message
from patterns.prompt.catalog import Catalog, Folder
from patterns.prompt.template import Template


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write templates by name; a name with a suffix of its own is written as it is."""
    for name, text in files.items():
        suffixed = name if name.endswith((".yaml", ".jsonl", ".csv", ".jinja")) else f"{name}.md.jinja"
        path = folder / suffixed
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def catalog(folder: Path, **files: str) -> Catalog:
    """A catalog of one trusted folder; a double underscore in a name stands for the slash."""
    return Catalog((Folder(write(folder, {name.replace("__", "/"): text for name, text in files.items()}), True),))


def template(folder: Path, text: str) -> Template:
    """The one template of a folder."""
    return catalog(folder, t=text).load("t")


def spoken(messages: tuple[Message, ...]) -> list[tuple[str, str]]:
    """Messages as pairs of role and text."""
    return [(message.role, message.content) for message in messages]
