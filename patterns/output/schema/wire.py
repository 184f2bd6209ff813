"""The shape of an answer as providers take it: a JSON Schema with an object at its root, strict where it can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from patterns.exchange import Target
from patterns.messages import Json
from patterns.output.schema.bounds import within_bounds
from patterns.output.schema.forms import Unrepresentable
from patterns.output.schema.profiles import Rules, generic
from patterns.output.schema.strict import Writer
from patterns.schemas import DEFINITIONS, every, references, resolve

_LONGEST_NAME = 64
_NOISE = frozenset(("$schema", "$id", "$comment", "title", "default", "examples"))
_NAMED = frozenset((*DEFINITIONS, "properties", "patternProperties", "dependentSchemas"))
_DATA = frozenset(("const", "enum", "required", "dependentRequired"))
_DEFINED = tuple(f"#/{keyword}/" for keyword in DEFINITIONS)
_WHOLE = "Whole"


@dataclass(frozen=True, slots=True)
class Fit:
    """A schema as one provider takes it in one mode.

    `target` is None where it cannot be sent at all, and `why` says the reason. `differences` tells, place by place,
    what the sent schema allows, or leaves out, that the full one does not; the full one judges every answer.
    """

    target: Target | None
    differences: tuple[str, ...] = ()
    why: str = ""


def target(name: str, schema: Mapping[str, Json]) -> Target:
    """Make the target of a value's schema for a provider that is not known.

    A root that is no object stands under `value`. The strict form keeps the rules of strict structured output;
    a schema that has none, with free-form maps or values of any type, is given as it is, freed of noise. Either may
    ask for less than the full schema, which still validates every answer.
    """
    found = fitted(name, schema, generic().json_schema).target
    assert found is not None, "the rules for everybody let every schema be sent"
    return found


def fitted(name: str, schema: Mapping[str, Json], rules: Rules) -> Fit:
    """Write a value's schema by the rules of a provider."""
    wrapped, named = is_wrapped(schema), provider_name(name)
    writer = Writer(schema, rules)
    try:
        written = writer.written(_rooted(schema, wrapped))
        within_bounds(written, rules)
    except (Unrepresentable, RecursionError) as error:
        bounds = not isinstance(error, Unrepresentable) or error.bounds
        why = str(error) if isinstance(error, Unrepresentable) else "it is nested too deeply"
        if rules.loose == "never" or (bounds and rules.loose == "open"):
            return Fit(None, why=why)
        loose = Target(named, _loose(schema, wrapped), wrapped, strict=False)
        return Fit(loose, (f"sent as it is, and not enforced: {why}",))
    made = Target(named, written, wrapped, strict=rules.strict)
    return Fit(made, (*(("$: stands under `value`",) if wrapped else ()), *dict.fromkeys(writer.differences)))


def is_wrapped(schema: Mapping[str, Json]) -> bool:
    """Tell a schema whose values stand under `value`, for its root is no object."""
    return not _is_object(resolve(schema, schema))


def provider_name(name: str) -> str:
    """A name that every provider takes: letters, digits, `_` and `-`, 64 at most."""
    return re.sub(r"[^a-zA-Z0-9_-]+", "_", name).strip("_")[:_LONGEST_NAME] or "Answer"


def _is_object(root: Mapping[str, Json]) -> bool:
    return (root.get("type") == "object" or "properties" in root) and not ("anyOf" in root or "oneOf" in root)


def _rooted(schema: Mapping[str, Json], wrapped: bool) -> dict[str, Json]:
    own = dict(schema if wrapped else resolve(schema, schema))
    if not wrapped:
        return own
    root: dict[str, Json] = {"type": "object", "properties": {"value": own}, "required": ["value"]}
    return {**root, "additionalProperties": False}


def _loose(schema: Mapping[str, Json], wrapped: bool) -> dict[str, Json]:
    """The schema without noise, still open where it is open."""
    definitions = {key: _quiet(held, names=True) for key in DEFINITIONS if isinstance(held := schema.get(key), Mapping)}
    own = schema if wrapped else resolve(schema, schema)
    value = _quiet({key: part for key, part in own.items() if key not in DEFINITIONS})
    if not wrapped:
        return {"type": "object", **value, **definitions}
    if any(not ref.startswith(_DEFINED) for each in every(schema) for ref in references(each)):
        definitions = {key: _moved(held) for key, held in definitions.items()}
        definitions["$defs"] = {**definitions.get("$defs", {}), _WHOLE: _moved(value)}
        value = {"$ref": f"#/$defs/{_WHOLE}"}
    return {"type": "object", "properties": {"value": value}, "required": ["value"], **definitions}


def _quiet(schema: Mapping[str, Json], *, names: bool = False) -> dict[str, Json]:
    """Copy a schema without what providers have no use for; `names` says that its keys are names, not keywords."""
    kept = schema if names else {k: v for k, v in schema.items() if k not in _NOISE and not k.startswith("x-")}
    return {
        key: value if key in _DATA and not names else _quieted(value, key in _NAMED and not names)
        for key, value in kept.items()
    }


def _quieted(value: Json, names: bool) -> Json:
    if isinstance(value, Mapping):
        return _quiet(value, names=names)
    return [_quieted(item, False) for item in value] if isinstance(value, list) else value


def _moved(schema: dict[str, Json]) -> dict[str, Json]:
    """Let references to the root, and into it, follow a schema to its new place among the definitions."""
    ref = schema.get("$ref")
    moved = {key: part if key in _DATA else _moved_part(part) for key, part in schema.items()}
    if isinstance(ref, str) and not ref.startswith(_DEFINED):
        moved["$ref"] = f"#/$defs/{_WHOLE}{ref.removeprefix('#')}"
    return moved


def _moved_part(part: Json) -> Json:
    if isinstance(part, Mapping):
        return _moved(dict(part))
    return [_moved_part(item) for item in part] if isinstance(part, list) else part
