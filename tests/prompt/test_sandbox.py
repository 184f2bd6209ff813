"""What a hostile template tries, and what it gets: an error of ours, with a line, soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from patterns.errors import TemplateError
from patterns.prompt.sandbox import PromptEnvironment
from patterns.prompt.sheet import Limits
from tests.prompt.folders import catalog, spoken, template

HEAD = "---\ninputs:\n  text: x\n  data: {default: {a: 1, b: [1, 2]}}\n---\n"

ESCAPES = """\
{{ ''.__class__.__mro__[1].__subclasses__() }}
{{ ''['__class__'] }}
{{ data['__class__'] }}
{{ data.b.__init__.__globals__ }}
{{ (1).__class__ }}
{{ 1.5.real }}
{{ none.__class__ }}
{{ text|attr('__class__') }}
{{ text|map(attribute='__class__')|list }}
{{ text|map('\\0enter') }}
{{ self.__init__.__globals__ }}
{{ self._TemplateReference__context }}
{{ self['__class__'] }}
{{ range.__self__ }}
{{ range.__globals__ }}
{{ quote.__globals__ }}
{{ "{0.__class__}".format(1) }}
{{ "{0.__class__}".format_map({}) }}
{% set f = "{0.__class__}".format %}{{ f(1) }}
{{ text.format.__self__ }}
{{ text.join([text]) }}
{{ text.replace('', text) }}
{{ text.translate({}) }}
{{ text.encode() }}
{{ text.split.__self__ }}
{{ "%s" % data }}
{{ "%(a)s" % data }}
{{ data.clear() }}
{{ data.update({}) }}
{{ data.b.append(1) }}
{{ data.b.pop() }}
{{ data.items().mapping }}
{{ data.keys().isdisjoint }}
{{ lipsum() }}
{{ lipsum.__globals__['os'].popen('id').read() }}
{{ cycler.__init__.__globals__.os }}
{{ joiner() }}
{{ namespace() }}
{{ dict(a=1) }}
{{ get_flashed_messages }}
{{ config }}
{{ request }}
{{ environment }}
{{ context }}
{{ resolve }}
{{ text is callable }}
{{ text is filter }}
{{ 1 is sameas(1) }}
{% for x in [1] %}{{ loop.__class__ }}{% endfor %}
{% for x in [1] %}{{ loop._iterable }}{% endfor %}
{% macro m() %}{% endmacro %}{{ m.__init__ }}
{% macro m() %}{% endmacro %}{{ m._func }}
{% macro m() %}{% endmacro %}{{ m.name }}
{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}
{% macro m() %}{{ varargs.__class__ }}{% endmacro %}{{ m(1) }}
{% macro m() %}{{ kwargs.__class__ }}{% endmacro %}{{ m(a=1) }}
{% import '_m.md.jinja' as q %}{{ q.__dict__ }}
{% import '_m.md.jinja' as q %}{{ q._body_stream }}
{% from '_m.md.jinja' import __dict__ %}
{% from '_m.md.jinja' import _body_stream %}
{% do data.clear() %}
{% debug %}
{% autoescape true %}{{ text }}{% endautoescape %}
{% set data.a = 2 %}
{% trans %}x{% endtrans %}
{% block b %}{{ super.__class__ }}{% endblock %}"""


@pytest.mark.parametrize("payload", ESCAPES.splitlines())
def test_escape_is_refused_with_a_line(payload: str, tmp_path: Path) -> None:
    files = {"t": f"{HEAD}{{% user %}}{payload}{{% enduser %}}", "_m": "{% macro m() %}{% endmacro %}"}
    with pytest.raises(TemplateError) as caught:
        catalog(tmp_path, **files).load("t").render({"text": "x"})
    assert caught.value.line == 6
    assert "object at 0x" not in str(caught.value)


REPRS = """\
{{ data }}
{{ data.b }}
{{ none }}
{{ true }}
{{ 1 == 1 }}
{{ [1] }}
{{ (1, 2) }}
{{ {} }}
{{ data.items() }}
{{ range(3) }}
{{ text.upper }}
{{ range }}
{% macro m() %}{% endmacro %}{{ m }}
{% for x in [1] %}{{ loop }}{% endfor %}
{{ self }}
{{ history }}
{{ text ~ none }}
{{ text ~ data }}
{{ text ~ true }}
{{ text ~ text.upper }}
{{ data | quote("a") }}
{{ none | quote("a") }}
{{ true | raw }}
{{ data | fence }}
{{ text.upper | json }}
{{ self | json }}
{{ [range] | json }}
{{ [text.upper] | bullets }}
{{ [text.upper] | join }}
{{ text | bullets }}
{{ data | upper }}
{{ data | join }}
{{ text + 1 }}
{{ text * 1.5 }}
{{ data.b * 2 }}
{{ data % 2 }}"""


@pytest.mark.parametrize("payload", REPRS.splitlines())
def test_no_python_repr_reaches_a_prompt(payload: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as caught:
        template(tmp_path, f"{HEAD}{{% user %}}{payload}{{% enduser %}}").render({"text": "x"})
    assert caught.value.line == 6


def doubled(statement: str, first: str = "{% set x = 'aaaaaaaaaa' %}") -> str:
    return first + statement * 60 + "{% user %}{{ x | json }}{% enduser %}"


BOMBS = {
    "nested loops": "{% user %}" + "{% for a in range(9999) %}" * 5 + "{% endfor %}" * 5 + "{% enduser %}",
    "big range": "{% user %}{% for a in range(10 ** 9) %}{% endfor %}{% enduser %}",
    "big range as a list": "{% user %}{{ range(10 ** 9) | json }}{% enduser %}",
    "repeated text": "{% user %}{{ 'a' * 10 ** 10 }}{% enduser %}",
    "repeated text, other way round": "{% user %}{{ 10 ** 10 * 'a' }}{% enduser %}",
    "repeated list": "{% user %}{{ [0] * 10 ** 10 }}{% enduser %}",
    "power": "{% user %}{{ 10 ** 10 ** 10 }}{% enduser %}",
    "power of a power": "{% user %}{{ (9 ** 9) ** (9 ** 9) }}{% enduser %}",
    "negative power of nothing": "{% user %}{{ 0 ** -1 }}{% enduser %}",
    "complex power": "{% user %}{{ (-1) ** 0.5 }}{% enduser %}",
    "division by zero": "{% user %}{{ 1 / 0 }}{% enduser %}",
    "squares": doubled("{% set x = x * x %}", "{% set x = 9 %}"),
    "sums": doubled("{% set x = x + x %}", "{% set x = 9 %}"),
    "padded text": "{% user %}{{ 'a'.ljust(10 ** 10) }}{% enduser %}",
    "centred text": "{% user %}{{ 'a'.center(10 ** 10) }}{% enduser %}",
    "zero-filled text": "{% user %}{{ 'a'.zfill(10 ** 10) }}{% enduser %}",
    "tabs": "{% user %}{{ '\\t'.expandtabs(10 ** 10) }}{% enduser %}",
    "format by percent": "{% user %}{{ '%10000000000d' % 1 }}{% enduser %}",
    "format by width": "{% user %}{{ '{:>10000000000}'.format(1) }}{% enduser %}",
    "indent": "{% user %}{{ 'a' | indent(10 ** 10) }}{% enduser %}",
    "indented JSON": "{% user %}{{ [1] | json(10 ** 10) }}{% enduser %}",
    "text doubled by ~": doubled("{% set x = x ~ x %}"),
    "text doubled by +": doubled("{% set x = x + x %}"),
    "text doubled by capture": doubled("{% set x %}{{ x }}{{ x }}{% endset %}"),
    "text doubled by join": doubled("{% set x = [x, x] | join %}"),
    "text doubled by JSON": doubled("{% set x = [x, x] | json %}"),
    "text grown by a filter": doubled(
        "{% set x %}{% filter json %}{{ x }}{% endfilter %}{% endset %}", "{% set x = '\"' %}"
    ),
    "list that holds itself twice": doubled("{% set x = [x, x] %}"),
    "tuple that holds itself twice": doubled("{% set x = (x, x) %}"),
    "object that holds itself twice": doubled("{% set x = {'a': x, 'b': x} %}"),
    "list doubled by +": doubled("{% set x = x + x %}", "{% set x = [1] %}"),
    "list nested by a call": "{% macro m(n) %}{{ m([n, n]) }}{% endmacro %}{% user %}{{ m(1) }}{% enduser %}",
    "macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{% user %}{{ m() }}{% enduser %}",
    "macro that calls itself twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}"
    "{% user %}{{ m(60) }}{% enduser %}",
    "caller that calls itself": "{% macro m(n) %}{% if n %}{{ caller(n - 1) }}{{ caller(n - 1) }}{% endif %}"
    "{% endmacro %}{% macro k(n) %}{% call(i) m(n) %}{{ k(i) }}{% endcall %}{% endmacro %}"
    "{% user %}{{ k(60) }}{% enduser %}",
    "recursive loop": "{% user %}{% for a in [1, 2] recursive %}{% if loop.depth < 60 %}{{ loop([1, 2]) }}{% endif %}"
    "{% endfor %}{% enduser %}",
    "block that calls itself": "{% user %}{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}{% enduser %}",
    "static text in a loop": "{% user %}{% for a in range(9999) %}" + "abcd" * 1000 + "{% endfor %}{% enduser %}",
    "static text in a macro": "{% macro m() %}" + "abcd" * 1000 + "{% endmacro %}{% user %}{% for a in range(9999) %}"
    "{% if m() %}{% endif %}{% endfor %}{% enduser %}",
    "quoting in a loop": "{% set x = 'abcd' * 1000 %}{% user %}{% for a in range(9999) %}"
    "{% if x | quote('x') %}{% endif %}{% endfor %}{% enduser %}",
    "nested parentheses": "{% user %}{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}{% enduser %}",
    "nested lists": "{% user %}{{ " + "[" * 9000 + "1" + "]" * 9000 + " }}{% enduser %}",
    "long sum": "{% user %}{{ " + "1 + " * 9000 + "1 }}{% enduser %}",
    "nested branches": "{% user %}" + "{% if true %}" * 900 + "{% endif %}" * 900 + "{% enduser %}",
    "nested loops too deep for Python": "{% user %}"
    + "{% for a in [1] %}" * 60
    + "{% endfor %}" * 60
    + "{% enduser %}",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bomb_ends_in_an_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError):
        template(tmp_path, text).render({})


def test_limits_are_the_callers(tmp_path: Path) -> None:
    loaded = template(tmp_path, "{% user %}{% for x in range(100) %}ab{% endfor %}{% enduser %}")
    assert loaded.render({}, limits=Limits(steps=102, characters=200))
    with pytest.raises(TemplateError, match="more than 50 steps"):
        loaded.render({}, limits=Limits(steps=50))
    with pytest.raises(TemplateError, match="past 150 characters"):
        loaded.render({}, limits=Limits(characters=150))


def test_one_render_spends_nothing_of_the_next(tmp_path: Path) -> None:
    loaded = template(tmp_path, "{% user %}{% for x in range(9000) %}a{% endfor %}{% enduser %}")
    assert all(len(loaded.render({})[0].content) == 9000 for _ in range(20))


def test_data_is_never_compiled(tmp_path: Path) -> None:
    loaded = template(tmp_path, HEAD + "{% user %}{{ text }}{% enduser %}")
    for payload in ("{{ 7*7 }}", "{% user %}x{% enduser %}", "{# gone #}", "{{", "%}", "{% raw %}", "${7*7}", "#{7*7}"):
        assert spoken(loaded.render({"text": payload})) == [("user", payload)]


def test_text_is_compiled_nowhere_else() -> None:
    with pytest.raises(TypeError, match="never compiled"):
        PromptEnvironment().from_string("{{ 1 }}")


def test_source_compiles_templates_in_one_place() -> None:
    rooms = Path(__file__).parents[2] / "patterns"
    calls = [path.name for path in rooms.rglob("*.py") if "environment.compile(" in path.read_text(encoding="utf-8")]
    assert calls == ["unit.py"]


def test_inputs_cannot_be_changed_by_a_template(tmp_path: Path) -> None:
    data = {"a": [1]}
    loaded = template(tmp_path, HEAD + "{% user %}{% set data = {'a': 2} %}{{ data.a }}{% enduser %}")
    assert spoken(loaded.render({"text": "", "data": data})) == [("user", "2")]
    assert data == {"a": [1]}


def test_renders_in_threads_keep_apart(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    loaded = template(tmp_path, HEAD + "{% for i in range(50) %}{% user %}{{ text }}{{ i }}{% enduser %}{% endfor %}")
    with ThreadPoolExecutor(8) as pool:
        for number, messages in enumerate(pool.map(lambda n: loaded.render({"text": f"{n}-"}), range(64))):
            assert [message.content for message in messages] == [f"{number}-{i}" for i in range(50)]
