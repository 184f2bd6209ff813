"""What every peer is asked for, and out of what."""

from __future__ import annotations

import os

from pydantic import BaseModel

TEXT = "John Smith is a 35-year-old software engineer who knows Python and SQL."
MODEL = "gpt-4.1-mini"
KEY = "sk-nobody-0123456789"
BASE = os.environ["BASE"]
PROMPT = [
    {"role": "system", "content": "You take data out of a text. Answer with one JSON object: name, age, skills."},
    {"role": "user", "content": f"Extract the person from this text.\n\n<text>\n{TEXT}\n</text>"},
]


class Person(BaseModel):
    name: str
    age: int
    skills: list[str]
