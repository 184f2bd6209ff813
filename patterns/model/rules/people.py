"""Names of people and companies, their jobs, ages and places: only where the text says plainly what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patterns.model.rules.found import CUED, Found
from patterns.model.rules.passage import Passage
from patterns.model.rules.vocabulary import vocabulary

_UP, _LOW = "A-ZÀ-ÖØ-ÞŠŽĆČŁŚ", "a-zß-öø-ÿšžćčłśńęąőű"
_PART = rf"(?:(?:O['’]|D['’]|Mc|Mac)?[{_UP}][{_LOW}]+(?:[-'’][{_UP}]?[{_LOW}]+){{0,2}})"
_NAME = rf"{_PART}(?:[ \t]+(?:[{_UP}]\.|van|von|der|den|de|da|di|la|le|bin|al|el|{_PART})){{0,3}}[ \t]+{_PART}"
_TITLE = r"(?:(?:Dr|Prof|Mrs|Mr|Ms|Miss|Herr|Frau|Sir)\b\.?[ \t]+)"
_JOB = r"[^\W\d_][\w/+#&'’-]*(?:[ \t][\w/+#&'’-]+){0,4}?"
_JOB_STOP = r"(?=[,.;!?\n(]|\s+(?:at|from|in|with|who|and|for|based|living|working|to|on|of|here|since|specializ|specialis|whose|where)\b|$)"
_CAPS = rf"(?:St\.[ \t])?[{_UP}][\w&'’-]*(?:[ \t]+(?:(?:of|de|&|und|and|am|upon)[ \t]+)?[{_UP}][\w&'’-]*){{0,4}}"

_NAMES = re.compile(rf"(?<![\w@.]){_TITLE}?(?P<name>{_NAME})(?![\w@])")
_SUBJECT = re.compile(
    rf"(?<![\w.])(?P<name>{_NAME})(?:,? (?:\((?P<age>\d{{1,3}})\)|aged (?P<aged>\d{{1,3}})|(?P<comma>\d{{1,3}})(?=,)),?)?"
    rf"(?:,? (?:who )?(?:is|was) (?:currently |now |also )?(?:an? |the |our |my )?(?:(?P<old>\d{{1,3}})[ -]years?[ -]old[ ,]*)?(?P<job>{_JOB}){_JOB_STOP}"
    r"|,? (?:works|worked|lives|lived|joined|graduated|studied|studies|was born|has been|has worked|(?:is|was) \d{1,3} years old)\b)"
)
_SELF = re.compile(
    rf"(?:\b[Mm]y name is|\bname['’]s|\bI am|\bI['’]m|\bThis is|\bnamed|\bcalled)\s+{_TITLE}?(?P<name>{_NAME}|{_PART}(?=[,.!\n]))"
)
_SELF_SURE = re.compile(r"name|named|called")
_SIGNED = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:best|kind|warm|kindest|warmest|many)?\s?(?:regards|wishes|thanks)|sincerely|cheers|yours(?: sincerely| faithfully| truly)?|"
    rf"thank you|thanks|love|best|mit freundlichen grüßen|viele grüße|cordialement)[^\n]{{0,24}}\n\s*(?:[-–—~][ ]?)?(?-i:(?P<name>{_NAME}|{_PART}))[ \t]*(?=[\n,|(]|$)",
    re.IGNORECASE,
)
_GREETED = re.compile(
    rf"(?:^|\n)[ \t>]*(?:Dear|Hi|Hello|Hey|Good (?:morning|afternoon|evening)|Liebe[r]?|Guten Tag)\s+(?P<whole>{_TITLE}?(?P<name>{_NAME}|{_PART}))\s?(?=[,:!\n–-])"
)
_WORKS_AS = re.compile(
    r"(?:\b(?:works?|worked|working|employed|hired|serves) as (?:an? |the |our )?(?:(?:senior|lead) )?"
    rf"|\b(?:looking for|hiring|seeking|seeks|recruiting|searching for|position of|role of|opening for|vacancy for|job as) (?:an? |the )?(?:experienced |talented |motivated )?)(?P<job>{_JOB}){_JOB_STOP}",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?P<how>(?:lives?|lived|living|based|located|resides?|residing|headquartered|born|(?:offices?|headquarters)(?: is| are)?|grew up) in|comes from)"
    rf" (?:the )?(?P<place>{_CAPS}(?:, {_CAPS})?)"
)
_FROM = re.compile(
    rf"(?<![\w-])(?P<job>[^\W\d_][\w-]{{0,30}})(?: who is)? (?:from|in) (?P<place>{_CAPS}(?:, {_CAPS})?)"
)
_EMPLOYED = re.compile(
    rf"\b(?:works? (?:at|for|with)|worked (?:at|for)|working (?:at|for)|employed (?:at|by)|joined|employee (?:at|of)|(?<![\w-])(?P<job>[\w-]{{1,30}}) at) (?:the )?(?P<company>{_CAPS})"
)
_SUFFIX = r"(?:GmbH(?: & Co\.? KG)?|AG|SE|KG|UG|OHG|Ltd|Limited|Inc|Incorporated|LLC|LLP|Corp|Corporation|PLC|plc|Pty Ltd|S\.A\.|S\.r\.l\.|SARL|SAS|B\.V\.|BV|NV|Oy|AB|ApS|A/S|Co)"
_COMPANY = re.compile(
    rf"(?<![\w@.])(?P<company>[{_UP}\d][\w&'’-]*(?:[ \t]+(?:(?:&|and|of|für|und|de|the)[ \t]+)?[{_UP}\d][\w&'’-]*){{0,5}},?[ \t]+{_SUFFIX}\b\.?(?!\w))"
)

_NOT_NAMES = vocabulary("""
    The This That These Those Our My Your His Her Their Its We You They He She It Dear Hi Hello Best Kind Thanks Thank Regards
    Sincerely Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September
    October November December New Senior Junior Invoice Order Customer Company Product Service Support Team Sir Madam All Everyone
    Total Date Name Email Phone Please Note Subject From To Re Hiring Sales Bill Ship Street Road Avenue Lane Great Good North South
    East West Central Room Building Project Manager Director Chief Head Software Data Marketing Account Customers Colleagues Friends
    Yes No And But If When While After Before Since Then In On At For With As By Not Ladies Gentlemen There Here What Who How Why
