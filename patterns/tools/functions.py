"""A function as a tool: its signature and docstring are what a model is told of it, and what its arguments must be."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NotRequired, TypeAlias

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticSerializationError, to_jsonable_python
from typing_extensions import TypedDict

from patterns.errors import InputError, SchemaError
from patterns.messages import Json, Tool
from patterns.output.shape import Shape, shape_of
from patterns.tools.docstrings import told

Given: TypeAlias = Callable[..., object]
Annotation: TypeAlias = Any  # a type as it is written in a signature

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LONGEST = 1024
"""Characters of a description that every provider takes."""
_STARS = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_NAMED = frozenset(("properties", "$defs"))
_DATA = frozenset(("const", "default", "enum", "examples"))


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function that a model may call. `tool` is what the model sees of it, `shape` what its arguments are read by."""

    tool: Tool
    shape: Shape[Mapping[str, object]]
    given: Given
    signature: inspect.Signature
    awaited: bool

    def bound(self, values: Mapping[str, object]) -> inspect.BoundArguments:
        """Put the values in their places; what is left out is as the function has it by default."""
        arguments = inspect.BoundArguments(self.signature, dict(values))
        arguments.apply_defaults()
        return arguments


def function_of(given: Given) -> Function:
    """Make a tool of a function, a method or a callable object. Raises InputError, which says what it lacks.

    Arguments that a `functools.partial` fixes are not shown to the model, which cannot give them.
    """
    core = _core(given)
    name = _name(core, given)
    if inspect.isasyncgenfunction(core):
        raise InputError(f"the tool {name} is an async generator, which gives no result", hint="return a list from it")
    signature = _signature(given, core, name)
    words = told(core.__doc__)
    fields = {
        parameter.name: _member(parameter, words.parameters.get(parameter.name, ""), name)
        for parameter in signature.parameters.values()
        if parameter.name not in _fixed(given)
    }
    try:
        shape: Shape[Any] = shape_of(TypedDict(name, fields))  # type: ignore[operator]
    except SchemaError as error:
        raise InputError(f"the tool {name}: {error.message}", hint=error.hint) from None
    tool = Tool(name, words.summary[:_LONGEST], _sent(shape.schema))
    return Function(tool, shape, given, signature, inspect.iscoroutinefunction(core))


def tools_of(given: Sequence[Tool | Given]) -> tuple[tuple[Tool, ...], tuple[Function, ...]]:
    """Give all tools as a model is told of them, and those of them that are functions. Raises InputError."""
    functions = {id(each): function_of(each) for each in given if not isinstance(each, Tool)}
    tools = tuple(each if isinstance(each, Tool) else functions[id(each)].tool for each in given)
    names = [tool.name for tool in tools]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"two tools are called {', '.join(twice)}", hint="give one of them another name")
    return tools, tuple(functions.values())


def _core(given: Given) -> Given:
    """The function that does the work: inside a partial, or the `__call__` of an object."""
    while isinstance(given, functools.partial):
        given = given.func
    if isinstance(given, type):
        raise InputError(f"{given.__name__} is a class, and a tool is a function", hint="wrap it in a function")
    return given if inspect.isroutine(given) else type(given).__call__


def _fixed(given: Given) -> frozenset[str]:
    return frozenset(given.keywords) if isinstance(given, functools.partial) else frozenset()


def _name(core: Given, given: Given) -> str:
    name = core.__name__ if core.__name__ != "__call__" else getattr(given, "__name__", type(given).__name__)
    if not _NAME.fullmatch(name):
        raise InputError(
            f"a model cannot call a tool by the name {name!r}",
            hint="write it with def, under a name of letters, digits, _ and -, 64 at most",
        )
    return name


def _signature(given: Given, core: Given, name: str) -> inspect.Signature:
    try:
        signature = inspect.signature(given)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} has no signature to read: {error}", hint="wrap it in a function") from None
    for parameter in signature.parameters.values():
        if parameter.kind in _STARS:
            hint = "name each parameter; around a pattern or a wrapper, write a function with named parameters"
            raise InputError(f"the tool {name}: a model cannot give *{parameter.name}", hint=hint)
    scope: dict[str, object] = getattr(inspect.unwrap(core), "__globals__", {})
    fixed, parameters = _fixed(given), signature.parameters.values()
    return signature.replace(parameters=[p if p.name in fixed else _typed(p, scope, name) for p in parameters])


def _typed(parameter: inspect.Parameter, scope: dict[str, object], tool: str) -> inspect.Parameter:
    """The parameter with its type, where the signature has that as text. What is not the model's to give stays text:
    of what a function returns, or is given by us, the types may be known to type checkers alone."""
    if not isinstance(parameter.annotation, str):
        return parameter
    try:
        return parameter.replace(annotation=eval(parameter.annotation, scope))
    except Exception as error:
        raise InputError(
            f"the tool {tool}: a type in its signature is not known: {error}",
            hint="define the type at the top level of the function's module, outside of `if TYPE_CHECKING`",
        ) from None


def _member(parameter: inspect.Parameter, words: str, tool: str) -> Annotation:
    """One argument: its type, its words unless the type brings its own, its default for the model to see."""
    kind: Annotation = parameter.annotation
    if kind is inspect.Parameter.empty:
        raise InputError(
            f"the tool {tool}: its parameter {parameter.name} has no type",
            hint=f"annotate it, as in {parameter.name}: str, so that the model knows what to give",
        )
    default = parameter.default
    if isinstance(default, FieldInfo):  # `x: int = Field(3, ge=1)`: the field stands for what is said of the parameter
        kind = Annotated[kind, default]
    if words and not _has_words(kind):
        kind = Annotated[kind, Field(description=words[:_LONGEST])]
    if default is inspect.Parameter.empty or isinstance(default, FieldInfo):
        return kind
    return NotRequired[Annotated[kind, Field(json_schema_extra=_default(default))]]


def _has_words(kind: Annotation) -> bool:
    notes: Sequence[object] = getattr(kind, "__metadata__", ())
    return any(isinstance(note, FieldInfo) and note.description for note in notes)


def _default(value: object) -> dict[str, Any]:
    """What the schema says of a default; nothing of one that is no JSON, such as an object of the program's own."""
    try:
        return {"default": to_jsonable_python(value)}
    except PydanticSerializationError:
        return {}


def _sent(schema: Mapping[str, Json], *, names: bool = False) -> dict[str, Json]:
    """The schema without notes for our own reading; `names` says that its keys are names, not keywords."""
    kept = {k: v for k, v in schema.items() if names or not (k == "title" or k.startswith("x-"))}
    return {
        key: value if key in _DATA and not names else _part(value, names=key in _NAMED and not names)
        for key, value in kept.items()
    }


def _part(value: Json, *, names: bool) -> Json:
    if isinstance(value, Mapping):
        return _sent(value, names=names)
    return [_part(item, names=False) for item in value] if isinstance(value, list) else value
