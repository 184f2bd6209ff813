"""The shorthand: an output type in one line of text.

    name, age int, skills list[str], due date?: when it must be paid

A shorthand names fields, divided by commas or line ends. A field is a name, then, each of them optional, a type
(text if there is none), `?` for a value that may be missing, and `:` with a description.

    shorthand    fields, or a type: `list[{sku, qty int}]`, `positive|negative|neutral`
    field        name[?] [type][?] [: description]
    name         one word, or any text in double quotes: "due date"
    type         str int float bool date datetime any
                 list[type]  set[type]  dict[type]      dict: text keys to values of the type
                 {fields}                               an object
                 type|type                              either; `null` is a type here: int|null
                 word|word                              one of these values: open|closed|in progress
                                                        all whole numbers are numbers: 1|2|3
    description  up to the next comma outside brackets; up to the end of the line where fields stand on lines of
                 their own; or any text in double quotes

Words that are all types make a union; otherwise all of them are values, and a value in double quotes is never a type.
A description with a comma goes in double quotes, or on a line of its own:

    name: full name, as printed
    age int: in years

What comes back is a pydantic model made for this text, `Extracted(name='Ada', age=36)`: its fields are attributes,
its repr says what is in it, dates are dates, and `model_dump()` gives a dictionary. A name that Python or pydantic
needs for itself, or that is no identifier, gets an attribute close to it (`class_`, `due_date`); the JSON keeps the
name as written. Mistakes are `SchemaError`s that point at their column.
"""

from __future__ import annotations

from patterns.output.shorthand.extracted import Extracted, made

__all__ = ["Extracted", "type_of"]


def type_of(text: str) -> object:
    """Give the Python type that a shorthand means, the same one for the same text. Raises `SchemaError`."""
    return made(text).root
