"""The final answer out of reasoning text: the last one stated, and none where none is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patterns.errors import Unreadable
from patterns.output.answer.marks import Mark, find_marks, last_retraction, value_start
from patterns.output.answer.options import Option, Options, options_of
from patterns.output.reasoning import mask_reasoning

_HINT = "ask the model to end with 'The answer is …'"


@dataclass(frozen=True, slots=True)
class AnswerReading:
    """A final answer: as stated or, with options, the one that was named.

    `span` bounds it in the raw text, `how` says by which form of words it was stated, `option` is the place of the
    option in the list given, from 0.
    """

    answer: str
    span: tuple[int, int]
    how: str
    option: int | None = None


_NEXT = re.compile(
    r"^[ \t]*(?:[#*]{1,4}[ \t]*)?(?:(?:Question|Q|Problem|Exercise|Instruction|User|Human)[ \t]*#?\d{0,3}[ \t]*[:.)]|"
    r"[^\n]{0,60}\b(?:all|both|these)\b[^\n]{0,20}\banswers[ \t]*:|"
    r"[^\n]{0,60}(?:以上|所有|全部)[^\n]{0,10}答案\s*[:：])",
    re.MULTILINE | re.IGNORECASE,
)
"""Where a text goes on to another question, or to a list of the answers of several."""

_VALUE_END = re.compile(r"\n|[.!?;](?:[\"')*]*)(?=\s|$)|\*\*|</|,?[ \t]+(?:because|since|so that|which means)\b")
_WRAPPED = re.compile(r"^(?:\\text(?:bf)?\{|\\\(|\$+(?=[^$]*\$)|\*+|[\"“'`(\[]+)|(?:\}|\\\)|\$+|\*+|[\"”'`)\]]+)$")
_UNFIT = re.compile(r"\b(?:answer|sorry|cannot|can't|unable|I don't|I do not|not enough|insufficient)\b", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_PREDICATE = re.compile(r"\s*(?:(?:is|are|was|were|and|or|but|can|cannot|could|would|should|does|may|might)\b|isn't)")
_WHOLE = 80
"""Characters of a reply that may be nothing but the answer."""
_BARE = 20
"""Characters of an option that may open a reply and be its answer: "Yes, because …"."""
_REACH = 100_000
"""Characters before the end of a text that are searched."""


def read_answer(text: str, options: Sequence[str] = ()) -> AnswerReading:
    """Read the final answer that a text states; raises Unreadable where it states none.

    `options` are the choices, as `"B"`, `"B. Paris"` or `"Paris"`: what comes back is then the key, or the text
    where there is no key, and an answer that is none of them does not count.
    """
    shown = mask_reasoning(text)
    choices = options_of(options) if options else None
    start, end = _own_part(shown)
    found = _last_stated(shown, start, end, choices) or _whole(shown, start, end, choices)
    if found is None and choices:
        found = _named_at_end(shown, start, end, choices)
    if found is None:
        raise Unreadable("the text states no final answer", raw_text=text, hint=_HINT)
    return found


def _own_part(text: str) -> tuple[int, int]:
    """Give the part of a text that answers, without further questions that the model went on to invent."""
    start = len(text) - len(text.lstrip())
    for cut in _NEXT.finditer(text, start):
        if cut.start() > start and text[start : cut.start()].strip():
            return start, cut.start()
    return start, len(text)


def _last_stated(text: str, start: int, end: int, choices: Options | None) -> AnswerReading | None:
    """Read the last statement, unless the text takes it back afterwards."""
    start = max(start, end - _REACH)
    marks = sorted(find_marks(text, start, end), key=lambda mark: mark.start, reverse=True)
    stated = next((reading for mark in marks if (reading := _at(text, mark, choices))), None)
    return stated if stated is None or stated.span[1] > last_retraction(text, start, end) else None


def _at(text: str, mark: Mark, choices: Options | None) -> AnswerReading | None:
    if choices is None:
        return _free(text, mark)
    named = choices.at(text, mark.start, mark.end)
    return _reading(named[0], (mark.start, named[1]), mark.how) if named else None


def _reading(option: Option, span: tuple[int, int], how: str) -> AnswerReading:
    return AnswerReading(option.answer, span, how, option.place)


def _free(text: str, mark: Mark) -> AnswerReading | None:
    """Read an answer in free words: up to the end of its clause, without markup around it."""
    stop = _VALUE_END.search(text, mark.start, min(mark.end, mark.start + 300))
    end = (
        mark.end
        if mark.how in {"boxed", "tag", "hashes"}
        else stop.start()
        if stop
        else min(mark.end, mark.start + 300)
    )
    value = text[mark.start : end].strip()
    if text[mark.start - 1 : mark.start] == "$" and "$" not in value:
        value = f"${value}"  # money, not mathematics
    plain = _unwrapped(value.replace("\\$", "$"))
    if not plain or not any(char.isalnum() for char in plain):
        return None
    return AnswerReading(plain, (mark.start, end), mark.how)


def _unwrapped(value: str) -> str:
    """Take markup off both ends of a value."""
    for _ in range(4):
        bare = _WRAPPED.sub("", value).strip().rstrip(".")
        if bare == value or not _is_balanced(bare):
            break
        value = bare
    return value


def _is_balanced(value: str) -> bool:
    return all(value.count(left) == value.count(right) for left, right in ("()", "[]", "{}"))


def _whole(text: str, start: int, end: int, choices: Options | None) -> AnswerReading | None:
    """Read a reply that is nothing but the answer, or opens with a short option and a comma."""
    said = text[start:end].strip()
    at = value_start(text, start, end)
    if choices:
        named = choices.at(text, at, end)
        return _reading(named[0], (at, named[1]), "whole") if named and _is_all(text, named, end, choices) else None
    if not said or "\n" in said or len(said) > _WHOLE or len(said.split()) > 6 or _UNFIT.search(said):
        return None
    plain = _unwrapped(said)
    lead = len(text) - len(text.lstrip())
    return AnswerReading(plain, (lead, lead + len(said)), "whole") if any(map(str.isalnum, plain)) else None


def _is_all(text: str, named: tuple[Option, int], end: int, choices: Options) -> bool:
    """Tell a reply that is an option, a key with the words of its option, or a short option with a reason."""
    option, at = named
    rest = text[at:end].strip(" \t\n.,:;)*_$}\"'`")
    if not rest:
        return True
    words = choices.by_words(text, value_start(text, at, end), end)
    if words and words[0] is option:
        return True
    if len(rest) > _WHOLE:
        return 0 < len(option.words) <= _BARE and text[at : at + 1] in {",", ".", ";", "\n"}
    return not _PREDICATE.match(rest) and not any(
        choices.at(rest, word.start(), len(rest)) for word in _WORD.finditer(rest)
    )


def _named_at_end(text: str, start: int, end: int, choices: Options) -> AnswerReading | None:
    """Read the option that the last paragraph names with key and words together: "… is: D. It is reversible."."""
    last = text.rfind("\n\n", start, len(text[:end].rstrip()))
    named = dict(_full_names(text, max(start, last, end - 600), end, choices))
    if len(named) != 1 or last_retraction(text, max(start, end - _REACH), end) >= 0:
        return None
    ((option, span),) = named.items()
    return _reading(option, span, "named")


def _full_names(text: str, start: int, end: int, choices: Options) -> Iterator[tuple[Option, tuple[int, int]]]:
    for found in choices.key.finditer(text, start, end) if choices.key else ():
        named = choices.by_key(text, found.start(), end)
        words = choices.by_words(text, value_start(text, found.end(), end), end) if named else None
        if named and words and words[0] is named[0]:
            yield named[0], (found.start(), words[1])
