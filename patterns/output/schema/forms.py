"""Fixed values, alternatives and null, as providers take them."""

from __future__ import annotations

from typing import NoReturn

from patterns.messages import Json

_NULL: dict[str, Json] = {"type": "null"}


class Unrepresentable(Exception):
    """The schema allows values that the rules have no words for. `bounds` says that it only is too large for them."""

    def __init__(self, why: str, *, bounds: bool = False) -> None:
        super().__init__(why)
        self.bounds = bounds


def fixed(values: list[Json], path: str) -> dict[str, Json]:
    """An enum with its type; one alternative for each type when there are several."""
    by_type: dict[str, list[Json]] = {}
    for value in values:
        by_type.setdefault(_type(value, path), []).append(value)
    forms: list[dict[str, Json]] = [
        dict(_NULL) if kind == "null" else {"type": kind, "enum": of} for kind, of in by_type.items()
    ]
    return any_of(forms, path)


def _type(value: Json, path: str) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds: list[tuple[type, str]] = [(str, "string"), (int, "integer"), (float, "number"), (type(None), "null")]
    return next((name for kind, name in kinds if isinstance(value, kind)), "") or _refuse(path)


def _refuse(path: str) -> NoReturn:
    raise Unrepresentable(f"{path} has fixed values that are lists or objects")


def any_of(forms: list[dict[str, Json]], path: str) -> dict[str, Json]:
    if not forms:
        raise Unrepresentable(f"{path} has no value at all")
    return forms[0] if len(forms) == 1 else {"anyOf": list(forms)}


def nullable(schema: dict[str, Json]) -> dict[str, Json]:
    forms = schema.get("anyOf")
    if schema == _NULL or (isinstance(forms, list) and _NULL in forms):
        return schema
    said = {"description": schema["description"]} if "description" in schema else {}
    bare = {key: value for key, value in schema.items() if key != "description"}
    inner = forms if isinstance(forms, list) else [bare]
    return {"anyOf": [*inner, dict(_NULL)], **said}
