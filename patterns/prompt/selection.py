"""How few-shot examples are chosen: which way, how many, how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias, get_args

from patterns.errors import InputError
from patterns.prompt.near import did_you_mean

Way: TypeAlias = Literal["all", "first", "random", "balanced", "similar"]
WAYS: tuple[str, ...] = get_args(Way)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of a template's examples a call shows. What is left out (None) is as the template says, or the default.

    - `choose`: `all`; the `first`; `random`, the same ones for every call of one `seed`; `balanced`, as many of each
      label as of any other, drawn by `seed`; or `similar` to the inputs of the call.
    - `k`: at most so many. `max_tokens`: at most so many tokens in all, each example counted as the JSON of its inputs
      and its output, and 16 for the two messages around them.
    - `by`: for `balanced`, where the label stands in the output, such as `label` or `team.name`.
    - `on`: for `similar`, the inputs that are compared; else all that are text.
    - `model`: for `similar`, the embedding model that compares them, as litellm names it; else words do, by BM25.
      `api_base`: where it answers, set in code only.

    Raises InputError for values that no way of choosing takes.
    """

    choose: Way | None = None
    k: int | None = None
    max_tokens: int | None = None
    by: str | None = None
    on: tuple[str, ...] | None = None
    seed: int | None = None
    model: str | None = None
    api_base: str | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            if (value := getattr(self, each.name)) is not None and not _FITS[each.name][0](value):
                raise InputError(f"{each.name} must be {_FITS[each.name][1]}, not {value!r}")

    def over(self, beneath: Selection) -> Selection:
        """Take from `beneath` what this one leaves open."""
        given = {each.name: own for each in fields(self) if (own := getattr(self, each.name)) is not None}
        return replace(beneath, **given)

    @property
    def way(self) -> Way:
        """The way in force: a number or a budget alone mean the first ones."""
        if self.choose is not None:
            return self.choose
        return "all" if self.k is None and self.max_tokens is None else "first"

    @property
    def whole(self) -> bool:
        """Every example is shown: there is nothing to choose."""
        return self.way == "all" and self.k is None and self.max_tokens is None


ALL = Selection()


def selection_of(given: Mapping[str, object]) -> Selection:
    """Read a selection from keys and values, as front matter holds them. Raises InputError."""
    known = [each.name for each in fields(Selection) if each.name != "api_base"]
    for key in given:
        if key == "api_base":
            raise InputError("an api_base is no matter of a template", hint="endpoints are set in code")
        if key not in known:
            raise InputError(f"unknown key {key!r}", hint=did_you_mean(key, known) or f"known keys: {', '.join(known)}")
    values = {key: _listed(value) if key == "on" else value for key, value in given.items()}
    selection = Selection(**values)  # type: ignore[arg-type]
    _check_sense(selection)
    return selection


def _check_sense(selection: Selection) -> None:
    """Refuse keys that the way of choosing would not look at: whoever wrote them expected them to matter."""
    if selection.way in ("random", "balanced", "similar") and selection.k is None and selection.max_tokens is None:
        raise InputError(f"choose: {selection.way} does not say how many", hint="k: 8, or max_tokens: 1500")
    for key, ways in (("by", ("balanced",)), ("on", ("similar",)), ("model", ("similar",)), ("seed", _DRAWN)):
        if getattr(selection, key) is not None and selection.way not in ways:
            raise InputError(f"{key} says nothing where choose is {selection.way}", hint=f"choose: {ways[0]}")


def _listed(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _whole_number(least: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_DRAWN = ("random", "balanced")
_FITS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "choose": (lambda value: value in WAYS, f"one of {', '.join(WAYS)}"),
    "k": (_whole_number(1), "a whole number, at least 1"),
    "max_tokens": (_whole_number(1), "a whole number of tokens, at least 1"),
    "by": (_text, "the place of the label in the output, such as label or team.name"),
    "on": (
        lambda value: isinstance(value, tuple) and bool(value) and all(map(_text, value)),
        "the names of inputs",
    ),
    "seed": (_whole_number(0), "a whole number, at least 0"),
    "api_base": (lambda value: _text(value) and "@" not in str(value), "an address, without a password"),
    "model": (_text, "the name of an embedding model, such as openai/text-embedding-3-small"),
}
