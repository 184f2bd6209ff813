"""In a notebook: readable, escaped, with the mends folded under the value."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from pydantic import BaseModel

from patterns.display import reading_html, register, result_html, value_html
from patterns.exchange import Attempt, Choice, Repair, Request, Response, Result, Source, Usage
from patterns.output.read import examine

ALLOWED = {"div", "table", "tr", "th", "td", "ol", "li", "small", "em", "details", "summary"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "</td></table><iframe src='javascript:alert(1)'>",
    "a & b < c",
    "right\u202eleft",
    "bell\x07 and escape\x1b[31m",
]


class Seen(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


class Person(BaseModel):
    name: str
    skills: list[str] = []
    jobs: list[dict[str, object]] = []


def result(name: str, repairs: tuple[Repair, ...] = (), cost: float | None = 0.25) -> Result[Person]:
    attempt = Attempt(Request("some/model", ()), Response((Choice(name),), "m", Usage(10, 5), cost))
    source = (Source("$.name", "text", 0, len(name), name),)
    return Result(Person(name=name), (attempt,), Usage(10, 5), cost, repairs, sources=source)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_model_becomes_markup(hostile: str) -> None:
    repairs = (Repair(hostile, f"$.{hostile}", None, hostile, hostile),)
    person = Person(name=hostile, skills=[hostile], jobs=[{hostile: hostile}])
    for page in (result_html(result(hostile, repairs)), value_html(person)):
        seen = Seen(page)
        assert seen.tags <= ALLOWED
        assert seen.attributes <= {"style"}
        assert "\x1b" not in page
        assert "\u202e" not in page


def test_a_result_shows_the_value_its_cost_and_its_mends_folded() -> None:
    page = result_html(result("Jo", (Repair("unquoted key", "$.name", (0, 4), "name", '"name"'),)))
    seen = Seen(page)
    assert "Jo" in seen.text
    assert "some/model · 1 attempt · 10 + 5 tokens · $0.250000" in seen.text
    assert "1 mend" in seen.text
    assert page.index("Jo") < page.index("<details><summary>1 mend")


def test_an_unknown_cost_is_said_to_be_unknown() -> None:
    assert "cost unknown" in result_html(result("Jo", cost=None))


def test_a_reading_shows_its_mends() -> None:
    seen = Seen(reading_html(examine("{name: 'Jo',}", Person)))
    assert "Jo" in seen.text
    assert "mend" in seen.text


def test_a_list_of_objects_is_one_table() -> None:
    page = value_html([Person(name="Jo"), Person(name="Ann")])
    assert page.count("<th") == 3
    assert "Ann" in page


def test_a_very_long_text_is_shortened() -> None:
    assert len(value_html("x" * 1_000_000)) < 10_000


def test_our_types_are_registered() -> None:
    known: dict[type, object] = {}

    class Formatters:
        def for_type(self, typ: type, func: object) -> None:
            known[typ] = func

    register(Formatters())
    assert known[Result] is result_html
    assert len(known) >= 5
