"""What `patterns lint` is told: by its options, else by `[tool.patterns.lint]` in pyproject.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from patterns.errors import InputError
from patterns.lint.rules import RULES, Rule
from patterns.prompt.near import did_you_mean
from patterns.settings.profiles import here


@dataclass(frozen=True, slots=True)
class Options:
    """Rules to hold (None: all) and to leave out, models whose windows count, a window in tokens, and whether a
    warning counts as an error.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    window: int | None = None
    strict: bool = False

    def rules(self) -> Mapping[str, Rule]:
        """The rules that count. Those without which nothing loads always do. Raises InputError for unknown names."""
        for name in (*(self.select or ()), *self.ignore):
            if name not in RULES:
                hint = did_you_mean(name, RULES) or f"there are {', '.join(RULES)}"
                raise InputError(f"there is no rule {name!r}", hint=hint)
        if fixed := [name for name in self.ignore if _always(name)]:
            raise InputError(f"{fixed[0]} cannot be ignored: what breaks it does not load")
        chosen = RULES if self.select is None else self.select
        return {
            name: rule for name, rule in RULES.items() if _always(name) or (name in chosen and name not in self.ignore)
        }


def _always(name: str) -> bool:
    return RULES[name].level == "error" and not RULES[name].waivable


def _names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_KEYS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "select": (_names, "a list of rules"),
    "ignore": (_names, "a list of rules"),
    "models": (_names, "a list of models"),
    "window": (lambda value: type(value) is int and value > 0, "a number of tokens"),
    "strict": (lambda value: isinstance(value, bool), "true or false"),
}


def options_from(
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    models: Sequence[str] | None,
    window: int | None,
    strict: bool,
) -> Options:
    """Put the options together; what is not given comes from the file. Raises InputError for a file that is wrong."""
    file = here()
    for key, value in file.lint.items():
        where = f"{file.path}: [tool.patterns.lint] {key}"
        if key not in _KEYS:
            raise InputError(f"{where} is no setting", hint=did_you_mean(key, _KEYS) or f"there are {', '.join(_KEYS)}")
        fits, words = _KEYS[key]
        if not fits(value):
            raise InputError(f"{where} must be {words}, not {value!r}")
    own: Mapping[str, object] = {name: tuple(v) if isinstance(v, list) else v for name, v in file.lint.items()}
    given = {
        "select": tuple(select) if select else None,
        "ignore": tuple(ignore) if ignore else None,
        "models": tuple(models) if models else None,
        "window": window,
        "strict": strict or None,
    }
    chosen = {**own, **{name: value for name, value in given.items() if value is not None}}
    return Options(**chosen)  # type: ignore[arg-type]
