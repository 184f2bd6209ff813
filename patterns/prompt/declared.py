"""Every name that a template reads must come from somewhere; told on load, with file, line and near names."""

from __future__ import annotations

from collections.abc import Iterator

from patterns.errors import TemplateError
from patterns.prompt.checks import Reference
from patterns.prompt.link import Linked
from patterns.prompt.near import did_you_mean
from patterns.prompt.unit import Unit

_ONLY_WITHIN = {
    "loop": "loop exists inside of {% for %}",
    "super": "super() exists inside of a {% block %} that overrides another",
    "caller": "caller() exists inside of a macro, for {% call %}",
    "self": "self exists in the body and in blocks, not in macros",
}
_LEFT_OUT = frozenset({"lipsum", "cycler", "joiner", "namespace", "dict"})
_Checked = set[tuple[str, frozenset[str]]]


def check_names(linked: Linked, declared: frozenset[str]) -> None:
    """Raise TemplateError for the first name that is neither declared nor set by a file that can pass it on."""
    for error in undeclared(linked, declared):
        raise error


def undeclared(linked: Linked, declared: frozenset[str]) -> Iterator[TemplateError]:
    """Give an error for every name that is neither declared nor set, and every macro that its file has not."""
    chain = linked.chain()
    # What a file sets at its top is seen by the blocks of those above and beneath it.
    shared = declared.union(*(unit.top_level_names for unit in chain))
    checked: _Checked = set()
    for unit in chain:
        yield from _undeclared_in(linked, unit, shared, checked)


def _undeclared_in(linked: Linked, unit: Unit, known: frozenset[str], checked: _Checked) -> Iterator[TemplateError]:
    if (unit.file.id, known) in checked:
        return
    checked.add((unit.file.id, known))
    for read in unit.reads:
        if read.name not in known:
            hint = _advice(read.name, known)
            yield TemplateError(
                f"{read.name!r} is not declared", path=unit.path, line=read.line, hint=hint, rule="undeclared-input"
            )
    for reference in unit.references:
        target = linked.target(unit, reference)
        yield from _unknown_macros(unit, reference, target)
        if reference.kind != "extends":
            seen = known | unit.all_names if reference.context else frozenset()
            yield from _undeclared_in(linked, target, seen, checked)


def _unknown_macros(unit: Unit, reference: Reference, target: Unit) -> Iterator[TemplateError]:
    for name in reference.wanted:
        if name not in target.top_level_names:
            hint = did_you_mean(name, target.top_level_names) or f"it has {', '.join(sorted(target.top_level_names))}"
            yield TemplateError(
                f"{target.file.name} has no macro {name!r}", path=unit.path, line=reference.line, hint=hint,
                rule="undeclared-input",
            )  # fmt: skip


def _advice(name: str, known: frozenset[str]) -> str:
    if name in _ONLY_WITHIN:
        return _ONLY_WITHIN[name]
    if name in _LEFT_OUT:
        return f"{name} of Jinja is left out here"
    if not known:
        return "a file imported without context sees no inputs; pass the value as an argument of the macro"
    return did_you_mean(name, known) or f"declare it in the front matter: inputs: {{{name}: what it is}}"
