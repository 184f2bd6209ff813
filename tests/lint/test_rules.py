"""Each rule finds what breaks it where it stands, however the text gets there, and nothing in what keeps it."""

# ruff: noqa: E501
from __future__ import annotations

from pathlib import Path

import pytest

from patterns.errors import TemplateError
from patterns.lint import CHECKS, RULES, Asked, lint
from patterns.lint.findings import Finding
from patterns.prompt.catalog import Catalog, Folder, default_catalog
from tests.prompt.folders import catalog, write

GOOD = """\
---
description: Classify a text.
inputs:
  text: The text.
  tone: {enum: [dry, warm], default: dry}
  words: {type: integer, default: 5}
output: {type: object}
examples:
  - {input: {text: a}, output: {}}
---
{% system %}
Be {{ tone }}.
{{ output_format }}
{% endsystem %}
{% for example in examples %}
{% user %}{{ example.input.text }}{% enduser %}
{% assistant %}{{ example.output | json }}{% endassistant %}
{% endfor %}
{% history %}
{% user %}In {{ words }} words: {{ text | quote("text") }}{% enduser %}
"""

Wanted = list[tuple[str, int]]


def found(folder: Path, text: str, name: str = "t", **files: str) -> Wanted:
    made = catalog(folder, **{name.replace("/", "__"): text}, **files)
    return [(finding.rule, finding.line) for finding in lint(made, name)]


def body(inputs: str, text: str, head: str = "format: text\n") -> str:
    return f"---\ndescription: x\ninputs: {inputs}\n{head}---\n{text}\n"


def test_a_good_template_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD, "few_shot/t") == []


EXAMPLES = "examples:\n  - {input: {text: a}, output: {}}\n"
SHOWN = "{% for example in examples %}\n{% user %}{{ example.input.text }}{% enduser %}\n"
SHOWN += "{% assistant %}{{ example.output | json }}{% endassistant %}\n{% endfor %}\n"

BROKEN: dict[str, tuple[str, str, Wanted]] = {
    "no description": ("description: Classify a text.\n", "", [("no-description", 1)]),
    "shape never shown": ("{{ output_format }}\n", "", [("no-output-format", 11)]),
    "shape never needed": ("{{ output_format }}\n", "---\nformat: code", []),
    "unused input": ("{{ words }}", "5", [("unused-input", 6)]),
    "bare input": ('{{ text | quote("text") }}', "{{ text }}", [("bare-input", 20)]),
    "bare part of an input": ('{{ text | quote("text") }}', "{{ text[0] }}", [("bare-input", 20)]),
    "trimmed but bare input": ('{{ text | quote("text") }}', "{{ text | trim }}", [("bare-input", 20)]),
    "input put together": ('{{ text | quote("text") }}', "{{ 'see ' ~ text }}", [("bare-input", 20)]),
    "input chosen": ('{{ text | quote("text") }}', "{{ text if words > 3 else 'x' }}", [("bare-input", 20)]),
    "a word of the input": ('{{ text | quote("text") }}', "{{ text.split()[0] }}", [("bare-input", 20)]),
    "its length": ('{{ text | quote("text") }}', "{{ text | length }}", []),
    "whether it is there": ('{{ text | quote("text") }}', "{{ 'yes' if text else 'no' }}", []),
    "input vouched for": ('{{ text | quote("text") }}', "{{ text | raw }}", []),
    "fenced input": ('{{ text | quote("text") }}', "{{ text | fence }}", []),
    "input in the system message": (
        "Be {{ tone }}", '{{ text | quote("x") }}{{ tone }}', [("input-in-system", 12), ("unstable-prefix", 12)]
    ),
    "vouched input in the system message": ("Be {{ tone }}", "{{ text | raw }}{{ tone }}", [("unstable-prefix", 12)]),
    "a number before the examples": ("Be {{ tone }}", "{{ words }}{{ tone }}", [("unstable-prefix", 12)]),
    "examples never shown": (SHOWN, "", [("no-examples", 8)]),
    "few-shot without examples": (EXAMPLES, "", [("no-examples", 1)]),
    "history read but not placed": ("{% history %}\n", "{% if history %}{% endif %}\n", [("history-not-placed", 19)]),
    "history printed bare": (
        "{% history %}\n", "{% history %}\n{% user %}{{ history[0].content }}{% enduser %}\n", [("bare-input", 20)]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "wanted"), BROKEN.values(), ids=BROKEN)
