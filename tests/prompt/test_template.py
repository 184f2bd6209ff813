"""What template files become: the cases of tests/spec/templates.yaml, and what needs Python to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from patterns import errors
from patterns.messages import Message
from patterns.prompt.catalog import Catalog, Folder
from patterns.prompt.front_matter import PROVIDED
from tests.prompt.folders import catalog, spoken, template, write

CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(
    (Path(__file__).parents[1] / "spec" / "templates.yaml").read_text(encoding="utf-8")
)


def render(case: Mapping[str, Any], folder: Path) -> list[tuple[str, str]]:
    loaded = Catalog((Folder(write(folder, case["files"]), True),)).load(case.get("template", "t"))
    history = [Message(role, text) for role, text in case.get("history", [])]
    first, second = (loaded.render(case.get("inputs", {}), history=history) for _ in range(2))
    assert first == second, "what is kept of the first time is what is said the second time"
    return spoken(first)


@pytest.mark.parametrize("case", [c for c in CASES if "messages" in c], ids=lambda c: c["name"])
def test_template_renders_its_messages(case: Mapping[str, Any], tmp_path: Path) -> None:
    assert render(case, tmp_path) == [tuple(pair) for pair in case["messages"]]


@pytest.mark.parametrize("case", [c for c in CASES if "error" in c], ids=lambda c: c["name"])
def test_mistake_is_told_with_its_line(case: Mapping[str, Any], tmp_path: Path) -> None:
    wanted = case["error"]
    with pytest.raises(getattr(errors, wanted["kind"])) as caught:
        render(case, tmp_path)
    assert wanted["says"] in caught.value.message
    assert wanted.get("hint", "") in caught.value.hint
    if "line" in wanted:
        assert caught.value.line == wanted["line"]
    path = wanted.get("path", f"{case.get('template', 't')}.md.jinja")
    assert caught.value.path == str(tmp_path / path) or "line" not in wanted


def test_every_case_says_one_thing() -> None:
    assert all(("messages" in case) != ("error" in case) for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_output_format_is_placed_by_the_template(tmp_path: Path) -> None:
    loaded = template(tmp_path, "{% system %}\nAnswer.\n\n{{ output_format }}\n{% endsystem %}\n")
    assert spoken(loaded.render({}, output_format="{a: int}")) == [("system", "Answer.\n\n{a: int}")]
    assert spoken(loaded.render({})) == [("system", "Answer.")]


def test_front_matter_is_told(tmp_path: Path) -> None:
    text = """\
---
description: Send a message to the right team.
version: 4
inputs:
  message: What came in.
  customer: {type: string, default: ""}
output: {type: object}
format: json
config: {temperature: 0.5, stop: END, logit_bias: {50256: -100}}
examples:
  - input: {message: a}
    output: {}
  - input: {message: b}
    output: {}
---
{% user %}{{ message }}{{ customer }}{% enduser %}
"""
    loaded = catalog(tmp_path, support__triage=text).load("support/triage")
    assert (loaded.name, loaded.technique, loaded.version) == ("support/triage", "support", 4)
    assert loaded.description == "Send a message to the right team."
    assert loaded.inputs["message"] == {"type": "string", "description": "What came in."}
    assert loaded.required == ("message",)
    assert loaded.output == {"type": "object"}
    assert loaded.config == {"temperature": 0.5, "stop": ("END",), "logit_bias": {50256: -100.0}}
    assert loaded.pool.lines == (11, 13)
    assert loaded.examples[0].input == {"message": "a", "customer": ""}
    assert loaded.path == loaded.pool.path == tmp_path / "support" / "triage.md.jinja"


def test_template_without_front_matter_has_defaults(tmp_path: Path) -> None:
    loaded = template(tmp_path, "{% user %}x{% enduser %}")
    assert (loaded.description, loaded.version, loaded.inputs, loaded.output) == ("", 1, {}, None)
    assert (loaded.format, loaded.config, loaded.examples, loaded.technique) == ("json", {}, (), "")


BASE = """\
---
description: Base.
inputs: {text: x}
output: m:A
config: {seed: 1, temperature: 0}
examples:
  - {input: {text: a}, output: 1}
---
{% user %}{% block b %}{{ text }}{% endblock %}{% enduser %}
"""


def test_variant_inherits_key_by_key(tmp_path: Path) -> None:
    front = "---\ndescription: Terse.\ninputs: {tone: {default: dry}}\nconfig: {seed: 2}\n---\n"
    variant = front + "{% extends 't.md.jinja' %}{% block b %}{{ tone }} {{ text }}{% endblock %}"
    loaded = Catalog((Folder(write(tmp_path, {"t": BASE, "t.terse": variant}), True),)).load("t.terse")
    assert (loaded.description, loaded.output, loaded.config) == ("Terse.", "m:A", {"seed": 2, "temperature": 0})
    assert (list(loaded.inputs), loaded.required) == (["text", "tone"], ("text",))
    assert loaded.examples[0].input == {"text": "a", "tone": "dry"}
    assert (loaded.pool.path.name, loaded.pool.lines) == ("t.md.jinja", (7,))
    assert spoken(loaded.render({"text": "b"})) == [("user", "dry b")]


def test_inherited_examples_must_fit_the_inputs_of_the_variant(tmp_path: Path) -> None:
    files = {"t": BASE, "t.terse": "---\ninputs: {tone: y}\n---\n{% extends 't.md.jinja' %}"}
    with pytest.raises(errors.TemplateError, match=r"t\.md\.jinja:7: the input of example 1 does not fit.*tone"):
        Catalog((Folder(write(tmp_path, files), True),)).load("t.terse")


def test_render_names_are_kept_from_inputs(tmp_path: Path) -> None:
    for name in sorted(PROVIDED):
        with pytest.raises(errors.TemplateError, match=f"an input cannot be named '{name}'"):
            template(tmp_path, f"---\ninputs: {{{name}: x}}\n---\n{{% user %}}x{{% enduser %}}\n")


def test_template_error_survives_pickling(tmp_path: Path) -> None:
    import pickle

    with pytest.raises(errors.TemplateError) as caught:
        template(tmp_path, "\n\n{% user %}{{ ghost }}{% enduser %}")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.message, copy.line, copy.path, copy.hint) == (
        caught.value.message,
        3,
        str(tmp_path / "t.md.jinja"),
        caught.value.hint,
    )


def test_a_file_without_a_body_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(errors.TemplateError, match="no message came out"):
        template(tmp_path, "---\ndescription: x\n---\n").render({})
    with pytest.raises(errors.TemplateError, match="no message came out"):
        template(tmp_path, "").render({})
