"""From a task to a reading: what is refused, what is classified, what is extracted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from patterns.errors import NeedsModel
from patterns.exchange import Source, Task
from patterns.messages import Json
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.extract import Reading, is_confidence, read, source
from patterns.model.rules.fields import Field, field_of
from patterns.model.rules.found import Found
from patterns.model.rules.labelling import find_labels, label_field
from patterns.model.rules.passage import Passage
from patterns.model.rules.vocabulary import vocabulary

HINT = (
    "connect a model: set a provider's key (such as OPENAI_API_KEY or ANTHROPIC_API_KEY), set PATTERNS_MODEL, "
    "or run Ollama on this machine"
)
_WRITTEN = {
    "code": "write code",
    "text": "write text",
    "answer": "reason",
}
_REASONED = {"chain_of_thought": "reason in steps", "code_generation": "write code"}
_INSTRUCTIONS = vocabulary("into labels language words instructions instruction style tone format question schema")
_MAIN = ("text", "document", "message", "content", "body", "input")


def answer(task: Task) -> Reading:
    """Answer a task from its typed inputs, or raise NeedsModel."""
    _refuse(task)
    field = field_of(task.schema)
    readings = [_read(task, field, passage) for passage in _passages(task)]
    reading = readings[0] if readings else Reading(missing=["value"])
    for other in readings[1:]:
        reading = _joined(field, reading, other)
    if reading.missing:
        raise NeedsModel(_lacking(field, reading.missing), fields=reading.missing, hint=HINT)
    return reading


def _refuse(task: Task) -> None:
    """Say no to what has to be thought out or written."""
    what = _REASONED.get(task.technique) or _WRITTEN.get(task.format)
    if what:
        raise NeedsModel(f"the rules engine cannot {what}: pattern {task.pattern!r} needs a model", hint=HINT)


def _lacking(field: Field, missing: list[str]) -> str:
    if field.type != "object":
        return "the rules engine found no value it is sure of, and does not guess"
    return f"the rules engine found nothing it is sure of for {', '.join(missing)}, and does not guess"


def _passages(task: Task) -> Iterator[Passage]:
    """The texts to read, the main one first."""
    texts = {name: text for name, text in task.inputs.items() if isinstance(text, str)}
    data = {name: text for name, text in texts.items() if name not in _INSTRUCTIONS} or texts
    order = sorted(data, key=lambda name: (name not in _MAIN, -len(data[name])))
    return (Passage.whole(name, data[name]) for name in order)


def _read(task: Task, field: Field, passage: Passage) -> Reading:
    label = label_field(task, field)
    evidence = Evidence(passage)
    if label is None:
        return read(field, evidence)
    found = find_labels(label, task, passage)
    if field.type != "object":
        return _bare(field, label, found, evidence)
    reading = read(
        replace(field, fields=tuple(f for f in field.fields if f.name != label.name and not is_confidence(f))), evidence
    )
    return _with_labels(field, label, reading, found, evidence)


def _bare(field: Field, label: Field, found: list[Found], evidence: Evidence) -> Reading:
    """The label by itself."""
    several = label.items is not None
    sources = [source(f"$[{i}]" if several else "$", one, evidence) for i, one in enumerate(found)]
    value: Json = [one.value for one in found] if several else found[0].value if found else None
    return Reading(value, sources, [] if found else ["label"])


def _with_labels(field: Field, label: Field, reading: Reading, found: list[Found], evidence: Evidence) -> Reading:
    """The label among the other values of an object."""
    bare = _bare(field, label, found, evidence)
    values = dict(reading.value) if isinstance(reading.value, Mapping) else {}
    sources = [replace(one, path=f"$.{label.name}{one.path[1:]}") for one in bare.sources]
    missing = list(reading.missing)
    if found:
        values[label.name] = bare.value
    elif label.needed:
        missing.append(label.name)
    elif label.nullable:
        values[label.name] = None
    for part in filter(is_confidence, field.fields):
        if found:
            values[part.name] = min(one.confidence for one in found)
    ordered = {part.name: values[part.name] for part in field.fields if part.name in values}
    return Reading(ordered, [*sources, *reading.sources], missing)


def _joined(field: Field, first: Reading, other: Reading) -> Reading:
    """Two readings of one object from two inputs: the first one's values stand."""
    if field.type != "object" or not isinstance(first.value, Mapping) or not isinstance(other.value, Mapping):
        return first if not first.missing or other.missing else other
    added = {name: value for name, value in other.value.items() if value is not None and first.value.get(name) is None}
    sources: list[Source] = [
        one for one in other.sources if one.path.removeprefix("$.").split(".")[0].split("[")[0] in added
    ]
    merged = {**first.value, **added}
    ordered = {part.name: merged[part.name] for part in field.fields if part.name in merged}
    return Reading(ordered, [*first.sources, *sources], [name for name in first.missing if name not in added])
