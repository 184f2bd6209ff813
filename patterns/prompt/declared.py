"""Every name that a template reads must come from somewhere; told on load, with file, line and near names."""

from __future__ import annotations

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
    chain = linked.chain()
    # What a file sets at its top is seen by the blocks of those above and beneath it.
    shared = declared.union(*(unit.top_level_names for unit in chain))
    checked: _Checked = set()
    for unit in chain:
        _check_unit(linked, unit, shared, checked)


def _check_unit(linked: Linked, unit: Unit, known: frozenset[str], checked: _Checked) -> None:
    if (unit.file.id, known) in checked:
        return
    checked.add((unit.file.id, known))
    for read in unit.reads:
        if read.name not in known:
            hint = _undeclared(read.name, known)
            raise TemplateError(f"{read.name!r} is not declared", path=unit.path, line=read.line, hint=hint)
    for reference in unit.references:
        target = linked.target(unit, reference)
        _check_wanted(unit, reference, target)
        if reference.kind != "extends":
            _check_unit(linked, target, known | unit.all_names if reference.context else frozenset(), checked)


def _check_wanted(unit: Unit, reference: Reference, target: Unit) -> None:
    for name in reference.wanted:
        if name not in target.top_level_names:
            hint = did_you_mean(name, target.top_level_names) or f"it has {', '.join(sorted(target.top_level_names))}"
            raise TemplateError(
                f"{target.file.name} has no macro {name!r}", path=unit.path, line=reference.line, hint=hint
            )


def _undeclared(name: str, known: frozenset[str]) -> str:
    if name in _ONLY_WITHIN:
        return _ONLY_WITHIN[name]
    if name in _LEFT_OUT:
        return f"{name} of Jinja is left out here"
    if not known:
        return "a file imported without context sees no inputs; pass the value as an argument of the macro"
    return did_you_mean(name, known) or f"declare it in the front matter: inputs: {{{name}: what it is}}"
