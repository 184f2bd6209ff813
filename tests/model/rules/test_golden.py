"""The answers to the example texts, to the letter: the same in every version until somebody means to change them.

Run this file as a module to write golden.json anew, then read the difference.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.model.rules.asking import ask, optional

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples"
QUESTIONS: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load(HERE / "golden.yaml")
ANSWERS = HERE / "golden.json"


def golden(name: str) -> dict[str, Any]:
    """The answer to an example, with every source."""
    response = ask((EXAMPLES / f"{name}.txt").read_text(encoding="utf-8"), optional(QUESTIONS[name]))
    return {"answer": json.loads(response.choices[0].text), "sources": [asdict(source) for source in response.sources]}


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_example_gets_the_same_answer_in_every_version(name: str):
    assert golden(name) == json.loads(ANSWERS.read_text(encoding="utf-8"))[name]


if __name__ == "__main__":
    written = {name: golden(name) for name in QUESTIONS}
    ANSWERS.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
