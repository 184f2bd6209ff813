"""The drawing of any value as HTML: ours with their story, all others as the data they hold."""

from __future__ import annotations

from patterns.batch.outcomes import Outcome
from patterns.display.markup import Html
from patterns.display.stories import (
    error_html,
    messages_html,
    outcome_html,
    pattern_html,
    reading_html,
    result_html,
    template_html,
)
from patterns.display.values import value_html
from patterns.errors import PatternsError
from patterns.exchange import Result
from patterns.messages import Message
from patterns.output.reading import Reading
from patterns.pattern import Pattern
from patterns.prompt.template import Template


def html(value: object) -> Html:
    """Draw any value: ours with their story, all others as the data they hold."""
    match value:
        case Result():
            return result_html(value)
        case Reading():
            return reading_html(value)
        case PatternsError():
            return error_html(value)
        case Outcome():
            return outcome_html(value)
        case Pattern():
            return pattern_html(value)
        case Template():
            return template_html(value)
        case [Message(), *_] if isinstance(value, list) and all(isinstance(each, Message) for each in value):
            return messages_html(value)
    return value_html(value)