def test_a_rule_finds_what_breaks_it(old: str, new: str, wanted: Wanted, tmp_path: Path) -> None:
    assert old in GOOD
    text = GOOD.replace("---\n", new + "\n", 1).replace(old, "") if new.startswith("---\n") else GOOD.replace(old, new)
    assert found(tmp_path, text, "few_shot/t") == wanted


WAYS: dict[str, tuple[str, Wanted]] = {
    "a macro's parameter": ("{% macro m(x) %}{{ x }}{% endmacro %}\n{% user %}{{ m(text) }}{% enduser %}", [("bare-input", 6)]),
    "a macro's parameter by name": ("{% macro m(x) %}{{ x }}{% endmacro %}\n{% user %}{{ m(x=text) }}{% enduser %}", [("bare-input", 6)]),
    "a macro that is quoted": ("{% macro m(x) %}{{ x }}{% endmacro %}\n{% user %}{{ m(text) | quote('t') }}{% enduser %}", []),
    "a macro in a macro": (
        "{% macro a(x) %}{{ b(x) }}{% endmacro %}{% macro b(y) %}\n{{ y }}{% endmacro %}\n{% user %}{{ a(text) }}{% enduser %}",
        [("bare-input", 7)],
    ),
    "a macro that nobody calls": ("{% macro m(x) %}{{ x }}{% endmacro %}\n{% user %}hi{% enduser %}", [("unused-input", 3)]),
    "a parameter of the same name": (
        "{% macro m(text) %}hi{% endmacro %}\n{% user %}{{ m(text) }}{% enduser %}", [("unused-input", 3)]
    ),
    "set": ("{% set x = text %}\n{% user %}{{ x }}{% enduser %}", [("bare-input", 7)]),
    "set and forgotten": ("{% set x = text %}\n{% user %}hi{% enduser %}", [("unused-input", 3)]),
    "captured": ("{% set x %}a {{ text }}{% endset %}\n{% user %}{{ x }}{% enduser %}", [("bare-input", 6)]),
    "captured and quoted": ("{% set x %}a {{ text }}{% endset %}\n{% user %}{{ x | quote('x') }}{% enduser %}", []),
    "a captured value of a captured value": (
        "{% set x %}{{ text }}{% endset %}\n{% set y %}{{ x }}{% endset %}\n{% user %}{{ y }}{% enduser %}", [("bare-input", 6)]
    ),
    "with": ("{% user %}{% with x = text %}\n{{ x }}{% endwith %}{% enduser %}", [("bare-input", 7)]),
    "a filter block": ("{% user %}{% filter quote('t') %}{{ text }}{% endfilter %}{% enduser %}", []),
    "a loop": ("{% user %}{% for c in text.split() %}\n{{ c }}{% endfor %}{% enduser %}", [("bare-input", 7)]),
    "call": (
        "{% macro box() %}[{{ caller() }}]{% endmacro %}\n{% user %}{% call box() %}\n{{ text }}{% endcall %}{% enduser %}",
        [("bare-input", 8)],
    ),
    "a macro that speaks": ("{% macro m(x) %}{% user %}{{ x }}{% enduser %}{% endmacro %}\n{{ m(text) }}", [("bare-input", 6)]),
    "a macro outside of a role": (
        "{% macro m(x) %}a{% endmacro %}\n{% user %}{{ text | raw }}{% enduser %}\n{{ m(text) }}", [("text-outside-role", 8)]
    ),
    "a value outside of a role": ("{% user %}{{ text | raw }}{% enduser %}\n\n{{ text }}", [("text-outside-role", 8)]),
    "a call in a call of the same macro": (
        "{% macro box() %}[{{ caller() }}]{% endmacro %}\n{% user %}{% call box() %}{% call box() %}\n{{ text }}{% endcall %}{% endcall %}{% enduser %}",
        [("bare-input", 8)],
    ),
    "a macro that hands its parameter to itself": (
        "{% macro m(a, b) %}\n{{ a }}{% if b %}{{ m(b, '') }}{% endif %}{% endmacro %}\n{% user %}{{ m('', text) }}{% enduser %}",
        [("bare-input", 7)],
    ),
    "a tree": (
        "{% macro m(n) %}\n{{ n.name | quote('n') }}{{ m(n.left) }}{{ m(n.right) }}{% endmacro %}\n{% user %}{{ m(text) }}{% enduser %}", [],
    ),
    "two names at once": ("{% user %}{{ a }}\n{{ b }} {{ text | raw }}{% enduser %}", [("undeclared-input", 6), ("undeclared-input", 7)]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), WAYS.values(), ids=WAYS)
