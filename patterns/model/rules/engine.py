"""From a task to a reading: what is refused, what is extracted, what is classified."""

from __future__ import annotations

from patterns.errors import NeedsModel
from patterns.exchange import Task
from patterns.model.rules.evidence import Evidence
from patterns.model.rules.extract import Reading, read
from patterns.model.rules.fields import field_of
from patterns.model.rules.passage import Passage

HINT = (
    "connect a model: set a provider's key (such as OPENAI_API_KEY), set PATTERNS_MODEL or pass model=, "
    "or run Ollama on this machine"
)


def answer(task: Task) -> Reading:
    """Answer a task from its typed inputs, or raise NeedsModel."""
    field = field_of(task.schema)
    texts = {name: text for name, text in task.inputs.items() if isinstance(text, str)}
    name, text = next(iter(texts.items()))
    reading = read(field, Evidence(Passage.whole(name, text)))
    if reading.missing:
        raise NeedsModel(
            f"the rules engine could not find: {', '.join(reading.missing)}", fields=reading.missing, hint=HINT
        )
    return reading
