"""The code that was asked for, out of answers that say more than that."""

from __future__ import annotations

import ast
import pickle
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from patterns.errors import OutputError, Truncated, Unreadable
from patterns.output.code import CodeReading, read_code
from tests.corpus import corpus_rows

ADD = "def add(a, b):\n    return a + b"
SUB = "def sub(a, b):\n    return a - b"
STACK = "class Stack:\n    def push(self, item):\n        self.items.append(item)"
SPEC = Path(__file__).parents[1] / "spec" / "code.yaml"


def fence(code: str, tag: str = "python", mark: str = "```") -> str:
    return f"{mark}{tag}\n{code}\n{mark}"


CASES: dict[str, list[dict[str, object]]] = YAML(typ="safe").load(SPEC.read_text(encoding="utf-8"))


def named(case: dict[str, object]) -> str:
    return str(case["case"])


def read_case(case: dict[str, object]) -> CodeReading:
    language, names = case.get("language"), case.get("names", [])
    assert isinstance(names, list)
    return read_code(str(case["text"]), language=None if language is None else str(language), names=names)


@pytest.mark.parametrize("case", CASES["found"], ids=named)
def test_code_is_found_in(case: dict[str, object]) -> None:
    assert read_case(case).source == case["source"]


@pytest.mark.parametrize("case", CASES["refused"], ids=named)
def test_no_code_is_made_up_from(case: dict[str, object]) -> None:
    with pytest.raises(OutputError):
        read_case(case)


def test_unclosed_fence_is_incomplete() -> None:
    reading = read_code(f"```python\n{ADD}\n", language="python")
    assert (reading.source, reading.complete) == (ADD, False)


def test_function_cut_off_in_a_later_one_is_kept_and_flagged() -> None:
    reading = read_code(f"```python\n{ADD}\n\ndef sub(a, b):\n    x = (a,", language="python", names=["add"])
    assert (reading.source, reading.complete) == (ADD, False)


def test_function_that_is_cut_off_itself_is_truncated() -> None:
    with pytest.raises(Truncated):
        read_code(f"```python\n{ADD}\n\ndef sub(a, b):\n    x = (a,", language="python", names=["sub"])


def test_whole_code_is_complete_and_unmended() -> None:
    reading = read_code(fence(ADD), language="python", names=["add"])
    assert reading == CodeReading("python", ADD, (), (10, 10 + len(ADD) + 1), True)


def test_span_bounds_the_code_in_the_raw_text() -> None:
    text = f"<think>hm</think>\nHere:\n{fence(ADD)}\nBye."
    start, end = read_code(text).span
    assert text[start:end].strip() == ADD


def test_mends_are_accounted_for() -> None:
    reading = read_code(fence("+def add(a, b):\n+    return a + b", "java"), language="python")
    assert [repair.kind for repair in reading.repairs] == ["diff", "language"]
    assert sum(repair.cost for repair in reading.repairs) > 0


def test_code_that_does_not_parse_is_given_back_for_a_checker_to_judge() -> None:
    assert read_code(fence("x = = 1"), language="python").source == "x = = 1"


def test_syntax_error_is_named_where_names_are_asked_for() -> None:
    with pytest.raises(Unreadable, match="line 1"):
        read_code(fence("def add(a, b:"), language="python", names=["add"])


def test_error_survives_pickling() -> None:
    with pytest.raises(Unreadable) as caught:
        read_code("no", language="python")
    assert pickle.loads(pickle.dumps(caught.value)).raw_text == "no"


def test_reading_code_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_code(fence("x = '\\d'\ny = 1 is 1"), language="python").source


_PARTS = st.sampled_from(
    [
        "```",
        "```python",
        "~~~",
        "\n",
        "def f():",
        "    return 1",
        "x = (",
        '"""',
        "<think>",
        "</think>",
        ">>> x",
        "\0",
        "Hello.",
        "\ud800",
    ]
)


@given(
    st.lists(_PARTS, max_size=30).map("".join),
    st.sampled_from([None, "python", "javascript"]),
    st.sampled_from([(), ("f",)]),
)
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str, language: str | None, names: Sequence[str]) -> None:
    try:
        reading = read_code(text, language=language, names=names)
    except OutputError:
        return
    assert reading.source.strip()
    assert 0 <= reading.span[0] <= reading.span[1] <= len(text)


@given(
    st.lists(
        st.sampled_from([ADD, SUB, STACK, "import os\nprint(os.sep)", "x = [1,\n     2]"]),
        min_size=1,
        max_size=3,
        unique=True,
    )
)
def test_fenced_code_comes_back_as_it_was(codes: list[str]) -> None:
    source = "\n\n".join(codes)
    assert read_code(f"Here you are.\n\n{fence(source)}\n\nGood luck!", language="python").source == source


