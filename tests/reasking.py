"""What it costs to ask again: the same faulty answer, mended by a patch and by a whole answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from patterns import extract
from patterns.exchange import Request, Result
from patterns.messages import Json
from patterns.pattern import Pattern
from patterns.testing import FakeModel
from tests.failing import Case

COUNTED_BY = "gpt-4o"


@dataclass(frozen=True)
class Bill:
    """Tokens of one re-ask, by litellm's tokenizer: what is sent, and what comes back."""

    sent: int
    received: int

    @property
    def tokens(self) -> int:
        return self.sent + self.received


def pattern_of(case: Case, **options: Any) -> Pattern[..., Any]:
    return extract.into(case.into).with_checks(*case.checks).with_options(**options)


def answering(case: Case) -> Any:
    """A model that answers wrongly, and then what it is asked for: the faulty places, or all of it."""

    def again(request: Request) -> str:
        return json.dumps(case.mends if request.part else case.right, ensure_ascii=False)

    return [case.faulty, again]


@contextmanager
def unpatched() -> Iterator[None]:
    """Let every re-ask be for the whole answer."""
    from patterns import assemble

    with mock.patch.object(assemble, "patcher", return_value=None):
        yield


def asked_again(case: Case, **options: Any) -> tuple[Result[Any], Bill]:
    """Run a case; give its result, and what the second request cost."""
    with FakeModel(answering(case)):
        result = pattern_of(case, **options).run(case.text)
    first, second = result.attempts
    assert first.problem, "the first answer must fail"
    assert second.response is not None
    return result, Bill(_tokens(second.request), _counted(text=second.response.choices[0].text))


def _tokens(request: Request) -> int:
    return _counted(messages=[{"role": message.role, "content": message.content} for message in request.messages])


def _counted(**what: Any) -> int:
    from patterns.model.client import litellm

    return int(litellm().token_counter(model=COUNTED_BY, **what))


def value_of(case: Case, result: Result[Any]) -> Json:
    """The value of a result as JSON, to hold against the right one."""
    from patterns.output.shape import shape_of

    return shape_of(case.into).dump(result.output)


def shortened(case: Case, items: int) -> Case:
    """The same case with a list of fewer records."""
    assert isinstance(case.right, list)
    lines = case.text.splitlines()[:items]
    wrong = {path: bad for path, bad in case.wrong.items() if int(path[2 : path.index("]")]) < items}
    return replace(case, text="\n".join(lines), right=case.right[:items], wrong=wrong)
