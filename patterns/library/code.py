"""Code for a task, checked and never run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from patterns.library.judged import Judged
from patterns.library.signature import refuse_other, wanted
from patterns.messages import Json
from patterns.output.languages import are_near, language_of
from patterns.pattern import pattern
from patterns.plan import Check
from patterns.sandbox.check import check


class Code(BaseModel):
    """Source code in one language."""

    model_config = ConfigDict(frozen=True)

    language: str
    source: str = Field(min_length=1)

    def __str__(self) -> str:
        return self.source


@pattern("code_generation/function")
def _generate_code(task: str, language: str = "python", signature: str | None = None) -> Code:
    """Write code for a task. It is checked, where a checker for its language is at hand, and never run.

    Python has to compile, and to define a function of the `signature` where one is given; annotations that the
    signature leaves out are free.
    """
    raise NotImplementedError


def _checks(inputs: Mapping[str, Json]) -> Sequence[Check[Code]]:
    language, signature = language_of(str(inputs["language"])), inputs.get("signature")
    checks: list[Check[Code]] = [
        lambda code: _refuse_foreign(code, language),
        lambda code: _refuse_broken(code, language),
    ]
    if signature and language == "python":
        function = wanted(str(signature))
        checks.append(lambda code: refuse_other(code.source, function))
    return checks


def _refuse_foreign(code: Code, language: str) -> None:
    found = language_of(code.language)
    if found and not are_near(found, language):
        raise ValueError(f"the code was to be in {language}, but it is in {found}")


def _refuse_broken(code: Code, language: str) -> None:
    """Have the code checked by the parser of its language, where there is one here."""
    report = check(language, code.source)
    if report.problem:
        where = f", line {report.line}" if report.line else ""
        raise ValueError(f"the code is not well-formed {language}{where}: {report.problem}")


generate_code = Judged(_generate_code, _checks)
