"""Candidates for the code that was asked for: the blocks of an answer, mended, with what they define."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from patterns.exchange import Repair
from patterns.output.code.islands import find_islands
from patterns.output.code.mends import attempts, outdented
from patterns.output.code.python_source import LONGEST, Broken, Facts, Parser, facts_of
from patterns.output.code.rejoined import rejoined
from patterns.output.code.tags import find_tags
from patterns.output.excerpt import excerpts
from patterns.output.fences import Block, find_fences
from patterns.output.languages import NEUTRAL, are_near, guess_language, language_of

_DEFINED = re.compile(
    r"\b(?:class|def|function\*?|func|fn|fun|sub|struct|interface|enum|trait|type|module|const|let|var|val|proc|impl|table|view)"
    r"[ \t]+(?:\([^()\n]{0,80}\)[ \t]*)?[\"`]?([A-Za-z_$][\w$]*)"
    r"|^[ \t]*(?:[\w<>\[\],*&:~]+[ \t]+){1,4}[*&]?([A-Za-z_]\w*)[ \t]*\("
    r"|^[ \t]*([A-Za-z_$][\w$.]*)[ \t]*(?::?=|:[ \t]*(?:async[ \t]*)?(?:function|\())"
    r"|^[ \t]*(?:async[ \t]+|static[ \t]+)*([A-Za-z_$][\w$]*)[ \t]*\([^()\n]{0,200}\)[ \t]*\{",
    re.MULTILINE,
)
"""What looks like a definition, in any language: a keyword and a name, a typed function, an assignment, a method."""

_NO_NAMES = frozenset({"if", "for", "while", "switch", "return", "catch", "else", "new", "await", "throw"})
_SESSION = re.compile(
    r"(?:^[ \t]*>>> [^\n]*\n?(?:^[ \t]*\.\.\.(?: [^\n]*)?\n?)*(?:^(?![ \t]*>>>)[^\n]+\n(?=[ \t]*>>>))*)+", re.MULTILINE
)
"""Lines of a console session: what was typed, its continuation, and what was printed between."""
_ENDS = (";", "{", "}", ">", ")", "]", "end", "fi", "done", "esac")
"""How lines of code end and lines of prose do not."""
_LINES = 2_000
"""Lines of prose that are searched for the beginning of code in another language than Python."""
_LONGEST = 200_000
"""Characters of one block that are searched for definitions."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One block as code. `parsed` tells whether it parses as Python; `problem` why not, where that was tried."""

    source: str
    language: str
    block: Block
    facts: Facts = field(default_factory=Facts)
    parsed: bool = False
    complete: bool = True
    repairs: tuple[Repair, ...] = ()
    problem: str = ""


def find_pieces(shown: str, language: str) -> list[Piece]:
    """Read every block of a text as code of `language` (`""`: whichever it is), in the order of their places."""
    parser = Parser()
    fences = rejoined(shown, find_fences(shown), parser)
    blocks = sorted([*fences, *find_tags(shown, fences)], key=lambda block: block.start)
    pieces = [piece for block in blocks for piece in _pieces_of(block, language, parser)]
    for block in _outside(shown, blocks):
        if language in {"", "python"}:
            pieces += list(_islands_of(block, parser)) or list(_sessions_of(block, parser))
        else:
            pieces += _bare(block, language)
    return sorted((piece for piece in pieces if piece.source.strip()), key=lambda piece: piece.block.start)


