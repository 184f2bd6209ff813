"""Python, compiled and thrown away."""

from __future__ import annotations

import warnings

from patterns.sandbox.findings import Finding


def check_python(source: str) -> Finding | None:
    """Compile a module; warnings of the compiler stay silent, and no nesting is deep enough to do harm."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<answer>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Finding(error.msg or "invalid syntax", error.lineno)
    except ValueError as error:
        return Finding(str(error) or "not a source text")
    except (RecursionError, MemoryError):
        return Finding("the code is nested too deeply")
    return None
