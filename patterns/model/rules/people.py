"""Names of people, with their ages and jobs: only where the text says plainly what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.model.rules.callings import JOB, JOB_STOP, is_job
from patterns.model.rules.firms import names_company
from patterns.model.rules.found import CUED, Found
from patterns.model.rules.lazy import Regex
from patterns.model.rules.passage import Passage
from patterns.model.rules.vocabulary import vocabulary

_UP, _LOW = "A-ZÀ-ÖØ-ÞŠŽĆČŁŚ", "a-zß-öø-ÿšžćčłśńęąőű"
_PART = rf"(?:(?:O['’]|D['’]|Mc|Mac)?[{_UP}][{_LOW}]+(?:[-'’][{_UP}]?[{_LOW}]+){{0,2}})"
_NAME = rf"{_PART}(?:[ \t]+(?:[{_UP}]\.|van|von|der|den|de|da|di|la|le|bin|al|el|{_PART})){{0,3}}[ \t]+{_PART}"
_TITLE = r"(?:(?:Dr|Prof|Mrs|Mr|Ms|Miss|Herr|Frau|Sir)\b\.?[ \t]+)"

_NAMES = Regex(rf"(?<![\w@.]){_TITLE}?(?P<name>{_NAME})(?![\w@])")
_AGED = r"(?:,? (?:\((?P<age>\d{1,3})\)|aged (?P<aged>\d{1,3})|(?P<comma>\d{1,3})(?=,)),?)?"
_IS = (
    r"(?:,? (?:who )?(?:is|was) (?:currently |now |also )?(?:an? |the |our |my )?"
    r"(?:(?P<old>\d{1,3})[ -]years?[ -]old[ ,]*)?"
    rf"(?P<job>{JOB}){JOB_STOP}"
)
_DOES = (
    r"|,? (?:works|worked|lives|lived|joined|graduated|studied|studies|was born|has been|has worked"
    r"|(?:is|was) \d{1,3} years old)\b)"
)
_SUBJECT = Regex(rf"(?<![\w.])(?P<name>{_NAME}){_AGED}{_IS}{_DOES}")
_BESIDE = Regex(rf"(?<![\w.])(?P<name>{_NAME}), (?:an?|the|our|my) (?P<job>{JOB}){JOB_STOP}")
_SELF = Regex(
    r"(?:\b[Mm]y name is|\bname['’]s|\bI am|\bI['’]m|\bThis is|\bnamed|\bcalled)\s+"
    rf"{_TITLE}?(?P<name>{_NAME}|{_PART}(?=[,.!\n]))"
)
_SELF_SURE = Regex(r"name|named|called")
_CLOSING = (
    r"(?:(?:best|kind|warm|kindest|warmest|many)?\s?(?:regards|wishes|thanks)|sincerely|cheers|thank you|thanks|love"
    r"|best|yours(?: sincerely| faithfully| truly)?|mit freundlichen grüßen|viele grüße|cordialement)"
)
_SIGNED = Regex(
    rf"(?:^|\n)[ \t]*{_CLOSING}[^\n]{{0,24}}\n\s*(?:[-–—~][ ]?)?(?-i:(?P<name>{_NAME}|{_PART}))[ \t]*(?=[\n,|(]|$)",
    re.IGNORECASE,
)
_GREETED = Regex(
    r"(?:^|\n)[ \t>]*(?:Dear|Hi|Hello|Hey|Good (?:morning|afternoon|evening)|Lieber?|Guten Tag)\s+"
    rf"(?P<whole>{_TITLE}?(?P<name>{_NAME}|{_PART}))\s?(?=[,:!\n–-])"
)
_WORKS_AS = Regex(
    r"(?:\b(?:works?|worked|working|employed|hired|serves) as (?:an? |the |our )?"
    r"|\b(?:looking for|hiring|seeking|seeks|recruiting|searching for|position of|role of|opening for|vacancy for"
    r"|job as) (?:an? |the )?(?:experienced |talented |motivated )?)"
    rf"(?P<job>{JOB}){JOB_STOP}",
    re.IGNORECASE,
)
_NOT_NAMES = vocabulary(
    """
    The This That These Those Our My Your His Her Their Its We You They He She It Dear Hi Hello Best Kind Thanks
    Thank Regards Sincerely Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April
    May June July August September October November December New Senior Junior Invoice Order Customer Company
    Product Service Support Team Sir Madam All Everyone Total Date Name Email Phone Please Note Subject From To Re
    Hiring Sales Bill Ship Street Road Avenue Lane Great Good North South East West Central Room Building Project
    Manager Director Chief Head Software Data Marketing Account Customers Colleagues Friends Yes No And But If
    When While After Before Since Then In On At For With As By Not Ladies Gentlemen There Here What Who How Why
    """
)


def names_in(passage: Passage) -> Iterator[Found]:
    """Runs of two to four capitalised words that can be a person's name. Says nothing of whose."""
    for match in _NAMES.finditer(passage.text, passage.start, passage.end):
        if _is_name(match["name"]) and not names_company(passage, match.start("name")):
            start = match.start() if match.group().startswith(("Dr", "Prof")) else match.start("name")
            yield Found(passage.text[start : match.end()], start, match.end(), 1.0)


def _is_name(name: str) -> bool:
    words = name.split()
    return not any(word in _NOT_NAMES for word in words) and not is_job(words[-1])


def subjects(passage: Passage) -> Iterator[Found]:
    """People a sentence is about: `Jane Doe is a nurse`, `My name is Jane Doe`."""
    for match in _SUBJECT.finditer(passage.text, passage.start, passage.end):
        told = any(match[key] for key in ("age", "aged", "comma", "old"))
        if _is_name(match["name"]) and (told or not match["job"] or is_job(match["job"])):
            yield Found(match["name"], *match.span("name"), CUED)
    for match in _BESIDE.finditer(passage.text, passage.start, passage.end):
        if _is_name(match["name"]) and is_job(match["job"]):
            yield Found(match["name"], *match.span("name"), CUED)
    for match in _SELF.finditer(passage.text, passage.start, passage.end):
        if _is_name(match["name"]) and (" " in match["name"] or _SELF_SURE.search(match.group())):
            yield Found(match["name"], *match.span("name"), CUED)


def signers(passage: Passage) -> Iterator[Found]:
    """Whoever signs a letter."""
    for match in _SIGNED.finditer(passage.text, passage.start, passage.end):
        if _is_name(match["name"]):
            yield Found(match["name"], *match.span("name"), CUED)


def greeted(passage: Passage) -> Iterator[Found]:
    """Whoever a letter is addressed to."""
    for match in _GREETED.finditer(passage.text, passage.start, passage.end):
        if _is_name(match["name"]):
            yield Found(match["whole"], *match.span("whole"), CUED)


def ages(passage: Passage) -> Iterator[Found]:
    """Ages that stand right behind a name: `Jane Doe, 35, is …`, `Jane Doe (35) is …`."""
    for match in _SUBJECT.finditer(passage.text, passage.start, passage.end):
        for key in ("age", "comma", "aged"):
            if match[key] and _is_name(match["name"]) and int(match[key]) < 120:
                yield Found(int(match[key]), *match.span(key), CUED)


def occupations(passage: Passage) -> Iterator[Found]:
    """Jobs somebody has, or is wanted for."""
    for pattern in (_SUBJECT, _BESIDE, _WORKS_AS):
        for match in pattern.finditer(passage.text, passage.start, passage.end):
            if match["job"] and is_job(match["job"]) and (pattern is _WORKS_AS or _is_name(match["name"])):
                yield Found(match["job"], *match.span("job"), CUED)
