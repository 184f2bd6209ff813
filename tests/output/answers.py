"""Answers in notations other than JSON, as models write them, each with its type and the value a person reads in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel


class Item(BaseModel):
    name: str
    qty: int


class Order(BaseModel):
    id: str
    items: list[Item]
    total: float | None = None


class Owner(BaseModel):
    name: str
    age: int


class Repo(BaseModel):
    name: str
    tags: list[str] = []
    owner: Owner | None = None


class Movie(BaseModel):
    title: str
    year: int
    director: str


class Ticket(BaseModel):
    title: str
    priority: Literal["low", "medium", "high"]
    labels: list[str]
    description: str


class Address(BaseModel):
    street: str
    city: str
    zip: str


class Customer(BaseModel):
    full_name: str
    email: str
    address: Address


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Car(BaseModel):
    model: str
    color: Color
    price: Decimal


class Event(BaseModel):
    name: str
    day: date
    at: datetime | None = None


class Server(BaseModel):
    host: str
    port: int
    tls: bool = False


class Config(BaseModel):
    title: str
    server: Server
    features: list[str] = []


class Fruit(BaseModel):
    name: str
    color: str


class Basket(BaseModel):
    fruits: list[Fruit]


class Point(NamedTuple):
    x: float
    y: float


@dataclass
class Book:
    title: str
    pages: int
    authors: list[str] = field(default_factory=list)


class Account(BaseModel):
    id: UUID
    balance: Decimal
    active: bool


class Recipe(BaseModel):
    title: str
    servings: int
    ingredients: list[str]
    steps: list[str]


class Verdict(BaseModel):
    label: Literal["positive", "negative", "neutral"]
    reason: str


class Comment(BaseModel):
    author: str
    body: str


A1 = Order(id="A", items=[Item(name="x", qty=2)])
A2 = Order(id="A", items=[Item(name="x", qty=2), Item(name="y", qty=1)])
REPO = Repo(name="demo", tags=["vip", "new"], owner=Owner(name="Ann", age=3))
ALIEN = Movie(title="Alien", year=1979, director="Ridley Scott")
ANA = Customer(
    full_name="Ana Souza", email="ana@example.org", address=Address(street="Rua Nova 1", city="Porto", zip="04050")
)
CONFIG = Config(title="Demo", server=Server(host="localhost", port=8080, tls=True), features=["a", "b"])
BOOK = Book("Dune", 412, ["Frank Herbert"])
SOUP = Recipe(title="Soup", servings=4, ingredients=["1 onion", "2 carrots"], steps=["Chop.", "Boil."])
UUID_TEXT = "12345678-1234-5678-1234-567812345678"

Case = tuple[str, Any, Any]

YAML: dict[str, Case] = {
    "inline list and map": ('name: demo\ntags: [vip, "new"]\nowner: {name: Ann, age: 3}', Repo, REPO),
    "in a yaml fence": ('```yaml\nname: demo\ntags: [vip, "new"]\nowner: {name: Ann, age: 3}\n```', Repo, REPO),
    "chatty fence": (
        "Sure! Here is the YAML you asked for:\n\n```yaml\nname: demo\ntags:\n  - vip\n  - new\nowner:\n  name: Ann\n"
        "  age: 3\n```\n\nLet me know if you need anything else.",
        Repo,
        REPO,
    ),
    "empty list": ("id: A\nitems: []", Order, Order(id="A", items=[])),
    "list of maps": ("id: A\nitems:\n  - name: x\n    qty: 2\n  - name: y\n    qty: 1\n", Order, A2),
    "list of maps without indent": ("id: A\nitems:\n- name: x\n  qty: 2\n- name: y\n  qty: 1\n", Order, A2),
    "list of inline maps": ("id: A\nitems:\n  - {name: x, qty: 2}\n  - {name: y, qty: 1}", Order, A2),
    "block text": (
        "title: Login fails\npriority: high\nlabels: [auth, web]\n"
        "description: |\n  It fails: always.\n  See the log.\n",
        Ticket,
        Ticket(
            title="Login fails", priority="high", labels=["auth", "web"], description="It fails: always.\nSee the log."
        ),
    ),
    "folded text": (
        "title: Login fails\ndescription: >-\n  It fails\n  every time.\npriority: low\nlabels:\n  - auth\n",
        Ticket,
        Ticket(title="Login fails", priority="low", labels=["auth"], description="It fails every time."),
    ),
    "quoted with colon": (
        "title: \"Alien: Director's Cut\"\nyear: 1979\ndirector: 'Ridley Scott'",
        Movie,
        Movie(title="Alien: Director's Cut", year=1979, director="Ridley Scott"),
    ),
    "comments": (
        "```yaml\n# the movie\ntitle: Alien  # the first one\nyear: 1979\ndirector: Ridley Scott\n```",
        Movie,
        ALIEN,
    ),
    "document marks": ("---\ntitle: Alien\nyear: 1979\ndirector: Ridley Scott\n...", Movie, ALIEN),
    "deep": (
        "full_name: Ana Souza\nemail: ana@example.org\naddress:\n  street: Rua Nova 1\n  city: Porto\n  zip: '04050'\n",
        Customer,
        ANA,
    ),
    "zip with a leading zero": (
        "full_name: Ana Souza\nemail: ana@example.org\naddress: {street: Rua Nova 1, city: Porto, zip: 04050}",
        Customer,
        ANA,
    ),
    "list of movies": (
        "- title: Alien\n  year: 1979\n  director: Ridley Scott\n"
        "- title: Heat\n  year: 1995\n  director: Michael Mann\n",
        list[Movie],
        [ALIEN, Movie(title="Heat", year=1995, director="Michael Mann")],
    ),
    "nested lists": ("- [1, 2]\n- [3, 4]", list[list[int]], [[1, 2], [3, 4]]),
    "map of lists": (
        "fruits: [apple, pear]\nroots: [carrot]",
        dict[str, list[str]],
        {"fruits": ["apple", "pear"], "roots": ["carrot"]},
    ),
    "null by tilde": ("```yaml\nname: demo\ntags: []\nowner: ~\n```", Repo, Repo(name="demo")),
}

MARKDOWN: dict[str, Case] = {
    "bold keys": ("**Title:** Alien\n**Year:** 1979\n**Director:** Ridley Scott", Movie, ALIEN),
    "bold keys, colon outside": ("**Title**: Alien\n**Year**: 1979\n**Director**: Ridley Scott", Movie, ALIEN),
    "bulleted bold keys": (
        "Here you go:\n\n- **Title:** Alien\n- **Year:** 1979\n- **Director:** Ridley Scott\n",
        Movie,
        ALIEN,
    ),
    "bulleted keys": ("- Title: Alien\n- Year: 1979\n- Director: Ridley Scott", Movie, ALIEN),
    "numbered keys": ("1. Title: Alien\n2. Year: 1979\n3. Director: Ridley Scott", Movie, ALIEN),
    "table of fields": (
        "| Field | Value |\n|---|---|\n| Title | Alien |\n| Year | 1979 |\n| Director | Ridley Scott |",
        Movie,
        ALIEN,
    ),
    "table of rows": (
        "Here is the table:\n\n| Title | Year | Director |\n|:--|--:|---|\n| Alien | 1979 | Ridley Scott |\n"
        "| Heat | 1995 | Michael Mann |\n\nBoth are well liked.",
        list[Movie],
        [ALIEN, Movie(title="Heat", year=1995, director="Michael Mann")],
    ),
    "headings as keys": (
        "## Title\nSoup\n\n## Servings\n4\n\n## Ingredients\n- 1 onion\n- 2 carrots\n\n## Steps\n1. Chop.\n2. Boil.\n",
        Recipe,
        SOUP,
    ),
    "bold headings": (
        "**Title**\nSoup\n\n**Servings**\n4\n\n**Ingredients**\n- 1 onion\n- 2 carrots\n\n"
        "**Steps**\n1. Chop.\n2. Boil.\n",
        Recipe,
        SOUP,
    ),
    "keys with lists below": (
        "Title: Soup\nServings: 4\nIngredients:\n- 1 onion\n- 2 carrots\nSteps:\n1. Chop.\n2. Boil.",
        Recipe,
        SOUP,
    ),
    "label and reason": (
        "**Label:** positive\n**Reason:** The author says: it works.",
        Verdict,
        Verdict(label="positive", reason="The author says: it works."),
    ),
    "backticked values": ("- `title`: `Alien`\n- `year`: `1979`\n- `director`: `Ridley Scott`", Movie, ALIEN),
}

TOML: dict[str, Case] = {
    "fence": (
        '```toml\ntitle = "Demo"\nfeatures = ["a", "b"]\n\n[server]\nhost = "localhost"\nport = 8080\ntls = true\n```',
        Config,
        CONFIG,
    ),
    "bare": (
        'title = "Demo"\nfeatures = ["a", "b"]\n\n[server]\nhost = "localhost"\nport = 8080\ntls = true\n',
        Config,
        CONFIG,
    ),
    "array of tables": (
        'Here it is:\n\n```toml\nid = "A"\n\n[[items]]\nname = "x"\nqty = 2\n\n[[items]]\nname = "y"\nqty = 1\n```',
        Order,
        A2,
    ),
    "dates": (
        "```toml\nname = 'Launch'\nday = 2024-05-01\nat = 2024-05-01T10:30:00Z\n```",
        Event,
        Event(name="Launch", day=date(2024, 5, 1), at=datetime.fromisoformat("2024-05-01T10:30:00+00:00")),
    ),
    "many lines": (
        '```toml\ntitle = "Login fails"\npriority = "high"\nlabels = [\n  "auth",\n  "web",\n]\ndescription = """\n'
        'It fails.\nSee the log."""\n```',
        Ticket,
        Ticket(title="Login fails", priority="high", labels=["auth", "web"], description="It fails.\nSee the log."),
    ),
    "comments": (
        '```toml\n# a movie\ntitle = "Alien" # the first\nyear = 1979\ndirector = "Ridley Scott"\n```',
        Movie,
        ALIEN,
    ),
    "dotted keys": (
        '```toml\nfull_name = "Ana Souza"\nemail = "ana@example.org"\naddress.street = "Rua Nova 1"\n'
        'address.city = "Porto"\naddress.zip = "04050"\n```',
        Customer,
        ANA,
    ),
    "inline table": ('name = "demo"\ntags = ["vip", "new"]\nowner = { name = "Ann", age = 3 }', Repo, REPO),
    "unquoted words": ("```toml\ntitle = Alien\nyear = 1979\ndirector = Ridley Scott\n```", Movie, ALIEN),
    "nested table": ('[owner]\nname = "Ann"\nage = 3', Any, {"owner": {"name": "Ann", "age": 3}}),
}

