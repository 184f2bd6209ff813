"""Numbers in a text: plain ones, percentages, quantities with units, years, ratings, numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from patterns.model.rules.passage import Passage
from patterns.model.rules.units import unit_of
from patterns.model.rules.vocabulary import listed

DIGITS = r"\d{1,3}(?:[,.'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,6})?(?!\d)"
"""A number as people write it: grouped by thousands, or not, with a decimal point or comma."""

_NUMBER = re.compile(rf"(?P<sign>[-−+]?)(?P<digits>{DIGITS})(?P<scale>\s?(?:million|billion|thousand)\b|[kKM]\b)?")
_GLUE = re.compile(r"[\w.,/#$€£-]")
_AFTER = re.compile(
    r"(?P<percent>\s?%|\s?percent\b)|\s?(?P<square>square\s(?P<of>met(?:er|re)s?|feet|foot)|sq\.?\s?(?:m|ft)\b)|\s?(?P<unit>[A-Za-zµ°²]+(?:/h\b)?[²\d]?)"
)
_BROKEN = re.compile(r"[\w/]|[-–.:,]\d|\.\w")
_IN = re.compile(r"[.,;)x×\"]|$|\n")
_WORDS = {
    word: value
    for value, word in enumerate(
        listed(
            """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty
    """
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
_SPELLED = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b(?!-)", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:-|–|—|\bto\b|\band\b)\s?$")
_RATING = re.compile(
    r"(?<![\w./-])(?P<n>\d{1,2}(?:[.,]\d)?)\s?(?:/|\s+out\s+of\s+)\s?(?P<of>5|10|100)(?![\d/])|"
    r"(?<![\w./-])(?P<stars>\d(?:[.,]\d)?|one|two|three|four|five)[\s-]stars?\b|(?P<drawn>[★⭐]{1,5}[☆✩]{0,4})",
    re.IGNORECASE,
)
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, the characters of it alone, and the unit behind it (`end` is past the number, `stop` past the unit).

    `ranged` is -1 for the lower end of a range, 1 for the upper, 0 for a number by itself.
    """

    value: float
    start: int
    end: int
    unit: str = ""
    stop: int = 0
    ranged: int = 0
    scaled: bool = False


def numbers_in(passage: Passage) -> list[Amount]:
    """Every number that stands by itself: not a part of a date, a code or a version."""
    found = [*_digits(passage), *_spelled(passage)]
    found.sort(key=lambda amount: amount.start)
    return [
        _between(amount, found[i - 1] if i else None, found[i + 1] if i + 1 < len(found) else None, passage.text)
        for i, amount in enumerate(found)
    ]


def _digits(passage: Passage) -> Iterator[Amount]:
    for match in _NUMBER.finditer(passage.text, passage.start, passage.end):
        value = plain(match["digits"])
        if value is None or passage.glued(match.start(), _GLUE):
            continue
        scale = (match["scale"] or "").strip().lower()
        value *= _SCALES.get(scale, 1)
        end, unit, stop = match.end(), "", match.end()
        after = _AFTER.match(passage.text, end, passage.end)
        if after and after["percent"]:
            unit, stop = "%", after.end()
        elif after and after["square"]:
            unit, stop = ("m²" if "m" in after["square"] else "ft²"), after.end()
        elif (
            after
            and after["unit"]
            and (known := unit_of(after["unit"]))
            and _is_unit(known, passage.text, end, after.end())
        ):
            unit, stop = known, after.end()
        elif _BROKEN.match(passage.text, end, passage.end):
            continue
        yield Amount(
            -value if match["sign"] in "-−" and match["sign"] else value, match.start(), end, unit, stop, 0, bool(scale)
        )


def _is_unit(unit: str, text: str, end: int, stop: int) -> bool:
    """Whether the word behind a number is a unit here: `5 in the box` is not five inches."""
    following = text[stop : stop + 1]
    if following.isalnum():
        return False
    if unit == "in" and text[end : end + 1] == " " and text[end + 1 : stop] == "in":
        return bool(_IN.match(text, stop))
    return not (
        unit in ("t", "b", "v", "w", "d", "s")
        and text[end : end + 1] == " "
        and text[end + 1 : stop].islower()
        and following == "'"
    )


def _spelled(passage: Passage) -> Iterator[Amount]:
    for match in _SPELLED.finditer(passage.text, passage.start, passage.end):
        after = _AFTER.match(passage.text, match.end(), passage.end)
        unit = unit_of(after["unit"]) if after and after["unit"] else ""
        unit = unit if after and _is_unit(unit, passage.text, match.end(), after.end()) else ""
        yield Amount(_WORDS[match.group().lower()], *match.span(), unit, after.end() if after and unit else match.end())


def _between(amount: Amount, before: Amount | None, after: Amount | None, text: str) -> Amount:
    """Mark the ends of a range such as `3-5 years`; the lower end takes the unit of the upper."""
    if after and _is_range(text, amount, after):
        return replace(amount, unit=amount.unit or after.unit, ranged=-1)
    if before and _is_range(text, before, amount):
        return replace(amount, ranged=1)
    return amount


def _is_range(text: str, low: Amount, high: Amount) -> bool:
    joined = high.start - low.stop <= 5 and _RANGE.fullmatch(text, low.stop, high.start)
    return bool(joined) and not _is_and(text, low.stop, high.start)


def _is_and(text: str, start: int, end: int) -> bool:
    """`between 3 and 5` is a range, `3 and 5` is not."""
    return text[start:end].strip() == "and" and "between" not in text[max(0, start - 24) : start].lower()


def plain(digits: str) -> float | None:
    """The value of digits with separators; the last mark is the decimal one unless three digits follow it."""
    bare = re.sub(r"['’\u00a0\u202f ]", "", digits)
    marks = [c for c in bare if c in ".,"]
    if marks:
        last = max(bare.rfind("."), bare.rfind(","))
        tail = len(bare) - last - 1
        grouping = len(set(marks)) == 1 and (len(marks) > 1 or (tail == 3 and bare[last] == "," and bare[0] != "0"))
        whole = re.sub(r"[.,]", "", bare[:last])
        bare = re.sub(r"[.,]", "", bare) if grouping else f"{whole}.{bare[last + 1 :]}"
    try:
        return float(bare)
    except ValueError:
        return None


def ratings_in(passage: Passage) -> list[tuple[float, int, int, int]]:
    """Ratings: value, the best value possible (0 when unknown), start, end."""
    found = []
    for match in _RATING.finditer(passage.text, passage.start, passage.end):
        if match["drawn"]:
            value, best = float(sum(c in "★⭐" for c in match["drawn"])), 5
        elif match["stars"]:
            word = match["stars"].lower()
            value, best = float(_WORDS[word]) if word in _WORDS else float(word.replace(",", ".")), 5
        else:
            value, best = float(match["n"].replace(",", ".")), int(match["of"])
        if value <= best:
            found.append((value, best, match.start(), match.end()))
    return found
