"""Writes into a spec file what really comes out, and leaves its comments and everything else as they were."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from patterns.errors import PatternsError
from patterns.settings import override, settings
from patterns.spec.cases import Said, Spec, read_spec
from patterns.spec.checking import as_said, examples_of, rendered


def update(path: Path) -> list[str]:
    """Put the messages that come out into the cases that say which; give the titles of the cases that changed.

    A file with `snapshot: examples` gets a case for each example, and loses those of examples that are gone. A case
    that does not render is left as it is. The file is replaced at once, or not at all.
    """
    spec = read_spec(path)
    with override(templates=(*spec.folders, *settings().templates)):
        document = _round_trip().load(path.read_text(encoding="utf-8"))
        told = _put(document, spec, _fresh(spec))
    if told:
        _write(path, document)
    return told


def _fresh(spec: Spec) -> dict[int, tuple[Said, ...]]:
    """What comes out of the cases that say what does, by index."""
    found = {}
    for case in spec.cases:
        if case.messages is not None:
            with contextlib.suppress(PatternsError):
                found[case.index] = rendered(case)
    return found


def _put(document: Any, spec: Spec, fresh: Mapping[int, tuple[Said, ...]]) -> list[str]:
    told = []
    for case in spec.cases:
        said = fresh.get(case.index)
        if said is not None and said != as_said(case.messages or ()):
            _replace(document["cases"][case.index], case.messages or (), said)
            told.append(case.title)
    return told + (_snapshot(document, spec) if spec.snapshot else [])


def _replace(written: Any, before: Sequence[Said], said: Sequence[Said]) -> None:
    """Put in what differs, and leave the other messages in the style they were written in."""
    if [role for role, _ in before] != [role for role, _ in said]:
        written["messages"] = _written(said)
        return
    for index, (old, (role, text)) in enumerate(zip(as_said(before), said, strict=True)):
        if old[1] != text:
            written["messages"][index][role] = _block(text)


def _snapshot(document: Any, spec: Spec) -> list[str]:
    """Drop the cases of examples that are gone, and add those of examples that have none."""
    there = examples_of(spec.template or "", spec.schema)
    gone = [case for case in spec.cases if case.example is not None and case.example > there]
    for case in reversed(gone):
        del document["cases"][case.index]
    missing = spec.uncovered(there)
    if missing and not document.get("cases"):
        document["cases"] = CommentedSeq()
    for number in missing:
        document["cases"].append({"example": number, "messages": _written(rendered(spec.of_example(number)))})
    return [f"{case.title} is gone" for case in gone] + [f"example {number}" for number in missing]


def _written(said: Sequence[Said]) -> list[dict[str, str]]:
    return [{role: _block(text)} for role, text in said]


def _block(text: str) -> str:
    """A text as a block of lines, where YAML can hold it so; else in quotes."""
    plain = text == text.strip() and "\n " not in f"\n{text[:1]}" and all(c.isprintable() or c == "\n" for c in text)
    trailing = any(line != line.rstrip() for line in text.split("\n"))
    kind = LiteralScalarString if text and plain and not trailing else DoubleQuotedScalarString
    written: str = kind(f"{text}\n" if kind is LiteralScalarString else text)
    return written


def _round_trip() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _write(path: Path, document: Any) -> None:
    """Write beside the file and put it in its place."""
    text = io.StringIO()
    _round_trip().dump(document, text)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text.getvalue())
        shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