def _outside(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Give the stretches of text between blocks."""
    at = 0
    for start, end in [*(block.outer for block in blocks), (len(text), len(text))]:
        if start > at and not text[at:start].isspace():
            yield Block(text[at:start], at, start, origin="prose")
        at = max(at, end)


def _pieces_of(block: Block, language: str, parser: Parser) -> Iterator[Piece]:
    """Read one block whole or, where it does not parse, the runs of Python in it."""
    tagged = language_of(block.tag)
    if (language or tagged) not in {*NEUTRAL, "python"} or len(block.text) > LONGEST:
        yield _as_it_is(block, language, tagged)
        return
    whole = _as_python(block, language, tagged, parser)
    runs = [] if whole.parsed or tagged not in {*NEUTRAL, "python"} else list(_islands_of(block, parser))
    if runs and ("python" in {language, tagged} or any(run.facts.builds for run in runs)):
        yield from runs
    else:
        yield whole


def _as_python(block: Block, language: str, tagged: str, parser: Parser) -> Piece:
    """Read a block as Python, undoing damage until it parses; else as it is, with the reason."""
    problem = ""
    for source, mends in attempts(block.text, diff=tagged == "diff"):
        tree = parser.parse(source)
        if isinstance(tree, Broken):
            problem = problem or f"line {tree.line}: {tree.message}"
            continue
        facts = facts_of(tree)
        stranger = tagged not in {*NEUTRAL, "python"} and not facts.builds
        if stranger or not facts.statements or not ("python" in {language, tagged} or _is_python(source, facts)):
            problem = problem or "it is something else"
            break
        shown = excerpts(block.text, source)
        notes = tuple(Repair(mend.kind, "$", (block.start, block.end), *shown, mend.cost) for mend in mends)
        return Piece(source, "python", block, facts, True, block.closed, notes + _renamed(block, tagged, "python"))
    return _as_it_is(block, language, tagged, problem)


def _is_python(source: str, facts: Facts) -> bool:
    """Tell Python from a word or a JSON value, which parse as well."""
    return facts.builds or facts.imports_only or (not guess_language(source) and (bool(facts.top) or "(" in source))


def _as_it_is(block: Block, language: str, tagged: str, problem: str = "") -> Piece:
    """Take a block without parsing it."""
    source = outdented(block.text, diff=tagged == "diff")
    known = tagged if tagged not in NEUTRAL else guess_language(source)
    names = {name for found in _DEFINED.finditer(source[:_LONGEST]) for name in found.groups() if name} - _NO_NAMES
    return Piece(
        source,
        language or known,
        block,
        Facts(defines=frozenset(names), top=frozenset(names), builds=bool(names), statements=1),
        complete=block.closed,
        repairs=_renamed(block, known, language),
        problem=problem,
    )


def _renamed(block: Block, known: str, language: str) -> tuple[Repair, ...]:
    """Note that a block is taken for another language than it claims."""
    if not language or known in NEUTRAL or are_near(known, language):
        return ()
    return (Repair("language", span=block.outer, before=known, after=language, cost=2.0),)


def _islands_of(block: Block, parser: Parser) -> Iterator[Piece]:
    """Find the runs of Python among the lines of a block."""
    lines = block.text.replace("\u00a0", " ").split("\n")
    starts = [block.start]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for island in find_islands(lines, parser):
        start, end = starts[island.first], min(starts[island.last], block.end)
        inner = Block(block.text, start, end, block.tag, block.closed, block.origin, block.outer)
        kind = "prose around code" if block.origin == "prose" else "part of a block"
        note = Repair(kind, "$", (start, end), *excerpts(block.text, island.source), 1.0)
        complete = block.closed and not island.cut
        yield Piece(island.source, "python", inner, facts_of(island.tree), True, complete, (note,))


def _sessions_of(block: Block, parser: Parser) -> Iterator[Piece]:
    """Find console sessions that stand in prose."""
    for run in _SESSION.finditer(block.text):
        start, end = block.start + run.start(), block.start + run.end()
        piece = _as_python(Block(run[0], start, end, "python", origin="prose"), "python", "python", parser)
        if piece.parsed:
            yield piece


def _bare(block: Block, language: str) -> list[Piece]:
    """Find code of another language than Python that stands in prose: from its first sure line to its last."""
    lines = block.text.split("\n")
    signs = (at for at, line in enumerate(lines[:_LINES]) if are_near(guess_language(line), language))
    first = next(signs, None)
    if first is None:
        return []
    last = max((at for at, line in enumerate(lines) if at >= first and line.rstrip().endswith(_ENDS)), default=first)
    start = block.start + sum(len(line) + 1 for line in lines[:first])
    source = "\n".join(lines[first : last + 1])
    inner = Block(source, start, start + len(source), language, origin="prose")
    piece = _as_it_is(inner, language, "")
    note = Repair("prose around code", "$", (start, inner.end), *excerpts(block.text, source), 1.0)
    return [replace(piece, repairs=(note,))]
