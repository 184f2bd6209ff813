"""Rules about data in messages: it is quoted, it stays out of the system message, and all text is in a message."""

from __future__ import annotations

from collections.abc import Iterator

from patterns.lint.findings import Finding
from patterns.lint.pieces import Piece, Where
from patterns.lint.study import Study
from patterns.prompt.filters import SAFE
from patterns.prompt.kinds import parts_of


def bare_input(study: Study) -> Iterator[Finding]:
    for role, piece in _strangers(study):
        if role != "system" and not SAFE.keys() & piece.filters:
            name = _spelt(piece)
            yield Finding(
                "bare-input",
                f"the input {name} is printed bare: its text can pass for the prompt's own",
                *piece.written,
                hint=f'{{{{ {name} | quote("{name.partition(".")[0]}") }}}}, or | raw when no stranger writes it',
            )


def input_in_system(study: Study) -> Iterator[Finding]:
    for role, piece in _strangers(study):
        if role == "system" and "raw" not in piece.filters:
            yield Finding(
                "input-in-system",
                f"the input {_spelt(piece)} speaks in the system message",
                *piece.written,
                hint="data goes into a user message; | raw when no stranger writes it",
            )


def part_placed(study: Study) -> Iterator[Finding]:
    """Images, documents and sounds are no text: they are placed, and in what the user says."""
    for role, piece in _printed(study):
        fragment = study.fragment(piece.source or ())
        if fragment is None or not parts_of(fragment) or study.is_free(piece.source or ()):
            continue
        name = _spelt(piece)
        if not {"part", "quote"} & piece.filters:
            words = f"the input {name} is no text, and is printed like text"
        elif role != "user":
            words = f"the input {name} is placed in {{% {role} %}}, where models take text alone"
        else:
            continue
        yield Finding("part-placed", words, *piece.written, hint=f"{{% user %}}{{{{ {name} | part }}}}{{% enduser %}}")


def text_outside_role(study: Study) -> Iterator[Finding]:
    if study.flow is None:
        unit = study.book.main.unit
        places = [(study.path, line) for line in unit.stray] if unit and not unit.extends() else []
    else:
        places = [_begin(piece) for piece in study.flow.stray if not piece.blank]
    for path, line in dict.fromkeys(places):
        yield Finding(
            "text-outside-role",
            "this text is in no message",
            path,
            line,
            "put it into {% system %}, {% user %} or {% assistant %}",
        )


def no_user_message(study: Study) -> Iterator[Finding]:
    if study.flow is not None and not any(said.role == "user" for said in study.flow.messages):
        line = study.flow.messages[0].where[1] if study.flow.messages else 1
        yield Finding("no-user-message", "no {% user %} message: most models want one", study.path, line)


def _strangers(study: Study) -> Iterator[tuple[str, Piece]]:
    """Every place where text that anybody may have written is printed, with the role of its message."""
    return ((role, piece) for role, piece in _printed(study) if study.is_free(piece.source or ("",)))


def _printed(study: Study) -> Iterator[tuple[str, Piece]]:
    """Every place where an input is printed, once, with the role of its message."""
    seen: set[tuple[object, ...]] = set()
    for said in study.flow.messages if study.flow else ():
        for piece in said.pieces:
            if said.role == "history" or piece.source is None:
                continue
            place = (piece.written, piece.source[0], said.role, piece.filters)
            if place not in seen:
                seen.add(place)
                yield said.role, piece


def _spelt(piece: Piece) -> str:
    """A source as an author would write it, as far as its members have names."""
    assert piece.source is not None
    names = [str(step) for step in piece.source]
    end = next((at for at, step in enumerate(piece.source) if not isinstance(step, str)), len(names))
    return ".".join(names[:end])


def _begin(piece: Piece) -> Where:
    lead = piece.text[: len(piece.text) - len(piece.text.lstrip())]
    path, line = piece.said
    return path, line + (lead.count("\n") if piece.said == piece.written else 0)
