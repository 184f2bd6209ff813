"""Which problems to tell when a value fits none of several forms: those of the form it comes nearest to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from patterns.errors import Problem

_SHOULD = "should be "


def nearest(path: str, forms: Sequence[Sequence[Problem]]) -> Iterator[Problem]:
    """Yield the problems of the form with the fewest, or what any of the nearest forms would take.

    A form that already refuses the value at `path` itself, say a list where an object is asked for, is further away
    than one that only misses something inside; and what is wrong deep inside weighs less than what is wrong on top.
    """
    entered = [form for form in forms if all(problem.path != path for problem in form)] or forms
    distances = [sum(0.5 ** _depth(problem, path) for problem in form) for form in entered]
    best = [form for form, distance in zip(entered, distances, strict=True) if distance == min(distances)]
    if len(best) == 1:
        yield from best[0]
    else:
        yield Problem(path, _either(" and ".join(_relative(problem, path) for problem in form) for form in best))


def _depth(problem: Problem, path: str) -> int:
    inside = problem.path.removeprefix(path)
    return inside.count(".") + inside.count("[")


def _relative(problem: Problem, path: str) -> str:
    inside = problem.path.removeprefix(path).removeprefix(".")
    return f"{inside} {problem.message}" if inside else problem.message


def _either(said: Iterable[str]) -> str:
    words = list(dict.fromkeys(said))
    if all(text.startswith(_SHOULD) for text in words):
        return _SHOULD + one_of(text.removeprefix(_SHOULD) for text in words)
    return one_of(words)


def one_of(words: Iterable[str]) -> str:
    """Join alternatives: a, b or c."""
    *rest, last = dict.fromkeys(words) or ("nothing at all",)
    return f"{', '.join(rest)} or {last}" if rest else last