HOSTILE = {
    "backticks": "`" * 100_000,
    "fences": "```\n" * 100_000,
    "fences with code": "```py\nx\n```\n" * 20_000,
    "documents within documents": "```md\n" * 50_000,
    "open brackets": "```python\n" + "(" * 100_000,
    "deep nesting": "```python\nx = " + "-" * 90_000 + "1\n```",
    "attributes": "```python\na" + ".b" * 40_000 + "\n```",
    "statements": "x = 1\n" * 150_000,
    "code and prose in turn": "x = 1\nHello there.\n" * 40_000,
    "broken code and prose in turn": "x = (1\nHello there.\n" * 40_000,
    "prompts": ">>> x\n" * 150_000,
    "quotes": '"' * 200_000,
    "strings with fences": '```python\nx = """\n' + "```\n" * 100_000,
    "strings in fences": '```python\nx = """\n```\n' * 30_000,
    "triple quotes": '"""\n' * 150_000,
    "null bytes": "```python\n" + "\0" * 100_000 + "\n```",
    "reasoning": "<think>\n" * 100_000,
    "closers": "</think>\n" * 100_000,
    "tags": "<code>" * 150_000,
    "one long line": "word " * 200_000,
    "blanks": " " * 1_000_000,
    "surrogates": "\ud800" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", [None, "python", "go"])
def test_hostile_text_is_read_or_refused(name: str, language: str | None) -> None:
    text = HOSTILE[name]
    reading = refused(text, language) or read_code(text, language=language)
    assert isinstance(reading, OutputError) or reading.source.strip()


def refused(text: str, language: str | None) -> OutputError | None:
    try:
        read_code(text, language=language)
    except OutputError as error:
        return error
    return None


MENDED = {"c259003afb0cca5e"}
"""Rows that hold the code, but for a docstring in typographic quotes: see DISSENT.md."""


def _names(row: dict[str, object]) -> list[str]:
    methods = row.get("methods")
    names = [str(name) for name in methods] if isinstance(methods, list) else []
    return [str(row["class_name"]), *names] if row.get("class_name") else names


def _is_right(row: dict[str, object], source: str) -> bool:
    """Judge as the corpus says: the same statements as the gold, or parsing and defining the names."""
    with warnings.catch_warnings(action="ignore"):
        tree = ast.parse(source)
    if row["gold"] is not None:
        return ast.dump(tree) == ast.dump(ast.parse(str(row["gold"])))
    defined = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    return set(_names(row)) <= defined


def _read(row: dict[str, object]) -> str | None:
    try:
        return read_code(str(row["raw_text"]), language="python", names=_names(row)).source
    except OutputError:
        return None


@pytest.mark.parametrize(
    "beside", ["```text\nno code here at all\n```", "```\nproject/\n  main.py\n```", "```\nhi there, and more\n```"]
)
def test_fence_without_code_is_not_taken_for_the_code(beside: str) -> None:
    code = "```python\nprint('hi')\n```"
    for text in (f"{beside}\n\n{code}", f"{code}\nOutput:\n{beside}"):
        assert read_code(text).source == "print('hi')"


FENCED = [
    's = """\n```js\nfoo\n```\n"""\nx = 1',
    's = """\n```\nfoo\n```\n"""\nx = 1',
    "s = '''\n~~~json\n{}\n```\n'''",
    'def f():\n    """Doc.\n\n    ```\n    f()\n    ```\n    """\n    return 1',
    's = "```"\nx = 1',
    's = """a\n```\n""" + """b\n```\n"""\nx = 1',
]


@pytest.mark.parametrize("code", FENCED)
@pytest.mark.parametrize("tag", ["python", "py", ""])
def test_fence_inside_a_string_does_not_cut_the_code(code: str, tag: str) -> None:
    reading = read_code(f"So:\n{fence(code, tag)}\n\nOutput:\n```text\nok\n```", language="python")
    assert (reading.source, reading.complete) == (code, True)


def test_code_that_ends_within_a_string_is_not_complete() -> None:
    assert not read_code('```python\nx = 1\ns = """\nabc\n```\nBye.', language="python").complete


def test_mend_of_code_tells_what_it_changed() -> None:
    for text in (
        ">>> x = 1\n>>> x\n1",
        "```diff\n-def f(): return 1\n+def f(): return 2\n```",
        "So:\n\ndef f():\n    return 1",
    ):
        (mend,) = read_code(text).repairs
        assert mend.before
        assert mend.after
        assert mend.before != mend.after


def test_real_answers_are_read_right() -> None:
    rows = [row for row in corpus_rows("outputs_code.jsonl") if not row.get("echo")]
    scored = [row for row in rows if row.get("answerable") or row["gold"] is not None]
    right = sum((source := _read(row)) is not None and _is_right(row, source) for row in scored)
    assert right >= 0.99 * len(scored)


def test_real_answers_without_the_code_are_refused() -> None:
    rows = [row for row in corpus_rows("outputs_code.jsonl") if row.get("answerable") is False and not row["echo"]]
    assert {row["id"] for row in rows if _read(row) is not None} <= MENDED


def test_an_echoed_skeleton_is_not_taken_for_the_answer() -> None:
    rows = [row for row in corpus_rows("outputs_code.jsonl") if row.get("echo") and row.get("answerable")]
    sources = [source for row in rows if (source := _read(row)) is not None]
    assert len(sources) >= 0.75 * len(rows)
    assert not any("### Instruction" in source for source in sources)
