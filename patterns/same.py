"""What was made of the very same objects before: for values that are frozen, kept, and asked about in every call."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def of_the_same(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Give what the function gave for these very arguments, of which the last `most` are remembered.

    They are told apart by identity, which costs less than comparing them and needs no hash; while they are
    remembered they live, so that no other object can have their place. Only for pure functions of frozen values.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept: OrderedDict[tuple[int, ...], tuple[tuple[object, ...], T]] = OrderedDict()

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> T:
            assert not kwargs, "arguments are given in their order"
            key = tuple(map(id, args))
            if (found := kept.get(key)) is None:
                found = kept[key] = args, function(*args, **kwargs)
                while len(kept) > most:
                    kept.popitem(last=False)
            return found[1]

        return asked

    return decorate
