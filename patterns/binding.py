"""From the arguments of a call to the inputs of a template, by the user's own signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

from patterns.errors import InputError


def signature_of(inputs: Mapping[str, object], required: Sequence[str]) -> inspect.Signature:
    """Make a signature from a template's declared inputs: required ones first, each positional or by name."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = [*required, *(name for name in inputs if name not in required)]
    return inspect.Signature(
        [
            inspect.Parameter(name, kind, default=inspect.Parameter.empty if name in required else OMITTED)
            for name in names
        ]
    )


class _Omitted:
    """Stands for an argument that was not given."""

    def __repr__(self) -> str:
        return "…"


OMITTED = _Omitted()


def bind(
    signature: inspect.Signature, args: Sequence[object], kwargs: Mapping[str, object], what: str
) -> dict[str, object]:
    """Name the arguments; InputError says which are missing or too many."""
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise InputError(f"{what}: {error}", hint=f"call it as {what}{signature}") from None
    bound.apply_defaults()
    return {name: value for name, value in bound.arguments.items() if value is not OMITTED}


def signature_from(function: Callable[..., object]) -> inspect.Signature:
    """Read the signature of the decorated function; star arguments cannot be the inputs of a template."""
    signature = inspect.signature(function)
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise InputError(
                f"{function.__name__}: *{parameter.name} cannot be an input of a template", hint="name each input"
            )
    return signature
