r"""Strings whose backslashes are meant as they stand: paths of Windows, regular expressions, LaTeX.

Who writes `C:\Users\new` escapes nothing: `\U` is no escape, so `\n` is none either. An escape that JSON does not know
and that stands before a letter or digit gives the writer away; what the string looks like tells how far it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_IN_PATH = r"[^\s\\/:*?\"'<>|,;]"
_WHOLE_PATH = re.compile(
    r"\s*+(?:[A-Za-z]:\\(?!\\)|\\\\(?=[\w.?$])|\.{1,2}\\|%\w+%\\)(?:[^\\/:*?\"<>|\n]|\\(?!\\))*+", re.ASCII
).fullmatch
_PATH = rf"(?<![\w\\])[A-Za-z]:\\(?!\\)(?:{_IN_PATH}|(?<!\.\w\w\w)(?<!\.\w\w\w\w)\\(?![\\\"']))*+"
"""A path in the middle of words: without blanks, and over where a line ends behind a file name."""
_ONE_WORD = re.compile(r"[^\s\"'`;\\]*+(?:\\[^\s\"'`;\\][^\s\"'`;\\]*+)*+").fullmatch
_CLASS = re.compile(r"(?<!\\)\\[dDwWsSBAZ](?![a-zA-Z])").search
_SIGNS = r"(?<!\\)\\[.()\[\]{}+*?^$|-]"
"""Signs that a regular expression escapes."""

_LATEX = re.compile(
    r"(?<!\\)\\(?:alpha|gamma|[dD]elta|epsilon|varepsilon|zeta|eta|[lL]ambda|mu|xi|[pP]i|[sS]igma|[pP]hi|[pP]si|[oO]mega"
    r"|chi|kappa|sum|prod|int|iint|oint|sqrt|cdot|cdots|ldots|dots|leq?|geq?|in|infty|partial|math(?:bb|rm|bf|cal|sf)"
    r"|left|sin|cos|log|ln|lim|exp|max|min|approx|equiv|subset|supset|cup|cap|pm|mp|div|sim|vec|hat|dot|ddot|overline"
    r"|operatorname|exists|emptyset|langle|lfloor|lceil|mid|quad|qquad|end|item|hspace|vspace|section|cite|label|ref"
    r"|href|url|emph|displaystyle|dfrac|cfrac|perp|parallel|angle|circ|degree|ell|hbar|wedge|vee|land|lor|implies|iff"
    r"|mapsto|gets|otimes|oplus|star|prime|ge|gg|ll)(?![a-zA-Z])"
).search
_COMMANDS = (
    r"(?<!\\)\\(?:b(?:eta|ar|egin|ig(?:g|cup|cap|l|r)?|inom|oldsymbol|f|mod|ot|ullet|oxed|ecause|ackslash|owtie)"
    r"|f(?:rac|orall|lat|oot(?:note|notesize)|box)|n(?:abla|eq?|eg|u|ot(?:in)?|i|ewline|ewcommand|leq|geq|parallel|mid)"
    r"|r(?:ho|ight|ightarrow|angle|ceil|floor|m|ef|oot|Rightarrow)"
    r"|t(?:ext(?:bf|it|tt|rm|sf|sc)?|au|heta|imes|anh?|o|op|ilde|riangle|frac|herefore|hinspace|oday))(?![a-zA-Z])"
)
_LATEX_SIGNS = r"(?<!\\)\\[{}%$&_#,;!|()\[\]]"
_QUOTE = re.compile(r"\\([\"'/])")


begins_path = re.compile(r"\s*+[A-Za-z]:\\(?!\\)").match
"""A drive, and a backslash that nothing escapes."""


def as_it_stands(body: str, decode: Callable[[str], str]) -> str:
    """Read a string that holds an escape unknown to JSON before a letter; `decode` resolves what is none of ours."""
    if _WHOLE_PATH(body) or (_CLASS(body) and _ONE_WORD(body)):
        return _QUOTE.sub(r"\1", body)
    kept = [_PATH, r"(?<!\\)\\b"]
    if _CLASS(body):
        kept.append(_SIGNS)
    if _LATEX(body):
        kept += [_COMMANDS, _LATEX_SIGNS]
    parts = re.split(f"({'|'.join(kept)})", body)
    parts[::2] = map(decode, parts[::2])
    return "".join(parts)
