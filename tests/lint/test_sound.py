"""Against real renders: where lint says nothing of an input, its text is never rendered outside of quotes."""

# ruff: noqa: E501
from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patterns.errors import PatternsError
from patterns.lint import lint
from tests.prompt.folders import catalog

CANARY = "7070707"
CANARIES = re.compile(CANARY)
HEAD = "---\ndescription: d\nformat: text\ninputs:\n  text: x\n  words: {type: integer}\n---\n"
MACROS = """\
{% macro shown(a) %}<{{ a | quote("t") }}>{% endmacro %}
{% macro bare(a, b="x") %}{{ b }}{{ a }}{% endmacro %}
{% macro twice(a) %}{{ bare("", a) }}{{ shown(a) }}{% endmacro %}
{% macro around() %}[{{ caller() }}]{% endmacro %}
{% macro counts(a) %}{{ a | length }}{{ "some" if a else "none" }}{% endmacro %}
"""

expression = st.sampled_from([
    "text", "text ~ 'x'", "text.lower()", "'a' if words else text", "[text, 'b'][0]", "{'k': text}.k", "text or 'x'",
    "bare(text)", "bare('', text)", "bare('', b=text)", "shown(text)", "twice(text)", "counts(text)", "one", "two", "text == 'x'",
    "words", "'plain'", "text.split()[0]", "(text, words)[0]", "bare(shown(text))", "shown(bare(text))",
])  # fmt: skip
printed = st.builds(
    lambda value, tail: "{{ (" + value + ")" + tail + " }}",
    expression,
    st.sampled_from(["", "", " | trim", " | quote('t')", " | lower", " | trim | quote('t')", " | length"]),
)


def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    frames = st.sampled_from([
        "{% if words > 1 %}@{% endif %}", "{% if words %}a{% else %}@{% endif %}", "{% for x in [text, 'b'] %}{{ x }}@{% endfor %}",
        "{% for x in range(2) %}@{% endfor %}", "{% with one = text %}@{% endwith %}", "{% call around() %}@{% endcall %}",
        "{% filter quote('t') %}@{% endfilter %}", "{% set two %}@{% endset %}", "{% set one = text %}@", "{% set one = words %}@",
        "{% set two = shown(text) %}@",
    ])  # fmt: skip
    return st.builds(lambda frame, body: frame.replace("@", body), frames, inner)


piece = st.recursive(
    printed, lambda inner: st.one_of(around(inner), st.builds("".join, st.lists(inner, max_size=3))), max_leaves=8
)
speech = st.builds(
    lambda role, body: f"{{% {role} %}}{body}{{% end{role} %}}\n", st.sampled_from(["user", "system"]), piece
)


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(speech, min_size=1, max_size=3))
def test_what_lint_passes_is_quoted_in_every_render(said: list[str], tmp_path: Path) -> None:
    body = f"{MACROS}{{% set one = 'o' %}}{{% set two = 't' %}}\n{''.join(said)}"
    made = catalog(tmp_path, t=HEAD + body)
    rules = {finding.rule for finding in lint(made, "t")}
    if rules & {"bare-input", "input-in-system"}:
        return
    for words in range(3):
        try:
            messages = made.load("t").render({"text": CANARY, "words": words})
        except PatternsError:
            continue  # a list that is printed, and the like
        assert all(
            is_quoted(message.content, found.start())
            for message in messages
            for found in CANARIES.finditer(message.content)
        )


def is_quoted(text: str, at: int) -> bool:
    """Whether a block is open there. A closing tag inside of another block is defused, and does not count."""
    before = text[:at]
    return before.count("<t>\n") > before.count("\n</t>")
