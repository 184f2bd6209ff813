"""An agent of Pydantic AI with an output type."""

from __future__ import annotations

from person import BASE, KEY, MODEL, PROMPT, Person
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

_model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=BASE, api_key=KEY))
_agent = Agent(_model, output_type=Person, system_prompt=PROMPT[0]["content"])


def ask() -> Person:
    return _agent.run_sync(PROMPT[1]["content"]).output


async def aask() -> Person:
    return (await _agent.run(PROMPT[1]["content"])).output
