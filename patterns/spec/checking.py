"""One case held against what really comes out."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import cast

from patterns.arguments import schema_argument
from patterns.errors import InputError, PatternsError
from patterns.messages import Json
from patterns.pattern import Pattern
from patterns.settings import override, settings
from patterns.spec.cases import Case, Said, Spec
from patterns.testing import FakeModel


class Mismatch(AssertionError):
    """What came out is not what the case says."""


class Outdated(Mismatch):
    """Other messages came out; an update would write these into the file."""


def check(spec: Spec, case: Case) -> None:
    """Render the template of a case, and read its answer; raise Mismatch where something else comes out.

    Raises what goes wrong where the case expects no error. No model is asked.
    """
    with override(templates=(*spec.folders, *settings().templates)):
        try:
            said = rendered(case)
            if case.answer is not None:
                _check_answer(case, case.answer)
        except PatternsError as error:
            if case.error is None:
                raise
            _check_error(case, error)
            return
    if case.error is not None:
        raise Mismatch(f"expected the error {case.error!r}, and none came")
    _check_messages(case, said)


def rendered(case: Case) -> tuple[Said, ...]:
    """The messages of a case, as roles and texts. Raises what the pattern raises."""
    pattern = _pattern(case)
    with FakeModel([], mode=case.mode):
        return tuple((message.role, message.text) for message in pattern.render(**_inputs(case)))


def check_snapshot(spec: Spec) -> None:
    """Raise Mismatch where an example of the template has no case, or a case an example that is gone."""
    with override(templates=(*spec.folders, *settings().templates)):
        there = examples_of(spec.template or "", spec.schema)
    if missing := spec.uncovered(there):
        raise Outdated(f"no case says what comes out of {_numbers(missing)}")
    if gone := [case.example for case in spec.cases if case.example is not None and case.example > there]:
        raise Outdated(f"the template has {there} examples, and there are cases of {_numbers(gone)}")


def _numbers(examples: Sequence[int]) -> str:
    return f"example{'s' * (len(examples) > 1)} {', '.join(map(str, examples))}"


def examples_of(template: str, schema: Json = None) -> int:
    """How many examples a template has."""
    return len(_pattern(Case(-1, 1, template, schema=schema)).recipe().template.examples)


def _pattern(case: Case) -> Pattern[..., object]:
    schema = case.schema
    into = schema_argument(schema) if isinstance(schema, str) else schema
    return Pattern(case.template, output=cast("type[object] | None", into), mode=case.mode, reasks=0)


def _inputs(case: Case) -> dict[str, Json]:
    if case.example is None:
        return dict(case.inputs)
    examples = _pattern(case).recipe().template.examples
    if case.example > len(examples):
        raise InputError(f"{case.template} has {len(examples)} examples, and no example {case.example}")
    return {**examples[case.example - 1].input, **case.inputs}


def _check_messages(case: Case, said: Sequence[Said]) -> None:
    if case.messages is not None and tuple(said) != as_said(case.messages):
        raise Outdated(_difference(as_said(case.messages), said))
    whole = "\n\n".join(text for _, text in said)
    for part in case.contains:
        if part not in whole:
            raise Mismatch(f"no message contains {part!r}\n\n{_shown(said)}")
    for part in case.excludes:
        if part in whole:
            raise Mismatch(f"a message contains {part!r}\n\n{_shown(said)}")


def as_said(messages: Sequence[Said]) -> tuple[Said, ...]:
    """A message never ends in a line break; a block of YAML always does."""
    return tuple((role, text.removesuffix("\n")) for role, text in messages)


def _check_answer(case: Case, answer: str) -> None:
    pattern = _pattern(case)
    with FakeModel([answer], mode=case.mode):
        result = pattern.run(**_inputs(case))
    if case.output is not None:
        shape = pattern.recipe().shape
        found, wanted = shape.dump(result.output), case.output[0]
        if found != wanted:
            raise Mismatch(_lines_differ(_json(wanted), _json(found), "output"))
    kinds = tuple(repair.kind for repair in result.repairs)
    if case.repairs is not None and kinds != case.repairs:
        raise Mismatch(f"expected the repairs {list(case.repairs)}, and there were {list(kinds)}")


def _check_error(case: Case, error: PatternsError) -> None:
    wanted = case.error or ""
    names = {kind.__name__ for kind in type(error).__mro__ if issubclass(kind, PatternsError)}
    if wanted not in names and wanted not in str(error):
        raise Mismatch(f"expected the error {wanted!r}, and it was {type(error).__name__}: {error}")


def _json(value: Json) -> list[str]:
    return json.dumps(value, indent=2, ensure_ascii=False, default=dict).splitlines()


def _difference(wanted: Sequence[Said], found: Sequence[Said]) -> str:
    return _lines_differ(_shown(wanted).splitlines(), _shown(found).splitlines(), "messages")


def _lines_differ(wanted: Sequence[str], found: Sequence[str], what: str) -> str:
    lines = difflib.unified_diff(wanted, found, f"{what} in the spec", f"{what} that came out", lineterm="", n=3)
    return "\n".join(lines)


def _shown(said: Sequence[Said]) -> str:
    """Messages as a spec file writes them."""
    shown = []
    for role, text in said:
        body = "".join(f"    {line}".rstrip() + "\n" for line in text.split("\n"))
        shown.append(f"- {role}: |\n{body}")
    return "".join(shown)
