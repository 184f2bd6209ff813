"""Where a text holds reasoning that is not the answer: `<think>` blocks and their like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NAMES = r"(?:seed:)?think(?:ing)?|thoughts?|reasoning|reflection|scratchpad|inner_monologue|analysis"

OPENER: Final = (
    rf"<(?:{_NAMES})(?:[ \t][^<>\n]{{0,80}})?>|\[THINK(?:ING)?\]|◁think▷|<\|begin_of_thought\|>"
    r"|<\|channel\|>(?:analysis|commentary)\b"
)
"""What reasoning begins with, as a pattern that ignores case."""
CLOSER: Final = rf"</(?:{_NAMES})>|\[/THINK(?:ING)?\]|◁/think▷|<\|end_of_thought\|>|<\|channel\|>final<\|message\|>"
"""What it ends with."""
_TAG = re.compile(rf"{OPENER}|(?P<close>{CLOSER})", re.IGNORECASE)

_TOKEN = re.compile(
    r"<\|(?:endoftext|end_of_text|begin_of_text|im_start|im_end|eot_id|eom_id|eot|end|start|return|message|channel|"
    r"assistant|start_header_id|end_header_id|begin_of_solution|end_of_solution)\|>"
    r"|<(?:end_of_turn|start_of_turn)>|</?s>|\[/?INST\]|<｜[^｜<>\n]{1,40}｜>"
)
"""Control tokens of chat templates, which leak into answers."""

_REACH = 40
"""Characters looked at on either side of a tag: a bound, so that no line is read over and over."""

_VISIBLE = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True)
class Hidden:
    """The reasoning in a text: character spans in order, and whether the last of them never ended."""

    spans: tuple[tuple[int, int], ...]
    unclosed: bool = False


def find_reasoning(text: str) -> Hidden:
    """Find the reasoning blocks. A closer that nothing opened ends a block begun before the text."""
    spans: list[tuple[int, int]] = []
    depth = start = shown = 0
    last = len(text.rstrip())
    for tag in _TAG.finditer(text):
        if tag["close"]:
            if depth > 1:
                depth -= 1
            elif depth or (tag.end() < last and _stands_alone(text, tag)):
                spans.append((start if depth else shown, tag.end()))
                depth, shown = 0, tag.end()
        elif _leads_line(text, tag.start(), shown):
            start, depth = (start, depth + 1) if depth else (tag.start(), 1)
    if depth:
        spans.append((start, len(text)))
    return Hidden(tuple(spans), unclosed=bool(depth))


def mask_reasoning(text: str) -> str:
    """Blank out reasoning and control tokens, character by character: offsets stay those of the text."""
    parts: list[str] = []
    at = 0
    for start, end in find_reasoning(text).spans:
        parts += (text[at:start], _VISIBLE.sub(" ", text[start:end]))
        at = end
    return _TOKEN.sub(lambda token: " " * len(token[0]), "".join(parts) + text[at:])


def without_tokens(text: str) -> str:
    """Take leaked control tokens out."""
    return _TOKEN.sub("", text)


def _leads_line(text: str, at: int, shown: int) -> bool:
    """Tell a tag before which nothing is shown on its line."""
    before = text[max(at - _REACH, shown) : at]
    return not before[before.rfind("\n") + 1 :].strip()


def _stands_alone(text: str, tag: re.Match[str]) -> bool:
    """Tell a closer from a mention of one: nothing follows it on its line, and no quote leads it."""
    after = text[tag.end() : tag.end() + _REACH]
    return not after.partition("\n")[0].strip() and text[max(tag.start() - 1, 0) : tag.start()] not in {"'", '"', "`"}
