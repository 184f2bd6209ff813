"""Rules about the shape of answers: shown, reasoning first, and nothing that has to be invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from patterns.lint.findings import Finding
from patterns.lint.study import Study
from patterns.messages import Json
from patterns.model.known import provider_of
from patterns.model.modes import mode_of
from patterns.prompt.yaml import Place
from patterns.schemas import nullable, resolve

Schema = Mapping[str, Json]

_REASONING = frozenset({
    "reasoning", "reason", "reasons", "rationale", "explanation", "explanations", "justification", "thoughts",
    "thought", "thinking", "steps", "analysis", "why", "because", "chain_of_thought", "working", "considerations",
})  # fmt: skip
_ANSWER = frozenset({
    "answer", "final_answer", "result", "verdict", "decision", "label", "labels", "category", "class",
    "classification", "score", "rating", "grade", "conclusion", "choice", "sentiment", "priority", "approved",
    "valid", "correct",
})  # fmt: skip
_WAYS_OUT = frozenset({"unknown", "none", "other", "n/a", "na", "not stated", "not_stated", "unclear", "missing", ""})
_DEEPEST = 12


def shape_refused(study: Study) -> Iterator[Finding]:
    """Hold the type of the answer against what the provider of each named model is known to take."""
    if study.shape is None or (study.front.format or "json") != "json":
        return
    for model in study.asked.models:
        mode = mode_of(model)
        if mode not in ("json_schema", "tools"):
            continue
        fit = study.shape.fit(provider_of(model), model, mode)
        if fit.target is None:
            yield Finding(
                "shape-refused",
                f"{model} cannot be held to this shape by {mode}, and is asked in a weaker mode: {fit.why}",
                *study.place("output"),
                hint="make the type flatter or smaller; `patterns show --model` tells what is sent",
            )


def no_output_format(study: Study) -> Iterator[Finding]:
    if study.flow is None or (study.front.format or "json") != "json" or "output_format" in study.flow.used:
        return
    line = study.flow.messages[0].where[1] if study.flow.messages else 1
    yield Finding(
        "no-output-format",
        "the shape of the answer is never shown: a model without structured output has to guess it",
        study.flow.messages[0].where[0] if study.flow.messages else study.path,
        line,
        "put {{ output_format }} into the system message",
    )


def answer_before_reasoning(study: Study) -> Iterator[Finding]:
    for place, schema, _ in _objects(study):
        fields = schema.get("properties")
        names = list(fields) if isinstance(fields, Mapping) else []
        answers = [name for name in names if name.lower() in _ANSWER]
        reasons = [name for name in names if name.lower() in _REASONING]
        if answers and reasons and names.index(answers[0]) < names.index(reasons[0]):
            yield Finding(
                "answer-before-reasoning",
                f"{answers[0]!r} is asked for before {reasons[0]!r}: the reasoning then only defends the answer",
                *_line(study, (*place, "properties", answers[0])),
                hint=f"put {reasons[0]!r} first",
            )


def required_invention(study: Study) -> Iterator[Finding]:
    if study.technique != "json_extraction":
        return
    at: dict[tuple[Path, int], list[str]] = {}
    for place, schema, root in _objects(study):
        if any(step in ("items", "prefixItems", "$defs", "definitions", "anyOf", "oneOf") for step in place):
            continue  # there may be no such item at all, and then nothing is invented
        for name in _inventions(schema, root):
            at.setdefault(_line(study, (*place, "properties", name)), []).append(name)
    for (path, line), names in at.items():
        yield Finding(
            "required-invention",
            f"{' and '.join(map(repr, names))} must be filled even when the text does not say: a model would invent",
            path,
            line,
            'let it be null: type: [string, "null"], or `str | None` in Python',
        )


def _inventions(schema: Schema, root: Schema) -> Iterator[str]:
    fields, required = schema.get("properties"), schema.get("required")
    if not isinstance(fields, Mapping) or not isinstance(required, list):
        return
    for name, field in fields.items():
        if name in required and isinstance(field, Mapping) and _forces(resolve(field, root), root):
            yield name


def _forces(field: Schema, root: Schema) -> bool:
    """Whether every value of a field says something. An empty list, or an object of nulls, does not."""
    if isinstance(choices := field.get("enum"), list):
        return not any(each is None or str(each).lower() in _WAYS_OUT for each in choices)
    if "const" in field or "default" in field or nullable(field, root):
        return False
    return field.get("type") in ("string", "number", "integer", "boolean")


def _objects(study: Study) -> Iterator[tuple[Place, Schema, Schema]]:
    """Every object in the type of the answers, with the place of its schema, and the whole schema."""
    inline = study.front.output
    root = inline if isinstance(inline, Mapping) else study.shape.schema if study.shape else {}
    yield from ((place, schema, root) for place, schema in _within(root, ()))


def _within(schema: Schema, place: Place) -> Iterator[tuple[Place, Schema]]:
    if len(place) > _DEEPEST * 2:
        return
    if isinstance(schema.get("properties"), Mapping):
        yield place, schema
    for keyword, inside in schema.items():
        if keyword in ("properties", "$defs", "definitions") and isinstance(inside, Mapping):
            below = [((*place, keyword, name), each) for name, each in inside.items()]
        elif keyword in ("anyOf", "oneOf", "allOf", "prefixItems") and isinstance(inside, list):
            below = [((*place, keyword, index), each) for index, each in enumerate(inside)]
        elif keyword in ("items", "additionalProperties"):
            below = [((*place, keyword), inside)]
        else:
            continue
        for where, each in below:
            if isinstance(each, Mapping):
                yield from _within(each, where)


def _line(study: Study, place: Place) -> tuple[Path, int]:
    return study.place("output", *(place if isinstance(study.front.output, Mapping) else ()))
