"""A new template with all that belongs to it: its text, its model in Python, its examples, its spec test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from patterns.authoring.model_source import ModelSource, class_name
from patterns.errors import InputError
from patterns.messages import Json
from patterns.output.shorthand.nodes import Either, Field, Kind, Many, Plain, Record, Values
from patterns.output.shorthand.parser import parse
from patterns.prompt.files import NAME, SUFFIX

_FIRST_OF: Mapping[str, Json] = {
    "str": "text",
    "int": 1,
    "float": 1.5,
    "bool": True,
    "date": "2026-01-31",
    "datetime": "2026-01-31T09:30:00",
    "any": "anything",
    "null": None,
}
_EXTRACTION = "json_extraction"
_REASONING = "chain_of_thought"
_STEPS = Field("steps", Many("list", Plain("str")), False, "the steps that lead to the answer", 0)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written. `name` is that of the template, such as `few_shot/triage`; `fields` are shorthand."""

    name: str
    description: str
    inputs: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def leaf(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def module(self) -> str:
        """The Python module: the template's own name, unless something else is imported by that."""
        taken = find_spec(self.leaf) is not None and not Path(f"{self.leaf}.py").exists()
        return f"{self.leaf}_pattern" if taken else self.leaf

    @property
    def technique(self) -> str:
        return self.name.partition("/")[0] if "/" in self.name else ""


def files(draft: Draft) -> dict[Path, str]:
    """The files of a draft by their paths, from where we stand. Raises InputError or SchemaError."""
    _check(draft)
    record = _record(draft)
    source = ModelSource(class_name(draft.leaf), record, draft.description)
    return {
        Path("templates", f"{draft.name}{SUFFIX}"): _template(draft, record),
        Path(f"{draft.module}.py"): _python(draft, source),
        spec_path(draft): _spec(draft, source, record),
    }


def spec_path(draft: Draft) -> Path:
    return Path("tests", "spec", f"{draft.name.replace('/', '.')}.spec.yaml")


def _check(draft: Draft) -> None:
    if not NAME.fullmatch(draft.name) or not draft.leaf.isidentifier():
        raise InputError(
            f"{draft.name!r} cannot be the name of a template", hint="lower case letters, digits and _: few_shot/triage"
        )
    for name in draft.inputs:
        if not name.isidentifier() or name.startswith("_"):
            raise InputError(f"{name!r} cannot be the name of an input", hint="letters, digits and _: message")
    if not draft.inputs:
        raise InputError("a template needs an input", hint="--input message")
    if not draft.fields:
        raise InputError("an answer needs a field", hint="--field 'team billing|technical'")


def _record(draft: Draft) -> Record:
    """The fields of the answer: of an extraction each may be missing, and steps come before an answer."""
    parsed = parse("\n".join(draft.fields))
    if not isinstance(parsed, Record):
        raise InputError(f"{draft.fields[0]!r} is a type without a name", hint="--field 'label positive|negative'")
    fields = parsed.fields
    if draft.technique == _EXTRACTION:
        fields = tuple(Field(f.name, f.kind, _may_be_missing(f), f.description, f.at) for f in fields)
    if draft.technique == _REASONING and fields[0].name != _STEPS.name:
        fields = (_STEPS, *fields)
    return Record(fields)


def _may_be_missing(field: Field) -> bool:
    """A list says by itself that there is nothing."""
    return field.optional or not isinstance(field.kind, Many)


def _template(draft: Draft, record: Record) -> str:
    inputs = "".join(f"  {name}: {_title(name)}\n" for name in draft.inputs)
    asked = "\n\n".join(f'{{{{ {name} | quote("{name}") }}}}' for name in draft.inputs)
    given = ", ".join(f"example.input.{name}" for name in draft.inputs)
    return f"""---
description: {json.dumps(_sentence(draft.description), ensure_ascii=False)}
version: 1
inputs:
{inputs}config: {{temperature: 0}}
examples:
{"".join(_examples(draft, record))}---
{{% from "_shared.md.jinja" import data_only %}}

{{% macro ask({", ".join(draft.inputs)}) %}}
{asked}
{{% endmacro %}}

{{% system %}}
{_sentence(draft.description)}
{_rule(draft)}
{"".join(f'{{{{ data_only("{name}") }}}}' + chr(10) for name in draft.inputs)}
{{{{ output_format }}}}
{{% endsystem %}}

{{% for example in examples %}}
{{% user %}}{{{{ ask({given}) }}}}{{% enduser %}}
{{% assistant %}}{{{{ example.output | json }}}}{{% endassistant %}}
{{% endfor %}}

{{% user %}}{{{{ ask({", ".join(draft.inputs)}) }}}}{{% enduser %}}
"""


def _rule(draft: Draft) -> str:
    rules = {
        _EXTRACTION: "\nTake what the text says, and nothing else. What it does not say is null, or an empty list.\n",
        _REASONING: "\nGive the steps first, one short sentence each. The answer follows from them.\n",
    }
    return rules.get(draft.technique, "")


def _examples(draft: Draft, record: Record) -> Iterator[str]:
    """One example a label, or two: their words are to be replaced, their shape is right."""
    for number, output in enumerate(_outputs(record), start=1):
        inputs = {name: f"Example {number} of a {_words(name)}: put a real one here." for name in draft.inputs}
        yield f"  - input: {_flow(inputs)}\n    output: {_flow(output)}\n"


def _outputs(record: Record) -> list[dict[str, Json]]:
    labels = next(((f.name, f.kind.values) for f in record.fields if isinstance(f.kind, Values)), None)
    plain = _value_of_record(record)
    if labels is None:
        return [plain, {**plain, **_changed(record)}]
    name, values = labels
    return [{**plain, name: value} for value in values]


def _changed(record: Record) -> dict[str, Json]:
    """The second of two examples shows what is missing, or what is false."""
    optional = {field.name: None for field in record.fields if field.optional}
    return {**optional, **{f.name: False for f in record.fields if f.kind == Plain("bool") and not f.optional}}


def _value_of_record(record: Record) -> dict[str, Json]:
    return {field.name: _value(field.kind) for field in record.fields}


def _value(kind: Kind) -> Json:
    if isinstance(kind, Plain):
        return _FIRST_OF[kind.name]
    if isinstance(kind, Values):
        return kind.values[0]
    if isinstance(kind, Many):
        return {"key": _value(kind.item)} if kind.kind == "dict" else [_value(kind.item)]
    return _value(kind.kinds[0]) if isinstance(kind, Either) else _value_of_record(kind)


def _python(draft: Draft, source: ModelSource) -> str:
    parameters = ", ".join(f"{name}: str" for name in draft.inputs)
    return f'''"""The pattern `{draft.name}`, and what its answers are."""

{source.imports}


{source.classes}


@pattern("{draft.name}")
def {draft.leaf}({parameters}) -> {source.name}:
    """{_sentence(draft.description)}"""
    ...
'''


def _spec(draft: Draft, source: ModelSource, record: Record) -> str:
    answer = json.dumps(_outputs(record)[0], ensure_ascii=False)
    return f"""# What `{draft.name}` says to a model, and what is read from its answers.
template: {draft.name}
schema: {draft.module}:{source.name}
snapshot: examples
cases:
  - name: an answer is read
    example: 1
    answer: '{answer.replace("'", "''")}'
    output: {answer}
"""


def _flow(value: Mapping[str, Json]) -> str:
    """JSON on one line, which is YAML as well."""
    return json.dumps(value, ensure_ascii=False)


def _title(name: str) -> str:
    return f"The {_words(name)}."


def _words(name: str) -> str:
    return name.replace("_", " ")


def _sentence(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    plain = " ".join(shown.split()).replace('"', "'").replace("\\", "/").replace("{", "(").replace("}", ")")
    return plain if plain.endswith((".", "?", "!")) else f"{plain}."


def needed(names: Sequence[str]) -> tuple[str, ...]:
    """Split what a person typed: names divided by commas or blanks."""
    return tuple(part for name in names for part in name.replace(",", " ").split())
