"""In a notebook: readable, escaped, with the whole story folded under the value."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from IPython.core.formatters import HTMLFormatter
from pydantic import BaseModel

from patterns import Invalid, OutputError, Pattern, classify_sentiment
from patterns.batch.outcomes import Outcome
from patterns.display import register
from patterns.display.whole import html
from patterns.exchange import Attempt, Choice, Repair, Request, Response, Result, Source, ToolRun, Usage
from patterns.messages import Message, Messages
from patterns.output.read import examine
from patterns.setup import Changes
from tests.faultserver import FaultServer

ALLOWED = {
    "style", "div", "table", "tr", "th", "td", "ol", "li", "small", "em", "strong", "span", "pre", "mark", "details",
    "summary",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "</td></table><iframe src='javascript:alert(1)'>",
    "</style><script>alert(1)</script>",
    'x" onmouseover="alert(1)',
    "a & b < c",
    "right\u202eleft",
    "bell\x07 and escape\x1b[31m",
]


class Seen(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self._styles = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        self._styles = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._styles = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._styles else data


class Person(BaseModel):
    name: str
    skills: list[str] = []
    jobs: list[dict[str, object]] = []


def result(name: str, repairs: tuple[Repair, ...] = (), cost: float | None = 0.25) -> Result[Person]:
    attempt = Attempt(Request("some/model", ()), Response((Choice(name),), "m", Usage(10, 5), cost))
    source = (Source("$.name", "text", 0, len(name), name),)
    return Result(Person(name=name), (attempt,), Usage(10, 5), cost, repairs, sources=source)


def everything(hostile: str) -> list[object]:
    """One of all that is drawn, with the same text wherever a text can stand."""
    mend = Repair(hostile, f"$.{hostile}", (0, 3), hostile, hostile, 12.0)
    messages = Messages([Message("user", hostile), Message("assistant", hostile)])
    response = Response((Choice(hostile, reasoning=hostile),), hostile, Usage(1, 1), 0.1)
    attempt = Attempt(Request(hostile, tuple(messages)), response, hostile, (mend,))
    ran = ToolRun("1", hostile, {hostile: hostile}, hostile, repairs=(mend,))
    value = Person(name=hostile, skills=[hostile], jobs=[{hostile: hostile}])
    told = Result(
        value, (attempt, attempt), Usage(1, 1), 0.1, (mend,), reasoning=hostile, tool_runs=(ran,),
        sources=(Source(hostile, hostile, 0, 3, hostile),),
    )  # fmt: skip
    error = OutputError(hostile, attempts=(attempt,), raw_text=hostile, hint=hostile)
    error.tool_runs = (ran,)
    return [
        told, value, messages, error, Outcome(0, told), Outcome(1, None, error), Pattern(hostile), {hostile: [hostile]},
        examine("{'name': " + repr(hostile) + "}", Person),
    ]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_model_becomes_markup(hostile: str) -> None:
    for value in everything(hostile):
        page = html(value)
        seen = Seen(page)
        assert set(seen.tags) <= ALLOWED
        assert seen.tags.count("style") == page.count("<style>") == 1
        assert seen.attributes <= {"class", "title", "open"}
        assert "\x1b" not in page
        assert "\u202e" not in page
        assert "url(" not in page


def test_a_result_shows_the_value_its_cost_and_its_mends_folded() -> None:
    page = html(result("Jo", (Repair("unquoted key", "$.name", (0, 1), "name", '"name"'),)))
    seen = Seen(page)
    assert "some/model · 1 attempt · 0.00 s · 10 + 5 tokens · $0.25" in seen.text
    assert page.index("Jo") < page.index("<details><summary>1 mend")
    assert '<mark title="unquoted key at $.name: name → &quot;name&quot;">J</mark>o' in page


def test_the_story_of_a_call_is_folded_under_its_value(here: Changes, faults: FaultServer) -> None:
    faults.script(["A splendid day.", "{'label': 'positive', confidence: 0.9,}"])
    told = classify_sentiment.with_options(**here, reasks=1).run("I love it.")
    page = told._repr_html_()
    assert isinstance(page, str)
    seen = Seen(page)
    assert seen.text.startswith("labelpositiveconfidence0.9")
    assert "2 attempts · " in seen.text
    assert "splendid" in seen.text.split("what came back at attempt 1")[1]
    assert str(told.attempts[0].problem) in seen.text
    assert "<mark" in page
    assert f"{len(told.messages)} messages" in seen.text
    assert "I love it." in seen.text.split("messages")[-1]


def test_an_error_shows_what_is_wrong_and_all_attempts(here: Changes, faults: FaultServer) -> None:
    faults.script(['{"label": "splendid", "confidence": 0.5}'])
    with pytest.raises(Invalid) as caught:
        classify_sentiment.with_options(**here, reasks=0).run("I love it.")
    seen = Seen(str(caught.value._repr_html_()))
    assert seen.text.startswith("Invalid ")
    assert "$.label" in seen.text
    assert "1 attempt · 50 + 10 tokens" in seen.text
    assert '{"label": "splendid"' in seen.text


def test_an_unknown_cost_is_said_to_be_unknown() -> None:
    assert "cost unknown" in html(result("Jo", cost=None))


def test_a_reading_shows_its_mends_over_the_raw_text() -> None:
    page = html(examine('Here: {name: \'Jo\', "skills": "tea"}', Person))
    assert "class=guess" not in page
    assert ">name</mark>: " in page
    assert "Here: {" in page


def test_a_list_of_objects_is_one_table_with_figures_at_the_right() -> None:
    page = html([{"name": "Jo", "age": 3}, {"name": "Ann", "age": None, "city": "Oslo"}])
    assert Seen(page).tags.count("table") == 1
    assert "<th class=figure>age</th><th>city</th>" in page
    assert "<td class=figure>3</td>" in page


def test_what_is_nested_deep_is_folded() -> None:
    seen = Seen(html({"a": {"b": {"c": {"d": [1, 2]}}}}))
    assert seen.tags.count("details") == 3
    assert "2 items12" in seen.text


def test_big_values_are_cut_and_say_by_how_much() -> None:
    seen = Seen(html("x" * 1_000_000))
    assert "and 998,000 more characters" in seen.text
    assert "and 99,900 more items" in Seen(html([{"n": n} for n in range(100_000)])).text
    wide = html([{f"c{n}": [[n] * 50] * 50 for n in range(100)}] * 100)
    assert "and 76 more columns" in wide
    assert len(wide) < 400_000
    deep: list[object] = []
    for _ in range(500):
        deep = [deep]
    assert len(html(deep)) < 10_000


def test_values_that_are_no_json_are_drawn_too() -> None:
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError("no")

    ring: list[object] = []
    ring.append(ring)
    assert "Odd that does not print: RuntimeError" in Seen(html({"a": Odd()})).text
    assert "[[...]]" in Seen(html(ring)).text
    assert "\\xff" in Seen(html(b"\xff")).text


def test_a_pattern_shows_its_inputs_and_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_TEMPLATES", str(tmp_path))
    body = "---\ndescription: Greets.\ninputs:\n  name: Whom to greet.\n---\n{% user %}Greet {{ name }}.{% enduser %}\n"
    (tmp_path / "greet.md.jinja").write_text(body)
    pattern = Pattern("greet", output=str)
    seen = Seen(str(pattern._repr_html_()))
    assert "greet Greets." in seen.text
    assert "namerequiredWhom to greet." in seen.text
    assert "{% user %}Greet {{ name }}.{% enduser %}" in seen.text
    assert "greet Greets." in Seen(html(pattern.recipe().template)).text
    (tmp_path / "greet.md.jinja").unlink()
    assert "TemplateError" in Seen(html(pattern)).text


def test_rendered_messages_are_a_list_that_is_drawn() -> None:
    messages = classify_sentiment.render("It <b>works</b>.")
    assert type(messages) is Messages
    assert messages == list(messages)
    assert "It &lt;b&gt;works&lt;/b&gt;." in str(messages._repr_html_())


def test_ipython_draws_what_the_ready_patterns_give() -> None:
    formatter = HTMLFormatter()
    register(formatter)
    assert "<th>label</th><td>positive</td>" in str(formatter(classify_sentiment("I love it.")))
    assert "<th>label</th><td>positive</td>" in str(formatter(classify_sentiment.run("I love it.")))
    assert formatter(Person(name="Jo")) is None
