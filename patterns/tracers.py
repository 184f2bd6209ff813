"""Tells whether somebody else records the requests that litellm sends, so that none is recorded twice."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from patterns.model.client import listeners, loaded


@dataclass(frozen=True, slots=True)
class Others:
    """What somebody else records of a request: a span, its tokens and duration as metrics."""

    spans: bool = False
    metrics: bool = False


_NAMES = frozenset(
    {"otel", "arize", "arize_phoenix", "langfuse_otel", "levo", "weave_otel", "agentops", "logfire", "traceloop"}
)
"""What litellm calls its own callbacks that end in OpenTelemetry, until the first call makes objects of them."""
_OWN = "litellm.integrations.opentelemetry"
_INSTRUMENTORS = (
    ("openinference.instrumentation.litellm", "LiteLLMInstrumentor", None, False),
    ("openinference.instrumentation.openai", "OpenAIInstrumentor", ("openai", "azure"), False),
    ("opentelemetry.instrumentation.openai_v2", "OpenAIInstrumentor", ("openai", "azure"), True),
    ("opentelemetry.instrumentation.genai.openai", "OpenAIInstrumentor", ("openai", "azure"), True),
    ("opentelemetry.instrumentation.openai", "OpenAIInstrumentor", ("openai", "azure"), True),
)
"""Instrumentations by module and class, the providers whose requests they see (None: all), and whether they count."""


def others(provider: str) -> Others:
    """Look who is active now; nothing is imported for that."""
    module = loaded()
    if module is not None and any(_is_otel(callback) for callback in listeners(module)):
        return Others(spans=True, metrics=False)
    found = [
        counts
        for name, kind, providers, counts in _INSTRUMENTORS
        if (providers is None or provider in providers) and _active(name, kind)
    ]
    return Others(bool(found), any(found))


def _is_otel(callback: object) -> bool:
    if isinstance(callback, str):
        return callback in _NAMES
    return any(kind.__module__.startswith(_OWN) for kind in type(callback).__mro__)


def _active(name: str, kind: str) -> bool:
    """Ask an instrumentation, of which there is one object in a process, whether it is at work."""
    instrumentor = getattr(sys.modules.get(name), kind, None)
    try:
        return instrumentor is not None and bool(instrumentor().is_instrumented_by_opentelemetry)
    except Exception:  # another release of it, with other words
        return False