PYTHON: dict[str, Case] = {
    "call": ("Order(id='A', items=[Item(name='x', qty=2)])", Order, A1),
    "call with total": (
        "Order(id='A', items=[Item(name='x', qty=2)], total=3.5)",
        Order,
        Order(id="A", items=[Item(name="x", qty=2)], total=3.5),
    ),
    "call in a fence": (
        "```python\nOrder(id='A', items=[Item(name='x', qty=2), Item(name='y', qty=1)])\n```",
        Order,
        A2,
    ),
    "call on lines": (
        'Here is the object:\n\n```python\nMovie(\n    title="Alien",\n    year=1979,\n'
        '    director="Ridley Scott",\n)\n```\n',
        Movie,
        ALIEN,
    ),
    "assigned call": ("```python\nmovie = Movie(title='Alien', year=1979, director='Ridley Scott')\n```", Movie, ALIEN),
    "call in prose": ("The result is Movie(title='Alien', year=1979, director='Ridley Scott').", Movie, ALIEN),
    "bare repr": ("title='Alien' year=1979 director='Ridley Scott'", Movie, ALIEN),
    "bare repr, nested": ("id='A' items=[Item(name='x', qty=2)] total=None", Order, A1),
    "ordered dict": ("OrderedDict([('title', 'Alien'), ('year', 1979), ('director', 'Ridley Scott')])", Movie, ALIEN),
    "default dict": ("defaultdict(<class 'list'>, {'a': [1, 2]})", dict[str, list[int]], {"a": [1, 2]}),
    "named tuple": ("Point(x=1.5, y=-2.0)", Point, Point(1.5, -2.0)),
    "dataclass": ("Book(title='Dune', pages=412, authors=['Frank Herbert'])", Book, BOOK),
    "enum repr": (
        "Car(model='T', color=<Color.RED: 'red'>, price=Decimal('1.20'))",
        Car,
        Car(model="T", color=Color.RED, price=Decimal("1.20")),
    ),
    "enum name": (
        "{'model': 'T', 'color': Color.BLUE, 'price': Decimal('10.05')}",
        Car,
        Car(model="T", color=Color.BLUE, price=Decimal("10.05")),
    ),
    "dates": (
        "Event(name='Launch', day=datetime.date(2024, 5, 1), at=datetime.datetime(2024, 5, 1, 10, 30))",
        Event,
        Event(name="Launch", day=date(2024, 5, 1), at=datetime(2024, 5, 1, 10, 30)),
    ),
    "uuid and decimal": (
        f"Account(id=UUID('{UUID_TEXT}'), balance=Decimal('12.30'), active=True)",
        Account,
        Account(id=UUID(UUID_TEXT), balance=Decimal("12.30"), active=True),
    ),
    "list of calls": (
        "[Item(name='x', qty=2), Item(name='y', qty=1)]",
        list[Item],
        [Item(name="x", qty=2), Item(name="y", qty=1)],
    ),
    "dict call": ("dict(title='Alien', year=1979, director='Ridley Scott')", Movie, ALIEN),
    "set": ("{'a', 'b'}", set[str], {"a", "b"}),
    "call with a bracket in a text": (
        "Movie(title='Alien (1979)', year=1979, director=\"R. O'Bannon, Jr.\")",
        Movie,
        Movie(title="Alien (1979)", year=1979, director="R. O'Bannon, Jr."),
    ),
    "call with a template's words": ("<Movie title='Alien' year=1979 director='Ridley Scott'>", Movie, ALIEN),
    "tuple of pairs": ("(('a', 1), ('b', 2))", list[tuple[str, int]], [("a", 1), ("b", 2)]),
}

