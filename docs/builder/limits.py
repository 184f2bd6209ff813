"""What a template may take at most, from the constants that hold it to that."""

from __future__ import annotations

from builder.words import table
from patterns.prompt import examples, files, growth, inputs, yaml
from patterns.prompt.sheet import DEFAULT_LIMITS


def markdown() -> str:
    """Give the table of limits."""
    rows = [
        ("a template file", f"{files.MAX_BYTES:,} bytes"),
        ("a front matter", f"{yaml.MAX_CHARACTERS:,} characters, {yaml.MAX_DEPTH} levels"),
        ("a file of examples", f"{files.MAX_DATA_BYTES:,} bytes; YAML {examples.MAX_EXAMPLES_YAML:,} characters"),
        ("an input", f"{inputs.MAX_DEPTH} levels"),
        ("a `range(…)`", f"{growth.MAX_RANGE:,} numbers"),
        ("a number that is computed", f"{growth.MAX_NUMBER:,} either way"),
        ("turns of loops, calls of macros and members of built values in a render", f"{DEFAULT_LIMITS.steps:,}"),
        ("characters that a render writes, those through macros again", f"{DEFAULT_LIMITS.characters:,}"),
    ]
    return table(["", "at most"], rows)
