"""A template put together from its linked files: front matters inherited, names and examples checked."""

from __future__ import annotations

from patterns.errors import InputError, TemplateError
from patterns.prompt.choosing import LABEL, compared
from patterns.prompt.declared import check_names
from patterns.prompt.examples import read_examples
from patterns.prompt.front_matter import PROVIDED, FrontMatter
from patterns.prompt.inputs import Inputs
from patterns.prompt.link import Linked
from patterns.prompt.pool import Pool
from patterns.prompt.program import Program
from patterns.prompt.template import Template
from patterns.prompt.unit import Unit


def build(name: str, linked: Linked) -> Template:
    """Put a template together; raise TemplateError for names that nothing declares and text outside of roles."""
    chain = linked.chain()
    front = inherited(chain)
    inputs = Inputs(name, front.inputs)
    check_names(linked, frozenset(front.inputs) | PROVIDED)
    if stray := chain[-1].stray:
        raise TemplateError(
            "text outside of a role", path=chain[-1].path, line=stray[0],
            hint="put it into {% system %}, {% user %} or {% assistant %}", rule="text-outside-role",
        )  # fmt: skip
    giver = _giver(chain, "examples")
    examples = read_examples(giver, inputs)
    _check_selection(giver, examples.pool)
    if examples.pool.path is not None:
        linked.watched.setdefault(examples.pool.path, examples.stamp)
    return Template(
        name=name,
        path=linked.main.path,
        trusted=_giver(chain, "output").file.folder.trusted,
        description=front.description or "",
        version=1 if front.version is None else front.version,
        inputs=front.inputs,
        output=front.output,
        format=front.format or "json",
        config=front.config,
        pool=examples.pool,
        selection=giver.front.selection,
        units=(*chain, *(unit for unit in linked.units.values() if unit not in chain)),
        places_history=any(_places_history(unit) for unit in linked.units.values()),
        _inputs=inputs,
        _program=Program(linked.main.file.id, {id: unit.code for id, unit in linked.units.items()}, linked.references),
    )


def inherited(chain: tuple[Unit, ...]) -> FrontMatter:
    """Merge front matters: a file's own keys win over those of what it extends; inputs and config key by key."""
    first = chain[0].front
    if len(chain) == 1:
        return first
    beneath = inherited(chain[1:])
    return FrontMatter(
        description=first.description if first.description is not None else beneath.description,
        version=first.version if first.version is not None else beneath.version,
        inputs={**beneath.inputs, **first.inputs},
        output=first.output if first.output is not None else beneath.output,
        format=first.format or beneath.format,
        config={**beneath.config, **first.config},
        examples=first.examples if first.examples is not None else beneath.examples,
        selection=first.selection if first.examples is not None else beneath.selection,
        located=first.located,
    )


def _check_selection(unit: Unit, pool: Pool) -> None:
    """Raise TemplateError where the examples are not such as can be chosen the way that the front matter says."""
    selection = unit.front.selection
    if not len(pool):
        return
    try:
        if selection.way == "similar":
            compared(pool, selection)
        elif selection.way == "balanced":
            pool.drawn(selection.seed or 0, selection.by or LABEL)
    except InputError as error:
        raise TemplateError(
            f"examples: {error.message}", path=unit.path, line=unit.front.line(("examples",)), hint=error.hint
        ) from None


def _giver(chain: tuple[Unit, ...], key: str) -> Unit:
    """The file of the chain whose front matter gives a key; the last when none does."""
    return next((unit for unit in chain if getattr(unit.front, key) is not None), chain[0])


def _places_history(unit: Unit) -> bool:
    return unit.history_tag or any(read.name == "history" for read in unit.reads)
