"""Rules about examples: each fits, a few-shot template shows them, and the labels are in balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from patterns.errors import Invalid, TemplateError
from patterns.lint.findings import Finding, finding_of
from patterns.lint.study import Study
from patterns.messages import Json
from patterns.prompt.examples import checked_example
from patterns.prompt.inputs import Inputs
from patterns.schemas import resolve

_MOST_LABELS = 20
_SKEW = 3
_FEWEST = 2


def example_input(study: Study) -> Iterator[Finding]:
    inputs = Inputs(study.book.name, study.front.inputs)
    for row in study.rows:
        try:
            checked_example(row.raw, inputs, row.path, row.line, row.number)
        except TemplateError as error:
            yield finding_of(error, study.path)


def example_output(study: Study) -> Iterator[Finding]:
    if study.shape is None or study.front.format == "answer":
        return
    for row in study.rows:
        if not isinstance(row.raw, Mapping) or "output" not in row.raw:
            continue
        try:
            study.shape.validate(row.raw["output"])
        except Invalid as error:
            message = f"the output of example {row.number} does not fit {study.shape.name}: {error.message}"
            hint = "mend the example or the output type"
            yield Finding("example-output", message, row.path, row.line, hint)


def no_examples(study: Study) -> Iterator[Finding]:
    if study.technique != "few_shot" or study.flow is None:
        return
    if study.front.examples is None:
        yield Finding("no-examples", "a few-shot template without examples", study.path, 1, "examples: …")
    elif "examples" not in study.flow.used:
        path, line = study.place("examples")
        hint = "{% for example in examples %}"
        yield Finding("no-examples", "the examples are never shown", path, line, hint)


def unbalanced_examples(study: Study) -> Iterator[Finding]:
    """Models lean to the labels that they saw most often; of one that they never saw they hardly think."""
    if study.flow is None or "examples" not in study.flow.used or len(study.rows) < _FEWEST:
        return
    if (found := _labels(study)) is None:
        return
    field, labels = found
    counts = Counter(_label(row.raw, field) for row in study.rows)
    path, line = study.place("examples")
    if missing := [label for label in labels if not counts[label]]:
        words = f"no example is labelled {' or '.join(missing)}"
        yield Finding("unbalanced-examples", words, path, line, "add one of each label, or say why none is needed")
        return
    if study.front.selection.way in ("balanced", "similar"):
        return  # the choice sees to it
    most, least = max(labels, key=counts.__getitem__), min(labels, key=counts.__getitem__)
    if counts[most] > _SKEW * counts[least]:
        words = f"{counts[most]} examples are labelled {most}, but {counts[least]} {least}"
        yield Finding("unbalanced-examples", words, path, line, "show each label about as often")


def _labels(study: Study) -> tuple[str, list[str]] | None:
    """The one field that says the label, and the labels that there are. Empty name: the answer is the label."""
    inline = study.front.output
    root = inline if isinstance(inline, Mapping) else study.shape.schema if study.shape else {}
    if labels := _fixed(root, root):
        return "", labels
    fields = root.get("properties")
    found = [
        (name, labels)
        for name, field in (fields.items() if isinstance(fields, Mapping) else ())
        if isinstance(field, Mapping) and (labels := _fixed(field, root))
    ]
    return found[0] if len(found) == 1 else None


def _fixed(schema: Mapping[str, Json], root: Mapping[str, Json]) -> list[str]:
    values = resolve(schema, root).get("enum")
    if not isinstance(values, list) or not 1 < len(values) <= _MOST_LABELS:
        return []
    return [each for each in values if isinstance(each, str)]


def _label(raw: Json, field: str) -> Json:
    output = raw.get("output") if isinstance(raw, Mapping) else None
    found = output.get(field) if field and isinstance(output, Mapping) else output
    return found if isinstance(found, str) else None
