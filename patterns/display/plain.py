"""Any value as plain data that can be drawn, whatever it holds."""

from __future__ import annotations

import warnings

from pydantic_core import to_jsonable_python


def plain(value: object) -> object:
    """Turn a value into dicts, lists and scalars, by the names of fields; what cannot be is the text that it prints.

    An unfinished value of a stream breaks its own type, and pydantic would warn of that.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return to_jsonable_python(value, by_alias=False, fallback=_printed)
        except (ValueError, TypeError, RecursionError):  # bytes that are no text, a value that holds itself
            return _printed(value)


def _printed(value: object) -> str:
    try:
        return str(value)
    except Exception as error:  # the value's own code
        return f"<{type(value).__name__} that does not print: {type(error).__name__}>"
