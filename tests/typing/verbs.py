"""What type checkers make of the library: mypy and pyright read this, nobody runs it, and ignored lines are errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from enum import Enum
from typing import Literal, assert_type

from pydantic import BaseModel

from patterns import (
    Classification,
    Code,
    Conversation,
    Image,
    Json,
    Outcome,
    Pattern,
    Result,
    Sentiment,
    Solution,
    Tool,
    ToolCall,
    ToolRun,
    classify,
    classify_sentiment,
    complete,
    configure,
    extract,
    generate_code,
    pattern,
    read,
    solve,
    summarize,
)
from patterns.messages import Part
from patterns.output.shorthand import Extracted
from patterns.testing import FakeModel


class Ticket(BaseModel):
    team: str


class Team(Enum):
    OPS = "ops"


class Company(BaseModel):
    name: str


SCHEMA: dict[str, Json] = {"type": "object"}


def calls() -> None:
    assert_type(classify_sentiment("hi"), Sentiment)
    assert_type(classify_sentiment(text="hi"), Sentiment)
    assert_type(classify_sentiment.run("hi"), Result[Sentiment])
    assert_type(classify_sentiment.stream("hi"), Iterator[Sentiment])
    assert_type(classify_sentiment.batch(["hi"]), Iterator[Outcome[Sentiment]])
    assert_type(classify_sentiment.with_options(temperature=0.5)("hi"), Sentiment)
    assert_type(classify_sentiment.into(Ticket)("hi"), Ticket)
    assert_type(solve("1 + 1"), Solution)
    assert_type(generate_code("add", signature="def add(a, b)"), Code)
    assert_type(generate_code.with_options(reasks=0).run("add", "go").output, Code)
    assert_type(summarize("…", words=10), str)
    assert_type(complete("hi"), str)
    assert_type(complete("hi", n=3), list[str])
    assert_type(read("{}", Ticket), Ticket)


async def async_calls() -> None:
    assert_type(await classify_sentiment.acall("hi"), Sentiment)
    assert_type(await extract.acall("hi", Ticket), Ticket)
    assert_type(await extract.arun("hi", Ticket), Result[Ticket])
    assert_type(extract.astream("hi", Ticket), AsyncIterator[Ticket])
    assert_type(await classify.acall("hi", Team), Classification[Team])
    assert_type(await complete.acall("hi", n=2), list[str])


def extraction() -> None:
    assert_type(extract("hi", Ticket), Ticket)
    assert_type(extract("hi", list[Ticket]), list[Ticket])
    assert_type(extract("hi", int), int)
    assert_type(extract("hi", "name, age int"), Extracted)
    assert_type(extract("hi", SCHEMA), Json)
    assert_type(extract("hi", Literal["a", "b"]), object)
    assert_type(extract.run("hi", Ticket), Result[Ticket])
    assert_type(extract.stream("hi", Ticket), Iterator[Ticket])
    assert_type(extract.batch(["hi"], Ticket), Iterator[Outcome[Ticket]])
    assert_type(extract.into(Ticket).stream("hi"), Iterator[Ticket])
    assert_type(extract.into(Ticket), Pattern[[str | Part], Ticket])
    assert_type(extract(Image("a.png"), Ticket), Ticket)
    assert_type(classify_sentiment(Image("a.png")), Sentiment)
    assert_type(complete(["What is this?", Image("a.png")]), str)
    assert_type(extract.with_options(model="m")("hi", Ticket), Ticket)
    extract("hi", Ticket | Company)


def classification() -> None:
    assert_type(classify("hi", ["a", "b"]), Classification[str])
    assert_type(classify("hi", {"a": "first"}), Classification[str])
    assert_type(classify("hi", Literal["a", "b"]), Classification[str])
    assert_type(classify("hi", Team), Classification[Team])
    assert_type(classify("hi", Team).label, Team)
    assert_type(classify.among(Team).run("hi").output, Classification[Team])
    assert_type(classify.batch(["hi"], Team), Iterator[Outcome[Classification[Team]]])


@pattern("triage", model="some/model", reasks=1)
def triage(message: str, customer: str = "") -> Ticket:
    """Send a message to the right team."""
    raise NotImplementedError


def known(ticket: Ticket) -> bool:
    return ticket.team == "ops"


@pattern("triage", checks=[known])
def checked(message: str) -> Ticket:
    """Send a message to a team that there is."""
    raise NotImplementedError


def own_patterns() -> None:
    assert_type(triage("It is down."), Ticket)
    assert_type(triage("It is down.", customer="Ada"), Ticket)
    assert_type(triage.run("It is down.").output, Ticket)
    assert_type(checked("It is down."), Ticket)
    triage.with_checks(known)


def weather(city: str, days: int = 1) -> str:
    return f"fine in {city} for {days}"


async def order(number: int) -> Ticket:
    return Ticket(team=str(number))


@pattern("triage", tools=[weather, order, Tool("search")], tool_turns=3)
def informed(message: str) -> Ticket:
    """Send a message to the right team, once its order is known."""
    raise NotImplementedError


def tools() -> None:
    assert_type(informed("It is down."), Ticket)
    assert_type(informed.run("It is down.").tool_runs, tuple[ToolRun, ...])
    assert_type(triage.with_options(tools=[weather])("It is down."), Ticket)
    Conversation(tools=[order, weather], tool_turns=2)
    configure(tool_turns=4)


def conversations() -> None:
    talk = Conversation("Be kind.", model="m", history_tokens=1000, ttl=60)
    assert_type(talk.send("hi"), str)
    assert_type(talk.run("hi"), Result[str])
    assert_type(talk.ask(classify_sentiment, "hi"), Sentiment)
    assert_type(talk.ask(extract.into(Ticket), "hi"), Ticket)
    assert_type(talk.answer_tools({"call": 1}), str)
    assert_type(talk.answer_tools({"call": 1}, classify_sentiment), Sentiment)


def fakes() -> None:
    FakeModel(["text", {"label": "positive", "confidence": 0.9}, [1, 2], Ticket(team="ops"), ValueError("no")])
    FakeModel([lambda request: request.messages[-1].text])
    FakeModel([ToolCall("id", "name", {"city": "Ulm"})])
    FakeModel([[ToolCall("1", "name", {}), ToolCall("2", "name", {})], "text"])
    FakeModel(ticket for ticket in [Ticket(team="ops")])


def mistakes() -> None:
    classify_sentiment(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    classify_sentiment("a", "b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    classify_sentiment(txt="a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    classify_sentiment.run()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    classify_sentiment.with_options(temprature=0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    classify_sentiment.with_options(n="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    extract("hi")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    extract("hi", 7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    classify("hi", 7)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    classify("hi", [1, 2])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType, reportCallIssue]
    triage.with_options(tools=[7])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    informed(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    triage(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Conversation().ask(classify_sentiment, 7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    FakeModel([7])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Conversation(tokens=7)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