def test_an_input_is_followed(text: str, wanted: Wanted, tmp_path: Path) -> None:
    assert found(tmp_path, body("{text: x}", text)) == wanted


CLOSED: dict[str, tuple[str, str, Wanted]] = {
    "a number": ("{type: integer}", "x", []),
    "a number or null": ('{type: [number, "null"]}', "x", []),
    "a choice": ("{enum: [a, b]}", "x", []),
    "a date": ("{type: string, format: date}", "x", []),
    "an item that is a number": ("{type: array, items: {type: integer}}", "x[0]", []),
    "an item that is text": ("{type: array, items: {type: string}}", "x[0]", [("bare-input", 6)]),
    "a member that is a number": ("{type: object, properties: {n: {type: integer}, t: {type: string}}}", "x.n", []),
    "a member that is text": ("{type: object, properties: {n: {type: integer}, t: {type: string}}}", "x.t", [("bare-input", 6)]),
    "any member": ("{type: object}", "x.t", [("bare-input", 6)]),
}  # fmt: skip


@pytest.mark.parametrize(("fragment", "printed", "wanted"), CLOSED.values(), ids=CLOSED)
def test_what_cannot_be_any_text_needs_no_filter(fragment: str, printed: str, wanted: Wanted, tmp_path: Path) -> None:
    text = body(f"{{x: {fragment}}}", "{% user %}{{ " + printed + " }}{% enduser %}")
    assert found(tmp_path, text) == wanted


def test_a_finding_in_a_partial_names_the_partial(tmp_path: Path) -> None:
    files = {
        "t": body("{text: x}", "{% user %}\n{% include '_p.md.jinja' %}\n{% enduser %}"),
        "_p": "\n{{ text }}\n",
    }
    (finding,) = lint(catalog(tmp_path, **files), "t")
    assert (finding.rule, finding.path, finding.line) == ("bare-input", tmp_path / "_p.md.jinja", 2)


PARENT = """\
---
description: A parent.
inputs: {text: x, tone: y}
format: text
---
{% system %}{% block rules %}Be {{ tone | raw }}.{% endblock %}{% endsystem %}
{% user %}{% block ask %}{{ text }}{% endblock %}{% enduser %}
"""


def test_a_variant_is_followed_into_what_it_extends(tmp_path: Path) -> None:
    child = "---\ndescription: A child.\n---\n{% extends 't.md.jinja' %}\n{% block rules %}Be brief.{% endblock %}\n"
    made = catalog(tmp_path, **{"t": PARENT, "t.terse": child})
    assert [(f.rule, f.path.name, f.line) for f in lint(made, "t.terse")] == [("bare-input", "t.md.jinja", 7)]


def test_super_is_followed(tmp_path: Path) -> None:
    child = "---\ndescription: A child.\ninputs: {more: x}\n---\n{% extends 't.md.jinja' %}\n"
    child += "{% block ask %}{{ super() | quote('t') }}\n{{ more }}{% endblock %}\n"
    made = catalog(tmp_path, **{"t": PARENT, "t.more": child})
    assert [(f.rule, f.path.name, f.line) for f in lint(made, "t.more")] == [("bare-input", "t.more.md.jinja", 7)]


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = "---\ninputs: {text: x, other: y, lost: z}\nformat: text\nexamples:\n  - {input: {}, output: a}\n"
    text += "  - {input: {text: 1, other: a, lost: b}, output: a}\n---\nstray\n{% user %}\n{{ text }}\n{{ othr }}\n{% enduser %}\n"
    assert found(tmp_path, text) == [
        ("no-description", 1), ("unused-input", 2), ("unused-input", 2), ("example-input", 5), ("example-input", 6),
        ("text-outside-role", 8), ("bare-input", 10), ("undeclared-input", 11),
    ]  # fmt: skip


