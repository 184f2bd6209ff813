"""An import on a thread that can be given up step by step, and that stays out of the way of other threads' imports."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from itertools import accumulate
from types import CodeType, ModuleType
from typing import Final

_PATIENCE: Final = 2.0
"""Seconds that another thread waits at most until an import that gives way has cleared up behind itself."""


class GivenUp(BaseException):
    """Unwinds an import. No `except Exception` on the way takes it for an error that it knows of."""


class Retractable(MetaPathFinder):
    """Imports a module on the thread that calls `load`, and gives it up where `unwanted` says so, or `retract` did.

    It is the first of the finders meanwhile, and so sees each module at the beginning of its import. It gives up only
    where nothing but modules of the packages `own` are half imported: those are forgotten, so that the next import
    begins anew. All that others made is whole, for not everything can be imported twice.

    Two threads that import one package from different ends (`from litellm.exceptions import …`, while litellm itself
    is imported here) are given half of it by Python, or an error. So whoever looks for a part of a package that
    another thread is importing has the right of way here: this import is given up, and the other one does it all.
    """

    def __init__(self, own: frozenset[str], unwanted: Callable[[], bool]) -> None:
        self._own = own | {"importlib", __name__.partition(".")[0]}
        self._unwanted = unwanted
        self._retracted = False
        self._raised = False
        self._thread = 0
        self._begun: dict[str, None] = {}
        self._late: set[str] = set()
        self._ended = threading.Event()

    def retract(self) -> None:
        """Have the import given up at its next step."""
        self._retracted = True

    def load(self, name: str) -> ModuleType:
        """Import the module. Raises GivenUp, and whatever the import raises."""
        self._thread = threading.get_ident()
        sys.meta_path.insert(0, self)
        try:
            module = import_module(name)
            if self._raised:  # code of its own took GivenUp for an error that it knows of, and went on without a part
                sys.modules.pop(name, None)
                raise GivenUp
        except BaseException:
            self._forget_orphans(name)
            raise
        finally:
            # A new list, for a thread that goes through the old one would miss a finder if this were taken out of it.
            sys.meta_path = [each for each in sys.meta_path if each is not self]
            self._ended.set()
        return module

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find nothing, so that the other finders go on; give up, or have another thread wait, where that is due."""
        if threading.get_ident() == self._thread:
            self._step(name)
            return None
        package = None if self._ended.is_set() or name in self._late else _half(name)
        if package is None or package not in self._begun:
            return None
        return spec_from_loader(name, _Late(partial(self._after, package, name)))

    def _step(self, name: str) -> None:
        package = _half(name)
        in_the_way = package is not None and package not in self._begun
        if (in_the_way or self._retracted or self._unwanted()) and self._among_own():
            self._raised = True
            self._forget_parts()
            raise GivenUp
        self._begun[name] = None

    def _after(self, package: str, name: str) -> ModuleType:
        """On another thread: import a part of a package that is being imported here, once that is over."""
        self.retract()
        __import__(package)  # waits until the package is imported or given up, or at once where it would wait for ever
        if package not in sys.modules:
            self._ended.wait(_PATIENCE)
            import_module(package)
        self._late.add(name)
        return import_module(name)

    def _among_own(self) -> bool:
        """Tell whether all code that is running on this thread is the own packages', or the import's."""
        return all(name.partition(".")[0] in self._own for name in _running(until=Retractable.load.__code__))

    def _forget_parts(self) -> None:
        """Forget the parts of packages that are half imported, which know of those; Python forgets the packages."""
        half = tuple(f"{name}." for name in self._begun if _loading(name))
        for name in self._begun:
            if name.startswith(half) and not _loading(name):
                sys.modules.pop(name, None)

    def _forget_orphans(self, name: str) -> None:
        """Forget the parts of a package that could not be imported; they know of what Python has forgotten."""
        if name not in sys.modules:
            for each in self._begun:
                if each.startswith(f"{name}."):
                    sys.modules.pop(each, None)


class _Late(Loader):
    """Loads a module by the ordinary import. A finder must not wait: all imports would, for whom it holds a lock."""

    def __init__(self, load: Callable[[], ModuleType]) -> None:
        self._load = load
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = self._load()
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def _half(name: str) -> str | None:
    """The outermost package above this module whose import is not over."""
    above = accumulate(name.split(".")[:-1], "{}.{}".format)
    return next(filter(_loading, above), None)


def _loading(name: str) -> bool:
    return bool(getattr(getattr(sys.modules.get(name), "__spec__", None), "_initializing", False))


def _running(until: CodeType) -> Iterator[str]:
    """The names of the modules whose code is running on this thread, from the innermost on."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code is not until:
        yield str(frame.f_globals.get("__name__", ""))
        frame = frame.f_back  # type: ignore[assignment]
