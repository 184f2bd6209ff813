"""Templates of other installed packages: found, overridden, switched off, and never in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from patterns.plugins import plugins
from patterns.recipe import catalog_of

BODY = (
    "---\ndescription: {}\ninputs: {{text: x}}\noutput: {{type: string}}\n---\n"
    "{{% user %}}{{{{ text | quote('t') }}}}{{% enduser %}}"
)


def install(site: Path, name: str, value: str, **templates: str) -> None:
    """Put a package where pip would put it, with its metadata."""
    package = site / name.replace("-", "_")
    (package / "prompts").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('listing templates ran the code of a package')")
    for path, description in templates.items():
        file = package / "prompts" / f"{path.replace('__', '/')}.md.jinja"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(BODY.format(description))
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[patterns.templates]\nmain = {value}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def test_template_of_an_installed_package_is_found_without_running_its_code(site: Path) -> None:
    install(site, "acme-prompts", "acme_prompts.prompts", acme__greet="Greet.")
    template = catalog_of(()).load("acme/greet")
    assert template.description == "Greet."
    assert template.trusted
    assert "acme_prompts" not in sys.modules


def test_users_folder_goes_before_a_package_and_a_package_before_ours(site: Path, tmp_path: Path) -> None:
    install(site, "acme-prompts", "acme_prompts.prompts", few_shot__sentiment="Theirs.", acme__greet="Theirs, too.")
    (tmp_path / "mine" / "acme").mkdir(parents=True)
    (tmp_path / "mine" / "acme" / "greet.md.jinja").write_text(BODY.format("Mine."))
    catalog = catalog_of((tmp_path / "mine",))
    assert catalog.load("few_shot/sentiment").description == "Theirs."
    assert catalog.load("acme/greet").description == "Mine."
    assert [file.folder.origin for file in catalog.files("few_shot/sentiment")] == ["acme-prompts", "prompt-patterns"]
    assert [file.folder.origin for file in catalog.files("acme/greet")] == ["yours", "acme-prompts"]


def test_packages_are_left_out_when_they_are_switched_off(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(site, "acme-prompts", "acme_prompts.prompts", acme__greet="Greet.")
    assert [plugin.distribution for plugin in plugins()] == ["acme-prompts"]
    monkeypatch.setenv("PATTERNS_PLUGINS", "off")
    assert plugins() == ()


@pytest.mark.parametrize("value", ["acme_prompts.nowhere", "not a module", "../../etc", "absent.prompts"])
def test_package_without_its_folder_is_told_of_and_breaks_nothing(site: Path, value: str) -> None:
    install(site, "acme-prompts", value, acme__greet="Greet.")
    install(site, "other-prompts", "other_prompts.prompts", other__greet="Greet.")
    with pytest.warns(RuntimeWarning, match=r"acme-prompts promises templates .*PATTERNS_PLUGINS=off"):
        assert [plugin.distribution for plugin in plugins()] == ["other-prompts"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(plugins()) == 1


def test_list_says_whence_each_comes_and_what_it_overrides(site: Path, tmp_path: Path) -> None:
    install(site, "acme-prompts", "acme_prompts.prompts", few_shot__sentiment="Theirs.")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "broken.md.jinja").write_text("{% user %}")
    (tmp_path / "templates" / "own.md.jinja").write_text(BODY.format('"[bold]Mine\\e[31m"'))
    env = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{Path(__file__).resolve().parents[1]}", "COLUMNS": "300"}
    command = [sys.executable, "-m", "patterns", "list"]
    told = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60).stdout
    assert f"[acme-prompts, overrides prompt-patterns: {site}" in told
    assert "does not load: " in told
    assert "[bold]Mine�[31m" in told
    rows = json.loads(
        subprocess.run([*command, "--json"], cwd=tmp_path, env=env, capture_output=True, timeout=60).stdout
    )
    found = {row["name"]: row for row in rows}
    assert found["few_shot/sentiment"]["overrides"][0]["origin"] == "prompt-patterns"
    assert found["own"]["origin"] == "yours"
    assert found["broken"]["problem"]
    assert found["plain_text/complete"]["overrides"] == []


def test_looking_for_packages_imports_nothing_where_there_are_none(tmp_path: Path) -> None:
    code = (
        "import sys; import patterns.plugins as p; assert p.plugins() == (); "
        "assert 'importlib.metadata' not in sys.modules"
    )
    subprocess.run([sys.executable, "-S", "-c", code], cwd=Path(__file__).resolve().parents[1], check=True, timeout=60)
