"""A text that holds no answer gives an error under every type: nothing is made up."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from pydantic import BaseModel

from patterns.errors import OutputError
from patterns.output.read import examine


class Person(BaseModel):
    name: str
    age: int


class Team(BaseModel):
    members: list[Person] = []
    lead: str | None = None


class Settings(BaseModel):
    theme: str = "light"
    size: int = 12
    tags: list[str] = []


class Note(BaseModel):
    text: str


TEXTS = {
    "refusal": "I'm sorry, but I can't help with that request.",
    "polite refusal": "Unfortunately, the document does not mention this. I am unable to give you a reliable answer.",
    "question back": "Could you tell me which of the two contracts you mean? There are 3 of them.",
    "another question": "Before I start: do you want positive results only, or also negative ones?",
    "empty fence": "```json\n\n```",
    "nothing": "   \n\n  ",
    "python code": "```python\ndef load(path):\n    items = [1, 2, 3]\n    return True\n```",
    "error page": "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center>"
    "<hr><center>nginx</center></body>\n</html>",
    "traceback": 'Traceback (most recent call last):\n  File "/srv/app.py", line 42, in handle\n    return rows[0]\n'
    "IndexError: list index out of range",
    "waiting": "Let me think about this step by step. First, I will need to look at the report you mention.",
    "missing input": "It looks like no text was attached. Please paste the text, and I'll list the people named in it.",
    "policy": "As an AI language model, I do not have access to real-time data after 2023, so I cannot answer this.",
    "apology with list": "I apologize for the confusion. To go on I would need:\n- the name of the file\n"
    "- the date of the meeting",
    "error object": '{"error": {"code": 429, "message": "Rate limit reached"}}',
    "short error": "Error: 500",
    "code 2": "for (const row of rows) {\n  console.log(row[0], {a: 1});\n}",
    "references": "See [1] and [2] for details, or use `foo(1)` and `bar[0]`.",
    "mention": "There are 3 of them.",
    "note": "Note: this is a draft.",
    "tool call": '<tool_call>{"name": "search", "arguments": {"where": "the web"}}</tool_call>',
    "thought": '<think>I could say {"name": "x", "age": 1} but no</think>I can\'t answer that.',
    "refusal with an example": "I'm sorry, I cannot find a person in it. Example output:\n"
    '```json\n{"name": "John Doe", "age": 30}\n```',
    "refusal with a template": "I need the text for this. The format would be "
    '{"name": "string", "age": 0, "text": "", "theme": ""}',
    "boxes to tick": "- [ ] buy milk\n- [ ] call the bank",
    "answered with a refusal": "Text: I'm afraid I cannot read the attached file.",
    "undecided": "It depends on the context: it could be positive or negative.",
    "empty answer": "Answer:",
    "rate limit": "Error 429: rate limit exceeded, retry after 20 seconds",
    "prose with colons": "Two things are unclear: the name and the age. Note: neither is in the text. So: no answer.",
    "settings in prose": "Set name = 'x' in the file. I could not find an age in it.",
    "call in prose": "You could call load(path='x', retries=3) and then look at size(1).",
    "code with calls": "```python\nclient = Client(name='x', timeout=30)\nprint(client.load(age=3))\n```",
    "traceback with values": 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n'
    "    Person(name='x')\nTypeError: missing a required argument: 'age' (got {'name': 'x'!r})",
    "page with a form": "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><label>name</label>"
    "<input name='age' value='3'/></form></body></html>",
    "tags in prose": "Put the name between <name> and </name>, as in <b>bold</b> text. What is the text?",
    "error in tags": "<error><code>429</code><message>Rate limit reached</message></error>",
    "sections without an answer": "## Problem\n\nThe text is empty.\n\n## Next step\n\nPlease send the text.",
    "settings file": "```toml\n[tool.ruff]\nline-length = 120\n```\nI cannot tell who wrote this.",
    "yaml of something else": "```yaml\non: push\njobs: {build: {steps: []}}\n```",
    "markdown form": "# Summary\n\n- [ ] collect the data\n- [ ] write the report\n\n"
    "None of this has been done yet, I'm afraid.",
}

MAPS = ("error object", "tool call", "error in tags", "settings file", "yaml of something else")
"""Texts that hold an object of something."""

TYPES = {
    "list of models": list[Person],
    "list and optional": Team,
    "all defaults": Settings,
    "list of text": list[str],
    "int": int,
    "bool": bool,
    "literal": Literal["positive", "negative", "neutral"],
    "optional": Person | None,
    "one text": Note,
    "date": date,
    "optional int": int | None,
    "list of int": list[int],
    "map": dict[str, str],
    "float": float,
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("text", TEXTS)
def test_no_value_is_made_up(text: str, kind: str) -> None:
    if kind == "map" and text in MAPS:
        pytest.skip("an object is a map, whatever it says")
    with pytest.raises(OutputError):
        examine(TEXTS[text], TYPES[kind])
