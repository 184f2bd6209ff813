"""Front matter is closed: what it may say, and the line of what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from patterns.errors import TemplateError
from tests.prompt.folders import catalog, template

REFUSED = {
    "unknown key": ("a: 1", 2, "unknown key 'a'", "known keys"),
    "mistyped key": ("version: 1\ndescripton: x", 3, "unknown key 'descripton'", "description"),
    "a name": ("name: x", 2, "unknown key 'name'", "the file's path is the name"),
    "a model": ("model: gpt", 2, "unknown key 'model'", "in code"),
    "an endpoint": ("config:\n  api_base: http://x", 3, "unknown key 'api_base' in config", "in code"),
    "a key": ("config:\n  temperature: 0\n  api_key: x", 4, "unknown key 'api_key' in config", "environment"),
    "a mistyped option": ("config: {temprature: 0}", 2, "unknown key 'temprature' in config", "temperature"),
    "an option out of range": ("config:\n  temperature: 3", 3, "config.temperature", ""),
    "an option of another type": ("config:\n  seed: x", 3, "config.seed", ""),
    "an unknown format": ("\nformat: xml", 3, "format", ""),
    "a version in words": ("version: first", 2, "version", ""),
    "a description that is a list": ("description: [x]", 2, "description", ""),
    "inputs as a list": ("inputs: [text]", 2, "inputs", ""),
    "an input that is a number": ("inputs:\n  a: x\n  text: 3", 4, "input 'text' needs a description", ""),
    "an input with a schema that is none": ("inputs:\n  text: {type: strong}", 3, "strong", ""),
    "an input with a remote reference": ("inputs:\n  text: {$ref: 'http://127.0.0.1/x'}", 3, "", ""),
    "an input with a dash": ("inputs:\n  my-text: x", 3, "cannot be named 'my-text'", "letters"),
    "an input of Jinja's own name": ("inputs:\n  loop: x", 3, "cannot be named 'loop'", ""),
    "an input that begins with an underscore": ("inputs: {_x: y}", 2, "cannot be named '_x'", ""),
    "a default that does not fit": (
        "inputs:\n  n:\n    type: integer\n    default: x",
        5,
        "the default of input 'n'",
        "",
    ),
    "an output that is no reference": (
        "output: Sentiment",
        2,
        "neither module:Model nor a JSON Schema",
        "my_types:Model",
    ),
    "an output that runs code": ("output: 'os:system(1)'", 2, "neither module:Model nor a JSON Schema", ""),
    "an output with a remote reference": ("output:\n  $ref: 'file:///etc/passwd'", 2, "", ""),
    "examples as an object": ("examples: {a: 1}", 2, "one source: a file, or rows", ""),
    "not a mapping": ("- a\n- b", 2, "not a list of keys", ""),
    "an alias": ("description: &x a\noutput: *x", 2, "an anchor", "quotes"),
}


@pytest.mark.parametrize(("text", "line", "says", "hint"), REFUSED.values(), ids=REFUSED)
def test_wrong_front_matter_is_told_with_its_line(text: str, line: int, says: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as caught:
        template(tmp_path, f"---\n{text}\n---\n{{% user %}}x{{% enduser %}}\n")
    assert says in caught.value.message
    assert hint in caught.value.hint
    assert (caught.value.path, caught.value.line) == (str(tmp_path / "t.md.jinja"), line)


def test_words_that_older_yaml_bends_stay_words(tmp_path: Path) -> None:
    head = "---\nexamples:\n  - input: {}\n    output: {country: no, at: 12:30, on: 2024-05-01}\n---\n"
    assert template(tmp_path, head + "{% user %}x{% enduser %}").examples[0].output == {
        "country": "no",
        "at": "12:30",
        "on": "2024-05-01",
    }


def test_front_matter_is_never_a_template(tmp_path: Path) -> None:
    text = "---\ndescription: '{{ 7*7 }} {% user %}'\n---\n{% user %}x{% enduser %}"
    assert template(tmp_path, text).description == "{{ 7*7 }} {% user %}"


def test_examples_may_stand_in_a_yaml_file_beside_the_template(tmp_path: Path) -> None:
    files = {
        "a__t": "---\ninputs: {text: x}\nexamples: t.examples.yaml\n---\n{% user %}{{ text }}{% enduser %}",
        "a__t.examples.yaml": "# six at least\n- {input: {text: a}, output: 1}\n- input: {text: b}\n  output: 2\n",
    }
    loaded = catalog(tmp_path, **files).load("a/t")
    assert [example.output for example in loaded.examples] == [1, 2]
    assert (loaded.pool.path, loaded.pool.lines) == (tmp_path / "a" / "t.examples.yaml", (2, 3))


def test_examples_may_stand_in_a_file_of_json_lines(tmp_path: Path) -> None:
    files = {
        "t": "---\ninputs: {text: x}\nexamples: data/rows.jsonl\n---\n{% user %}{{ text }}{% enduser %}",
        "data__rows.jsonl": '{"input": {"text": "a"}, "output": 1}\n\n{"input": {"text": "b"}, "output": 2}\n',
    }
    loaded = catalog(tmp_path, **files).load("t")
    assert [example.input["text"] for example in loaded.examples] == ["a", "b"]
    assert loaded.pool.lines == (1, 3)


BAD_ROWS = {
    "not JSON": ("{", "not JSON"),
    "a key twice": ('{"input": {}, "input": {}, "output": 1}', "stands twice"),
    "NaN": ('{"input": {}, "output": NaN}', "NaN is no JSON number"),
    "an overflowing number": ('{"input": {}, "output": 1e999}', "which JSON cannot hold"),
    "a lone surrogate": ('{"input": {}, "output": "\\ud800"}', "surrogate"),
    "an unknown input": ('{"input": {"x": 1}, "output": 1}', "the input of example 2 does not fit"),
    "too deep": ('{"input": {}, "output": ' + "[" * 5000 + "]" * 5000 + "}", "not JSON|nested"),
}


@pytest.mark.parametrize(("row", "says"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_bad_row_of_examples_is_told_with_its_line(row: str, says: str, tmp_path: Path) -> None:
    files = {
        "t": "---\nexamples: rows.jsonl\n---\n{% user %}x{% enduser %}",
        "rows.jsonl": '{"input": {}, "output": 0}\n' + row + "\n",
    }
    with pytest.raises(TemplateError, match=says) as caught:
        catalog(tmp_path, **files).load("t")
    assert (caught.value.path, caught.value.line) == (str(tmp_path / "rows.jsonl"), 2)


@pytest.mark.parametrize(
    "name", ["../rows.jsonl", "/etc/rows.jsonl", "rows.txt", "a/../rows.yaml", "Rows.yaml", "x.py"]
)
def test_examples_never_leave_the_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"input": {}, "output": 0}\n')
    inner = tmp_path / "inner"
    with pytest.raises(TemplateError, match=r"is not the name of a \.yaml, \.jsonl or \.csv file") as caught:
        template(inner, f"---\nexamples: {name}\n---\n{{% user %}}x{{% enduser %}}")
    assert caught.value.line == 2


def test_examples_file_that_is_a_link_outwards_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.jsonl").write_text('{"input": {}, "output": 0}\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "rows.jsonl").symlink_to(tmp_path / "secret.jsonl")
    with pytest.raises(TemplateError, match="leads out of its folder"):
        template(inner, "---\nexamples: rows.jsonl\n---\n{% user %}x{% enduser %}")


def test_missing_examples_file_is_told_at_its_key(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"there is no file rows\.yaml") as caught:
        template(tmp_path, "---\nversion: 1\nexamples: rows.yaml\n---\n{% user %}x{% enduser %}")
    assert caught.value.line == 3