XML: dict[str, Case] = {
    "element": (
        "<order><id>A</id><item><name>x</name><qty>2</qty></item></order>",
        Any,
        {"order": {"id": "A", "item": {"name": "x", "qty": 2}}},
    ),
    "items": (
        "<order>\n  <id>A</id>\n  <items>\n    <item><name>x</name><qty>2</qty></item>\n"
        "    <item><name>y</name><qty>1</qty></item>\n  </items>\n</order>",
        Order,
        A2,
    ),
    "one item": ("<order><id>A</id><items><item><name>x</name><qty>2</qty></item></items></order>", Order, A1),
    "repeated tag": (
        "<order><id>A</id><item><name>x</name><qty>2</qty></item><item><name>y</name><qty>1</qty></item></order>",
        Order,
        A2,
    ),
    "fields side by side": ("<title>Alien</title>\n<year>1979</year>\n<director>Ridley Scott</director>", Movie, ALIEN),
    "fields in prose": (
        "I looked it up. The title is <title>Alien</title>, from <year>1979</year>, "
        "by <director>Ridley Scott</director>.",
        Movie,
        ALIEN,
    ),
    "fence": (
        '```xml\n<?xml version="1.0" encoding="UTF-8"?>\n<movie>\n  <title>Alien</title>\n  <year>1979</year>\n'
        "  <director>Ridley Scott</director>\n</movie>\n```",
        Movie,
        ALIEN,
    ),
    "attributes": ('<movie title="Alien" year="1979" director="Ridley Scott"/>', Movie, ALIEN),
    "attributes and elements": ('<order id="A"><item name="x" qty="2"/><item name="y" qty="1"/></order>', Order, A2),
    "cdata": (
        "<comment><author>Bo</author><body><![CDATA[a < b && <b>c</b>]]></body></comment>",
        Comment,
        Comment(author="Bo", body="a < b && <b>c</b>"),
    ),
    "entities": (
        "<comment><author>Tom &amp; Jo</author><body>x &lt; y &#233;</body></comment>",
        Comment,
        Comment(author="Tom & Jo", body="x < y é"),
    ),
    "other case": (
        "<Customer><FullName>Ana Souza</FullName><Email>ana@example.org</Email><Address><Street>Rua Nova 1</Street>"
        "<City>Porto</City><Zip>04050</Zip></Address></Customer>",
        Customer,
        ANA,
    ),
    "answer around": (
        "<answer><title>Alien</title><year>1979</year><director>Ridley Scott</director></answer>",
        Movie,
        ALIEN,
    ),
    "after thoughts": (
        "<think>The <title>Aliens</title> one is newer.</think>\n<title>Alien</title>\n<year>1979</year>\n"
        "<director>Ridley Scott</director>",
        Movie,
        ALIEN,
    ),
    "label and reason": (
        "<label>negative</label>\n<reason>It broke after two days.</reason>",
        Verdict,
        Verdict(label="negative", reason="It broke after two days."),
    ),
    "html in a value": (
        "<comment><author>Bo</author><body>It is <b>very</b> good</body></comment>",
        Comment,
        Comment(author="Bo", body="It is <b>very</b> good"),
    ),
    "json stays json": (
        '{"author": "Bo", "body": "<author>Al</author> wrote <body>this</body>"}',
        Comment,
        Comment(author="Bo", body="<author>Al</author> wrote <body>this</body>"),
    ),
    "list of strings": ("<tags><tag>vip</tag><tag>new</tag></tags>", list[str], ["vip", "new"]),
    "list of items": (
        "<items><item><name>x</name><qty>2</qty></item><item><name>y</name><qty>1</qty></item></items>",
        list[Item],
        [Item(name="x", qty=2), Item(name="y", qty=1)],
    ),
    "empty elements": ("<repo><name>demo</name><tags/><owner/></repo>", Repo, Repo(name="demo")),
    "comment inside": (
        "<movie><!-- the first --><title>Alien</title><year>1979</year><director>Ridley Scott</director></movie>",
        Movie,
        ALIEN,
    ),
    "chatty": (
        "Here is the extracted data:\n\n<fruits>\n<fruit><name>apple</name><color>red</color></fruit>\n"
        "<fruit><name>pear</name><color>green</color></fruit>\n</fruits>\n\nI hope this helps!",
        Basket,
        Basket(fruits=[Fruit(name="apple", color="red"), Fruit(name="pear", color="green")]),
    ),
}

EXACT: dict[str, Case] = {
    "decimal digits": (
        '{"model": "T", "color": "red", "price": 0.10}',
        Car,
        Car(model="T", color=Color.RED, price=Decimal("0.10")),
    ),
    "decimal digits, damaged": (
        "{model: 'T', color: 'red', price: 1234567890.123456789012}",
        Car,
        Car(model="T", color=Color.RED, price=Decimal("1234567890.123456789012")),
    ),
    "zip as a number": (
        '{"street": "Rua", "city": "Porto", "zip": 02134}',
        Address,
        Address(street="Rua", city="Porto", zip="02134"),
    ),
    "big integer": ("{'n': 123456789012345678901234567890,}", dict[str, int], {"n": 123456789012345678901234567890}),
    "decimal alone": ("The price is 12.50", Decimal, Decimal("12.50")),
}

ALL: dict[str, dict[str, Case]] = {
    "yaml": YAML, "markdown": MARKDOWN, "toml": TOML, "python": PYTHON, "xml": XML, "exact": EXACT,
}  # fmt: skip
