"""Regular expressions whose time is linear in the text: the patterns of a schema never run on `re`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pydantic_core import SchemaError as BadCoreSchema
from pydantic_core import SchemaValidator, core_schema

from patterns.errors import SchemaError


@lru_cache(maxsize=1024)
def searcher(pattern: str) -> Callable[[str], bool]:
    """Compile a pattern that is searched anywhere in a text, as JSON Schema has it, on Rust's regex engine.

    Raises `SchemaError` for what cannot run in linear time: look-around and backreferences.
    """
    try:
        schema = core_schema.str_schema(pattern=pattern, regex_engine="rust-regex", strict=True)
        return SchemaValidator(schema).isinstance_python
    except (BadCoreSchema, UnicodeError) as error:
        reason = str(error).strip().rpartition("\n")[2].strip().removeprefix("error: ")
        raise SchemaError(
            f"the pattern {pattern[:80]!r} cannot be used: {reason}",
            hint="Patterns run on an engine without backtracking: write it without look-around and backreferences.",
        ) from None
