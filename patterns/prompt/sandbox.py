"""The environment templates run in: Jinja's immutable sandbox, narrowed to data, arithmetic and macros."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType
from typing import ClassVar

import jinja2
from jinja2 import StrictUndefined
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, TemplateReference, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import missing

from patterns.prompt.filters import FILTERS, printed
from patterns.prompt.growth import ARITHMETIC, GROWTH_FILTERS, bounded, bounded_range
from patterns.prompt.repeats import STEADY_FILTERS
from patterns.prompt.roles import ROLE_FILTERS, RoleTags
from patterns.prompt.sheet import CURRENT

_TESTS = (
    "defined", "undefined", "none", "boolean", "true", "false", "integer", "float", "number", "string", "mapping",
    "sequence", "odd", "even", "divisibleby", "in", "eq", "ne", "lt", "le", "gt", "ge",
    "==", "!=", "<", "<=", ">", ">=", "equalto", "lessthan", "greaterthan",
)  # fmt: skip
_LOOP = (
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0",
    "previtem", "nextitem", "changed", "cycle",
)  # fmt: skip
_PUBLIC: dict[type, frozenset[str]] = {
    # Nothing that grows its text, and nothing that formats: both would go past the budget.
    str: frozenset({
        "upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "startswith", "endswith",
        "split", "splitlines", "isdigit", "isalpha", "isupper", "islower", "removeprefix", "removesuffix",
    }),
    dict: frozenset({"keys", "values", "items", "get"}),
    LoopContext: frozenset(_LOOP),
    BlockReference: frozenset({"super"}),
}  # fmt: skip


_WORDS: dict[type, str] = {
    str: "a text", list: "a list", tuple: "a list", int: "a number", float: "a number", bool: "true or false",
    type(None): "null", LoopContext: "loop", TemplateReference: "self", BlockReference: "super()",
}  # fmt: skip


class Missing(StrictUndefined):
    """A value that is not there; using it in any way is an error that says what is there instead."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        owner = self._undefined_obj
        if self._undefined_hint is not None or owner is missing:
            return super()._undefined_message
        if isinstance(owner, Mapping):
            keys = ", ".join(map(str, list(owner)[:12])) or "nothing"
            return f"there is no {self._undefined_name!r} in this object; it holds {keys}"
        return f"{_WORDS.get(type(owner), 'this')} has no {self._undefined_name!r}"


class PromptTemplate(jinja2.Template):
    """A compiled file. Importing it speaks no messages; including it does, every time."""

    def _get_default_module(self, ctx: Context | None = None) -> jinja2.environment.TemplateModule:
        if ctx is None:
            # An include without context: Jinja would keep the text of the first time, and its messages with it.
            return super().make_module()
        return super()._get_default_module(ctx)

    def make_module(self, *args: object, **kwargs: object) -> jinja2.environment.TemplateModule:
        sheet = CURRENT.get()
        if sheet is None:
            return super().make_module(*args, **kwargs)  # type: ignore[arg-type]
        speaking, sheet.speaking = sheet.speaking, None
        sheet.muted += 1
        try:
            return super().make_module(*args, **kwargs)  # type: ignore[arg-type]
        finally:
            sheet.muted -= 1
            sheet.speaking = speaking


class PromptEnvironment(ImmutableSandboxedEnvironment):
    """Holds the linked files of one template, by the names they were compiled under."""

    intercepted_binops: ClassVar[frozenset[str]] = frozenset(ARITHMETIC)  # type: ignore[misc]
    template_class = PromptTemplate

    def __init__(self) -> None:
        super().__init__(
            undefined=Missing,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            # Else the last line of an included file runs into the line behind the include.
            keep_trailing_newline=True,
            finalize=printed,
            extensions=[RoleTags],
            cache_size=0,
            auto_reload=False,
        )
        self.filters = {**FILTERS, **ROLE_FILTERS, **GROWTH_FILTERS, **STEADY_FILTERS}
        self.tests = {name: TESTS[name] for name in _TESTS}
        self.globals = {"range": bounded_range}
        self._units: dict[str, jinja2.Template] = {}
        self._references: dict[tuple[str, str], str] = {}

    def link(self, codes: Mapping[str, CodeType], references: Mapping[tuple[str, str], str]) -> None:
        """Make compiled files known; `references` says which file a name means in which file."""
        self._references = dict(references)
        self._units = {name: PromptTemplate.from_code(self, code, self.globals) for name, code in codes.items()}

    def unit(self, name: str) -> jinja2.Template:
        """Give a linked file by the name it was compiled under."""
        return self._units[name]

    def get_template(self, name: object, parent: str | None = None, globals: object = None) -> jinja2.Template:
        """Find what an extends, include or import means; called by compiled code only."""
        return self._units[self._references[str(parent), str(name)]]

    def from_string(self, *_args: object, **_kwargs: object) -> jinja2.Template:
        """Refuse: text becomes a template in one place, and only when it came from a template file."""
        raise TypeError("text is never compiled as a template")

    def call(self, context: Context, obj: object, /, *args: object, **kwargs: object) -> object:
        """Call what a template calls; a macro at once, for it is safe and needs none of what Jinja finds out first."""
        if type(obj) is Macro:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return obj(*args, **kwargs)
        return super().call(context, obj, *args, **kwargs)

    def getattr(self, obj: object, attribute: str) -> object:
        """Read a member of data, else one of the few allowed methods."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if attribute in _PUBLIC.get(type(obj), ()):
            return getattr(obj, attribute)
        if isinstance(obj, jinja2.environment.TemplateModule) and not attribute.startswith("_"):
            return obj.__dict__.get(attribute, self.undefined(obj=obj, name=attribute))
        if isinstance(obj, TemplateReference | Undefined):
            return self.getitem(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Read a member of data; never an attribute."""
        try:
            return obj[argument]  # type: ignore[index]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=str(argument))

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Do arithmetic whose result is bounded before it is made."""
        return bounded(operator, left, right)