def test_a_front_matter_that_cannot_be_read_does_not_hide_the_body_nor_the_reverse(tmp_path: Path) -> None:
    text = "---\ndescribtion: x\n---\n{% user %}\n{% if %}\n{% enduser %}\n"
    assert found(tmp_path, text) == [("front-matter", 2), ("syntax", 5)]
    text = "---\ndescription: x\ninputs: {text: x}\nexamples:\n  - {input: {}, output: {}}\n---\n{% if %}\n"
    assert found(tmp_path, text) == [("example-input", 5), ("syntax", 7)]


def test_a_fault_in_a_partial_is_told_there(tmp_path: Path) -> None:
    files = {"_p": "a\n{% if %}\n", "_q": "{{ x"}
    text = body("{}", "{% user %}{% include '_p.md.jinja' %}{% include '_q.md.jinja' %}{% enduser %}")
    findings = lint(catalog(tmp_path, t=text, **files), "t")
    assert {(f.rule, f.path.name, f.line) for f in findings} == {
        ("syntax", "_p.md.jinja", 2),
        ("syntax", "_q.md.jinja", 1),
    }


def test_a_template_without_errors_loads(tmp_path: Path) -> None:
    """What no rule has a word for is told in the words of loading."""
    text = body("{text: x}", "{% user %}{{ text | raw }}{% enduser %}", "examples: lost.yaml\nformat: text\n")
    (finding,) = lint(catalog(tmp_path, t=text), "t")
    assert (finding.rule, finding.line) == ("front-matter", 4)
    assert "there is no file lost.yaml" in finding.message


def test_examples_in_a_file_have_its_lines(tmp_path: Path) -> None:
    text = body("{text: x}", "{% user %}{{ text | raw }}{% enduser %}", "examples: e.jsonl\nformat: text\n")
    rows = '{"input": {"text": "a"}, "output": "b"}\n\n{"input": {"text": 1}, "output": "b"}\n'
    rows += '{"input": {"text": "a"}, "output": 1}\n'
    (tmp_path / "e.jsonl").write_text(rows)
    findings = lint(catalog(tmp_path, t=text), "t")
    assert [(f.rule, f.path.name, f.line) for f in findings] == [
        ("example-input", "e.jsonl", 3), ("example-output", "e.jsonl", 4),
    ]  # fmt: skip


def test_python_types_are_imported_from_trusted_folders_only(tmp_path: Path) -> None:
    text = GOOD.replace("{type: object}", "patterns.library.reasoning:Solution")
    write(tmp_path, {"t": text})
    trusted, found_by_chance = (Catalog((Folder(tmp_path, trust),)) for trust in (True, False))
    assert [f.rule for f in lint(trusted, "t")] == ["example-output"]
    assert lint(found_by_chance, "t") == ()


def test_a_type_that_cannot_be_imported_is_a_fault_of_the_front_matter(tmp_path: Path) -> None:
    text = GOOD.replace("{type: object}", "patterns.library.reasoning:Lost")
    assert found(tmp_path, text) == [("front-matter", 7)]


def test_only_the_examples_that_a_call_would_show_count_for_the_length(tmp_path: Path) -> None:
    shown = (
        "{% for example in examples %}\n{% user %}{{ example.input.text | quote('t') }}{% enduser %}\n{% endfor %}\n"
    )
    rows = "".join(f'{{"input": {{"text": "row number {n}"}}, "output": "b"}}\n' for n in range(100))
    (tmp_path / "e.jsonl").write_text(rows)
    for choice, wanted in [("file: e.jsonl", ["too-long"]), ("file: e.jsonl, max_tokens: 60", [])]:
        text = body(
            "{text: x}",
            shown + "{% user %}{{ text | quote('t') }}{% enduser %}",
            f"examples: {{{choice}}}\nformat: text\n",
        )
        found = lint(catalog(tmp_path, t=text), "t", Asked(window=200))
        assert [finding.rule for finding in found] == wanted


