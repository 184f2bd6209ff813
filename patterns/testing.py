"""What tests of programs need: models that answer as told, or as was recorded, and a wall around the network."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from types import TracebackType
from typing import Self, TypeAlias
from unittest import mock

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from patterns.errors import PatternsError
from patterns.exchange import Choice, Delta, Mode, Request, Response, Usage
from patterns.loopback import LocalProvider as LocalProvider
from patterns.messages import Json, ToolCall
from patterns.model.door import using
from patterns.recorder import NotRecorded as NotRecorded
from patterns.recorder import Recorder as Recorder

Value: TypeAlias = Mapping[str, Json] | Sequence[Json] | Sequence[BaseModel] | Sequence[ToolCall] | BaseModel
Fixed: TypeAlias = str | Value | ToolCall | Exception | Response
Answer: TypeAlias = Fixed | Callable[[Request], Fixed]
"""Text as the model writes it, a value to write as JSON, a call of a tool or a list of calls, an error to raise, a
whole response, or a function of the request that gives one of these."""

_PIECE = 7
_CHARACTERS_A_TOKEN = 4


class NoAnswerLeft(AssertionError):
    """A FakeModel was asked more often than it was told to answer. It fails the test, in the rows of a batch too."""

    ends_batch = True


class FakeModel:
    """A gateway that gives `answers` one after another; they go through the whole reading chain.

    `with FakeModel(["…"]) as model:` puts it in the place of every model, for this task or thread. `requests`
    holds what it was asked. A request for `n` candidates takes `n` answers. When no answer is left, an
    AssertionError fails the test: it is no error of a model that a program might catch. Tokens are counted as a
    quarter of the characters; nothing costs anything.
    """

    def __init__(self, answers: Iterable[Answer], *, mode: Mode = "prompted") -> None:
        if isinstance(answers, str | Mapping):
            raise TypeError("answers is a list: FakeModel([answer])")
        self._left = deque(answers)
        self._given = len(self._left)
        self._enforced: Mode = mode
        self._lock = threading.Lock()
        self._installed = ExitStack()
        self.requests: list[Request] = []

    def __enter__(self) -> Self:
        self._installed.enter_context(using(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._installed.close()

    @property
    def left(self) -> int:
        """How many answers were not asked for yet."""
        return len(self._left)

    def mode(self, model: str) -> Mode:
        return self._enforced

    def send(self, request: Request) -> Response:
        wanted = request.options.n or 1
        with self._lock:
            self.requests.append(request)
            answers = [self._next() for _ in range(wanted)]
        made = [answer(request) if callable(answer) else answer for answer in answers]
        return _response(request, made)

    async def asend(self, request: Request) -> Response:
        return self.send(request)

    async def astream(self, request: Request) -> AsyncIterator[Delta]:
        response = self.send(request)
        text = response.choices[0].text if response.choices else ""
        for start in range(0, len(text), _PIECE):
            yield Delta(text[start : start + _PIECE])
        yield Delta(response=response)

    def _next(self) -> Answer:
        if not self._left:
            raise NoAnswerLeft(
                f"FakeModel has no answer left: it was given {self._given}, and this is request {len(self.requests)}"
            )
        return self._left.popleft()


def _response(request: Request, answers: Sequence[Fixed]) -> Response:
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Response):
            return answer
    choices = tuple(_choice(answer, request) for answer in answers)
    usage = Usage(
        input_tokens=_tokens("".join(message.text for message in request.messages)),
        output_tokens=_tokens("".join(choice.text for choice in choices)),
    )
    return Response(choices, model=request.model, usage=usage, cost=0.0, engine="fake")


def _choice(answer: Fixed, request: Request) -> Choice:
    given: Sequence[object] = answer if isinstance(answer, list | tuple) else (answer,)
    calls = tuple(call for call in given if isinstance(call, ToolCall))
    if calls and len(calls) == len(given):
        return Choice("", finish_reason="tool_calls", tool_calls=calls)
    return Choice(answer if isinstance(answer, str) else _json(answer, request))


def _json(answer: object, request: Request) -> str:
    """Write a value as this request wants it: in an envelope where its shape is enforced and is no object."""
    value = to_jsonable_python(answer, by_alias=True)
    enforced = request.mode in ("json_schema", "tools") and request.target is not None and request.target.wrapped
    return json.dumps({"value": value} if enforced else value, ensure_ascii=False)


def _tokens(text: str) -> int:
    return -(-len(text) // _CHARACTERS_A_TOKEN)


class NetworkBlocked(PatternsError):
    """A test tried to reach the network."""


@contextmanager
def block_network(*, loopback: bool = True) -> Iterator[None]:
    """Raise NetworkBlocked when anything in this process connects, sends or looks up a name beyond this machine.

    With `loopback=False`, local servers are out of reach as well. Python's own sockets are guarded, which is all
    that asyncio and the HTTP clients use; code in C that opens sockets by itself is not seen. As a fixture:

        @pytest.fixture(autouse=True)
        def offline():
            with block_network():
                yield
    """

    def allow(host: object) -> None:
        if not (loopback and _is_local(host)):
            raise NetworkBlocked(
                f"a connection to {_shown(host)} was blocked", hint="answer with FakeModel, or leave block_network()"
            )

    with ExitStack() as stack:
        for owner, name, host_of in _DOORS:
            stack.enter_context(mock.patch.object(owner, name, _guarded(getattr(owner, name), host_of, allow)))
        yield


def _guarded(
    original: Callable[..., object], host_of: Callable[..., object], allow: Callable[[object], None]
) -> Callable[..., object]:
    def guarded(*args: object, **kwargs: object) -> object:
        allow(host_of(*args, **kwargs))
        return original(*args, **kwargs)

    return guarded


def _peer(_socket: socket.socket, *args: object) -> object:
    """The host that a socket method is given: always last, behind data and flags; none for a connected socket."""
    address = args[-1] if args else None
    return address[0] if isinstance(address, tuple) and address else ""


def _looked_up(host: object = None, *args: object, **kwargs: object) -> object:
    return host


_DOORS: tuple[tuple[object, str, Callable[..., object]], ...] = (
    (socket.socket, "connect", _peer),
    (socket.socket, "connect_ex", _peer),
    (socket.socket, "sendto", _peer),
    (socket.socket, "sendmsg", _peer),
    (socket, "getaddrinfo", _looked_up),
    (socket, "gethostbyname", _looked_up),
    (socket, "gethostbyname_ex", _looked_up),
)


def _is_local(host: object) -> bool:
    """Tell loopback from the rest; a path of a Unix socket and an empty host never leave the machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _shown(host: object) -> str:
    return str(host) if host else "a local socket"
