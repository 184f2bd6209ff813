"""What a person should know before the first call: which model would answer and why, what is missing."""

from __future__ import annotations

import os
import platform
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from patterns.errors import InputError, PatternsError
from patterns.lint import lint
from patterns.model.door import CONNECT
from patterns.model.known import key_variables, near_names, provider_of
from patterns.model.local.engine import library
from patterns.model.local.weights import PREFIX as LOCAL
from patterns.model.local.weights import weights_of
from patterns.model.resolve import resolve
from patterns.prompt.catalog import packaged_templates
from patterns.recipe import catalog_of
from patterns.settings import origins, settings

_STOLEN = ("1.82.7", "1.82.8")
"""Releases of litellm that carried a credential stealer (MAL-2026-2144)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `hint` says what to do when it is not well."""

    topic: str
    ok: bool
    words: str
    hint: str = ""


def findings() -> list[Finding]:
    """Look at everything; no request leaves this machine."""
    wrong = _wrong_settings()
    if wrong is not None:
        return [_versions(), wrong, *_litellm()]
    return [_versions(), model_finding(), *_settings(), *_litellm(), *_folders(), *_templates()]


def _versions() -> Finding:
    return Finding(
        "package", True, f"prompt-patterns {_version('prompt-patterns')}, Python {platform.python_version()}"
    )


def _wrong_settings() -> Finding | None:
    """What is wrong with the settings themselves: no call can be made until it is mended."""
    try:
        settings()
    except InputError as error:
        return Finding("settings", False, error.message, error.hint)
    return None


def _settings() -> Iterator[Finding]:
    """Each setting that somebody made, with the place it was made in; then those that nobody did."""
    found = {name: origin for name, origin in origins().items() if name not in ("model", "templates")}
    for name, origin in found.items():
        if origin.where != "default":
            yield Finding("setting", True, f"{name} = {_written(origin.value)} ({origin.where})")
    rest = [f"{name} {_written(origin.value)}" for name, origin in found.items() if origin.where == "default"]
    yield Finding("defaults", True, ", ".join(rest))


def _written(value: object) -> str:
    if value is None or value == () or value == {}:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return str(value)


def model_finding() -> Finding:
    """Which model would answer a call that names none, and whether it can."""
    defaults = settings()
    if defaults.model:
        return _named(defaults.model, origins()["model"].where)
    found = resolve(offline=defaults.offline)
    hint = f"for a model, {CONNECT}" if found.engine == "rules" else ""
    return Finding("model", True, f"{found.model}: {found.why}", hint)


def _named(model: str, where: str) -> Finding:
    """What is known of a model that was named, without asking it."""
    words = f"{model} ({where})"
    if model.startswith(LOCAL):
        return _local(model, words)
    keys = settings().keys
    names = () if keys is not None and keys.source(model, provider_of(model)) else key_variables(model)
    if names and not any(os.environ.get(name) for name in names):
        hint = f"set {' or '.join(names)}, unless litellm finds the key elsewhere"
        return Finding("model", False, f"{words}: no key", hint)
    if model != "rules" and not provider_of(model):
        near = " or ".join(near_names(model))
        hint = f"did you mean {near}?" if near else "write it as provider/model, such as openai/gpt-4.1-mini"
        return Finding("model", False, f"{words}: not a model that is known", hint)
    return Finding("model", True, words)


def _local(model: str, words: str) -> Finding:
    """Whether a model that runs in this process could be loaded, without loading it."""
    try:
        file = weights_of(model).path
        library()
    except PatternsError as error:
        return Finding("model", False, error.message, error.hint)
    size = file.stat().st_size / 1e9
    return Finding("model", True, f"{words}: {file}, {size:.2g} GB, by llama.cpp in this process, free of charge")


def _folders() -> Iterator[Finding]:
    """Folders that were named and are not there: their templates would be missed in silence."""
    for folder in settings().templates:
        if not folder.is_dir():
            hint = "mend PATTERNS_TEMPLATES or configure(templates=…)"
            yield Finding("folder", False, f"{folder} is no folder", hint)


def _litellm() -> Iterator[Finding]:
    version = _version("litellm")
    bad = version in _STOLEN
    hint = "upgrade litellm, and change every key this machine has held" if bad else ""
    yield Finding("litellm", not bad and version != "missing", version, hint)
    folder = Path(sysconfig.get_paths()["purelib"])
    if strange := sorted(path.name for path in folder.glob("*.pth") if "litellm" in path.name):
        yield Finding(
            "start-up files",
            False,
            ", ".join(strange),
            "code that runs at every start of Python: remove and look into it",
        )


def _templates() -> Iterator[Finding]:
    catalog = catalog_of(settings().templates)
    names = catalog.names()
    ours = packaged_templates()
    broken: list[Finding] = []
    remarks: list[Finding] = []
    for name in names:
        try:
            template = catalog.load(name)
        except PatternsError as error:
            broken.append(Finding("template", False, error.message, error.hint))
        else:
            if not template.path.is_relative_to(ours):
                remarks.extend(Finding("lint", True, str(remark)) for remark in lint(catalog, name))
    yield Finding("templates", not broken, f"{len(names)} found, {len(names) - len(broken)} in order")
    yield from (*broken, *remarks)


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "missing"
