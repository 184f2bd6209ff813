"""Labels: by sentiment, by words and descriptions, by examples; and silence where evidence is weak."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from patterns.errors import NeedsModel
from patterns.exchange import Example
from tests.model.rules.asking import answer, ask

SETS: dict[str, Any] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("classify.yaml"))
CASES = [(name, case) for name, group in SETS.items() for case in group["cases"]]


def label_of(text: str, labels: Mapping[str, str] | list[str], **more: Any) -> str | None:
    described = labels if isinstance(labels, Mapping) else dict.fromkeys(labels, "")
    try:
        return answer(text, {"enum": list(described)}, technique="few_shot", labels=described, **more)
    except NeedsModel:
        return None


@pytest.mark.parametrize(("group", "case"), CASES, ids=[f"{group}: {case['text'][:32]}" for group, case in CASES])
def test_a_text_gets_its_label_or_none(group: str, case: dict[str, Any]):
    assert label_of(case["text"], SETS[group]["labels"]) == case["label"]


def test_confidence_is_honest_about_irony():
    schema = {
        "type": "object",
        "properties": {
            "label": {"enum": ["positive", "negative", "neutral"]},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "required": ["label", "confidence"],
    }
    plain = answer("This is a terrible product.", schema, technique="few_shot")
    ironic = answer("Great, it broke again. Just what I needed.", schema, technique="few_shot")
    assert plain["label"] == ironic["label"] == "negative"
    assert ironic["confidence"] <= 0.6 < plain["confidence"] <= 0.9


def test_the_nearest_example_decides_where_words_of_labels_do_not():
    examples = (
        Example({"text": "The soup was cold and the bread was stale."}, "kitchen"),
        Example({"text": "Nobody greeted us and the bill took an hour."}, "staff"),
    )
    labels = {"kitchen": "", "staff": ""}
    assert label_of("My soup was cold too.", labels, examples=examples) == "kitchen"
    assert label_of("The bill took ages and nobody greeted us.", labels, examples=examples) == "staff"
    assert label_of("Parking was easy.", labels, examples=examples) is None


def test_the_text_of_an_example_gets_its_label():
    examples = (Example({"text": "Gizmo?"}, {"label": "b"}),)
    schema = {"type": "object", "properties": {"label": {"enum": ["a", "b"]}}, "required": ["label"]}
    assert answer("gizmo?", schema, technique="few_shot", examples=examples) == {"label": "b"}


def test_labels_of_the_call_fill_a_field_of_plain_text():
    schema = {"type": "object", "properties": {"label": {"type": "string"}}, "required": ["label"]}
    labels = {"refund": "wants money back", "praise": "is happy"}
    assert answer("I want my money back.", schema, technique="few_shot", labels=labels) == {"label": "refund"}


def test_several_labels_each_need_evidence_of_their_own():
    labels = {"billing": "invoices and payments", "shipping": "parcels and delivery", "praise": "compliments"}
    schema = {"type": "array", "items": {"enum": list(labels)}}
    text = "The invoice shows two payments, and the parcel delivery is late."
    assert answer(text, schema, technique="few_shot", labels=labels) == ["billing", "shipping"]


def test_finer_shades_take_strength_into_account():
    labels = ["very positive", "positive", "neutral", "negative", "very negative"]
    assert label_of("It is nice.", labels) == "positive"
    assert (
        label_of("Absolutely fantastic! Best purchase ever, I love it so much. Highly recommend!", labels)
        == "very positive"
    )


def test_a_label_names_the_words_it_rests_on():
    text = "I was charged twice for the same invoice."
    labels = {"billing": "charges and invoices", "shipping": "parcels"}
    response = ask(text, {"enum": list(labels)}, technique="few_shot", labels=labels)
    (source,) = response.sources
    assert source.text in ("charged", "invoice")
    assert json.loads(response.choices[0].text) == "billing"
