"""Models made at run time: what a shorthand becomes."""

from __future__ import annotations

import datetime as dt
import keyword
import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from types import GenericAlias
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as model_field

from patterns.output.shorthand.cursor import mistake
from patterns.output.shorthand.nodes import Either, Field, Kind, Many, Plain, Record, Values
from patterns.output.shorthand.parser import parse

_PLAIN: dict[str, object] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "date": dt.date,
    "datetime": dt.datetime,
    "any": Any,
    "null": None,
}
_MANY: dict[str, type] = {"list": list, "set": set}


class Extracted(BaseModel):
    """A value read by a shorthand: its fields are attributes. It can be pickled."""

    model_config = ConfigDict(protected_namespaces=())
    _shorthand: ClassVar[str] = ""
    _place: ClassVar[int] = 0

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # the fields are known at run time only

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self._shorthand, self._place, self.model_dump(by_alias=True))


@dataclass(frozen=True, slots=True)
class Makings:
    """The type of a shorthand, and the models made for it in the order of making."""

    text: str
    root: object
    models: tuple[type[Extracted], ...]


@lru_cache(maxsize=512)
def made(text: str) -> Makings:
    """Make the type of a shorthand, once for each text. Raises `SchemaError`."""
    maker = _Maker(text)
    root = maker.type_of(parse(text), "Extracted")
    return Makings(text, root, tuple(maker.models))


def _restored(text: str, place: int, content: dict[str, object]) -> Extracted:
    return made(text).models[place].model_validate(content)


class _Maker:
    def __init__(self, text: str) -> None:
        self._text = text
        self.models: list[type[Extracted]] = []

    def type_of(self, kind: Kind, name: str) -> Any:
        """The Python type of one kind; `name` is what a model made for it is called."""
        match kind:
            case Plain():
                return _PLAIN[kind.name]
            case Values():
                return Literal[kind.values]
            case Either():
                return _union(*(self.type_of(each, name) for each in kind.kinds))
            case Many(kind="dict"):
                return GenericAlias(dict, (str, self.type_of(kind.item, name)))
            case Many():
                return GenericAlias(_MANY[kind.kind], (self.type_of(kind.item, name),))
            case Record():
                return self._model(kind, name)

    def _model(self, record: Record, name: str) -> type[Extracted]:
        fields: dict[str, Any] = {}
        for field in record.fields:
            attribute = self._attribute(field, fields)
            fields[attribute] = self._field(field, "" if attribute == field.name else field.name)
        model = create_model(name, __base__=Extracted, __module__=__name__, **fields)
        model._shorthand, model._place = self._text, len(self.models)
        self.models.append(model)
        return model

    def _field(self, field: Field, alias: str) -> tuple[Any, Any]:
        kind = self.type_of(field.kind, _class_name(field.name))
        said, alias_or_none = field.description or None, alias or None
        if field.optional:
            return _union(kind, type(None)), model_field(None, description=said, alias=alias_or_none)
        return kind, model_field(description=said, alias=alias_or_none)

    def _attribute(self, field: Field, taken: dict[str, Any]) -> str:
        """The attribute of a field: its name, or something close where Python or pydantic need that for themselves."""
        name = re.sub(r"\W", "_", field.name).strip("_") or "field"
        name = name if name.isidentifier() else f"field_{name}"
        if keyword.iskeyword(name) or hasattr(Extracted, name):
            name += "_"
        if name in taken:
            raise mistake(self._text, field.at, f"the name {field.name!r} is too close to another one: both are {name}")
        return name


def _union(*kinds: Any) -> Any:
    return reduce(or_, kinds)


def _class_name(name: str) -> str:
    words = re.findall(r"[^\W_]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if joined.isidentifier() else "Extracted"
