"""A pattern whose checks depend on the arguments of the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ParamSpec, TypeAlias, TypeVar

from patterns.call import Call
from patterns.messages import Json
from patterns.pattern import Pattern
from patterns.plan import Check
from patterns.recipe import Found

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")

Judge: TypeAlias = Callable[[Mapping[str, Json]], Sequence[Check[T]]]
"""Gives the checks for one call, by its inputs."""


class Judged(Pattern[P, T]):
    """A pattern like `plain`; to its own checks, each call adds those that `judge` gives for its inputs."""

    _judge: Judge[T]

    def __init__(self, plain: Pattern[P, T], judge: Judge[T]) -> None:
        self.__dict__.update(plain.__dict__)
        self._judge = judge

    def into(self, output: type[U]) -> Pattern[P, U]:
        """Give the pattern with another output type; the judge stays behind, it knew the old one."""
        bare: Pattern[P, T] = object.__new__(Pattern)
        bare.__dict__.update({name: value for name, value in self.__dict__.items() if name != "_judge"})
        return bare.into(output)

    def _prepare(
        self,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        found: Found[T] | None = None,
        *,
        calling: bool = True,
    ) -> Call[T]:
        call = super()._prepare(args, kwargs, found, calling=calling)
        task = call.plan.request.task
        checks = (*call.plan.checks, *self._judge(task.inputs if task else {}))
        return replace(call, plan=call.plan._replace(checks=checks))
