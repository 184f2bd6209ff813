"""What a shell can say: schemas, inputs and texts as words on a command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

from patterns.errors import InputError, SchemaError
from patterns.messages import Json, Part
from patterns.parts import part_at
from patterns.prompt.kinds import types_of
from patterns.recipe import catalog_of
from patterns.settings import settings

_MODULE = r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$"


def schema_argument(text: str) -> object:
    """Read `--schema`: a JSON Schema file (`invoice.json`), a Python type (`module:Model`), or the shorthand."""
    import re

    if text.endswith(".json"):
        return _schema_file(Path(text))
    if text.lstrip().startswith("{"):
        return _json(text, "the schema")
    if re.match(_MODULE, text):
        return _python_type(text)
    return text


def _schema_file(path: Path) -> object:
    try:
        return _json(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(f"cannot read the schema {path}: {error}") from None


def _json(text: str, what: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise SchemaError(f"{what} is not JSON: {error}") from None


def _python_type(reference: str) -> object:
    module, _, name = reference.partition(":")
    # As `python -m` does: what stands in the current folder can be named.
    sys.path.insert(0, "")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SchemaError(f"cannot import {reference}: {error}", hint="write it as module:Type") from None
    except Exception as error:  # a module of the user's may raise anything at all
        raise SchemaError(
            f"cannot import {reference}: {type(error).__name__}: {error}",
            hint=f"python -c 'import {module}' tells more",
        ) from None
    finally:
        sys.path.remove("")


def inputs_argument(pairs: Sequence[str], schemas: Mapping[str, Json]) -> dict[str, object]:
    """Read `name=value` words; `name=@file` is what a file holds, and JSON where the input is not a string.

    A file is an image, a document or a sound where its name ends like one's, and else text.
    """
    return dict(_input(pair, schemas) for pair in pairs)


def _input(pair: str, schemas: Mapping[str, Json]) -> tuple[str, object]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise InputError(f"{pair!r} is not name=value", hint="write -i text='…' or -i text=@file.txt")
    given = read_file(Path(value[1:])) if value.startswith("@") else value
    fragment = schemas.get(name)
    if isinstance(given, Part):
        many = isinstance(fragment, Mapping) and types_of(fragment) == ("array",)
        return name, [given] if many else given
    text = given
    if isinstance(fragment, Mapping) and "string" not in (types_of(fragment) or ("string",)):
        try:
            return name, cast("object", json.loads(text))
        except ValueError:
            raise InputError(f"the input {name} is not a string: give it as JSON, not {text[:40]!r}") from None
    return name, text


def read_file(path: Path) -> str | Part:
    """Read an image, a document or a sound where the name ends like one's, else text."""
    return part_at(path) or read_text_file(path)


def read_text_file(path: Path) -> str:
    """Read a text file, or stdin for `-`."""
    try:
        if str(path) == "-":
            # Some locales let Python read any bytes, as halves of characters.
            return sys.stdin.buffer.read().decode("utf-8").replace("\r\n", "\n")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        name = "stdin" if str(path) == "-" else path
        hint = f"byte {error.start} does not fit; convert it first: iconv -f LATIN1 -t UTF-8"
        raise InputError(f"{name} is not UTF-8 text", hint=hint) from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None


def template_arguments(name: str, pairs: Sequence[str] | None, *, asks: bool = True) -> dict[str, object]:
    """The inputs of a template by name; the one that is missing comes from stdin, if it `asks` for that."""
    template = catalog_of(settings().templates).load(name)
    given = inputs_argument(pairs or [], template.inputs)
    missing = [name for name in template.required if name not in given]
    if asks and len(missing) == 1 and not sys.stdin.isatty():
        given[missing[0]] = read_text_file(Path("-"))
    return given
