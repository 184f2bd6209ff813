"""The shape of an answer in words: one sentence and a terse type notation instead of a JSON Schema dump."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from patterns.messages import Json
from patterns.output.schema.notation import Notation, Written
from patterns.schemas import every, lookup, recursive, references


def words(schema: Mapping[str, Json]) -> str:
    """Say what to answer with: the same information as the JSON Schema, in at most half its tokens.

    Fields stand as `name: type`, `name?: type` when they may be left out, limits in brackets behind the type,
    descriptions as comments. A type that holds itself, or is used more than once, is defined by name below.
    """
    if not any(key for key in schema if key not in ("$schema", "$id", "title", "$comment")):
        return "Answer with JSON only."
    names = _Names(schema)
    notation = Notation(names.follow)
    name, root = names.of_root(), notation.write(schema)
    if name:
        return "\n\n".join([f"{_sentence(schema, schema)}, of type {name}:", *names.definitions(notation)])
    text = "\n".join((f"{_sentence(schema, schema)}, of this type:", *_commented(root)))
    return "\n\n".join([text, *names.definitions(notation)])


def notation(schema: Mapping[str, Json]) -> str:
    """Write the type alone, without the sentence that asks for it; types of its own stand below it."""
    names = _Names(schema)
    written = Notation(names.follow)
    return "\n".join([names.of_root() or "\n".join(_commented(written.write(schema))), *names.definitions(written)])


def _sentence(schema: Mapping[str, Json], root: Mapping[str, Json]) -> str:
    while isinstance(ref := schema.get("$ref"), str) and isinstance(behind := lookup(ref, root), Mapping):
        if behind is schema:
            break
        schema = behind
    kind = schema.get("type")
    if "enum" in schema or "const" in schema:
        return "Answer with exactly one JSON value"
    if kind == "object" or "properties" in schema:
        return "Answer with one JSON object only"
    return "Answer with one JSON list only" if kind == "array" else "Answer with one JSON value only"


def _commented(written: Written) -> Iterator[str]:
    if written.remarks:
        yield f"// {'; '.join(written.remarks)}"
    yield written.text


class _Names:
    """Decides which referenced types get a name: those that hold themselves, and those used more than once."""

    def __init__(self, root: Mapping[str, Json]) -> None:
        self._root = root
        uses = Counter(str(each["$ref"]) for each in every(root) if "$ref" in each)
        self._named: dict[str, str] = {}
        for ref, count in uses.items():
            if recursive(ref, root) or (count > 1 and self._worth_a_name(ref)):
                self._named[ref] = self._fresh(ref)

    def follow(self, ref: str) -> str | Mapping[str, Json]:
        return self._named.get(ref) or self._behind(ref)

    def of_root(self) -> str | None:
        """The name of the root, when it is nothing but a named type."""
        ref = self._root.get("$ref")
        if "#" in self._named:
            return self._named["#"]
        return self._named.get(ref) if isinstance(ref, str) else None

    def definitions(self, notation: Notation) -> Iterator[str]:
        for ref, name in self._named.items():
            above, text = ("", *_commented(notation.write(self._behind(ref))))[-2:]
            yield f"{above}\n{name} = {text}".lstrip("\n")

    def _behind(self, ref: str) -> Mapping[str, Json]:
        found = lookup(ref, self._root)
        return found if isinstance(found, Mapping) else {}

    def _worth_a_name(self, ref: str) -> bool:
        """A scalar is as short as its name; an object, a long list of values or a type with types inside is not."""
        behind = self._behind(ref)
        values = behind.get("enum")
        many = isinstance(values, list) and len(values) > 4
        return many or "properties" in behind or any(True for _ in references(behind))

    def _fresh(self, ref: str) -> str:
        title = self._behind(ref).get("title")
        wanted = title if ref == "#" and isinstance(title, str) else ref.rpartition("/")[2]
        name = re.sub(r"\W+", "_", wanted).strip("_") or "Answer"
        while name in self._named.values():
            name += "_"
        return name
