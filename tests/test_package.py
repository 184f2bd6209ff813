"""The front door: what `import patterns` gives, and what it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import patterns
from patterns import _refuse_strangers

HEAVY = ["litellm", "IPython", "dateparser", "phonenumbers", "rich", "typer", "pydantic", "jinja2", "jsonschema"]


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", patterns.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(patterns, name) is not None
    assert name in dir(patterns)


def test_what_type_checkers_see_is_what_there_is() -> None:
    """The imports for type checkers, the list of names and the table of their homes say the same."""
    tree = ast.parse(Path(patterns.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module.removeprefix("patterns.")
        for node in guarded.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    assert seen == patterns._HOME_OF
    assert sorted({*seen, "__version__"}) == patterns.__all__


def test_the_import_alone_loads_nothing_heavy() -> None:
    loaded = python(f"import sys, patterns; print([name for name in {HEAVY} if name in sys.modules])")
    assert loaded == "[]"


def test_using_the_library_loads_no_client_and_no_engine() -> None:
    light = [name for name in HEAVY if name not in ("pydantic", "jinja2", "jsonschema")]
    use = "import sys; from patterns import *; extract.into(str)"
    assert python(f"{use}; print([name for name in {light} if name in sys.modules])") == "[]"


def test_a_sound_answer_loads_nothing_that_mends_others() -> None:
    """A hundred files read damaged answers; a program that never sees one starts in two thirds of the time."""
    loaded = python(
        "import sys\nfrom patterns import Pattern\nfrom patterns.testing import FakeModel\n"
        "names = 'patching', 'output.ways', 'output.scan', 'output.align', 'output.light', 'output.growing'\n"
        "def loaded(): return sum('patterns.' + name in sys.modules for name in names)\n"
        "ask = Pattern('json_extraction/extract', output=dict[str, int])\n"
        "with FakeModel(['{\"age\": 1}', \"{'age': 2}\"]):\n"
        "    print(ask('one'), loaded(), ask('two'), loaded())"
    )
    assert loaded == "{'age': 1} 0 {'age': 2} 4"


def test_pattern_is_the_decorator_whatever_was_imported_first() -> None:
    for first in ("import patterns", "import patterns.pattern", "from patterns.library import sentiment"):
        assert python(f"{first}\nfrom patterns import pattern\nprint(pattern.__module__)") == "patterns.pattern"
        assert python(f"{first}\nimport patterns\nprint(callable(patterns.pattern))") == "True"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'extrakt'"):
        patterns.extrakt  # type: ignore[attr-defined]  # noqa: B018


def test_the_version_is_that_of_the_distribution() -> None:
    assert patterns.__version__ == version("prompt-patterns")


def test_files_of_the_other_package_of_this_name_are_told(tmp_path: Path) -> None:
    _refuse_strangers(tmp_path)
    (tmp_path / "cross.py").touch()
    with pytest.raises(ImportError, match="pip uninstall patterns"):
        _refuse_strangers(tmp_path)
