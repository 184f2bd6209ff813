"""The classifying tasks: which field is the label, what it may be, and how sure the engine is of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from patterns.exchange import Example, Task
from patterns.messages import Json
from patterns.model.rules.classify import classify, evidence_of
from patterns.model.rules.fields import Field
from patterns.model.rules.found import Found
from patterns.model.rules.passage import Passage
from patterns.model.rules.poles import choose, poles
from patterns.model.rules.sentiment import feeling
from patterns.model.rules.vocabulary import vocabulary

_LABELS = vocabulary(
    "label labels category class topic intent sentiment tag tags type kind classification queue team department"
    " priority"
)
_PLENTY = 2.5
"""Evidence from which a text gets one more label, where it may have several."""


def label_field(task: Task, field: Field) -> Field | None:
    """The field that the label of a classifying task goes to; None when the task does not classify.

    A task classifies when it names labels, when a choice is all it wants, or when it teaches one by examples.
    """
    if field.type != "object":
        return _labelled(field, task) if task.labels or _choice(field) else None
    if task.technique == "json_extraction" and not task.labels:
        return None
    named = [part for part in field.fields if _choice(part)]
    if task.labels and not named:
        named = [part for part in field.fields if _text(part) and part.words[-1:] and part.words[-1] in _LABELS]
    return _labelled(named[0], task) if named else None


def _choice(field: Field) -> bool:
    return field.type == "choice" or (
        field.type == "array" and field.items is not None and field.items.type == "choice"
    )


def _text(field: Field) -> bool:
    return field.type == "string" or (
        field.type == "array" and field.items is not None and field.items.type == "string"
    )


def _labelled(field: Field, task: Task) -> Field | None:
    """The field with the task's labels for options, when it has none of its own."""
    if _choice(field):
        return field
    if not _text(field):
        return None
    options: tuple[Json, ...] = tuple(task.labels)
    if field.items is not None:
        return replace(field, items=replace(field.items, type="choice", options=options))
    return replace(field, type="choice", options=options)


def find_labels(field: Field, task: Task, passage: Passage) -> list[Found]:
    """The label of a text, or several where the field is a list; empty when the engine abstains."""
    several = field.items is not None
    options = (field.items or field).options
    by_pole = None if several else poles(options)
    if by_pole is not None:
        felt = feeling(passage)
        chosen = choose(by_pole, felt) if felt else None
        if felt and chosen:
            return [Found(chosen[0], felt.place.start, felt.place.end, chosen[1])]
        if not task.examples:
            return []
    return _several(field, task, passage) if several else _single(field, options, task, passage)


def _single(field: Field, options: tuple[Json, ...], task: Task, passage: Passage) -> list[Found]:
    by_name = {str(choice): choice for choice in options}
    verdict = classify(passage, _described(by_name, task), list(_taught(field, task, by_name)))
    if verdict is None:
        return []
    return [Found(by_name[verdict.label], *verdict.place, verdict.confidence)]


def _several(field: Field, task: Task, passage: Passage) -> list[Found]:
    assert field.items is not None
    by_name = {str(choice): choice for choice in field.items.options}
    weights = evidence_of(passage, _described(by_name, task))
    whole = passage.trim(passage.start, passage.end)
    return [Found(by_name[name], *whole, 0.65) for name, weight in weights.items() if weight >= _PLENTY]


def _described(by_name: Mapping[str, Json], task: Task) -> dict[str, str]:
    """Each label's description: the task's, unless it only repeats the name."""
    return {name: task.labels.get(name, "") for name in by_name}


def _taught(field: Field, task: Task, by_name: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """The texts and labels of the examples."""
    for example in task.examples:
        label = _label_of(example, field.name)
        text = _text_of(example)
        if text and str(label) in by_name:
            yield text, str(label)


def _label_of(example: Example, name: str) -> Json:
    return example.output.get(name) if isinstance(example.output, Mapping) else example.output


def _text_of(example: Example) -> str:
    texts = [value for value in example.input.values() if isinstance(value, str)]
    return texts[0] if texts else ""
