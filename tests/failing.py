"""Ten answers that fail their types in a place or a few, as models write them: the inputs, the answers, the mends.

The answers are about as long as their inputs or longer, as is usual where a text becomes records. They are the cases
in which a patch should pay; `SMALL` is one in which it cannot.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

from patterns.errors import Invalid, Problem
from patterns.messages import Json
from patterns.plan import Check


@dataclass(frozen=True)
class Case:
    """An input, its output type, the right answer, and what the faulty one has in the places that are wrong."""

    name: str
    text: str
    into: Any
    right: Json
    wrong: Mapping[str, Json]
    checks: tuple[Check[Any], ...] = ()

    @property
    def faulty(self) -> str:
        value = json.loads(json.dumps(self.right))
        for path, bad in self.wrong.items():
            *way, last = _steps(path)
            holder = value
            for step in way:
                holder = holder[step]
            if bad is MISSING:
                del holder[last]
            else:
                holder[last] = bad
        return json.dumps(value, ensure_ascii=False)

    @property
    def mends(self) -> dict[str, Json]:
        """The right values of the wrong places."""
        found = {}
        for path in self.wrong:
            value: Any = self.right
            for step in _steps(path):
                value = value[step]
            found[path] = value
        return found


MISSING: Any = object()


def _steps(path: str) -> list[str | int]:
    parts = path.removeprefix("$").replace("[", ".").replace("]", "").strip(".").split(".")
    return [int(part) if part.isdigit() else part for part in parts]


class OrderLine(BaseModel):
    line: int
    article: str = Field(pattern=r"^[A-Z]{2}-\d{4}$")
    description: str
    quantity: int = Field(gt=0)
    unit_price: float = Field(ge=0)
    delivery: datetime.date


class Order(BaseModel):
    customer: str
    order_number: str
    lines: list[OrderLine]
    total: float


_PARTS = ["hex bolt M8", "washer M8", "lock nut M8", "bracket, left", "bracket, right", "cable tie 200 mm"]
_LINES: list[dict[str, Json]] = [
    {
        "line": i + 1,
        "article": f"HB-{4100 + 7 * i}",
        "description": _PARTS[i % 6],
        "quantity": 50 + 25 * (i % 5),
        "unit_price": round(0.12 + 0.35 * (i % 7), 2),
        "delivery": f"2026-03-{(i % 27) + 1:02}",
    }
    for i in range(24)
]


def _order_text() -> str:
    rows = [
        f"{r['line']}. {r['quantity']} x {r['article']} {r['description']} at {r['unit_price']} by {r['delivery']}"
        for r in _LINES
    ]
    return "Order 2026-0117 of Kern & Sons, Ulm:\n" + "\n".join(rows) + "\nTotal net EUR 2310.50"


ORDER = Case(
    "an order of 24 lines",
    _order_text(),
    Order,
    {"customer": "Kern & Sons", "order_number": "2026-0117", "lines": list(_LINES), "total": 2310.5},
    {"$.lines[11].delivery": "in the second week of March", "$.lines[17].article": "4219"},
)


class Ticket(BaseModel):
    id: int
    subject: str
    team: Literal["billing", "technical", "account", "sales"]
    urgent: bool
    language: Literal["en", "de", "fr"]


_SUBJECTS = [
    ("Charged twice for March", "billing"),
    ("App closes when I open invoices", "technical"),
    ("Cannot sign in since Monday", "account"),
    ("Offer for 40 more seats?", "sales"),
    ("Refund has not arrived", "billing"),
]
_TICKETS = [
    {
        "id": 5200 + i,
        "subject": _SUBJECTS[i % 5][0],
        "team": _SUBJECTS[i % 5][1],
        "urgent": i % 4 == 0,
        "language": "en",
    }
    for i in range(30)
]
TICKETS = Case(
    "30 tickets, classified",
    "\n".join(f"#{t['id']} {t['subject']}{' (waiting!)' if t['urgent'] else ''}" for t in _TICKETS),
    list[Ticket],
    _TICKETS,  # type: ignore[arg-type]
    {"$[6].team": "IT department", "$[21].team": "crash", "$[13].language": "?"},
)


class Position(BaseModel):
    title: str
    company: str
    city: str
    since: datetime.date
    until: datetime.date | None
    tasks: list[str]


class Skill(BaseModel):
    name: str
    level: Literal["basic", "good", "expert"]
    years: int


class Resume(BaseModel):
    name: str
    email: str
    positions: list[Position]
    skills: list[Skill]


_POSITIONS: list[dict[str, Json]] = [
    {
        "title": title,
        "company": company,
        "city": city,
        "since": f"{2006 + 3 * i}-0{i + 1}-01",
        "until": None if i == 5 else f"{2009 + 3 * i}-0{i + 1}-28",
        "tasks": [f"ran the {what}", f"trained {i + 2} colleagues", "wrote the reports for the board"],
    }
    for i, (title, company, city, what) in enumerate(
        [
            ("Assistant", "Ruhr Stahl", "Essen", "archive"),
            ("Analyst", "Hansa Data", "Hamburg", "monthly figures"),
            ("Senior Analyst", "Hansa Data", "Hamburg", "yearly audit"),
            ("Team Lead", "Alpen Bank", "Munich", "risk desk"),
            ("Head of Data", "Alpen Bank", "Munich", "move to the cloud"),
            ("Director", "Nordlicht", "Kiel", "department of forty"),
        ]
    )
]
_SKILLS: list[dict[str, Json]] = [
    {"name": name, "level": level, "years": years}
    for name, level, years in [
        ("SQL", "expert", 15),
        ("Python", "expert", 11),
        ("Statistics", "expert", 14),
        ("Leadership", "good", 8),
        ("French", "basic", 4),
        ("Negotiation", "good", 6),
    ]
]


def _resume_text() -> str:
    jobs = [
        f"{p['since']} to {p['until'] or 'now'}: {p['title']}, {p['company']}, {p['city']}. " + "; ".join(p["tasks"])  # type: ignore[arg-type]
        for p in _POSITIONS
    ]
    skills = ", ".join(f"{s['name']} ({s['level']}, {s['years']} years)" for s in _SKILLS)
    return "Anna Petersen, anna@example.com\n" + "\n".join(jobs) + f"\nSkills: {skills}"


RESUME = Case(
    "a CV with six positions",
    _resume_text(),
    Resume,
    {"name": "Anna Petersen", "email": "anna@example.com", "positions": list(_POSITIONS), "skills": list(_SKILLS)},
    {"$.positions[2].since": "in spring", "$.skills[3].level": "between good and expert"},
)


class Booking(BaseModel):
    date: datetime.date
    payee: str
    amount: float
    category: Literal["rent", "food", "travel", "salary", "insurance", "leisure"]
    balance: float


_PAYEES = [("Rent Weber", -950.0, "rent"), ("Market Hall", -48.2, "food"), ("Rail", -31.9, "travel")]
_BOOKINGS = [
    {
        "date": f"2026-{1 + i // 14:02}-{1 + 2 * (i % 14):02}",
        "payee": f"{_PAYEES[i % 3][0]} {i}",
        "amount": _PAYEES[i % 3][1],
        "category": _PAYEES[i % 3][2],
        "balance": round(5000 - 37.5 * i, 2),
    }
    for i in range(40)
]
BOOKINGS = Case(
    "a bank statement of 40 bookings",
    "\n".join(f"{b['date']} {b['payee']} {b['amount']} bal {b['balance']}" for b in _BOOKINGS),
    list[Booking],
    _BOOKINGS,  # type: ignore[arg-type]
    {"$[8].category": "train", "$[27].balance": MISSING, "$[33].amount": "n.a."},
)


class Reading(BaseModel):
    analyte: str
    value: float
    unit: Literal["mg/dL", "mmol/L", "g/dL", "U/L", "%"]
    low: float
    high: float
    flag: Literal["low", "normal", "high"]


_ANALYTES = ["Glucose", "Sodium", "Potassium", "Calcium", "Albumin", "ALT", "AST", "HbA1c", "Urea", "Chloride"]
_READINGS = [
    {
        "analyte": f"{_ANALYTES[i % 10]}{'' if i < 10 else f' (repeat {i // 10})'}",
        "value": round(3.1 + i * 1.7, 1),
        "unit": ["mg/dL", "mmol/L", "g/dL", "U/L", "%"][i % 5],
        "low": round(2.0 + i * 1.5, 1),
        "high": round(5.5 + i * 1.9, 1),
        "flag": "normal",
    }
    for i in range(24)
]
LABORATORY = Case(
    "24 laboratory values",
    "\n".join(f"{r['analyte']} {r['value']} {r['unit']} ({r['low']}-{r['high']})" for r in _READINGS),
    list[Reading],
    _READINGS,  # type: ignore[arg-type]
    {"$[4].unit": "percent by volume", "$[15].flag": "unremarkable"},
)


class Talk(BaseModel):
    start: datetime.time
    minutes: int = Field(ge=5, le=180)
    room: str
    speaker: str
    title: str
    track: Literal["research", "practice", "keynote"]


_TALKS = [
    {
        "start": f"{9 + i // 3:02}:{20 * (i % 3):02}:00",
        "minutes": 20,
        "room": f"Hall {1 + i % 3}",
        "speaker": f"Dr. {name}",
        "title": f"{topic} in practice, part {1 + i // 6}",
        "track": "practice" if i % 2 else "research",
    }
    for i, (name, topic) in enumerate(
        zip(
            ["Ahmed", "Brandt", "Chen", "Dube", "Eriksen", "Fontane"] * 3,
            ["Bridges", "Batteries", "Proteins", "Markets", "Glaciers", "Tunnels"] * 3,
            strict=True,
        )
    )
]
PROGRAMME = Case(
    "a programme of 18 talks",
    "\n".join(f"{t['start'][:5]} {t['room']} {t['speaker']}: {t['title']} ({t['track']})" for t in _TALKS),
    list[Talk],
    _TALKS,  # type: ignore[arg-type]
    {"$[5].minutes": 0, "$[12].start": "after lunch"},
)


class Address(BaseModel):
    name: str
    street: str
    postcode: str = Field(min_length=4, max_length=8)
    city: str
    country: str = Field(pattern=r"^[A-Z]{2}$", description="two letters, ISO 3166")
    phone: str | None


_CITIES = [("Ulm", "DE", "89073"), ("Wien", "AT", "1010"), ("Bern", "CH", "3011"), ("Lyon", "FR", "69001")]
_ADDRESSES = [
    {
        "name": f"{name} {sort}",
        "street": f"{street} {3 + 4 * i}",
        "postcode": _CITIES[i % 4][2],
        "city": _CITIES[i % 4][0],
        "country": _CITIES[i % 4][1],
        "phone": None if i % 5 == 0 else f"+49 731 55{i:03}",
    }
    for i, (name, sort, street) in enumerate(
        [
            (name, sort, street)
            for name in ("Berger", "Novak", "Keller", "Morel")
            for sort, street in (("GmbH", "Seestrasse"), ("AG", "Am Markt"), ("SARL", "Quai Neuf"), ("KG", "Ringweg"))
        ]
    )
]
ADDRESSES = Case(
    "16 addresses",
    "\n".join(f"{a['name']}, {a['street']}, {a['postcode']} {a['city']}, {a['phone'] or '-'}" for a in _ADDRESSES),
    list[Address],
    _ADDRESSES,  # type: ignore[arg-type]
    {"$[2].country": "Switzerland", "$[9].country": "Austria"},
)


class Clause(BaseModel):
    number: int
    heading: str
    summary: str = Field(min_length=20)
    party: Literal["buyer", "seller", "both"]
    risk: Literal["low", "medium", "high"]
    notice_days: int | None


_HEADINGS = ["Delivery", "Payment", "Warranty", "Liability", "Secrecy", "Term", "Notice", "Courts"]
_CLAUSES = [
    {
        "number": i + 1,
        "heading": _HEADINGS[i % 8],
        "summary": f"{_HEADINGS[i % 8]} is due within {10 + i} days, else the other side may withdraw in writing.",
        "party": ["buyer", "seller", "both"][i % 3],
        "risk": ["low", "medium", "high"][(i // 2) % 3],
        "notice_days": 10 + i,
    }
    for i in range(16)
]
CONTRACT = Case(
    "16 clauses of a contract",
    "\n".join(f"§ {c['number']} {c['heading']} ({c['party']}). {c['summary']}" for c in _CLAUSES),
    list[Clause],
    _CLAUSES,  # type: ignore[arg-type]
    {"$[3].risk": "medium-high", "$[10].party": "whoever is late"},
)


class Reply(BaseModel):
    respondent: str
    age_group: Literal["18-29", "30-44", "45-59", "60+"]
    satisfied: int = Field(ge=1, le=10)
    recommends: int = Field(ge=1, le=10)
    remark: str


_REPLIES = [
    {
        "respondent": f"R{i:03}",
        "age_group": ["18-29", "30-44", "45-59", "60+"][i % 4],
        "satisfied": 1 + (3 * i) % 10,
        "recommends": 1 + (7 * i) % 10,
        "remark": ["fine", "too slow", "friendly staff", "-"][i % 4],
    }
    for i in range(60)
]
SURVEY = Case(
    "60 replies to a survey",
    "\n".join(f"{r['respondent']},{r['age_group']},{r['satisfied']},{r['recommends']},{r['remark']}" for r in _REPLIES),
    list[Reply],
    _REPLIES,  # type: ignore[arg-type]
    {"$[7].satisfied": 12, "$[31].recommends": 0, "$[44].age_group": "about 30"},
)


class Item(BaseModel):
    position: int
    product: str
    quantity: int
    price: float
    amount: float


class Invoice(BaseModel):
    number: str
    seller: str
    buyer: str
    items: list[Item]
    net: float


def amounts_agree(invoice: Invoice) -> None:
    """Each amount is quantity times price."""
    wrong = [
        Problem(f"$.items[{at}].amount", f"should be quantity times price, {item.quantity * item.price:.2f}")
        for at, item in enumerate(invoice.items)
        if abs(item.quantity * item.price - item.amount) > 0.005
    ]
    if wrong:
        raise Invalid("amounts do not agree", errors=wrong)


_ITEMS = [
    {
        "position": i + 1,
        "product": f"{['Paper A4', 'Toner black', 'Folder', 'Stapler', 'Desk lamp'][i % 5]} no. {300 + i}",
        "quantity": 2 + i % 4,
        "price": round(3.5 + 1.25 * i, 2),
        "amount": round((2 + i % 4) * round(3.5 + 1.25 * i, 2), 2),
    }
    for i in range(22)
]
INVOICE = Case(
    "an invoice of 22 items, with a check",
    "Invoice R-88 of Bureau Nord to Kern & Sons\n"
    + "\n".join(f"{i['position']} {i['product']} {i['quantity']} x {i['price']} = {i['amount']}" for i in _ITEMS),
    Invoice,
    {"number": "R-88", "seller": "Bureau Nord", "buyer": "Kern & Sons", "items": _ITEMS, "net": 1200.0},  # type: ignore[dict-item]
    {"$.items[4].amount": 9.99, "$.items[16].amount": 23.5},
    (amounts_agree,),
)

CASES = (ORDER, TICKETS, RESUME, BOOKINGS, LABORATORY, PROGRAMME, ADDRESSES, CONTRACT, SURVEY, INVOICE)

SMALL = Case(
    "one classified ticket",
    "The export has been down since this morning and forty people are waiting for it!",
    Ticket,
    {"id": 1, "subject": "Export down", "team": "technical", "urgent": True, "language": "en"},
    {"$.team": "IT department"},
)
