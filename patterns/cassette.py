"""A file of recorded requests with their answers: JSON lines, sorted, free of secrets, made to be read in a diff."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from patterns import errors
from patterns.errors import InputError, ModelError, NeedsModel, OutputError, PatternsError
from patterns.exchange import Attempt, Request, Response
from patterns.messages import Json
from patterns.model.fingerprint import Content, content
from patterns.model.saved import Unsound, from_bytes, plain, response
from patterns.redact import MARK, redact

VERSION = 1
_HEADERS = frozenset({"extra_headers", "headers", "default_headers"})
_SECRET = re.compile(r"(?:^|[_-])(?:key|token|secret|password|authorization|cookie|credential)s?$", re.IGNORECASE)
_AT_ONCE = 60.0
"""Seconds: pauses up to this that a provider asked for are not waited for again. A longer one ends most calls."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request, as its scrubbed content, and what it was answered each time that it was asked, in this order."""

    request: Content
    answers: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Cassette:
    """What is in the file. `unnamed` is the model that answered where nobody named one."""

    entries: dict[str, Entry] = field(default_factory=dict)
    unnamed: str | None = None


def read(path: Path) -> Cassette:
    """Read a cassette; an empty one where there is no file. Raises InputError for a file that is none."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return Cassette()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    found = Cassette()
    for number, line in enumerate(lines, 1):
        if line.strip():
            _take(found, line, f"{path}:{number}")
    return found


def _take(found: Cassette, line: bytes, place: str) -> None:
    try:
        told = from_bytes(line)
        if isinstance(told, Mapping) and "cassette" in told:
            if told["cassette"] != VERSION:
                raise Unsound(f"a cassette of version {told['cassette']!r}, and this release reads {VERSION}")
            unnamed = told.get("unnamed")
            found.unnamed = unnamed if isinstance(unnamed, str) else None
            return
        key, request, answers = (cast("Mapping[str, Json]", told)[name] for name in ("key", "request", "answers"))
        if not (isinstance(key, str) and isinstance(request, dict) and isinstance(answers, list) and answers):
            raise Unsound("a line is a key, a request and its answers")
        found.entries[key] = Entry(request, answers)
    except (Unsound, KeyError, TypeError) as error:
        raise InputError(f"{place}: {error}", hint="mend it, or delete the line and record it again") from None


def write(path: Path, found: Cassette) -> None:
    """Put the file in place at once, sorted by key; a path that cannot be written to raises InputError."""
    header: dict[str, Json] = {"cassette": VERSION}
    if found.unnamed:
        header["unnamed"] = found.unnamed
    lines: list[Mapping[str, Json]] = [header]
    for key, entry in sorted(found.entries.items()):
        lines.append({"key": key, "request": entry.request, "answers": _without_echo(entry.answers)})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, lines)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None


def _replace(path: Path, lines: Iterable[Mapping[str, Json]]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            file.writelines(json.dumps(line, ensure_ascii=False, default=dict) + "\n" for line in lines)
        os.chmod(name, 0o644)  # it is made to be shared with the tests that it serves
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _without_echo(answers: list[Json]) -> list[Json]:
    """Leave out what replaying gives anyway: the last answer is given again and again."""
    last = len(answers)
    while last > 1 and answers[last - 1] == answers[last - 2]:
        last -= 1
    return answers[:last]


def scrubbed(request: Request) -> Content:
    """The content of a request without secrets: values of headers and of what is named like a key, too."""
    found = cast("Content", _clean(content(request)))
    if isinstance(extra := found.get("extra"), Mapping):
        found["extra"] = {name: _hidden(name, value) for name, value in extra.items()}
    return found


def _hidden(name: str, value: Json) -> Json:
    if name in _HEADERS and isinstance(value, Mapping):
        return dict.fromkeys(value, MARK)
    if isinstance(value, Mapping):
        return {inner: _hidden(inner, member) for inner, member in value.items()}
    return MARK if isinstance(value, str) and _SECRET.search(name) else value


def _clean(value: Json) -> Json:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(name): _clean(member) for name, member in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value


def answer_of(found: Response | PatternsError) -> Json:
    """Write a response or an error, without secrets and without ids that change each time."""
    if isinstance(found, Response):
        return {"response": _clean(_response(found))}
    told: dict[str, Json] = {"kind": type(found).__name__, "message": found.message, "hint": found.hint}
    for name in ("model", "status", "retry_after", "paid", "raw_text", "fields"):
        value = getattr(found, name, None)
        if value not in (None, "", ()):
            told[name] = list(value) if isinstance(value, tuple) else value
    attempts = found.attempts if isinstance(found, ModelError | OutputError) else ()
    paid: list[Json] = [
        {"response": _response(each.response), "problem": each.problem} for each in attempts if each.response
    ]
    return {"error": _clean(told | ({"attempts": paid} if paid else {}))}


def _response(found: Response) -> dict[str, Json]:
    return {name: value for name, value in plain(found).items() if name != "id"}


def given(answer: Json, request: Request) -> Response | PatternsError:
    """Read what `answer_of` wrote, as the answer to this request. Raises InputError for anything else."""
    try:
        if isinstance(answer, Mapping) and "response" in answer:
            return response(answer["response"])
        return _error(cast("Mapping[str, Json]", cast("Mapping[str, Json]", answer)["error"]), request)
    except (Unsound, KeyError, TypeError) as error:
        raise InputError(f"a recorded answer cannot be read: {error}", hint="record it again") from None


def _error(told: Mapping[str, Json], request: Request) -> PatternsError:
    kind = getattr(errors, str(told["kind"]), None)
    if not (isinstance(kind, type) and issubclass(kind, ModelError | OutputError)):
        raise Unsound(f"{told['kind']} is no error that a model can be answered with")
    if kind is NeedsModel:
        names = [str(name) for name in cast("list[Json]", told.get("fields", []))]
        return NeedsModel(str(told["message"]), fields=names, hint=str(told.get("hint", "")))
    words = {
        name: told[name] for name in ("model", "status", "retry_after", "paid", "raw_text", "hint") if name in told
    }
    if issubclass(kind, OutputError):
        words = {name: value for name, value in words.items() if name in ("raw_text", "hint")}
    else:
        words.setdefault("paid", None)
    made: ModelError | OutputError = kind(str(told["message"]), **words)  # type: ignore[arg-type]
    if isinstance(made, ModelError) and made.retryable and (made.retry_after or 0.0) <= _AT_ONCE:
        made.retry_after = 0.0
    attempts = cast("list[Mapping[str, Json]]", told.get("attempts", []))
    made.attempts = tuple(Attempt(request, response(a["response"]), cast("str | None", a["problem"])) for a in attempts)
    return made
