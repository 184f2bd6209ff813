"""Text to candidate trees: where values stand in an answer, and what each reads as."""

from __future__ import annotations

from patterns.output.scan.account import with_surrogates
from patterns.output.scan.choose import believable, best, rank, to_value
from patterns.output.scan.escapes import whole_characters
from patterns.output.scan.find import Finder
from patterns.output.scan.limits import MAX_CANDIDATES
from patterns.output.scan.lines import read_lines
from patterns.output.scan.nested import open_string
from patterns.output.scan.noted import may_be_noted, noted, outermost
from patterns.output.scan.rows import after_colon
from patterns.output.scan.several import gathered
from patterns.output.scan.torn import mark_torn
from patterns.output.scan.words import read_word
from patterns.output.tree import Candidate

__all__ = ["best", "open_string", "scan", "to_value"]


def scan(text: str, *, partial: bool = False) -> list[Candidate]:
    """Give every reading of the text, best first; an empty list for a text that holds nothing.

    With `partial`, the text is the beginning of an answer that still grows: what its end cut is kept as it
    stands, and marked by `complete` False. Never raises; takes time linear in the text.
    """
    if not text.isascii() and (whole := whole_characters(text)) is not text:
        return [with_surrogates(one, text) for one in scan(whole, partial=partial)]
    finder = Finder(text, partial=partial)
    start = finder.source.blank(0)
    if start >= len(text):
        return []
    past = finder.whole(start) if text[start] in "{[(\"'“„«「" else start
    if past >= len(text):
        found = [*finder.found, *gathered(text, finder.found[:1])]
        sound = found[0].cost < 1 or ("(" not in text and "<" not in text)
        return found if sound else _with_others(text, found, partial)
    finder.spans(past, len(text))
    if finder.outset:
        start = finder.source.blank(finder.outset)
        if text[start : start + 1] in ("'", '"') and not finder.row(start, "span"):
            finder.string(start)
    finder.found += gathered(text, finder.found)
    mark_torn(finder.found, text)
    if not finder.lost and not any(map(believable, finder.found)):
        if (row := after_colon(text, start)) >= 0:
            finder.row(row, "span")
        finder.found += read_lines(text, start, partial=partial)
    finder.found += _as_words(text, start, partial)
    if may_be_noted(text, finder.found):
        return _with_others(text, finder.found, partial)
    return sorted(finder.found, key=rank)[:MAX_CANDIDATES]


def _with_others(text: str, found: list[Candidate], partial: bool) -> list[Candidate]:
    """Add what other notations say, and put the best first."""
    if made := noted(text, found, lambda rewritten: _values(rewritten, partial)):
        found = [*outermost(found, made), *made]
    return sorted(found, key=rank)[:MAX_CANDIDATES]


def _values(text: str, partial: bool) -> list[Candidate]:
    """Find the values in a text, and nothing else."""
    finder = Finder(text, partial=partial)
    finder.spans(0, len(text))
    return [*finder.found, *gathered(text, finder.found)]


def _as_words(text: str, start: int, partial: bool) -> list[Candidate]:
    """Read all of the text as one number, literal, or run of words."""
    word = read_word(text, start, len(text), cut=partial)
    return [Candidate(word, "text", complete=word.complete)] if word else []