def test_examples_without_an_input_have_no_length(tmp_path: Path) -> None:
    text = body("{text: x}", "{% user %}{{ text | quote('t') }}{% enduser %}", "examples: [1]\nformat: text\n")
    assert [finding.rule for finding in lint(catalog(tmp_path, t=text), "t", Asked(window=1))] == ["example-input"]


INVENTED: dict[str, tuple[str, Wanted]] = {
    "nullable": ('{type: object, required: [a], properties: {a: {type: [string, "null"]}}}', []),
    "a union with null": ('{type: object, required: [a], properties: {a: {anyOf: [{type: string}, {type: "null"}]}}}', []),
    "optional": ("{type: object, properties: {a: {type: string}}}", []),
    "a list": ("{type: object, required: [a], properties: {a: {type: array, items: {type: string}}}}", []),
    "inside a list": (
        "{type: array, items: {type: object, required: [a], properties: {a: {type: string}}}}", []
    ),
    "a way out": ("{type: object, required: [a], properties: {a: {enum: [x, unknown]}}}", []),
    "no way out": ("{type: object, required: [a], properties: {a: {enum: [x, y]}}}", [("required-invention", 4)]),
    "yes or no": ("{type: object, required: [a], properties: {a: {type: boolean}}}", [("required-invention", 4)]),
    "inside an object": (
        "{type: object, required: [o], properties: {o: {type: object, required: [a], properties: {a: {type: number}}}}}",
        [("required-invention", 4)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("schema", "wanted"), INVENTED.values(), ids=INVENTED)
def test_what_a_text_may_not_say_may_be_null(schema: str, wanted: Wanted, tmp_path: Path) -> None:
    text = body("{text: x}", "{% user %}{{ output_format }}{{ text | raw }}{% enduser %}", f"output: {schema}\n")
    assert found(tmp_path, text, "json_extraction/t") == wanted
    assert found(tmp_path, text, "other/t") == []


PLACED = """\
---
description: Look at a photo.
inputs: {photo: {type: image}, papers: {type: array, items: {type: document}}}
format: text
---
{% system %}
Be brief.
{% endsystem %}
{% user %}
{{ photo | part }}
{% for paper in papers %}{{ paper | quote("paper") }}{% endfor %}
{% enduser %}
"""


def test_parts_are_placed_and_in_what_the_user_says(tmp_path: Path) -> None:
    assert found(tmp_path, PLACED) == []
    assert found(tmp_path, PLACED.replace("{{ photo | part }}", "{{ photo }}")) == [("part-placed", 10)]
    assert found(tmp_path, PLACED.replace("{{ photo | part }}", "{{ photo | raw }}")) == [("part-placed", 10)]
    assert ("part-placed", 7) in found(tmp_path, PLACED.replace("Be brief.", "{{ photo | part }}"))


def test_an_unknown_template_is_no_finding_but_an_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="there is no template 'sentimnet'"):
        lint(catalog(tmp_path, sentiment=GOOD), "sentimnet")


def test_a_finding_reads_as_a_line(tmp_path: Path) -> None:
    finding = Finding("bare-input", "it is bare", tmp_path / "t.md.jinja", 5, "quote it")
    assert str(finding) == f"{tmp_path}/t.md.jinja:5: bare-input: it is bare (quote it)"


def test_every_rule_is_either_a_check_or_told_by_reading() -> None:
    by_reading = {"unsafe", "front-matter", "syntax", "missing-partial", "circular-partial", "waiver"}
    assert set(RULES) == set(CHECKS) | by_reading


@pytest.mark.parametrize("name", [*default_catalog().names(), "_reask", "_patch", "_continue", "_shared"])
def test_packaged_templates_are_clean_and_have_no_waiver(name: str) -> None:
    catalog = default_catalog()
    assert lint(catalog, name) == ()
    assert "lint:" not in (catalog.folders[0].path / f"{name}.md.jinja").read_text(encoding="utf-8")
