"""Rules about what a prompt costs: stable text first, and no more than the model reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from patterns.errors import InputError, PatternsError
from patterns.exchange import ChosenExample, Request
from patterns.lint.findings import Finding
from patterns.lint.pieces import Piece, Said
from patterns.lint.study import Study
from patterns.messages import Json, Message
from patterns.model.known import facts, near_names
from patterns.model.tokens import at_most, input_tokens, text_tokens
from patterns.prompt.build import build
from patterns.prompt.choosing import choose
from patterns.prompt.template import Template

LOST = 80
"""Characters of stable text behind variable text that are worth a warning."""
LOST_IN_LAST = 1_000
"""The same inside the last message, where instructions behind the data are often better."""
_MOST_RENDERED = 20


@dataclass(frozen=True, slots=True)
class _Prompt:
    """A prompt as it may be sent, what it was made of in words, and where that stands."""

    messages: tuple[Message, ...]
    path: Path
    line: int
    words: str


def unstable_prefix(study: Study) -> Iterator[Finding]:
    """Provider caches keep the beginning of a prompt, up to the first character that differs."""
    messages = study.flow.messages if study.flow else ()
    first = next(
        ((at, piece) for at, said in enumerate(messages) for piece in said.pieces if _varies(study, piece)), None
    )
    if first is None:
        return
    at, piece = first
    lost = sum(len(each.text) for each in _behind(study, messages, at, piece))
    shown = any(each.source and each.source[0] == "examples" for each in _behind(study, messages, at, piece))
    if lost < LOST and not shown:
        return
    what = "the examples" if shown else f"{lost:,} characters that never change"
    name = ", ".join(sorted(each for each in piece.names if not study.has_few_values(each)))
    yield Finding(
        "unstable-prefix",
        f"{name} changes from call to call and stands before {what}: providers cache what comes before it alone",
        *(piece.said if piece.said[1] else messages[at].where),
        hint="stable text first, variable text last",
    )


def _varies(study: Study, piece: Piece) -> bool:
    return not all(map(study.has_few_values, piece.names))


def _behind(study: Study, messages: tuple[Said, ...], at: int, first: Piece) -> Iterator[Piece]:
    """Stable pieces that come after the first variable one. Of the last message, those before its own data."""
    for number, said in enumerate(messages[at:], at):
        pieces = said.pieces[said.pieces.index(first) + 1 :] if number == at else said.pieces
        stable = [piece for piece in pieces if not _varies(study, piece) and piece.names <= {"examples"}]
        if number < len(messages) - 1 or sum(len(piece.text) for piece in stable) > LOST_IN_LAST:
            yield from stable


def too_long(study: Study) -> Iterator[Finding]:
    """Hold the longest of the template's own examples against the windows of the models that are named."""
    windows = {model: window_of(model) for model in study.asked.models}
    if study.asked.window is not None:
        windows["the model"] = study.asked.window
    if not windows or study.book.linked is None:
        return
    try:
        prompts = list(_prompts(study, build(study.book.name, study.book.linked)))
    except PatternsError:
        return  # told by the other rules
    for model, window in windows.items() if prompts else ():
        tokens, longest = max(((_count(p.messages, window), p) for p in prompts), key=lambda counted: counted[0])
        if tokens > window:
            message = f"{tokens:,} tokens {longest.words}; {model} reads {window:,}"
            yield Finding("too-long", message, longest.path, longest.line, "shorten the text, or show fewer examples")


def window_of(model: str) -> int:
    """The tokens that a model reads. Raises InputError for a model that nobody knows."""
    found = facts(model)
    window = found.get("max_input_tokens") or found.get("max_tokens")
    if not isinstance(window, int):
        near = near_names(model)
        hint = f"did you mean {' or '.join(near)}?" if near else "say how many tokens it reads: --window 8192"
        raise InputError(f"the window of {model} is not known", hint=hint)
    return window


def _count(messages: tuple[Message, ...], window: int) -> int:
    """Count tokens; where a bound that costs nothing is inside the window, that will do."""
    request = Request("", messages)
    rough = at_most(request)
    return rough if rough <= window else input_tokens(request)


def _prompts(study: Study, template: Template) -> Iterator[_Prompt]:
    shape = study.shape.words if study.shape else ""
    rows = sorted(study.rows, key=lambda row: -len(str(row.raw)))[:_MOST_RENDERED]
    for row in rows:
        given = row.raw.get("input") if isinstance(row.raw, Mapping) else None
        if isinstance(given, Mapping):
            messages = template.render(given, output_format=shape, examples=_shown(template, given))
            yield _Prompt(messages, row.path, row.line, f"with example {row.number} for its input")
    if not rows and study.flow is not None:
        text = "".join(piece.text for said in study.flow.messages for piece in said.pieces)
        yield _Prompt((Message("user", text),), study.path, 1, "without any input")


def _shown(template: Template, given: Mapping[str, Json]) -> tuple[ChosenExample, ...] | None:
    """The examples that a call would show; by words, where a model would compare them. None for all of them."""
    if template.selection.whole:
        return None
    return choose(template.pool, template.selection, template.accept(given), count=text_tokens)