""")
_JOBS = vocabulary("""
    nurse chef cook cashier judge pilot clerk dentist surgeon coach agent guide maid butler baker barber soldier lawyer attorney
    architect analyst assistant consultant accountant intern student professor lecturer lead officer executive specialist
    representative technician electrician mechanic musician physician scientist artist journalist pharmacist therapist economist
    receptionist developer engineer programmer designer manager director teacher doctor writer editor author actor actress painter
    plumber carpenter driver farmer photographer researcher researcher administrator coordinator supervisor president ceo cto cfo coo
    founder co-founder cofounder entrepreneur freelancer translator librarian veterinarian vet paramedic firefighter barista bartender
    waiter waitress salesperson salesman saleswoman associate partner owner producer operator inspector investigator advisor adviser
    strategist planner buyer trainer tutor instructor principal dean secretary apprentice tester devops sre copywriter recruiter
    gardener tailor sailor captain detective reporter broker trader banker auditor controller curator biologist chemist physicist
    mathematician statistician psychologist geologist historian philosopher poet singer dancer model builder welder miner machinist
    engineer/developer teamlead webdesigner
""")


def is_job(words: str) -> bool:
    """Whether a run of words names an occupation, by its last words."""
    return any(word.lower().strip(".") in _JOBS for word in re.split(r"[\s/]+", words)[-2:])


def names_in(passage: Passage) -> Iterator[Found]:
    """Runs of two to four capitalised words that can be a person's name. Says nothing of whose."""
    for match in _NAMES.finditer(passage.text, passage.start, passage.end):
        if _is_name(match["name"]) and not _COMPANY.match(passage.text, match.start("name"), passage.end):
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
    for pattern in (_SUBJECT, _WORKS_AS):
        for match in pattern.finditer(passage.text, passage.start, passage.end):
            if match["job"] and is_job(match["job"]) and (pattern is _WORKS_AS or _is_name(match["name"])):
                yield Found(match["job"], *match.span("job"), CUED)


def places(passage: Passage) -> Iterator[Found]:
    """Where somebody lives or something is."""
    for pattern in (_PLACE, _FROM):
        for match in pattern.finditer(passage.text, passage.start, passage.end):
            if pattern is _FROM and not is_job(match["job"]):
                continue
            end = match.end("place")
            while passage.text[end - 1] in ".,'":
                end -= 1
            sure = CUED - 0.1 if pattern is _PLACE and match["how"] == "born in" else CUED
            yield Found(passage.text[match.start("place") : end], match.start("place"), end, sure)


def companies(passage: Passage) -> Iterator[Found]:
    """Names that end as companies' names do."""
    for match in _COMPANY.finditer(passage.text, passage.start, passage.end):
        name = match["company"]
        while name.split()[0] in _NOT_NAMES and len(name.split()) > 2:
            name = name.split(maxsplit=1)[1]
        end = _without_stop(passage.text, match.end("company"))
        yield Found(passage.text[match.end("company") - len(name) : end], match.end("company") - len(name), end, CUED)


def _without_stop(text: str, end: int) -> int:
    """Where the name ends when its last dot is also the end of the sentence."""
    return (
        end - 1
        if text[end - 1] == "." and not re.match(r"[ ,]+[a-z(]|,", text[end : end + 3]) and text[end - 3] != "."
        else end
    )


def employers(passage: Passage) -> Iterator[Found]:
    """Where somebody is said to work."""
    for match in _EMPLOYED.finditer(passage.text, passage.start, passage.end):
        if match["job"] and not is_job(match["job"]):
            continue
        start, end = match.span("company")
        suffixed = _COMPANY.match(passage.text, start, passage.end)
        if suffixed:
            end = _without_stop(passage.text, suffixed.end())
        while passage.text[end - 1] in ".,'" and not suffixed:
            end -= 1
        yield Found(passage.text[start:end], start, end, CUED)
