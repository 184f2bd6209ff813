"""A template: what its front matter says, and its body, which renders to messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from patterns.drawn import Drawn
from patterns.errors import TemplateError
from patterns.exchange import ChosenExample, Example
from patterns.messages import Format, Json, Message
from patterns.prompt.choosing import choose
from patterns.prompt.inputs import Inputs
from patterns.prompt.pool import Pool, shown
from patterns.prompt.program import Program
from patterns.prompt.selection import Selection
from patterns.prompt.sheet import DEFAULT_LIMITS, Limits, Sheet
from patterns.prompt.unit import Unit


class Rendered(NamedTuple):
    """The messages of one call. The first `steady` of them are the same in every call, whatever the inputs are."""

    messages: tuple[Message, ...]
    steady: int = 0


@dataclass(frozen=True, eq=False)
class Template(Drawn):
    """A loaded template. It stays as it was loaded when its file changes; the catalog gives a new one then.

    `inputs` maps each name to its JSON Schema fragment. `output` is `module:Model`, an inline JSON Schema, or
    None when the caller brings the type; `trusted` tells whether the file that names it may have it imported.
    `config` holds options of sampling by their names. `pool` holds all examples, and `selection` says which of them
    a call shows. `units` are the files behind it, its own first, then those it extends.
    """

    name: str
    path: Path
    trusted: bool
    description: str
    version: int
    inputs: Mapping[str, Mapping[str, Json]]
    output: str | Mapping[str, Json] | None
    format: Format
    config: Mapping[str, object]
    pool: Pool
    selection: Selection
    units: tuple[Unit, ...] = field(repr=False)
    places_history: bool = field(repr=False)
    _inputs: Inputs = field(repr=False)
    _program: Program = field(repr=False)

    @property
    def technique(self) -> str:
        """The first folder of the name, empty at the root."""
        return self.name.partition("/")[0] if "/" in self.name else ""

    @property
    def examples(self) -> tuple[Example, ...]:
        """All examples, of which a call may show some."""
        return self.pool.examples

    @property
    def required(self) -> tuple[str, ...]:
        """The inputs that have no default."""
        return self._inputs.required

    def accept(self, inputs: Mapping[str, object]) -> dict[str, Json]:
        """Turn the inputs of a call into plain JSON, with defaults, checked; raise InputError otherwise."""
        return self._inputs.accept(inputs)

    def render(
        self,
        inputs: Mapping[str, object],
        *,
        output_format: str = "",
        history: Sequence[Message] = (),
        examples: Sequence[ChosenExample] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> tuple[Message, ...]:
        """Give the messages of `rendered`."""
        return self.rendered(
            inputs, output_format=output_format, history=history, examples=examples, limits=limits
        ).messages

    def rendered(
        self,
        inputs: Mapping[str, object],
        *,
        output_format: str = "",
        history: Sequence[Message] = (),
        examples: Sequence[ChosenExample] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Rendered:
        """Render the messages of one call, with the `examples` chosen for it; without, with those that it would choose.

        `history` goes where the template says {% history %}; without it, before the last user message.
        Raises InputError for inputs that are missing, unknown or wrong, TemplateError with path and line for
        mistakes in the template.
        """
        return self.spoken(self._inputs.accept(inputs), output_format, history, examples, limits)

    def spoken(
        self,
        accepted: Mapping[str, Json],
        output_format: str = "",
        history: Sequence[Message] = (),
        examples: Sequence[ChosenExample] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Rendered:
        """`rendered`, of inputs as `accept` gave them."""
        values: dict[str, Json] = {**accepted}
        if examples is None and not self.selection.whole:
            examples = choose(self.pool, self.selection, values)
        values["examples"] = self.pool.plain if examples is None else [shown(each.example) for each in examples]
        values["output_format"] = output_format
        sheet = Sheet(limits, history, self._program.kept(values) if examples is None else None)
        values["history"] = [{"role": turn.role, "content": turn.text} for turn in history] if history else []
        self._program.run(values, sheet)
        if not sheet.messages:
            raise TemplateError("no message came out", path=self.path, hint="put the text into {% user %}")
        return _rendered(sheet, () if self.places_history else history)


def _rendered(sheet: Sheet, history: Sequence[Message]) -> Rendered:
    """Put the history before the last user message, after all others when there is none."""
    messages = sheet.messages
    if not history:
        return Rendered(tuple(messages), sheet.steady)
    last = max((index for index, message in enumerate(messages) if message.role == "user"), default=len(messages))
    return Rendered((*messages[:last], *history, *messages[last:]), min(sheet.steady, last))
