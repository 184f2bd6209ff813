"""Every example, given by a model as the template shows it, is read back as what the template says it means."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import BaseModel

from patterns.exchange import Example
from patterns.library.classify import classify
from patterns.library.code import generate_code
from patterns.library.complete import complete
from patterns.library.extract import extract
from patterns.library.reasoning import solve
from patterns.library.sentiment import classify_sentiment
from patterns.library.summarize import summarize
from patterns.messages import Json
from patterns.prompt.catalog import default_catalog
from patterns.testing import FakeModel

VERBS = {
    "chain_of_thought/solve": solve,
    "code_generation/function": generate_code,
    "few_shot/classify": classify,
    "few_shot/sentiment": classify_sentiment,
    "plain_text/complete": complete,
    "plain_text/summarize": summarize,
    "json_extraction/extract": lambda text, shape: extract(text, shape),
}
CATALOG = default_catalog()
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name in VERBS
    for number, example in enumerate(CATALOG.load(name).examples)
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_is_read_as_it_was_meant(name: str, example: Example) -> None:
    with FakeModel([_as_written(example.output)]) as model:
        found = VERBS[name](**example.input)  # type: ignore[operator]
    assert len(model.requests) == 1
    assert _plain(found) == _plain(example.output)


def _as_written(output: Json) -> str | Mapping[str, Json]:
    """What the model would write: code in a fence, text as it is, a value as JSON."""
    if isinstance(output, Mapping) and "source" in output:
        return f"```{output['language']}\n{output['source']}```"
    assert isinstance(output, str | Mapping)
    return output


def _plain(value: object) -> object:
    """Data to compare; the last line break of code is not part of it."""
    data = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    if isinstance(data, Mapping):
        return {key: text.rstrip() if isinstance(text, str) else text for key, text in data.items()}
    return data
