"""A template put together from its linked files: front matters inherited, names and examples checked."""

from __future__ import annotations

from patterns.errors import TemplateError
from patterns.prompt.declared import check_names
from patterns.prompt.examples import read_examples
from patterns.prompt.front_matter import PROVIDED, FrontMatter
from patterns.prompt.inputs import Inputs
from patterns.prompt.link import Linked
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
            hint="put it into {% system %}, {% user %} or {% assistant %}",
        )  # fmt: skip
    examples = read_examples(_giver(chain, "examples"), inputs)
    if examples.path is not None:
        linked.watched.setdefault(examples.path, examples.stamp)
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
        examples=examples.examples,
        example_lines=examples.lines,
        example_path=examples.path or linked.main.path,
        units=(*chain, *(unit for unit in linked.units.values() if unit not in chain)),
        places_history=any(_places_history(unit) for unit in linked.units.values()),
        _inputs=inputs,
        _program=Program(linked.main.file.id, {id: unit.code for id, unit in linked.units.items()}, linked.references),
        _examples=[{"input": example.input, "output": example.output} for example in examples.examples],
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
        located=first.located,
    )


def _giver(chain: tuple[Unit, ...], key: str) -> Unit:
    """The file of the chain whose front matter gives a key; the last when none does."""
    return next((unit for unit in chain if getattr(unit.front, key) is not None), chain[0])


def _places_history(unit: Unit) -> bool:
    return unit.history_tag or any(read.name == "history" for read in unit.reads)
