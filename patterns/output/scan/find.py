"""Where values stand in a text: alone, in fences, in tags, or in the middle of prose; found in one pass."""

from __future__ import annotations

import re
from dataclasses import replace

from patterns.exchange import Repair
from patterns.output.scan.account import COSTS
from patterns.output.scan.choose import believable
from patterns.output.scan.closing import QUOTED_KEY
from patterns.output.scan.limits import MAX_SPANS
from patterns.output.scan.lines import read_yaml
from patterns.output.scan.reader import Reader
from patterns.output.scan.tags import SETTINGS_TAGS, YAML_TAGS, begins_thoughts, fence_body, next_mark, thoughts_end
from patterns.output.scan.words import read_word
from patterns.output.tree import Candidate

_QUOTES = ("'", '"')
_WORDS = 2_000
"""The longest answer in words that is looked for inside a tag."""


class Finder(Reader):
    """One pass over a text that collects every value it meets."""

    __slots__ = ("aside", "lost", "outset")

    def __init__(self, text: str, *, partial: bool) -> None:
        super().__init__(text, partial=partial)
        self.outset = 0
        self.lost = False
        self.aside: list[Candidate] = []

    def whole(self, pos: int) -> int:
        """Read a text that begins with a value; give where to look for more, the end of the text when it is all."""
        sign = self.text[pos]
        if sign == "[" and begins_thoughts(self.text, pos):
            return pos
        if sign == "(":
            past = self.in_round(pos)
        elif sign in "{[":
            past = self.container(pos, "strict")
        elif sign not in "\"'“":
            past = self.row(pos, "span")
        else:
            past = self.members(pos) if QUOTED_KEY(self.text, pos) else self.row(pos, "span") or self.string(pos)
        if past is not None and self.nothing_after(past):
            return self.source.end
        if past is not None and believable(self.found[-1]):
            self.found[-1].origin = "span"
            return past
        self.found.clear()
        return pos

    def spans(self, pos: int, end: int) -> None:
        """Collect the values in fences, tags and prose; what stands in thoughts only where nothing else is found."""
        thoughts: list[tuple[re.Match[str], int]] = []
        unclosed = -1
        for _ in range(MAX_SPANS):
            mark = next_mark(self.text, pos, end)
            if mark is None:
                break
            pos = mark.end()
            if mark["thought"]:
                close = None if unclosed >= 0 else thoughts_end(self.text, pos, end)
                if close is None:
                    unclosed = mark.start() if unclosed < 0 else unclosed
                    continue
                thoughts.append((mark, close.start()))
                pos = self.outset = close.end()
                self.aside, self.found = [*self.aside, *self.found], []
            elif mark["over"]:
                self.outset = pos
                unclosed = -1
                if not self.source.partial:
                    self.aside += [_thought(one, mark) for one in self.found]
                self.found = []
            else:
                past = self._value(mark)
                if past is None:
                    break
                pos = past
        if unclosed >= 0:
            self._without_end(unclosed)
        self._fall_back(thoughts)

    def _without_end(self, since: int) -> None:
        """Leave out what stands in thoughts that never end. A tag within a line is no thought, but a word about it."""
        late = [one for one in self.found if one.root.start >= since]
        self.found = [one for one in self.found if one.root.start < since]
        line = max(self.text.rfind("\n", 0, since) + 1, self.outset)
        if self.text[line:since].strip() and not self.found:
            self.aside += late
        else:
            self.lost = True

    def _fall_back(self, thoughts: list[tuple[re.Match[str], int]]) -> None:
        """Take what stands in the thoughts when nothing at all comes after them, with a mend that says so."""
        if self.found or (self.outset and self.source.blank(self.outset) < self.source.end and not self.aside):
            return
        self.found, self.aside = self.aside, []
        if self.found or self.lost or self.source.partial:
            return
        for mark, close in thoughts:
            since = len(self.found)
            self.spans(mark.end(), close)
            self.found[since:] = [_thought(one, mark) for one in self.found[since:]]

    def _value(self, mark: re.Match[str]) -> int | None:
        """Read the value that begins at a mark; give the position to go on from, None to stop looking."""
        if mark["answer"]:
            self._tagged(mark.end())
            return mark.end()
        if mark[0][0] in "`~":
            return self._fenced(mark.start(), mark.end())
        past = self.container(mark.start(), "span")
        if past is None or believable(self.found[-1]):
            return past
        self.source.fuel -= past - mark.start()
        return mark.end() if self.source.fuel > 0 else None

    def _fenced(self, mark: int, start: int) -> int:
        """Read the value in the fence at `mark`; give the position after the fence."""
        text, source = self.text, self.source
        tag, start = fence_body(text, start)
        if tag in SETTINGS_TAGS:
            return self._settings(mark, start)
        start = source.blank(start)
        past = start
        if start < source.end and text[start] in "{[":
            past = self._in_fence(start)
            close = text.find(text[mark : mark + 3], past)
            return source.end if close < 0 else close + 3
        if text[start : start + 1] in _QUOTES and (past_row := self.row(start, "fence")):
            close = text.find(text[mark : mark + 3], past_row)
            return source.end if close < 0 else close + 3
        close = text.find(text[mark : mark + 3], start)
        stop = source.end if close < 0 else close
        word = read_word(text, start, stop, cut=close < 0)
        if word is not None and word.kind == "bare" and tag in YAML_TAGS:
            word = read_yaml(text, text.rfind("\n", 0, start) + 1, stop)
        if word is not None and word.kind != "bare":
            source.begin()
            self.keep(word, "fence")
        return start if close < 0 else stop + 3

    def _settings(self, mark: int, start: int) -> int:
        """Read a fence that says it is TOML."""
        from patterns.output.scan.settings import settings
        from patterns.output.scan.toml import Toml

        close = self.text.find(self.text[mark : mark + 3], start)
        stop = self.source.end if close < 0 else close
        toml = Toml(self.text, start, stop)
        toml.root.complete &= close >= 0 or not self.source.partial
        if toml.told > toml.other:
            outside = (self.text[max(0, mark - 1_000) : mark] + self.text[stop + 3 : stop + 1_000]).strip()
            self.found.append(settings(toml, "fence", outside))
        return stop if close < 0 else stop + 3

    def _in_fence(self, pos: int) -> int:
        """Read the values of one fence, one after the other."""
        source = self.source
        while pos < source.end and self.text[pos] in "{[":
            past = self.container(pos, "fence")
            if past is None:
                return source.end
            pos = source.blank(past)
            if self.text.startswith(",", pos):
                pos = source.blank(pos + 1)
        return pos

    def _tagged(self, pos: int) -> None:
        """Keep the words inside an answer tag; brackets inside it are met later."""
        close = self.text.find("</", pos, pos + _WORDS)
        if close < 0 and self.source.end - pos > _WORDS:
            return
        word = read_word(self.text, pos, self.source.end if close < 0 else close, cut=close < 0)
        if word is not None and word.raw[:1] not in ("{", "[", "`", "<"):
            self.source.begin()
            self.keep(word, "tag")


def _thought(candidate: Candidate, tag: re.Match[str]) -> Candidate:
    """Take a value out of thoughts: whether it is the answer, a person should see."""
    cost = COSTS["thoughts"]
    mend = Repair("thoughts", "$", tag.span(), tag[0], "", cost)
    return replace(candidate, account=(*candidate.mends, mend), cost=candidate.cost + cost)
