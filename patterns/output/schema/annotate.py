"""The JSON Schema of a Python type, with the notes that reading and describing need and pydantic leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from patterns.schemas import lookup, resolve

__all__ = ["ALIASES", "DECIMAL", "ENUM_NAMES", "AnnotatedJsonSchema", "lookup", "resolve"]

ENUM_NAMES = "x-enum-names"
"""The member names of an Enum, in the order of its values."""
ALIASES = "x-aliases"
"""Further names of a property: other AliasChoices, the Python name of the field, and the one it is dumped under."""
DECIMAL = "x-decimal"
"""Marks a number of exact digits, which may travel as a string."""

_Field: TypeAlias = "core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField"


class AnnotatedJsonSchema(GenerateJsonSchema):
    """Writes names that a reader can use, and no titles made up from field names."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        written = super().enum_schema(schema)
        written[ENUM_NAMES] = [member.name for member in schema["members"]]
        return written

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {**super().decimal_schema(schema), DECIMAL: True}

    def model_fields_schema(self, schema: core_schema.ModelFieldsSchema) -> JsonSchemaValue:
        return _with_aliases(super().model_fields_schema(schema), schema["fields"].items())

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        return _with_aliases(super().typed_dict_schema(schema), schema["fields"].items())

    def dataclass_args_schema(self, schema: core_schema.DataclassArgsSchema) -> JsonSchemaValue:
        return _with_aliases(super().dataclass_args_schema(schema), ((f["name"], f) for f in schema["fields"]))

    def named_tuple_schema(self, schema: core_schema.NamedTupleSchema) -> JsonSchemaValue:
        return _with_places(super().named_tuple_schema(schema), [field["name"] for field in schema["fields"]])

    def p_arguments_schema(
        self, arguments: list[core_schema.ArgumentsParameter], var_args_schema: core_schema.CoreSchema | None
    ) -> JsonSchemaValue:
        """Write a NamedTuple as pydantic before 2.14 draws it."""
        written = super().p_arguments_schema(arguments, var_args_schema)
        return _with_places(written, [self.get_argument_name(argument) for argument in arguments])


def _with_places(written: JsonSchemaValue, names: list[str]) -> JsonSchemaValue:
    """Keep the names of a tuple's places as their titles."""
    for name, place in zip(names, written.get("prefixItems", ()), strict=False):
        place.setdefault("title", name)
    return written


def _with_aliases(written: JsonSchemaValue, fields: Iterable[tuple[str, _Field]]) -> JsonSchemaValue:
    properties = written.get("properties", {})
    for name, field in fields:
        written_as = field.get("serialization_alias", name)
        names = [*_aliases(field), name, written_as]
        key = next((n for n in names if n in properties), None)
        others = [n for n in dict.fromkeys(names) if n != key]
        if key is not None and others:
            properties[key] = {**properties[key], ALIASES: others}
    return written


def _aliases(field: _Field) -> Iterator[str]:
    """The plain names among a field's aliases; a path into a nested value is no name."""
    alias = field.get("validation_alias", [])
    if isinstance(alias, str):
        yield alias
        return
    for choice in alias:
        if isinstance(choice, list) and len(choice) == 1 and isinstance(choice[0], str):
            yield choice[0]
