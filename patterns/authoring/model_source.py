"""An output type in shorthand, written as the Python source of Pydantic models."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator

from pydantic import BaseModel

from patterns.output.shorthand.nodes import Either, Field, Kind, Many, Plain, Record, Values

_DATES = {"date": "dt.date", "datetime": "dt.datetime"}
_TAKEN = frozenset({"str", "int", "float", "bool", "list", "set", "dict", "dt", "field"})
_WORD = re.compile(r"[^0-9a-zA-Z_]+")


class ModelSource:
    """Writes one class for the record, and one for each record inside of it, the inner ones first."""

    def __init__(self, name: str, record: Record, description: str) -> None:
        self._classes: list[str] = []
        self._names: set[str] = set()
        self._imports: set[str] = set()
        self.name = self._class(name, record, description)

    @property
    def imports(self) -> str:
        """The import lines of a module with the classes and a pattern, sorted as ruff sorts them."""
        typing = sorted(self._imports & {"Any", "Literal"})
        pydantic = ["BaseModel", *sorted(self._imports & {"ConfigDict", "Field"})]
        lines = ["import datetime as dt"] if "dt" in self._imports else []
        lines += [f"from typing import {', '.join(typing)}"] if typing else []
        standard = "\n".join(lines)
        ours = "from patterns import pattern\n"
        return f"{standard}\n\n" * bool(lines) + f"{ours}from pydantic import {', '.join(pydantic)}"

    @property
    def classes(self) -> str:
        return "\n\n\n".join(self._classes)

    def _class(self, name: str, record: Record, description: str) -> str:
        name = self._free(name)
        fields = [self._field(field, name) for field in record.fields]
        lines = [f"class {name}(BaseModel):", f"    {_docstring(description)}", ""]
        if any(_attribute(field.name) != field.name for field in record.fields):
            self._imports.add("ConfigDict")
            lines += ["    model_config = ConfigDict(validate_by_name=True)", ""]
        self._classes.append("\n".join([*lines, *(f"    {field}" for field in fields)]))
        return name

    def _free(self, name: str) -> str:
        number, free = 2, name
        while free in self._names:
            free, number = f"{name}{number}", number + 1
        self._names.add(free)
        return free

    def _field(self, field: Field, owner: str) -> str:
        attribute = _attribute(field.name)
        kind = self._type(field.kind, f"{owner}{class_name(field.name)}")
        kind = f"{kind} | None" if field.optional and not kind.endswith("None") else kind
        told = dict(self._told(field, attribute))
        if not told:
            return f"{attribute}: {kind}" + (" = None" if field.optional else "")
        self._imports.add("Field")
        first = ["default=None"] if field.optional else []
        return f"{attribute}: {kind} = Field({', '.join([*first, *(f'{k}={json.dumps(v)}' for k, v in told.items())])})"

    def _told(self, field: Field, attribute: str) -> Iterator[tuple[str, str]]:
        if attribute != field.name:
            yield "alias", field.name
        if field.description:
            yield "description", field.description

    def _type(self, kind: Kind, name: str) -> str:
        if isinstance(kind, Plain):
            return self._plain(kind.name)
        if isinstance(kind, Values):
            self._imports.add("Literal")
            return f"Literal[{', '.join(json.dumps(value, ensure_ascii=False) for value in kind.values)}]"
        if isinstance(kind, Many):
            inner = self._type(kind.item, name)
            return f"dict[str, {inner}]" if kind.kind == "dict" else f"{kind.kind}[{inner}]"
        if isinstance(kind, Either):
            return " | ".join(self._type(each, name) for each in kind.kinds)
        return self._class(name, kind, f"Part of {name}.")

    def _plain(self, name: str) -> str:
        if name in _DATES:
            self._imports.add("dt")
            return _DATES[name]
        if name == "any":
            self._imports.add("Any")
            return "Any"
        return "None" if name == "null" else name


def class_name(words: str) -> str:
    """A name for a class, of the words of another name."""
    name = "".join(word[:1].upper() + word[1:] for word in _WORD.sub("_", words).split("_") if word)
    return name if name[:1].isalpha() else f"T{name}"


def _attribute(name: str) -> str:
    """A name for an attribute: the field's own, unless Python, Pydantic or the types beside it need that."""
    plain = _WORD.sub("_", name).strip("_") or "field"
    plain = plain if plain == name else plain.lower()
    plain = f"field_{plain}" if plain[0].isdigit() or plain.startswith("model_") else plain
    taken = keyword.iskeyword(plain) or plain in _TAKEN or hasattr(BaseModel, plain)
    return f"{plain}_" if taken else plain


def _docstring(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    plain = " ".join(shown.replace("\\", "/").replace('"', "'").split()) or "What is wanted."
    return f'"""{plain if plain.endswith((".", "?", "!")) else f"{plain}."}"""'
