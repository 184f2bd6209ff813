"""The embedded rules engine as a gateway: reads the typed task, never the messages."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from patterns.errors import NeedsModel
from patterns.exchange import Choice, Delta, Mode, Request, Response, Usage
from patterns.model.rules.engine import HINT, answer


class RulesGateway:
    """Answers extraction and classification without a model: deterministic, offline, free.

    Raises NeedsModel for whatever would have to be guessed or written.
    """

    def send(self, request: Request) -> Response:
        if request.task is None:
            raise NeedsModel("the rules engine answers patterns only, not free messages", hint=HINT)
        if any(message.parts for message in request.messages):
            raise NeedsModel("the rules engine reads text alone: no images, documents or sounds", hint=HINT)
        if request.tools:
            names = ", ".join(tool.name for tool in request.tools)
            raise NeedsModel(f"the rules engine calls no tools, and was given {names}", hint=HINT)
        reading = answer(request.task)
        wrapped = request.target is not None and request.target.wrapped and request.mode in ("json_schema", "tools")
        value = {"value": reading.value} if wrapped else reading.value
        text = json.dumps(value, ensure_ascii=False)
        return Response(
            (Choice(text),), model="rules", usage=Usage(), cost=0.0, engine="rules", sources=tuple(reading.sources)
        )

    async def asend(self, request: Request) -> Response:
        return self.send(request)

    async def astream(self, request: Request) -> AsyncIterator[Delta]:
        response = self.send(request)
        yield Delta(text=response.choices[0].text)
        yield Delta(response=response)

    def mode(self, model: str) -> Mode:
        """Shapes are read from the task: nothing has to be enforced."""
        return "prompted"
