"""What models do to code on its way out, and how it is undone: each mend is one kind of damage."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from patterns.output.code.islands import dedent


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to undo damage: `apply` gives the source back unchanged where it does not concern it.

    `cost` says how far it bends: 0 for what every writer does, 1 and more for what may be a mistake.
    """

    kind: str
    cost: float
    apply: Callable[[str], str]


_ODD = str.maketrans(
    dict.fromkeys("\ufeff\u200b\u200c\u200d\u2060\x00", "") | dict.fromkeys("\u00a0\u3000\u202f", " "),
)
_SMART = dict(zip("“”„‘’′−–，（）：", "\"\"\"'''--,():", strict=True))
_QUOTED = re.compile(
    r"\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*" + f"|[{''.join(_SMART)}]"
)
"""Strings and comments, which keep their typography, or a sign of it that stands in the code itself."""
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.|In \[\d*\]:|\.{3,6}:)(?: |$)")
_FIRST_PROMPT = re.compile(r"\s*(?:>>>|In \[\d*\]:)[ \n]")
_HUNK = re.compile(r"^@@ |^diff --git |^--- \S|^\+\+\+ \S|^index [0-9a-f]+\.\.", re.MULTILINE)
_NUMBERED = re.compile(r"[ \t]*(\d{1,5})(?:[ \t]*[|:│] ?|\. |\t| |$)")
_ESCAPED = re.compile(r"\\n")


def _tidy(source: str) -> str:
    """Drop marks nobody sees: byte order marks, zero-width characters, unusual blanks."""
    return source.translate(_ODD).replace("\r\n", "\n").replace("\r", "\n")


def _unprompt(source: str) -> str:
    """Take a console session apart: what was typed stays, what was printed goes."""
    if not _FIRST_PROMPT.match(source):
        return source
    typed = [line[found.end() :] for line in source.split("\n") if (found := _PROMPT.match(line))]
    return "\n".join(typed) + "\n"


def _undiff(source: str) -> str:
    """Apply a diff to itself: added and kept lines stay, removed lines and headers go."""
    lines = source.split("\n")
    filled = [line for line in lines if line.strip()]
    marked = sum(line[0] in "+-" for line in filled)
    if not marked or (not _HUNK.search(source) and any(line[0] not in "+- @\\" for line in filled)):
        return source
    kept = (line for line in lines if not _HUNK.match(line) and line[:1] not in {"-", "\\"})
    return "\n".join(line[1:] if line[:1] in {"+", " "} else line for line in kept)


def _unquote(source: str) -> str:
    """Take the marks of a block quotation away."""
    lines = source.split("\n")
    if not all(line.lstrip().startswith(">") for line in lines if line.strip()):
        return source
    return "\n".join(re.sub(r"^[ \t]*> ?", "", line) for line in lines)


def _unnumber(source: str) -> str:
    """Take line numbers away, where every line bears one and they rise."""
    lines = [line for line in source.split("\n") if line.strip()]
    found = [_NUMBERED.match(line) for line in lines]
    numbers = [int(one[1]) for one in found if one]
    if len(numbers) < 2 or len(numbers) < len(lines) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return source
    return "\n".join(line[one.end() :] for line, one in zip(lines, found, strict=True) if one)


def _outdent(source: str) -> str:
    return "\n".join(dedent(source.split("\n")))


def _regain(source: str) -> str:
    """Give a first line back the indentation it lost when the text was stripped."""
    lines = source.strip("\n").split("\n")
    margins = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    if not margins or lines[0][:1].isspace() or not min(margins):
        return source
    return _outdent("\n".join([" " * min(margins) + lines[0], *lines[1:]]))


def _expand(source: str) -> str:
    """Turn tabs that indent into blanks, where both are mixed."""
    if "\t" not in source:
        return source
    return "\n".join(line.expandtabs(4) if line[:1].isspace() else line for line in source.split("\n"))


def _unescape(source: str) -> str:
    """Open code that came as one line of a JSON string."""
    if "\n" in source.strip() or "\\n" not in source:
        return source
    return _ESCAPED.sub("\n", source).replace('\\"', '"').replace("\\t", "\t")


def _untypeset(source: str) -> str:
    """Write the signs of code plainly that were set as in print."""
    return _QUOTED.sub(lambda found: _SMART.get(found[0], found[0]), source)


_DIFF = Mend("diff", 1.0, _undiff)

MENDS = (
    Mend("characters", 0.0, _tidy),
    Mend("dedent", 0.0, _outdent),
    Mend("prompts", 1.0, _unprompt),
    _DIFF,
    Mend("quotation", 1.0, _unquote),
    Mend("line numbers", 1.0, _unnumber),
    Mend("indentation", 1.0, _regain),
    Mend("tabs", 1.0, _expand),
    Mend("entities", 1.0, lambda source: html.unescape(source) if "&" in source else source),
    Mend("escapes", 2.0, _unescape),
    Mend("typography", 2.0, _untypeset),
)
"""In the order tried: those that cost nothing always, of the others each alone, and at last all together."""


def attempts(source: str, diff: bool = False) -> Iterator[tuple[str, tuple[Mend, ...]]]:
    """Give the source as it came, then mended by what concerns it; a known diff is undone first."""
    base, done = _mended(source, (_DIFF,)) if diff else (source, ())
    yield base, done
    base, tidied = _mended(base, tuple(mend for mend in MENDS if not mend.cost))
    done += tidied
    if tidied:
        yield base, done
    others = [mend for mend in MENDS if mend.cost]
    alone = [_mended(base, (mend,)) for mend in others]
    found = [(mended, used) for mended, used in alone if used]
    for mended, used in found:
        yield mended, done + used
    if len(found) > 1:
        together, used = _mended(base, tuple(others))
        yield together, done + used


def _mended(source: str, mends: tuple[Mend, ...]) -> tuple[str, tuple[Mend, ...]]:
    """Apply mends one on top of the other; give the ones that changed anything."""
    used: tuple[Mend, ...] = ()
    for mend in mends:
        mended = mend.apply(source)
        if mended != source and mended.strip():
            source, used = mended, (*used, mend)
    return source, used


def outdented(source: str, diff: bool = False) -> str:
    """Undo what can be undone without a parser: a known diff, unseen characters, shared indentation."""
    return _outdent(_tidy(_undiff(source) if diff else source))
