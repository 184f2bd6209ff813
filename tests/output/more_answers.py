# ruff: noqa: E501  (an answer is easier to read in one piece)
"""More answers in other notations, written before they were first read, with the value a person reads in each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from tests.output.answers import Case


class Line(BaseModel):
    sku: str
    amount: int
    price: Decimal


class Bill(BaseModel):
    bill_no: str
    issued: date
    lines: list[Line]
    paid: bool = False


class Place(BaseModel):
    city: str
    country: str = "PT"


class Profile(BaseModel):
    user_name: str
    age: int | None = None
    home: Place | None = None
    skills: list[str] = []


class Mood(Enum):
    HAPPY = "happy"
    SAD = "sad"


class Diary(BaseModel):
    day: date
    mood: Mood
    notes: str = ""


class Weather(BaseModel):
    city: str
    unit: Literal["C", "F"] = "C"
    days: int = 1


class Review(BaseModel):
    score: int = Field(ge=1, le=5)
    pros: list[str]
    cons: list[str]
    summary: str


class Step(BaseModel):
    action: str
    target: str


class Script(BaseModel):
    name: str
    steps: list[Step]


class Pair(NamedTuple):
    left: str
    right: int


class Judged(BaseModel):
    reasoning: str
    answer: int


class Job(BaseModel):
    title: str
    company: str
    salary: float | None = None
    remote: bool = False


LINES = [Line(sku="A-1", amount=2, price=Decimal("3.50")), Line(sku="B-2", amount=1, price=Decimal("10.00"))]
BILL = Bill(bill_no="0042", issued=date(2024, 5, 1), lines=LINES, paid=True)
MARA = Profile(user_name="mara", age=31, home=Place(city="Faro"), skills=["sql", "go"])
LAMP = Review(score=4, pros=["bright", "cheap"], cons=["hot"], summary="A good lamp.")
LOGIN = Script(name="login", steps=[Step(action="open", target="/"), Step(action="click", target="#go")])
JOB = Job(title="Engineer", company="Acme & Sons", salary=50000.5, remote=True)

ALL: dict[str, dict[str, Case]] = {
    "yaml": {
        "bill": (
            'bill_no: "0042"\nissued: 2024-05-01\nlines:\n  - {sku: A-1, amount: 2, price: 3.50}\n'
            "  - {sku: B-2, amount: 1, price: 10.00}\npaid: yes\n",
            Bill,
            BILL,
        ),
        "bill in a chat": (
            "Of course — here's the bill as YAML:\n\n```yaml\nbill_no: '0042'   # keep the zeros\nissued: 2024-05-01\n"
            "lines:\n- sku: A-1\n  amount: 2\n  price: 3.50\n- sku: B-2\n  amount: 1\n  price: 10.00\npaid: true\n```\n"
            "Shall I send it?",
            Bill,
            BILL,
        ),
        "profile": ("user_name: mara\nage: 31\nhome: {city: Faro}\nskills: [sql, go]", Profile, MARA),
        "profile, multi-line flow": (
            "user_name: mara\nage: 31\nhome: {\n  city: Faro,\n  country: PT\n}\nskills: [\n  sql,\n  go\n]\n",
            Profile,
            MARA,
        ),
        "empty map and list": ("user_name: mara\nskills: []\nage: null", Profile, Profile(user_name="mara")),
        "review": (
            "score: 4\npros: [bright, cheap]\ncons:\n  - hot\nsummary: >\n  A good\n  lamp.\n",
            Review,
            LAMP,
        ),
        "single quotes doubled": ("city: 'L''Aquila'\ncountry: IT", Place, Place(city="L'Aquila", country="IT")),
        "escapes": (
            'user_name: "ma\\tra"\nskills: ["a: b", "c, d"]',
            Profile,
            Profile(user_name="ma\tra", skills=["a: b", "c, d"]),
        ),
        "list of places": (
            "- city: Faro\n  country: PT\n- city: Rome\n  country: IT",
            list[Place],
            [Place(city="Faro"), Place(city="Rome", country="IT")],
        ),
        "list of inline places": (
            "- {city: Faro, country: PT}\n- {city: Rome, country: IT}",
            list[Place],
            [Place(city="Faro"), Place(city="Rome", country="IT")],
        ),
        "under a root key": (
            "profile:\n  user_name: mara\n  age: 31\n  home:\n    city: Faro\n  skills: [sql, go]\n",
            Profile,
            MARA,
        ),
        "steps": (
            "name: login\nsteps:\n  - action: open\n    target: /\n  - action: click\n    target: '#go'\n",
            Script,
            LOGIN,
        ),
        "any": ("a: 1\nb: [x, y]\nc: {d: true}", Any, {"a": 1, "b": ["x", "y"], "c": {"d": True}}),
        "map of numbers": ("```yml\napples: 3\npears: 5\n```", dict[str, int], {"apples": 3, "pears": 5}),
    },
    "markdown": {
        "bold with dashes": (
            "Here is the profile:\n\n* **User name**: mara\n* **Age**: 31\n* **Skills**: sql, go\n",
            Profile,
            Profile(user_name="mara", age=31, skills=["sql", "go"]),
        ),
        "sections": (
            "# Review\n\n## Score\n4\n\n## Pros\n- bright\n- cheap\n\n## Cons\n- hot\n\n## Summary\nA good lamp.\n",
            Review,
            LAMP,
        ),
        "bold labels with lists": (
            "**Score:** 4\n\n**Pros:**\n- bright\n- cheap\n\n**Cons:**\n- hot\n\n**Summary:** A good lamp.",
            Review,
            LAMP,
        ),
        "table": (
            "| sku | amount | price |\n|-----|--------|-------|\n| A-1 | 2 | 3.50 |\n| B-2 | 1 | 10.00 |",
            list[Line],
            LINES,
        ),
        "two columns": ("| Key | Value |\n|---|---|\n| City | Faro |\n| Country | PT |", Place, Place(city="Faro")),
        "italic keys": ("*City:* Faro\n*Country:* PT", Place, Place(city="Faro")),
        "quoted block": ("> City: Faro\n> Country: PT", Place, Place(city="Faro")),
    },
    "toml": {
        "bill": (
            '```toml\nbill_no = "0042"\nissued = 2024-05-01\npaid = true\n\n[[lines]]\nsku = "A-1"\namount = 2\nprice = "3.50"\n\n'
            '[[lines]]\nsku = "B-2"\namount = 1\nprice = "10.00"\n```',
            Bill,
            BILL,
        ),
        "profile": ("user_name = 'mara'\nage = 31\nskills = ['sql', 'go']\n\n[home]\ncity = 'Faro'\n", Profile, MARA),
        "script": (
            'Here you are:\n```toml\nname = "login"\nsteps = [\n  { action = "open", target = "/" },\n'
            '  { action = "click", target = "#go" },\n]\n```',
            Script,
            LOGIN,
        ),
        "ini": (
            "```ini\n[job]\ntitle = Engineer\ncompany = Acme & Sons\nsalary = 50000.5\nremote = yes\n```",
            Job,
            JOB,
        ),
        "env": ("```env\nCITY=Faro\nCOUNTRY=PT\n```", Place, Place(city="Faro")),
        "any": ("```toml\n[a]\nb = 1\n[a.c]\nd = 'x'\n```", Any, {"a": {"b": 1, "c": {"d": "x"}}}),
        "decimals": ('sku = "A-1"\namount = 2\nprice = 3.50', Line, LINES[0]),
    },
    "python": {
        "bill": (
            "Bill(bill_no='0042', issued=datetime.date(2024, 5, 1), lines=[Line(sku='A-1', amount=2, price=Decimal('3.50')), "
            "Line(sku='B-2', amount=1, price=Decimal('10.00'))], paid=True)",
            Bill,
            BILL,
        ),
        "bill as printed": (
            "bill_no='0042' issued=datetime.date(2024, 5, 1) lines=[Line(sku='A-1', amount=2, price=Decimal('3.50')), "
            "Line(sku='B-2', amount=1, price=Decimal('10.00'))] paid=True",
            Bill,
            BILL,
        ),
        "profile": (
            '```python\nprofile = Profile(\n    user_name="mara",\n    age=31,\n    home=Place(city="Faro", country="PT"),  # Algarve\n'
            '    skills=["sql", "go"],\n)\nprint(profile)\n```',
            Profile,
            MARA,
        ),
        "diary": (
            "Diary(day=date(2024, 5, 1), mood=<Mood.HAPPY: 'happy'>, notes=\"it's (very) fine\")",
            Diary,
            Diary(day=date(2024, 5, 1), mood=Mood.HAPPY, notes="it's (very) fine"),
        ),
        "diary as a dict": (
            "{'day': datetime.date(2024, 5, 1), 'mood': <Mood.SAD: 'sad'>, 'notes': ''}",
            Diary,
            Diary(day=date(2024, 5, 1), mood=Mood.SAD),
        ),
        "mood": ("<Mood.SAD: 'sad'>", Mood, Mood.SAD),
        "mood by name": ("Mood.HAPPY", Mood, Mood.HAPPY),
        "weather call": (
            'get_weather(city="Porto", unit="F", days=3)',
            Weather,
            Weather(city="Porto", unit="F", days=3),
        ),
        "weather call in prose": (
            "I will call `get_weather(city='Porto', days=2)` to find out.",
            Weather,
            Weather(city="Porto", days=2),
        ),
        "ordered dict of lists": (
            "OrderedDict([('score', 4), ('pros', ['bright', 'cheap']), ('cons', ['hot']), ('summary', 'A good lamp.')])",
            Review,
            LAMP,
        ),
        "counter": ("Counter({'a': 3, 'b': 1})", dict[str, int], {"a": 3, "b": 1}),
        "frozenset": ("frozenset({'a', 'b'})", set[str], {"a", "b"}),
        "named tuple": ("Pair(left='x', right=2)", Pair, Pair("x", 2)),
        "list of pairs": (
            "[Pair(left='x', right=2), Pair(left='y', right=3)]",
            list[Pair],
            [Pair("x", 2), Pair("y", 3)],
        ),
        "dict of models": (
            "{'a': Place(city='Faro', country='PT'), 'b': Place(city='Rome', country='IT')}",
            dict[str, Place],
            {"a": Place(city="Faro"), "b": Place(city="Rome", country="IT")},
        ),
        "decimal": ("Decimal('3.50')", Decimal, Decimal("3.50")),
        "date": ("datetime.date(2024, 5, 1)", date, date(2024, 5, 1)),
        "steps": (
            "The script is:\n\nScript(name='login', steps=[Step(action='open', target='/'), Step(action='click', target='#go')])",
            Script,
            LOGIN,
        ),
        "several": (
            "Place(city='Faro', country='PT')\nPlace(city='Rome', country='IT')",
            list[Place],
            [Place(city="Faro"), Place(city="Rome", country="IT")],
        ),
        "none and booleans": (
            "Job(title='Engineer', company='Acme', salary=None, remote=False)",
            Job,
            Job(title="Engineer", company="Acme"),
        ),
    },
    "xml": {
        "bill": (
            "<bill>\n  <bill_no>0042</bill_no>\n  <issued>2024-05-01</issued>\n  <lines>\n"
            "    <line><sku>A-1</sku><amount>2</amount><price>3.50</price></line>\n"
            "    <line><sku>B-2</sku><amount>1</amount><price>10.00</price></line>\n  </lines>\n  <paid>true</paid>\n</bill>",
            Bill,
            BILL,
        ),
        "bill by attributes": (
            '<Bill billNo="0042" issued="2024-05-01" paid="true"><Line sku="A-1" amount="2" price="3.50"/>'
            '<Line sku="B-2" amount="1" price="10.00"/></Bill>',
            Bill,
            BILL,
        ),
        "profile in a fence": (
            "Here is the XML:\n```xml\n<profile>\n  <userName>mara</userName>\n  <age>31</age>\n  <home><city>Faro</city></home>\n"
            "  <skills><skill>sql</skill><skill>go</skill></skills>\n</profile>\n```\nAnything else?",
            Profile,
            MARA,
        ),
        "profile in prose": (
            "Here is what I found.\n\n<profile><user_name>mara</user_name><age>31</age><home><city>Faro</city></home>"
            "<skills>sql, go</skills></profile>\n\nLet me know if you need more.",
            Profile,
            MARA,
        ),
        "reasoning and answer": (
            "<reasoning>6 times 7 is 42.</reasoning>\n<answer>42</answer>",
            Judged,
            Judged(reasoning="6 times 7 is 42.", answer=42),
        ),
        "thinking, then fields": (
            "<thinking>It could be Rome.</thinking>\n<city>Faro</city>\n<country>PT</country>",
            Place,
            Place(city="Faro"),
        ),
        "entities": (
            "<job><title>Engineer</title><company>Acme &amp; Sons</company><salary>50000.5</salary><remote>true</remote></job>",
            Job,
            JOB,
        ),
        "parameters by name": (
            '<invoke name="get_weather"><parameter name="city">Porto</parameter><parameter name="days">3</parameter></invoke>',
            Weather,
            Weather(city="Porto", days=3),
        ),
        "json inside": (
            '<name>login</name>\n<steps>[{"action": "open", "target": "/"}, {"action": "click", "target": "#go"}]</steps>',
            Script,
            LOGIN,
        ),
        "repeated steps": (
            "<script_><name>login</name><step><action>open</action><target>/</target></step>"
            "<step><action>click</action><target>#go</target></step></script_>",
            Script,
            LOGIN,
        ),
        "markdown in a field": (
            "<review>\n<score>4</score>\n<pros>\n- bright\n- cheap\n</pros>\n<cons>\n- hot\n</cons>\n<summary>A good lamp.</summary>\n</review>",
            Review,
            LAMP,
        ),
        "list of names": ("<names>\n  <name>Ana</name>\n  <name>Rui</name>\n</names>", list[str], ["Ana", "Rui"]),
        "any": ("<a1><b1>1</b1><b1>2</b1><c1/></a1>", Any, {"a1": {"b1": [1, 2], "c1": ""}}),
        "missing closer": (
            "<place><city>Faro<country>PT</country></place>",
            Place,
            Place(city="Faro"),
        ),
        "with a preamble tag mention": (
            "I put it between <city> tags: <city>Faro</city> and <country>PT</country>.",
            Place,
            Place(city="Faro"),
        ),
        "one label": ("<label>C</label>", Literal["C", "F"], "C"),
    },
    "choices": {
        "draft and final": (
            "First attempt: Place(city='Rome', country='IT')\nFinal: Place(city='Faro', country='PT')",
            Place,
            Place(city="Faro"),
        ),
        "yaml after an example": (
            "For example:\n```yaml\ncity: Rome\ncountry: IT\n```\nYours:\n```yaml\ncity: Faro\ncountry: PT\n```",
            Place,
            Place(city="Faro"),
        ),
        "json and the same in yaml": (
            '```json\n{"city": "Faro", "country": "PT"}\n```\nOr as YAML:\n```yaml\ncity: Faro\ncountry: PT\n```',
            Place,
            Place(city="Faro"),
        ),
    },
}
