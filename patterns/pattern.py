"""A pattern: a template file and an output type, called like a function."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Generic, ParamSpec, TypeVar, Unpack, cast, get_type_hints, overload

from patterns.batch.engine import abatch
from patterns.batch.outcomes import Outcome
from patterns.binding import bind, signature_from, signature_of
from patterns.call import Call, prepare
from patterns.demonstrations import selection_of
from patterns.drawn import Drawn
from patterns.errors import InputError
from patterns.exchange import Result
from patterns.messages import Message, Messages
from patterns.model.door import expect, open_door
from patterns.model.estimates import Estimate, estimate
from patterns.model.portal import portal
from patterns.model.steps import adrive, drive
from patterns.plan import Check
from patterns.prompt.template import Template
from patterns.recipe import Found, Recipe, find_recipe
from patterns.settings import settings
from patterns.setup import Changes, Setup
from patterns.stream import astream, astream_items
from patterns.ways import SentSchema, sent

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")


class Pattern(Drawn, Generic[P, T]):
    """A template and an output type as one callable. Frozen: `with_options` and `into` give another.

    `template` is a name such as `few_shot/sentiment`, found in the user's folders first. `output` is any type
    that `patterns.read` takes; without it the template's front matter names one. `checks` say no with
    ValueError, whose words are sent to the model. Nothing is read before the first use; only where the options name a
    model that litellm alone can ask, its import begins on a thread at once.

    Every verb raises errors of `patterns.errors` only: TemplateError and InputError before a model is asked,
    ModelError when none answers, OutputError with every attempt when no answer is acceptable.
    """

    def __init__(
        self,
        template: str,
        *,
        output: type[T] | None = None,
        checks: Sequence[Check[T]] = (),
        **options: Unpack[Changes],
    ) -> None:
        self._name = template
        self._output: object = output
        self._checks = tuple(checks)
        self._setup = Setup().changed(options)
        expect(self._setup.model, self._setup.lane)
        self._signature: inspect.Signature | None = None

    @property
    def name(self) -> str:
        """The name of its template."""
        return self._name

    def __repr__(self) -> str:
        return f"<Pattern {self._name}>"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Give the validated value."""
        return self.run(*args, **kwargs).output

    async def acall(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Give the validated value, on the running loop."""
        call = await self._ready(args, kwargs)  # not by `arun`: with hundreds of calls under way, each coroutine counts
        return (await adrive(call.steps(), call.gateway)).output

    def run(self, *args: P.args, **kwargs: P.kwargs) -> Result[T]:
        """Give the value with its whole story: usage, cost, attempts, repairs. Works inside a running loop too."""
        call = self._prepare(args, kwargs)
        return drive(call.steps(), call.gateway)

    async def arun(self, *args: P.args, **kwargs: P.kwargs) -> Result[T]:
        """`run` on the running loop."""
        call = await self._ready(args, kwargs)
        return await adrive(call.steps(), call.gateway)

    def stream(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        """Yield the value as it grows, then whole and validated; the parts that are closed are validated already."""
        return portal().iterate(astream(self._prepare(args, kwargs)))

    def astream(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        """`stream` on the running loop."""
        return self._streamed(astream, args, kwargs)

    def stream_items(self: Pattern[P, list[U]], *args: P.args, **kwargs: P.kwargs) -> Iterator[U]:
        """Yield the items of a list, each as soon as it has closed and is valid. Nothing is asked for twice."""
        return portal().iterate(astream_items(self._prepare(args, kwargs)))

    def astream_items(self: Pattern[P, list[U]], *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[U]:
        """`stream_items` on the running loop."""
        return self._streamed(astream_items, args, kwargs)

    def batch(
        self, rows: Iterable[object], *, concurrency: int = 8, max_failures: int | float | None = None
    ) -> Iterator[Outcome[T]]:
        """Run over many rows, `concurrency` at a time; outcomes come in the order of the rows.

        A row is a mapping of inputs by name, a tuple of inputs in order, or the one input itself. One that fails, in
        whatever way, has its error for an outcome. The batch stops when the next row would fare the same (a wrong key,
        an empty account, a budget that is spent), or when more than `max_failures` rows failed: a number, or below 1 a
        share. The rows left are not asked: in a list each ends as BatchStopped, else that is raised in their place.
        """
        return portal().iterate(self.abatch(rows, concurrency=concurrency, max_failures=max_failures))

    def abatch(
        self, rows: Iterable[object], *, concurrency: int = 8, max_failures: int | float | None = None
    ) -> AsyncIterator[Outcome[T]]:
        """`batch` on the running loop."""
        return abatch(self._row, rows, concurrency=concurrency, max_failures=max_failures)

    def render(self, *args: P.args, **kwargs: P.kwargs) -> list[Message]:
        """Give the exact messages. No model is asked, but for an embedding model that chooses the examples."""
        return Messages(self._prepare(args, kwargs, calling=False).plan.request.messages)

    def estimate(self, *args: P.args, **kwargs: P.kwargs) -> Estimate:
        """Count the tokens and price the call before it is made; the price is None where it is unknown."""
        return estimate(self._prepare(args, kwargs, calling=False).plan.request, settings().prices)

    def sent_schema(self) -> SentSchema:
        """Tell in which mode the model would be asked, and with what schema; no model is asked."""
        defaults, own = settings(), self._setup
        model, gateway = open_door(own.model or defaults.model, offline=defaults.offline)
        wanted = own.mode or defaults.mode
        return sent(self.recipe(), model, gateway, wanted, own.options, own.tools, bool(own.functions))

    def with_options(self, **changes: Unpack[Changes]) -> Pattern[P, T]:
        """Give the same pattern with other choices: the model, sampling parameters, patience."""
        made = self._copy(_setup=self._setup.changed(changes))
        if "model" in changes or "lane" in changes:
            expect(made._setup.model, made._setup.lane)
        return made

    def into(self, output: type[U]) -> Pattern[P, U]:
        """Give the same pattern with another output type; its checks stay behind, they knew the old one."""
        return cast("Pattern[P, U]", self._copy(_output=output, _checks=()))

    def with_checks(self, *checks: Check[T]) -> Pattern[P, T]:
        """Give the same pattern with these checks added."""
        return self._copy(_checks=(*self._checks, *checks))

    def _copy(self, **changes: object) -> Pattern[P, T]:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__ | changes)
        return twin

    def recipe(self) -> Recipe[T]:
        """Load the template and check it against the output type; raises TemplateError or SchemaError."""
        return self._found().recipe

    def _found(self) -> Found[T]:
        """The recipe with the settings it was found under: a call looks at both once."""
        defaults = settings()
        return Found(find_recipe(self._name, self._output, self._checks, defaults), defaults)

    async def _ready(self, args: Sequence[object], kwargs: Mapping[str, object]) -> Call[T]:
        """`_prepare`, on a thread of its own where it waits for an embedding model."""
        found = self._found()
        if selection_of(found.recipe, self._setup).model is None:
            return self._prepare(args, kwargs, found)
        return await asyncio.to_thread(self._prepare, args, kwargs, found)

    def _streamed(
        self, verb: Callable[[Call[T]], AsyncIterator[U]], args: Sequence[object], kwargs: Mapping[str, object]
    ) -> AsyncIterator[U]:
        """Stream a call; what is wrong with its inputs is told at once, unless it waits for an embedding model."""
        found = self._found()
        if selection_of(found.recipe, self._setup).model is None:
            return verb(self._prepare(args, kwargs, found))

        async def later() -> AsyncIterator[U]:
            async for each in verb(await self._ready(args, kwargs)):
                yield each

        return later()

    def _prepare(
        self,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        found: Found[T] | None = None,
        *,
        calling: bool = True,
    ) -> Call[T]:
        recipe, defaults = found or self._found()
        signature = self._signature or _declared(recipe.template)
        return prepare(recipe, bind(signature, args, kwargs, self._name), self._setup, defaults, calling=calling)

    async def _row(self, row: object) -> Result[T]:
        if isinstance(row, Mapping):
            call = await self._ready((), row)
        else:
            call = await self._ready(row if isinstance(row, tuple) else (row,), {})
        return await adrive(call.steps(), call.gateway)


@lru_cache(maxsize=256)
def _declared(template: Template) -> inspect.Signature:
    return signature_of(template.inputs, template.required)


@overload
def pattern(template: str, **options: Unpack[Changes]) -> Callable[[Callable[P, T]], Pattern[P, T]]: ...
@overload
def pattern(
    template: str, *, checks: Sequence[Check[T]], **options: Unpack[Changes]
) -> Callable[[Callable[P, T]], Pattern[P, T]]: ...
def pattern(
    template: str, *, checks: Sequence[Check[T]] = (), **options: Unpack[Changes]
) -> Callable[[Callable[P, T]], Pattern[P, T]]:
    """Turn a typed signature into a pattern: its parameters are the inputs, its return type is the output.

    The function's body never runs; its docstring is for readers.
    """

    def decorate(function: Callable[P, T]) -> Pattern[P, T]:
        made: Pattern[P, T] = Pattern(template, checks=checks, **options)
        return made._copy(
            _output=_returned(function, sys._getframe(1).f_locals),
            _signature=signature_from(function),
            __doc__=function.__doc__,
            __name__=function.__name__,
        )

    return decorate


def _returned(function: Callable[..., object], names: Mapping[str, object]) -> object:
    """The return type of a function, looked up where it is written; None leaves the choice to the template."""
    try:
        output = get_type_hints(function, localns=dict(names), include_extras=True).get("return")
    except NameError as error:
        raise InputError(
            f"the return type of {function.__name__} is not known here: {error}",
            hint="define the type above the pattern",
        ) from None
    return None if output is type(None) else output
