"""Code out of a chatty answer: the block that was asked for, and an account of what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from patterns.errors import Truncated, Unreadable
from patterns.exchange import Repair
from patterns.output.code.choice import choose, wanted_names
from patterns.output.code.echo import answer_window
from patterns.output.code.pieces import Piece, find_pieces
from patterns.output.code.python_source import Broken, Parser
from patterns.output.languages import language_of
from patterns.output.reasoning import mask_reasoning

_HINT = "ask for the code in one fenced block"


@dataclass(frozen=True, slots=True)
class CodeReading:
    """Code read from an answer.

    `language` is the one asked for, else the one claimed or recognised, `""` when unknown. `span` bounds in the raw
    text what the source was taken from. `complete` is False when the text ends within the code.
    """

    language: str
    source: str
    repairs: tuple[Repair, ...] = ()
    span: tuple[int, int] = (0, 0)
    complete: bool = True


def read_code(text: str, *, language: str | None = None, names: Sequence[str] = ()) -> CodeReading:
    """Read the code that an answer holds, in `language` and defining all `names` where they are given.

    Raises Unreadable when no such code is there, and Truncated when the text ends before it is whole.
    """
    asked = language_of(language or "")
    start, end = answer_window(shown := mask_reasoning(text))
    pieces = find_pieces(_only(shown, start, end), asked)
    wanted = wanted_names(names)
    chosen = choose([piece for piece in pieces if _fits(piece, asked, bool(wanted))], wanted)
    if not chosen:
        raise _refusal(text, pieces, asked, wanted)
    return _reading(chosen)


def _only(text: str, start: int, end: int) -> str:
    """Keep the part of a text that answers where it stands, and at the head of a line."""
    return text[:end] if not start else " " * (start - 1) + "\n" + text[start:end]


def _fits(piece: Piece, language: str, named: bool) -> bool:
    """Tell whether a piece may be what was asked for: code of its language, which parses where names are asked for."""
    stranger = any(repair.kind == "language" for repair in piece.repairs)
    if language == "python" and not piece.parsed:
        return not stranger and not (named and piece.problem)
    return named or piece.parsed or not stranger


def _reading(chosen: Sequence[Piece]) -> CodeReading:
    source = _joined(chosen)
    if source is None:
        chosen = (max(chosen, key=lambda piece: len(piece.source)),)
        source = chosen[0].source
    span = (chosen[0].block.start, chosen[-1].block.end)
    repairs = tuple(repair for piece in chosen for repair in piece.repairs)
    if len(chosen) > 1:
        repairs += (Repair("join", span=span, before=f"{len(chosen)} blocks", after="one source", cost=1.0),)
    return CodeReading(chosen[0].language, source, repairs, span, all(piece.complete for piece in chosen))


def _joined(chosen: Sequence[Piece]) -> str | None:
    """Put pieces into one source, or None when that does not parse although they did."""
    if len(chosen) == 1:
        return chosen[0].source.strip("\n")
    source = "\n\n".join(piece.source.strip("\n") for piece in chosen)
    return None if isinstance(Parser().parse(source), Broken) else source


def _refusal(text: str, pieces: Sequence[Piece], language: str, names: frozenset[str]) -> Unreadable | Truncated:
    """Say why there is no code: none at all, cut off, in another language, not parsing, or without the names."""
    kind = f"{language} code" if language else "code"
    if not pieces:
        return Unreadable(f"the answer holds no {kind}", raw_text=text, hint=_HINT)
    if not all(piece.complete for piece in pieces):
        return Truncated(f"the answer ends before its {kind} is whole", raw_text=text, hint="allow more tokens")
    broken = next((piece.problem for piece in pieces if piece.problem), "")
    if broken and not any(piece.parsed for piece in pieces):
        return Unreadable(f"the code is not {language or 'whole'}: {broken}", raw_text=text, hint=_HINT)
    found = frozenset().union(*(piece.facts.defines for piece in pieces))
    missing = ", ".join(sorted(names - found)[:5])
    what = f"the code does not define {missing}" if missing else f"no block is {kind} that defines what was asked for"
    return Unreadable(what, raw_text=text, hint=_HINT)
