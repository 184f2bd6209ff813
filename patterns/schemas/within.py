"""The schema of a place inside a value: down from the root by names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from patterns.messages import Json
from patterns.schemas.refs import DEFINITIONS, lookup, references, resolve

Schema = Mapping[str, Json]


def within(root: Schema, steps: Iterable[str | int]) -> Schema | None:
    """Give the schema of a place, with the definitions that it needs; None where the root says nothing of it.

    Of the forms of a union the first that knows the place is taken. None, too, for references to anything else than
    definitions, which would lead nowhere from here.
    """
    found = root
    for step in steps:
        below = next(_below(found, root, step), None)
        if below is None:
            return None
        found = below
    return _carrying(found, root)


def required(root: Schema, steps: Sequence[str | int]) -> bool:
    """Tell a member that an object cannot be without; an item of a list always can go."""
    if not steps or isinstance(steps[-1], int):
        return not steps
    holders = _holders(root, steps[:-1])
    return any(steps[-1] in names for holder in holders if isinstance(names := holder.get("required"), list))


def nullable(schema: Schema, root: Schema) -> bool:
    """Tell whether null is a value of a schema."""
    kinds = [form.get("type") for form in _forms(schema, root)]
    return any(kind is None or kind == "null" or (isinstance(kind, list) and "null" in kind) for kind in kinds)


def _holders(root: Schema, steps: Sequence[str | int]) -> list[Schema]:
    holders: list[Schema] = [root]
    for step in steps:
        holders = [below for holder in holders for below in _below(holder, root, step)]
    return [form for holder in holders for form in _forms(holder, root)]


def _below(schema: Schema, root: Schema, step: str | int) -> Iterator[Schema]:
    for form in _forms(schema, root):
        inside = _item(form, step) if isinstance(step, int) else _member(form, step)
        if isinstance(inside, Mapping):
            yield inside


def _forms(schema: Schema, root: Schema, depth: int = 0) -> Iterator[Schema]:
    """The schema itself without its reference, and the forms of the union that it is."""
    plain = resolve(schema, root)
    branches = [each for word in ("anyOf", "oneOf", "allOf") if isinstance(each := plain.get(word), list)]
    if not branches:
        yield plain
    elif depth < 8:
        if "properties" in plain:
            yield plain
        for branch in (one for each in branches for one in each if isinstance(one, Mapping)):
            yield from _forms(branch, root, depth + 1)


def _item(schema: Schema, step: int) -> Json:
    places = schema.get("prefixItems")
    if isinstance(places, list) and step < len(places):
        return places[step]
    return schema.get("items")


def _member(schema: Schema, step: str) -> Json:
    fields = schema.get("properties")
    if isinstance(fields, Mapping) and step in fields:
        return fields[step]
    return schema.get("additionalProperties")


def _carrying(schema: Schema, root: Schema) -> Schema | None:
    """Add the definitions that a schema refers to, directly or through others."""
    needed: dict[str, dict[str, Json]] = {}
    waiting = list(references(schema))
    while waiting:
        ref = waiting.pop()
        _, keyword, name, *deeper = [*ref.split("/"), "", ""]
        if keyword not in DEFINITIONS or any(deeper[:-2]):
            return None
        name = name.replace("~1", "/").replace("~0", "~")
        if name not in needed.setdefault(keyword, {}):
            behind = needed[keyword][name] = lookup(ref, root)
            waiting += references(behind) if isinstance(behind, Mapping) else ()
    return {**schema, **needed}
