"""Each rule finds what breaks it, where it stands, and nothing in a template that keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from patterns.lint import RULES, Finding, lint
from patterns.prompt.catalog import default_catalog
from tests.prompt.folders import catalog

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
Be {{ tone }}, in {{ words }} words.
{{ output_format }}
{% endsystem %}
{% for example in examples %}
{% user %}{{ example.input.text }}{% enduser %}
{% assistant %}{{ example.output | json }}{% endassistant %}
{% endfor %}
{% history %}
{% user %}{{ text | quote("text") }}{% enduser %}
"""


def found(folder: Path, text: str, name: str = "t") -> list[tuple[str, int | None]]:
    return [(finding.rule, finding.line) for finding in lint(catalog(folder, **{name.replace("/", "__"): text}), name)]


def test_good_template_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD, "few_shot/t") == []


EXAMPLES = "examples:\n  - {input: {text: a}, output: {}}\n"
SHOWN = "{% for example in examples %}\n{% user %}{{ example.input.text }}{% enduser %}\n"
SHOWN += "{% assistant %}{{ example.output | json }}{% endassistant %}\n{% endfor %}\n"

BROKEN: dict[str, tuple[str, str, list[tuple[str, int | None]]]] = {
    "no description": ("description: Classify a text.\n", "", [("described", 1)]),
    "shape never shown": ("{{ output_format }}\n", "", [("output-format", None)]),
    "shape never needed": ("{{ output_format }}\n", "---\nformat: text", []),
    "unused input": ("{{ words }}", "5", [("unused-input", 6)]),
    "bare input": ('{{ text | quote("text") }}', "{{ text }}", [("unquoted-input", 20)]),
    "bare part of an input": ('{{ text | quote("text") }}', "{{ text[0] }}", [("unquoted-input", 20)]),
    "trimmed but bare input": ('{{ text | quote("text") }}', "{{ text | trim }}", [("unquoted-input", 20)]),
    "input vouched for": ('{{ text | quote("text") }}', "{{ text | raw }}", []),
    "fenced input": ('{{ text | quote("text") }}', "{{ text | fence }}", []),
    "input in the system message": (
        "Be {{ tone }}", '{{ text | quote("x") }}{{ tone }}', [("input-in-system", 12), ("stable-first", 12)]
    ),
    "vouched input in the system message": ("Be {{ tone }}", "{{ text | raw }}{{ tone }}", [("stable-first", 12)]),
    "examples never shown": (SHOWN, "", [("unused-examples", 8)]),
    "few-shot without examples": (EXAMPLES, "", [("no-examples", 1)]),
    "history read but not placed": ("{% history %}\n", "{% if history %}{% endif %}\n", [("history", 19)]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "wanted"), BROKEN.values(), ids=BROKEN)
def test_rule_finds_what_breaks_it(old: str, new: str, wanted: list[tuple[str, int | None]], tmp_path: Path) -> None:
    assert old in GOOD
    text = GOOD.replace("---\n", new + "\n", 1).replace(old, "") if new.startswith("---\n") else GOOD.replace(old, new)
    assert found(tmp_path, text, "few_shot/t") == wanted


def test_template_that_asks_nobody_is_found(tmp_path: Path) -> None:
    text = "---\ndescription: x\n---\n{% system %}{{ output_format }}{% endsystem %}\n"
    assert found(tmp_path, text) == [("asks", None)]


def test_broken_template_has_one_finding_with_its_line(tmp_path: Path) -> None:
    findings = lint(catalog(tmp_path, t="---\ninputs: {text: x}\n---\n\n{% user %}{{ txt }}{% enduser %}\n"), "t")
    assert findings == (
        Finding("broken", "'txt' is not declared", tmp_path / "t.md.jinja", 5, "did you mean text?"),
    )  # fmt: skip
    assert str(findings[0]) == f"{tmp_path / 't.md.jinja'}:5: 'txt' is not declared [broken]"


def test_unknown_template_is_a_finding(tmp_path: Path) -> None:
    (finding,) = lint(catalog(tmp_path, sentiment=GOOD), "sentimnet")
    assert (finding.rule, finding.line, finding.hint) == ("broken", None, "did you mean sentiment?")


def test_finding_in_a_partial_names_the_partial(tmp_path: Path) -> None:
    files = {
        "t": "---\ndescription: x\ninputs: {text: x}\n---\n"
        "{% user %}\n{% include '_p.md.jinja' %}{{ output_format }}\n{% enduser %}",
        "_p": "\n{{ text }}\n",
    }
    (finding,) = lint(catalog(tmp_path, **files), "t")
    assert (finding.rule, finding.path, finding.line) == ("unquoted-input", tmp_path / "_p.md.jinja", 2)


def test_every_rule_is_tried_here() -> None:
    tried = {rule for _, _, wanted in BROKEN.values() for rule, _ in wanted} | {"asks", "part-placed"}
    assert set(RULES) - {"examples"} <= tried
    assert {"unused-examples", "no-examples"} <= tried


def test_packaged_sentiment_template_is_clean() -> None:
    assert lint(default_catalog(), "few_shot/sentiment") == ()


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
    assert found(tmp_path, PLACED.replace("Be brief.", "{{ photo | part }}")) == [("part-placed", 7)]
