"""BAML's parser on the same answers and types, for comparison: each type is written down in its language."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ConfigDict

from patterns.output.shape import shape_of

os.environ |= {"BAML_LOG": "off", "RUST_LOG": "off", "RUST_BACKTRACE": "0", "RUST_LIB_BACKTRACE": "0"}

from baml_py import BamlRuntime

_SCALARS = {"string": "string", "integer": "int", "number": "float", "boolean": "bool", "null": "null"}
_CLIENT = 'client<llm> C {\n  provider openai\n  options {\n    model "none"\n    api_key "none"\n  }\n}\n'


class Unsayable(ValueError):
    """A type that has no counterpart, or a name that is no identifier."""


class _Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


class _Classes(ModuleType):
    """Gives a class for any name: the values are not looked at."""

    def __getattr__(self, name: str) -> type[BaseModel]:
        return _Anything


class Writer:
    """Writes JSON Schemas as BAML classes."""

    def __init__(self) -> None:
        self.classes: list[str] = []

    def write(self, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
        if "$ref" in schema:
            return self.write(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
        if "anyOf" in schema:
            return "(" + " | ".join(self.write(part, root) for part in schema["anyOf"]) + ")"
        kind = schema.get("type")
        if kind in _SCALARS and "enum" not in schema and "const" not in schema:
            return _SCALARS[str(kind)]
        if kind == "array" and "items" in schema:
            return self.write(schema["items"], root) + "[]"
        if kind == "object" and "properties" in schema:
            return self._class(schema, root)
        raise Unsayable(str(schema))

    def _class(self, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
        lines = []
        for name, part in schema["properties"].items():
            if not (name.isidentifier() and name.isascii() and name[0].isalpha()):
                raise Unsayable(name)
            lines.append(f"  {name} {self.write(part, root)}")
        title = f"K{len(self.classes)}"
        self.classes.append(f"class {title} {{\n" + "\n".join(lines) + "\n}\n")
        return title


def parsers(cases: list[tuple[str, Any]]) -> list[tuple[tuple[str, Any], Callable[[], object]]]:
    """Give a parsing call for each case whose type BAML can say."""
    writer, functions, kept = Writer(), [], []
    for case in cases:
        made = len(writer.classes)
        try:
            schema = shape_of(case[1]).schema
            written = writer.write(schema, schema)
        except (Unsayable, KeyError, RecursionError):
            del writer.classes[made:]
            continue
        head = f"function F{len(kept)}(x: string) -> {written}"
        functions.append(head + ' {\n  client C\n  prompt #"{{ x }}"#\n}\n')
        kept.append(case)
    source = "\n".join([_CLIENT, *writer.classes, *functions])
    runtime = BamlRuntime.from_files("baml_src", {"baml_src/main.baml": source}, {})
    context = runtime.create_context_manager()
    classes = _Classes("classes")

    def parser(at: int, text: str) -> Callable[[], object]:
        def run() -> object:
            try:
                return runtime.parse_llm_response(
                    f"F{at}", text, classes, classes, classes, False, context, None, None, {}
                )
            except Exception:  # the library raises its own errors, without a common class
                return None

        return run

    return [(case, parser(at, case[0])) for at, case in enumerate(kept)]
