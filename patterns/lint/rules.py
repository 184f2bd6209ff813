"""The table of rules: their names, how grave each is, and what each asks of a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patterns.lint.findings import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """`asks` is the rule in one sentence. What breaks a rule that is not `waivable` does not load at all."""

    level: Level
    asks: str
    waivable: bool = True


RULES: Mapping[str, Rule] = {
    "unsafe": Rule("error", "The file is plain, small, UTF-8 text under a plain name.", waivable=False),
    "front-matter": Rule("error", "The front matter is YAML with known keys and usable schemas.", waivable=False),
    "syntax": Rule("error", "The body is well-formed.", waivable=False),
    "missing-partial": Rule("error", "Every file that is extended, included or imported exists.", waivable=False),
    "circular-partial": Rule("error", "No file needs itself.", waivable=False),
    "undeclared-input": Rule("error", "Every name that is read is an input, or set before.", waivable=False),
    "text-outside-role": Rule("error", "All text is in a message.", waivable=False),
    "example-input": Rule("error", "Every example's input fits the inputs.", waivable=False),
    "example-output": Rule("error", "Every example's output fits the output type."),
    "bare-input": Rule("error", "Every input that may be any text ends in a quoting filter."),
    "input-in-system": Rule("error", "No input speaks in the system message unvouched."),
    "part-placed": Rule("error", "Images, documents and sounds are placed, in what the user says."),
    "pair-differs": Rule("error", "The pattern in Python takes and gives what the template does."),
    "too-long": Rule("error", "The prompt fits the window of the model that is named."),
    "shape-refused": Rule("warning", "A model that is named can be held to the shape of the answer."),
    "unused-input": Rule("warning", "Every input reaches a message, or decides something."),
    "answer-before-reasoning": Rule("warning", "Reasoning comes before the answer it is for."),
    "required-invention": Rule("warning", "A field of an extraction may be null when the text is silent."),
    "unstable-prefix": Rule("warning", "Stable text comes first, variable text last."),
    "no-output-format": Rule("warning", "A template that asks for JSON shows the shape of it."),
    "no-examples": Rule("warning", "A few-shot template has examples, and shows them."),
    "unbalanced-examples": Rule("warning", "Each label has examples, and none has many times those of another."),
    "no-description": Rule("warning", "The template says what it is for."),
    "no-user-message": Rule("warning", "The template speaks to the model as a user."),
    "history-not-placed": Rule("warning", "A template that reads the history says where its messages go."),
    "waiver": Rule("warning", "A waiver names a rule, gives a reason, and is needed.", waivable=False),
}
