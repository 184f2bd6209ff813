"""Calls of tools that a model made: of tools that there are, with arguments that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from patterns.errors import Invalid, OutputError, Problem, SchemaError, ToolsCalled, Unreadable
from patterns.exchange import Request
from patterns.messages import Tool, ToolCall
from patterns.output.read import examine


def called(
    request: Request, calls: Sequence[ToolCall], *, instead: bool
) -> tuple[tuple[ToolCall, ...], OutputError | None]:
    """Give the calls with their arguments mended, and what is wrong with them.

    `instead` says that an answer was wanted: good calls are `ToolsCalled` then, for the caller to run. A name that
    no tool has, and arguments that cannot be read as the tool's parameters, are like any other faulty answer.
    """
    tools = {tool.name: tool for tool in request.tools}
    strange = sorted({call.name for call in calls} - set(tools))
    if strange and "tools" not in request.options.extra:  # there, tools are the caller's own business
        return tuple(calls), _strangers(strange, request)
    mended, problems = [], []
    for call in calls:
        try:
            mended.append(_readable(call, tools.get(call.name)))
        except OutputError as error:
            problems.append(Problem(call.name, f"its arguments cannot be read: {error.message}"))
    if problems:
        return tuple(calls), Invalid("; ".join(map(str, problems)), errors=problems)
    return tuple(mended), ToolsCalled(mended) if instead else None


def _strangers(names: Sequence[str], request: Request) -> Invalid:
    known = [tool.name for tool in request.tools]
    if request.mode == "tools" and request.target is not None:
        known.insert(0, request.target.name)
    there = f"there is {', '.join(known)}" if known else "there are none"
    said = f"no tool is called {', '.join(names)}: {there}"
    return Invalid(said, errors=(Problem("$", said),))


def _readable(call: ToolCall, tool: Tool | None) -> ToolCall:
    """Read arguments that are no JSON object, under the tool's own parameters; those that are one are the tool's."""
    if call.arguments is not None:
        return call
    try:
        reading = examine(call.raw, (tool.parameters if tool else None) or {"type": "object"})
    except SchemaError:
        reading = examine(call.raw, {"type": "object"})
    if not reading.complete or not isinstance(reading.output, dict):
        raise Unreadable("they are no whole JSON object")
    return replace(call, arguments=reading.output)
