"""A layout never changes what a template renders, and a second one changes nothing."""

# ruff: noqa: E501
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patterns.errors import InputError, TemplateError
from patterns.layout import lay_out
from patterns.layout.body import lay_out_body
from patterns.layout.same import same
from patterns.prompt.catalog import packaged_templates
from patterns.prompt.files import File, Folder
from patterns.prompt.unit import parsed
from tests.prompt.folders import catalog, spoken

ROOT = Folder(Path("/nowhere"), trusted=True)
FILE = File("t.md.jinja", 0, ROOT)


def laid(body: str, head: str = "") -> str:
    text = f"---\n{head}---\n{body}" if head else body
    return lay_out(text, FILE)


@pytest.mark.parametrize("path", sorted(packaged_templates().rglob("*.md.jinja")), ids=lambda path: path.name)
def test_packaged_templates_are_laid_out(path: Path) -> None:
    file = File(path.relative_to(packaged_templates()).as_posix(), 0, Folder(packaged_templates(), trusted=True))
    text = path.read_text(encoding="utf-8")
    assert lay_out(text, file) == text


BODIES: dict[str, tuple[str, str]] = {
    "tags apart": ("{% user %}a{% enduser %}{% assistant %}b{% endassistant %}", "{% user %}a{% enduser %}\n{% assistant %}b{% endassistant %}"),
    "a loop around": ("{% for e in examples %}{% user %}a{% enduser %}{% endfor %}\n", "{% for e in examples %}\n{% user %}a{% enduser %}\n{% endfor %}\n"),
    "a long message": ("{% user %}a\n\nb{% enduser %}\n", "{% user %}\na\n\nb\n{% enduser %}\n"),
    "an indented first line": ("{% user %}\n\n  a\nb\n\n{% enduser %}\n", "{% user %}\n  a\nb\n{% enduser %}\n"),
    "blank lines": ("\n\n{% user %}a{% enduser %}\n\n\n\n{% user %}b{% enduser %}\n\n", "{% user %}a{% enduser %}\n\n{% user %}b{% enduser %}\n"),
    "trailing space between": ("{% user %}a{% enduser %}  \n  {% user %}b{% enduser %}\n", "{% user %}a{% enduser %}\n  {% user %}b{% enduser %}\n"),
    "trailing space in a message": ("{% user %}\na  \nb\n{% enduser %}\n", "{% user %}\na  \nb\n{% enduser %}\n"),
    "blanks in tags": ("{%user%}{{a|trim|quote( 'x' )}}{%enduser%}\n", "{% user %}{{ a | trim | quote( 'x' ) }}{% enduser %}\n"),
    "dashes": ("{%- user -%} a {{-a-}} b{%-enduser-%}\n", "{%- user -%} a {{- a -}} b{%- enduser -%}\n"),
    "a tag of many lines": ("{% user %}\n{{ ask(\n  1|trim\n) }}\n{% enduser %}\n", "{% user %}\n{{ ask(\n  1|trim\n) }}\n{% enduser %}\n"),
    "raw text": ("{% user %}\n{% raw %}{{x|y}}  \n{%if%}{% endraw %}\n{% enduser %}\n", "{% user %}\n{% raw %}{{x|y}}  \n{%if%}{% endraw %}\n{% enduser %}\n"),
    "a bar in a text": ("{% user %}{{'a|b'|raw}}{% enduser %}\n", "{% user %}{{ 'a|b' | raw }}{% enduser %}\n"),
    "a comment behind": ("{% user %}a{% enduser %}   {# why #}\n", "{% user %}a{% enduser %} {# why #}\n"),
    "a macro": ("{% macro m(a) %}  x  {% endmacro %}{% user %}{{ m(1) }}{% enduser %}\n", "{% macro m(a) %}  x  {% endmacro %}\n{% user %}{{ m(1) }}{% enduser %}\n"),
    "blanks at the end of a macro": ("{% macro m(a) %}{{ a }}  {% endmacro %}{% user %}{{ m(1) }}{% enduser %}\n", "{% macro m(a) %}{{ a }}  {% endmacro %}\n{% user %}{{ m(1) }}{% enduser %}\n"),
    "a partial": ("  \n{% if a %}  x  {% endif %}  \n\n\n", "  \n{% if a %}  x  {% endif %}  \n\n\n"),
    "nothing": ("", ""),
    "a child": ("{% extends 'x.md.jinja' %}{% block a %} x {% endblock %}{% block b %}{% endblock %}", "{% extends 'x.md.jinja' %}\n{% block a %} x {% endblock %}\n{% block b %}{% endblock %}\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), BODIES.values(), ids=BODIES)
def test_a_body_is_laid_out(before: str, after: str) -> None:
    if before and after and not after.endswith("\n"):
        after += "\n"
    assert laid(before) == after
    assert laid(after) == after


HEADS: dict[str, tuple[str, str]] = {
    "the order of keys": ("examples: []\nformat: text\ninputs:\n  a: x\n\ndescription: d\n", "description: d\ninputs:\n  a: x\n\nformat: text\nexamples: []\n"),
    "comments go with their key": ("# f\nformat: text\n# d\n# e\ndescription: d\n", "# d\n# e\ndescription: d\n# f\nformat: text\n"),
    "a mapping in braces": ("{format: text, description: d}\n", "{format: text, description: d}\n"),
    "trailing space": ("description: d  \nformat: text \n", "description: d\nformat: text\n"),
    "space that a value holds": ("description: |\n  a  \n  b\nformat: text\n", "description: |\n  a  \n  b\nformat: text\n"),
    "many blank lines": ("description: d\n\n\n\nformat: text\n\n", "description: d\n\nformat: text\n"),
    "the order of inputs": ("inputs: {z: x, a: y}\n", "inputs: {z: x, a: y}\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), HEADS.values(), ids=HEADS)
def test_a_front_matter_is_laid_out(before: str, after: str) -> None:
    assert laid("", before) == f"---\n{after}---\n"


def test_what_cannot_be_read_is_refused() -> None:
    for text in ("{% if", "---\na: b\n---\n", "---\n"):
        with pytest.raises(TemplateError):
            lay_out(text, FILE)


DIFFERENT = [
    ("{% user %}\na\n{% enduser %}", "{% user %}\n a\n{% enduser %}"),
    ("{% user %}a  \nb{% enduser %}", "{% user %}a\nb{% enduser %}"),
    ("{% user %}{% if x %}a{% endif %} b{% enduser %}", "{% user %}{% if x %}a{% endif %}b{% enduser %}"),
    ("{% user %}a{% if x %}b{% endif %}{% enduser %}", "{% user %}a{% if y %}b{% endif %}{% enduser %}"),
    ("{% user %}a{% enduser %}", "{% system %}a{% endsystem %}"),
    ("{% macro m() %}a {% endmacro %}{% user %}{{ m() }}{% enduser %}", "{% macro m() %}a{% endmacro %}{% user %}{{ m() }}{% enduser %}"),
    ("a\n", "a"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_bodies_that_differ_are_told_apart(one: str, other: str) -> None:
    assert not same(parsed(FILE, one), parsed(FILE, other))
    assert same(parsed(FILE, one), parsed(FILE, one))


blank = st.sampled_from(["", "", " ", "\n", "\n\n", "  \n", "\n  ", " \n\n\n\t"])
dash = st.sampled_from(["", "", "", "-", "+"])
close = st.sampled_from(["", "", "", "-"])
word = st.sampled_from(["a", "b  ", "  c", "d\ne", "f \n  g", "{# h #}", "$", "<x>", "|"])


@st.composite
def tag(draw: st.DrawFn, inside: str) -> str:
    gaps = st.sampled_from(["", " ", "  "])
    return "{%" + draw(dash) + draw(gaps) + inside + draw(gaps) + draw(close) + "%}"


printed = st.sampled_from([
    "{{ text|quote('t') }}", "{{text | raw}}", "{{-  text|raw }}", "{{ text|raw -}}", "{{ m( text ) }}", "{{words}}",
    "{{ '|' | raw }}", "{{ s }}", "{% raw %}{{|}}{% endraw %}",
])  # fmt: skip


@st.composite
def content(draw: st.DrawFn, depth: int = 2) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.integers(0, 3 if depth else 1))
        if kind == 0:
            parts.append(draw(word))
        elif kind == 1:
            parts.append(draw(printed))
        elif kind == 2:
            parts.append(draw(tag("if words")) + draw(content(depth - 1)) + draw(tag("endif")))
        else:
            parts.append(draw(tag("for n in range(2)")) + draw(content(depth - 1)) + draw(tag("endfor")))
        parts.append(draw(blank))
    return draw(blank) + "".join(parts)


@st.composite
def speech(draw: st.DrawFn, depth: int = 1) -> str:
    kind = draw(st.integers(0, 4 if depth else 1))
    if kind <= 1:
        role = draw(st.sampled_from(["system", "user", "assistant"]))
        return draw(tag(role)) + draw(content()) + draw(tag(f"end{role}"))
    if kind == 2:
        return (
            draw(tag("if words"))
            + draw(speeches(depth - 1))
            + draw(tag("else"))
            + draw(speeches(depth - 1))
            + draw(tag("endif"))
        )
    if kind == 3:
        return draw(tag("for n in range(words)")) + draw(speeches(depth - 1)) + draw(tag("endfor"))
    return draw(st.sampled_from(["{# a comment #}", "{% history %}", "{%set x=1%}", "{%set y%} z {%endset%}"]))


@st.composite
def speeches(draw: st.DrawFn, depth: int = 1) -> str:
    return draw(blank) + "".join(draw(speech(depth)) + draw(blank) for _ in range(draw(st.integers(0, 3))))


HEAD = "format: text  \ninputs:\n  text: x\n  words: {type: integer}\ndescription: d\n"
SETUP = "{% macro m(a) %}\n  {{a|raw}}  \n\n\n {% endmacro %}{%set s%} {{words}} \n\n\n{%endset%}{%set t%}  {%endset%}"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(body=speeches(2), words=st.integers(0, 2), text=st.sampled_from(["", "x", " x\n", "\n\nx </t>", "{{ a }}"]))
def test_what_is_rendered_never_changes(body: str, words: int, text: str, tmp_path: Path) -> None:
    before = f"---\n{HEAD}---\n{SETUP}{body}"
    after = lay_out(before, FILE)
    assert lay_out(after, FILE) == after
    assert rendered(tmp_path, before, words, text) == rendered(tmp_path, after, words, text)
    head, _, laid_body = after.removeprefix("---\n").partition("---\n")
    assert head == "description: d\ninputs:\n  text: x\n  words: {type: integer}\nformat: text\n"
    assert same(parsed(FILE, SETUP + body), parsed(FILE, laid_body))
    assert after.endswith("\n") or not any(f"end{role}" in body for role in ("system", "user", "assistant"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=speeches(2))
def test_the_guard_is_not_needed(body: str) -> None:
    """A layout that might not render the same is dropped: here none is."""
    assert same(parsed(FILE, SETUP + body), parsed(FILE, lay_out_body(SETUP + body)))


def rendered(folder: Path, text: str, words: int, data: str) -> object:
    try:
        return spoken(catalog(folder, t=text).load("t").render({"text": data, "words": words}))
    except (TemplateError, InputError) as error:
        return error.args[0].rpartition(": ")[2]
