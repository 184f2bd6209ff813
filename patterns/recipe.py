"""A pattern's fixed parts: its template found, its output type known, its examples checked against both."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, cast
from weakref import WeakKeyDictionary, WeakSet

from patterns.errors import Invalid, TemplateError
from patterns.output.shape import Shape, shape_of
from patterns.plan import Check
from patterns.plugins import Plugin, plugins
from patterns.prompt.catalog import Catalog, Folder, default_catalog
from patterns.prompt.template import Template
from patterns.same import of_the_same
from patterns.settings import Settings

T = TypeVar("T")

_widest: WeakKeyDictionary[Template, Shape[object]] = WeakKeyDictionary()
_checked: WeakKeyDictionary[Template, WeakSet[Shape[object]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Recipe(Generic[T]):
    """What stays the same from call to call: the template, the shape of its answers, what they are checked for.

    `into` is the output type as it was given, `shape` what was made of it.
    """

    name: str
    template: Template
    shape: Shape[T]
    into: object
    catalog: Catalog
    checks: tuple[Check[T], ...] = ()


class Found(NamedTuple, Generic[T]):
    """A recipe, and the settings that it was found under."""

    recipe: Recipe[T]
    defaults: Settings


def find_recipe(name: str, output: object, checks: Sequence[Check[T]], defaults: Settings) -> Recipe[T]:
    """Load the template and its output type; `output` None means the one its front matter names."""
    catalog = catalog_of(defaults.templates)
    template = catalog.load(name)
    into = _named(template) if output is None else output
    shape = cast("Shape[T]", shape_of(into))
    return _kept_recipe(name, template, shape, into, catalog, tuple(checks))


@of_the_same(64)
def _kept_recipe(
    name: str, template: Template, shape: Shape[T], into: object, catalog: Catalog, checks: tuple[Check[T], ...]
) -> Recipe[T]:
    """One recipe for the same parts, whose examples fit, so that what is made of it can be found again."""
    _check_examples(template, _shape_of_examples(template, shape))
    return Recipe(name, template, shape, into, catalog, checks)


def catalog_of(folders: tuple[Path, ...]) -> Catalog:
    """The user's folders first, then `templates/` where we stand, then those of other packages, then our own."""
    return _catalog(folders, os.getcwd(), os.path.isdir("templates"), plugins())


@lru_cache(maxsize=32)
def _catalog(folders: tuple[Path, ...], here: str, has_templates: bool, others: tuple[Plugin, ...]) -> Catalog:
    user = [Folder(Path(here, folder), trusted=True) for folder in folders]
    if has_templates:
        # Found by chance, not named by the user: good for text, not for importing Python types.
        user.append(Folder(Path(here, "templates"), trusted=False))
    # Whoever installed a package lets its code run already.
    user += [Folder(plugin.path, trusted=True, origin=plugin.distribution) for plugin in others]
    return default_catalog(user)


def _named(template: Template) -> object:
    """The output type that the front matter names: a JSON Schema, `module:Type`, or plain text."""
    if template.output is None:
        if template.format in ("text", "answer"):
            return str
        raise TemplateError(
            "the template names no output type",
            path=template.path,
            hint="add `output:` to it, or give output=… in Python",
        )
    if not isinstance(template.output, str):
        return template.output
    if not template.trusted:
        raise TemplateError(
            f"output {template.output!r} is not imported for a template from a folder that nobody named",
            path=template.path,
            hint="name the folder: PATTERNS_TEMPLATES=templates, or patterns.configure(templates=(Path('templates'),))",
        )
    return imported(template.output, template.path)


def imported(reference: str, path: Path) -> object:
    """Import the type that a trusted template names as module:Type; raise TemplateError where it cannot be."""
    module, _, attribute = reference.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise TemplateError(
            f"output {reference!r} cannot be imported: {error}",
            path=path,
            hint="write it as module:Type",
            rule="front-matter",
        ) from None


def _shape_of_examples(template: Template, shape: Shape[T]) -> Shape[object]:
    """What the examples must fit: the type that the template names, else the caller's.

    A template that serves many types, such as one for any set of labels, names the widest.
    """
    if template.output is None or (isinstance(template.output, str) and not template.trusted):
        return cast("Shape[object]", shape)
    if (kept := _widest.get(template)) is None:
        kept = _widest[template] = shape_of(_named(template))
    return kept


def _check_examples(template: Template, shape: Shape[object]) -> None:
    """Hold every example's output against the type, once a template and shape."""
    done = _checked.setdefault(template, WeakSet())
    if template.format != "json" or shape in done:
        return
    pool = template.pool
    for number, example in enumerate(pool.examples):
        try:
            shape.validate(example.output)
        except Invalid as error:
            raise TemplateError(
                f"the output of example {number + 1} does not fit {shape.name}: {error.message}",
                path=pool.path,
                line=pool.lines[number],
                hint="mend the example or the output type",
            ) from None
    done.add(shape)
