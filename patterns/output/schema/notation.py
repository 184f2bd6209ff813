"""Type notation: a JSON Schema as a short type expression, in the manner of TypeScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from patterns.messages import Json
from patterns.output.schema.annotate import ENUM_NAMES
from patterns.output.schema.remarks import comments, compact, limits, same_words

_WORD = re.compile(r"[^\W\d]\w*")
_WIDEST = 88
"""Characters of an object that still stands on one line."""
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Written:
    """A type expression, and what has to be said beside it. `loose` ones need brackets before `[]`."""

    text: str
    remarks: tuple[str, ...] = ()
    loose: bool = False

    @property
    def tight(self) -> str:
        return f"({self.text})" if self.loose else self.text


class Notation:
    """Writes schemas. `follow` says what stands for a `$ref`: the name of a type, or the schema to write in place."""

    def __init__(self, follow: Callable[[str], str | Mapping[str, Json]]) -> None:
        self._follow = follow

    def write(self, schema: Json) -> Written:
        """Write any schema."""
        if not isinstance(schema, Mapping):
            return Written("never" if schema is False else "any")
        if isinstance(ref := schema.get("$ref"), str):
            return self._reference(ref, schema)
        body = self._body(schema)
        notes = ", ".join(limits(schema))
        text = f"{body.tight} ({notes})" if notes else body.text
        return Written(text, (*comments(schema), *body.remarks), body.loose or bool(notes))

    def _reference(self, ref: str, schema: Mapping[str, Json]) -> Written:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        behind = self._follow(ref)
        written = Written(behind) if isinstance(behind, str) else self.write(behind)
        notes = ", ".join(limits(beside))
        text = f"{written.tight} ({notes})" if notes else written.text
        return Written(text, _once(comments(beside), written.remarks), written.loose or bool(notes))

    def _body(self, schema: Mapping[str, Json]) -> Written:
        """The type itself, without limits: all that the keywords say together."""
        parts = list(self._parts(schema))
        if not parts:
            return Written("any")
        if len(parts) == 1:
            return parts[0]
        return Written(" & ".join(part.tight for part in parts), _once(*(p.remarks for p in parts)), loose=True)

    def _parts(self, schema: Mapping[str, Json]) -> Iterator[Written]:
        if "const" in schema:
            yield Written(compact(schema["const"]))
        elif isinstance(values := schema.get("enum"), list):
            yield _literals(values, schema.get(ENUM_NAMES))
        elif (kind := schema.get("type") or _implied(schema)) is not None:
            yield self._union(self._kind(str(each), schema) for each in (kind if isinstance(kind, list) else [kind]))
        for keyword in ("anyOf", "oneOf"):
            if isinstance(forms := schema.get(keyword), list):
                yield self._union(self.write(form) for form in forms)
        if isinstance(together := schema.get("allOf"), list):
            yield from (self.write(each) for each in together)

    def _union(self, forms: Iterable[Written]) -> Written:
        """Alternatives, each once, with null at the end."""
        written = list(forms)
        texts = sorted(dict.fromkeys(form.text for form in written), key=lambda text: text == "null")
        remarks = _once(*(form.remarks for form in written))
        return Written(" | ".join(texts), remarks, loose=len(texts) > 1 or written[0].loose)

    def _kind(self, kind: str, schema: Mapping[str, Json]) -> Written:
        if kind == "object":
            return self._object(schema)
        return self._array(schema) if kind == "array" else Written(kind)

    def _array(self, schema: Mapping[str, Json]) -> Written:
        places, rest = schema.get("prefixItems"), schema.get("items")
        if isinstance(rest, list):
            places, rest = rest, schema.get("additionalItems", True)
        if not isinstance(places, list):
            item = self.write(rest if rest is not None else True)
            return Written(f"{item.tight}[]", item.remarks)
        return self._tuple(places, rest, schema)

    def _tuple(self, places: list[Json], rest: Json, schema: Mapping[str, Json]) -> Written:
        written = [self.write(place) for place in places]
        needed = schema.get("minItems", 0)
        texts = [
            _place(place, item, optional=isinstance(needed, int) and at >= needed)
            for at, (place, item) in enumerate(zip(places, written, strict=True))
        ]
        if rest is not None and rest is not False and schema.get("maxItems") != len(places):
            texts.append(f"...{self.write(rest).tight}[]")
        return Written(f"[{', '.join(texts)}]", _once(*(item.remarks for item in written)))

    def _object(self, schema: Mapping[str, Json]) -> Written:
        lines = [*self._fields(schema), *self._further(schema)]
        if not lines:
            return Written("{}" if schema.get("additionalProperties") is False else "object")
        inline = f"{{{', '.join(text for text, _ in lines)}}}"
        if len(inline) <= _WIDEST and "\n" not in inline and not any(remarks for _, remarks in lines):
            return Written(inline)
        inside = "\n".join(_line(text, remarks) for text, remarks in lines)
        return Written("{\n" + _indented(inside) + "\n}")

    def _fields(self, schema: Mapping[str, Json]) -> Iterator[tuple[str, tuple[str, ...]]]:
        required = schema.get("required")
        needed = required if isinstance(required, list) else []
        properties = schema.get("properties")
        fields: Mapping[str, Json] = properties if isinstance(properties, Mapping) else {}
        for name, field in fields.items():
            written = self.write(field)
            title = comments(field, name) if isinstance(field, Mapping) else ()
            mark = "" if name in needed else "?"
            yield f"{_name(name)}{mark}: {written.text}", _once(title, written.remarks)

    def _further(self, schema: Mapping[str, Json]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Names that are not fixed: of a map, or beside the fixed ones."""
        if isinstance(matching := schema.get("patternProperties"), Mapping):
            for pattern, value in matching.items():
                matched = self.write(value)
                yield f"[matching {pattern}]: {matched.text}", matched.remarks
        rest, names = schema.get("additionalProperties"), schema.get("propertyNames")
        if (rest is not None and rest is not False) or names is not None:
            key = self.write({"type": "string", **(names if isinstance(names, Mapping) else {})})
            other = self.write(rest)
            yield f"[{key.text}]: {other.text}", _once(key.remarks, other.remarks)


