"""What a field wants, told from its type, format, name and description."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from patterns.model.rules.fields import Field
from patterns.model.rules.units import DIMENSIONS, dimension_of, unit_of
from patterns.model.rules.vocabulary import vocabulary

Kind: TypeAlias = Literal[
    "choice", "flag", "date", "datetime", "time", "duration", "email", "url", "phone", "ip", "uuid", "money",
    "currency", "percentage", "year", "quantity", "rating", "number", "id", "person", "company", "occupation", "place",
    "text", "free",
]  # fmt: skip

_FORMATS: dict[str, Kind] = {
    "date": "date", "date-time": "datetime", "time": "time", "duration": "duration", "email": "email",
    "idn-email": "email", "name-email": "email", "uri": "url", "url": "url", "iri": "url", "uuid": "uuid",
    "uuid4": "uuid",
    "ipv4": "ip", "ipv6": "ip", "ipvanyaddress": "ip", "phone": "phone",
}  # fmt: skip

MONEY = vocabulary(
    """
    price total subtotal amount fee salary budget revenue balance tax discount deposit payment rent fare bill
    sum spend shipping charge income debt fine premium money worth turnover profit expense refund credit debit
    freight postage toll bonus commission tip donation
    """
)
_PERIODS = vocabulary("hourly daily day night nightly weekly monthly room hour")
_DATES = vocabulary(
    """
    date deadline due dob birthday born issued expiry expires birth when day delivered
    """
)
_TIMES = frozenset(["timestamp", "datetime"])
_IDS = vocabulary(
    """
    id number reference code sku iban bic isbn serial identifier seat room gate platform terminal token hash version
    plate vin
    """
)
_PERSONS = vocabulary(
    """
    name forename surname sender recipient author person manager contact reviewer speaker instructor doctor
    patient attendee guest host owner director signatory applicant candidate employee customer user assignee
    reporter
    """
)
_COMPANIES = vocabulary(
    """
    company organization employer vendor manufacturer publisher brand bank agency airline insurer
    """
)
_OCCUPATIONS = frozenset(["occupation", "profession", "position", "role", "job"])
_PLACES = vocabulary("location city place venue hometown residence headquarter headquarters hq")
_FREE = vocabulary(
    """
    summary reasoning explanation rationale justification thought thinking analysis answer conclusion comment
    reply response feedback step advice recommendation paraphrase translation story essay draft reason why gist
    overview abstract tldr
    """
)
_DOUBTFUL = frozenset({"min", "in", "t", "b", "d", "s", "h", "l", "w", "v", "m", "pc", "unit", "units"})
"""Endings of names that are units only beside a word that says what is measured."""
_ISO_DATE = re.compile(r"YYYY-MM-DD|ISO[ -]?(?:8601|date)|ISO format", re.I)


def kind_of(field: Field) -> Kind:
    """The kind of value this leaf wants."""
    if field.type == "choice":
        return "choice"
    if field.type == "boolean":
        return "flag"
    if field.format in _FORMATS:
        return _FORMATS[field.format]
    words = field.words
    if field.type in ("integer", "number"):
        return _number_kind(field, words)
    return _text_kind(field, words)


def is_free(field: Field) -> bool:
    """Whether only a writer could fill this field."""
    return field.type == "string" and kind_of(field) == "free"


def _number_kind(field: Field, words: tuple[str, ...]) -> Kind:
    said = set(words)
    if unit_in_name(field) not in ("", "%"):
        return "quantity"
    if "rate" in said and said & _PERIODS:
        return "money"
    if said & {"percentage", "rate"} or "%" in field.description or "percent" in field.description.lower():
        return "percentage"
    if ("year" in said and not said & {"experience", "old", "age"}) or said & {"founded", "established"}:
        return "year"
    if said & {"rating", "star", "score"} and field.type in ("integer", "number"):
        return "rating"
    if said & MONEY and not said & {"number", "count", "quantity"} and not (field.type == "integer" and "item" in said):
        return "money"
    if any(DIMENSIONS.get(word) or (word in DIMENSIONS and field.type == "number") for word in words):
        return "quantity"
    return "number"


def _text_kind(field: Field, words: tuple[str, ...]) -> Kind:
    said, last = set(words), words[-1] if words else ""
    if said & _FREE and not said & {"code"}:
        return "free"
    if "email" in said:
        return "email"
    if said & {"phone", "mobile"} or last in {"fax"}:
        return "phone"
    if said & {"url", "website"}:
        return "url"
    if last == "ip" or words[:1] == ("ip",):
        return "ip"
    if "currency" in said:
        return "currency"
    if last in {"uuid", "guid"}:
        return "uuid"
    if last in _TIMES:
        return "datetime"
    if said & _IDS and last not in {"name"}:
        return "id"
    if said & _DATES and last not in {"name", "address", "place"}:
        return "date"
    if last == "time" and not said & {"prep", "cook", "preparation", "cooking", "lead"}:
        return "time"
    return _named_kind(said, last)


def _named_kind(said: set[str], last: str) -> Kind:
    """The kind of a text field that names somebody, something or some place."""
    if said & _COMPANIES and last not in {"address", "size"}:
        return "company"
    if said & _OCCUPATIONS and last not in {"type", "description", "location"}:
        return "occupation"
    if last == "by" or (
        last in _PERSONS and not said & vocabulary("file product item event project host model class function")
    ):
        return "person"
    if said & _PLACES:
        return "place"
    if said & MONEY and last in MONEY:
        return "money"
    if last in DIMENSIONS:
        return "quantity"
    return "text"


def wants_iso(field: Field) -> bool:
    """Whether a date or time must be written in ISO form; otherwise it is given as it stands."""
    return field.format in _FORMATS or bool(_ISO_DATE.search(field.description))


def unit_in_name(field: Field) -> str:
    """The unit a field's name or description fixes: `weight_kg`, `duration_minutes`, `Height in cm`."""
    words = re.split(r"[_\s]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field.name))
    if len(words) > 1 and (unit := unit_of(words[-1].lower())):
        measured = {DIMENSIONS.get(word) for word in field.words}
        if words[-1].lower() not in _DOUBTFUL or dimension_of(unit) in measured:
            return unit
    stated = re.search(r"\bin ([A-Za-z°]+)\b", field.description)
    return unit_of(stated[1].lower()) if stated else ""
