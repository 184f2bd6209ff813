"""Tags and fences around answers: what they are called, and where their content stands."""

from __future__ import annotations

import re

from patterns.output.reasoning import CLOSER, OPENER

_ANSWER = r"answer|final_answer|final|output|result|response|json|tool_call|function_call|arguments|parameters"
_SIGN = re.compile(r"[{\[｛`~<◁]").search
_MARK = re.compile(
    rf"[{{｛]|(?P<thought>(?i:{OPENER}))|(?P<over>(?i:{CLOSER}))"
    rf"|\[|`{{3,}}|~{{3,}}|<(?P<answer>{_ANSWER}|function=[\w.-]{{1,80}})>"
).match


def next_mark(text: str, pos: int, end: int) -> re.Match[str] | None:
    """Find what a value, or the place of one, begins with. The signs are looked for first, which is much faster."""
    while sign := _SIGN(text, pos, end):
        if mark := _MARK(text, sign.start(), end):
            return mark
        pos = sign.end()
    return None


thoughts_end = re.compile(CLOSER, re.IGNORECASE).search
begins_thoughts = re.compile(OPENER, re.IGNORECASE).match

YAML_TAGS = frozenset({"yaml", "yml"})
SETTINGS_TAGS = frozenset({"toml", "ini", "cfg", "conf", "properties", "env", "dotenv"})
_INFO = re.compile(r"[ \t]*+([\w+#.-]{0,40}+)[^\n`{\[]{0,80}+\n?+").match
_DATA = ["json", "json5", "jsonc", "jsonl", "ndjson", "yaml", "yml", "javascript", "js", "typescript", "ts"]
DATA_TAGS = frozenset([*_DATA, "python", "py", "text", "txt", "plaintext", "output", "tool_code", "tool_call"])
"""Tags of fences that may hold data on the line of the tag itself."""


def fence_body(text: str, pos: int) -> tuple[str, int]:
    """Give the tag behind a fence, in lower case, and where its content begins; `pos` is the end of its marks."""
    info = _INFO(text, pos)
    assert info is not None
    tag = info[1].lower()
    if tag and tag not in DATA_TAGS and not info[0].endswith("\n"):
        return "", pos
    return tag, info.end()