def _implied(schema: Mapping[str, Json]) -> str | None:
    """The type that a schema means without naming it."""
    if any(key in schema for key in ("properties", "additionalProperties", "patternProperties", "propertyNames")):
        return "object"
    return "array" if "items" in schema or "prefixItems" in schema else None


def _literals(values: list[Json], names: Json) -> Written:
    labels = names if isinstance(names, list) and len(names) == len(values) else [None] * len(values)
    texts = [_literal(value, label) for value, label in zip(values, labels, strict=True)]
    return Written(" | ".join(texts), loose=len(texts) > 1)


def _literal(value: Json, name: Json) -> str:
    """A value, and the name its Enum gives it when that says more than the value does."""
    told = isinstance(name, str) and not same_words(name, str(value))
    return f"{compact(value)} ({name})" if told else compact(value)


def _place(place: Json, item: Written, *, optional: bool) -> str:
    """One place of a tuple, under its name if it has one."""
    title = place.get("title") if isinstance(place, Mapping) else None
    mark = "?" if optional else ""
    return f"{title}{mark}: {item.text}" if isinstance(title, str) else f"{item.tight if mark else item.text}{mark}"


def _name(name: str) -> str:
    return name if _WORD.fullmatch(name) else compact(name)


def _line(text: str, remarks: tuple[str, ...]) -> str:
    """One member of an object; what is said about one that takes several lines stands above it."""
    if not remarks:
        return text
    said = f"// {'; '.join(remarks)}"
    return f"{said}\n{text}" if "\n" in text else f"{text}  {said}"


def _indented(text: str) -> str:
    return "\n".join(_INDENT + line for line in text.split("\n"))


def _once(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(remark for group in groups for remark in group))
