"""The tree of errors, and a section for each: from `patterns.errors`, with the exit codes of the shell."""

from __future__ import annotations

from collections.abc import Iterator

import patterns
from builder.entries import entry
from builder.words import first_sentence
from patterns.endings import code_of
from patterns.errors import PatternsError


def markdown() -> str:
    """Give the tree, then each error."""
    tree = list(walk(PatternsError))
    return "\n\n".join(["## The tree", _drawn(tree), "## Each of them", *(_section(error) for error, _ in tree)])


def walk(error: type[PatternsError], depth: int = 0) -> Iterator[tuple[type[PatternsError], int]]:
    """Every public error of ours with its depth in the tree; each stands below the first of its parents."""
    yield error, depth
    for below in error.__subclasses__():
        if below.__bases__[0] is error and below.__name__ in patterns.__all__:
            yield from walk(below, depth + 1)


def _drawn(tree: list[tuple[type[PatternsError], int]]) -> str:
    return "\n".join(
        f"{'  ' * depth}- [`{error.__name__}`](#{error.__name__.lower()}): {first_sentence(error.__doc__)}"
        for error, depth in tree
    )


def _section(error: type[PatternsError]) -> str:
    builtin = next(base.__name__ for base in error.__mro__ if base.__module__ == "builtins")
    also = "" if builtin == "Exception" else f", and caught by `except {builtin}` as well"
    parent = f"A [`{error.__bases__[0].__name__}`](#{error.__bases__[0].__name__.lower()})" if builtin else ""
    kind = "The root" if error is PatternsError else parent
    return f"{entry(patterns, error.__name__)}\n\n{kind}{also}. In the shell: exit code {code_of(error)}."
