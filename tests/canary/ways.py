"""The ways that a key goes. Each is a function of a `Scene`; a new room of the house adds its own here.

The program never spells a key: they come in the environment, so that no source line of a traceback can hold one.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from patterns import Image, Message, Pattern, configure, override
from patterns.conversation import Conversation
from patterns.errors import PatternsError
from patterns.events import Event, subscribe
from patterns.keys import Keys
from patterns.recorder import Recorder
from patterns.settings import origins, settings
from patterns.setup import Setup
from patterns.testing import FakeModel
from patterns.writer import WRITER
from tests.canary.search import WORD
from tests.media import png

FAULTS = (
    *("401", "echo401", "400", "403", "404", "408", "409", "422", "429ra300", "500", "503", "529"),
    *("quota", "ctx", "policy", "noformat", "html", "html502", "garbage", "drop", "trunc", "hang"),
    *("empty", "null", "refusal", "length", "filter", "nousage", "nochoices", "nofinish", "badcall", "weirdfr"),
)
STREAMS = ("401", "echo401", "500", "s-nodone", "s-err", "s-cut", "s-hang", "ok")


@dataclass
class Scene:
    """Where a way is gone: the server, the folder for all that it leaves behind, the patterns to ask."""

    api_base: str
    root: str
    folder: Path
    number: int = 0
    names: list[str] = field(default_factory=list)

    def pattern(self, model: str, wire: str = "openai", **options: Any) -> Pattern[..., Any]:
        base = self.api_base if wire == "openai" else self.root
        options = {"retries": 0, "reasks": 0, "timeout": 5.0, "breaker": False, **options}
        if model == "hang" or model == "s-hang":
            options["timeout"] = 0.3
        return Pattern("yes", output=dict, model=f"{wire}/{model}", api_base=base, **options)

    def keep(self, name: str, content: str | bytes) -> None:
        """Leave something behind."""
        self.number += 1
        self.names.append(name)
        data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        (self.folder / f"{self.number:04}-{name}").write_bytes(data)

    def keep_error(self, error: BaseException) -> None:
        """Leave an error behind in every form in which one is kept."""
        self.keep("error.repr.txt", f"{error!r}\n{error}\n{error.args!r}\n{getattr(error, '__notes__', '')!r}")
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        self.keep("error.traceback.txt", "".join(shown.format(chain=True)))
        self.keep("error.dict.txt", repr(vars(error)))
        self.keep("error.frames.txt", "\n".join(_frames(error)))
        if isinstance(error, PatternsError):
            self.keep("error.pickle", pickle.dumps(error))
            self.keep("error.again.txt", repr(vars(pickle.loads(pickle.dumps(error)))))

    def keep_result(self, result: Any) -> None:
        self.keep("result.txt", f"{result!r}\n{result}\n{result.attempts!r}\n{result.messages!r}")
        self.keep("result.pickle", pickle.dumps(result))


def _frames(error: BaseException) -> Iterator[str]:
    """The local variables of every frame, and what they hold one level down: debuggers show that too."""
    seen: BaseException | None = error
    while seen is not None:
        trace = seen.__traceback__
        while trace is not None:
            for name, value in trace.tb_frame.f_locals.items():
                if isinstance(value, Scene) or name in ("__builtins__", "sys", "os"):
                    continue
                with contextlib.suppress(Exception):
                    yield f"{trace.tb_frame.f_code.co_qualname}: {name} = {value!r}"
                for inner, held in getattr(value, "__dict__", {}).items():
                    with contextlib.suppress(Exception):
                        yield f"    .{inner} = {held!r}"
            trace = trace.tb_next
        seen = seen.__cause__ or seen.__context__


Way = Callable[[Scene], object]
WAYS: list[Way] = []


def way(function: Way) -> Way:
    """One more way for a key to go."""
    WAYS.append(function)
    return function


def asked(scene: Scene, pattern: Pattern[..., Any], text: str = "Who is Jo?") -> None:
    """Ask, and keep what comes of it."""
    try:
        scene.keep_result(pattern.run(text))
    except Exception as error:
        scene.keep_error(error)


@contextlib.contextmanager
def others_quiet() -> Iterator[None]:
    """Have other libraries not write to their own logs what the user says; what we write is what is looked at."""
    loggers = [logging.getLogger(name) for name in ("openai", "LiteLLM", "httpx", "httpcore")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@way
def errors_of_every_kind(scene: Scene) -> None:
    for wire in ("openai", "anthropic"):
        for model in FAULTS:
            asked(scene, scene.pattern(model, wire))


@way
def retries_and_fallbacks(scene: Scene) -> None:
    asked(scene, scene.pattern("500x1", retries=1))
    asked(scene, scene.pattern("quota", fallbacks=["openai/500", "openai/ok"]))
    asked(scene, scene.pattern("quota", fallbacks=["openai/echo401"]))
    for _ in range(6):
        asked(scene, scene.pattern("529", breaker=True, deadline=2.0))


@way
def async_calls_batches_and_streams(scene: Scene) -> None:
    async def all_of_it() -> None:
        for model in ("ok", "echo401", "500"):
            try:
                scene.keep_result(await scene.pattern(model).arun("x"))
            except Exception as error:
                scene.keep_error(error)
        for wire in ("openai", "anthropic"):
            for model in STREAMS:
                try:
                    parts = [part async for part in scene.pattern(model, wire).astream("x")]
                    scene.keep("parts.txt", repr(parts))
                except Exception as error:
                    scene.keep_error(error)

    asyncio.run(all_of_it())
    for model in ("ok", "echo401"):
        for outcome in scene.pattern(model).batch(["x", "y"]):
            scene.keep("outcome.txt", repr(outcome))
    try:
        list(scene.pattern("echo401").stream("x"))
    except Exception as error:
        scene.keep_error(error)


@way
def a_thread_that_dies(scene: Scene) -> None:
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        thread = threading.Thread(target=scene.pattern("echo401"), args=("x",))
        thread.start()
        thread.join()
    scene.keep("thread.txt", said.getvalue())


@way
def the_cache(scene: Scene) -> None:
    for model in ("ok", "echo401", "nousage"):
        cached = scene.pattern(model, cache=scene.folder / "cache" / "answers.sqlite")
        asked(scene, cached), asked(scene, cached)


@way
def recording_and_replaying(scene: Scene) -> None:
    tape = scene.folder / "tape.jsonl"
    text = f"my key is {os.environ['OPENAI_API_KEY']}"
    for mode in ("record", "replay"):
        with Recorder(tape, mode=mode):  # type: ignore[arg-type]
            for model in ("ok", "echo401", "500"):
                asked(scene, scene.pattern(model))
            with contextlib.suppress(PatternsError), others_quiet():
                scene.pattern("ok")(text)
    with Recorder(tape, mode="replay"):
        asked(scene, scene.pattern("missing"))


@way
def keys_from_settings(scene: Scene) -> None:
    """A key in words, in a box and from functions; one that rotates, one that fails, one that is refused twice."""
    from pydantic import SecretStr

    def broken() -> str:
        raise RuntimeError("the vault is closed")

    for given in (
        os.environ["CANARY_PLAIN"],
        SecretStr(os.environ["CANARY_PLAIN"]),
        lambda: os.environ["CANARY_OPAQUE"],
        lambda: f"{os.environ['CANARY_OPAQUE']}-{scene.number}",
        broken,
    ):
        scene.keep("keys.txt", repr(Keys({"openai": given})))
        with override(api_key={"openai": given, "127.0.0.1": given}):
            scene.keep("settings.txt", f"{settings()!r}\n{origins()!r}")
            for model in ("ok", "echo401", "500"):
                asked(scene, scene.pattern(model))
                with contextlib.suppress(Exception):
                    list(scene.pattern(model).stream("x"))
        del given


@way
def what_is_shown_of_options(scene: Scene) -> None:
    key = os.environ["OPENAI_API_KEY"]
    for options in (
        {"extra": {"api_key": key}},
        {"extra": {"extra_headers": {"Authorization": f"Bearer {key}"}}},
        {"api_base": f"https://user:{key}@example.com/v1"},
    ):
        try:
            Pattern("yes", output=dict).with_options(**options)  # type: ignore[arg-type]
        except PatternsError as error:
            scene.keep("refused.txt", f"{error!r} {error} {error.hint}")
    scene.keep("setup.txt", repr(Setup().changed({"model": "openai/ok", "api_base": scene.api_base})))
    scene.keep("pattern.txt", f"{scene.pattern('ok')!r} {vars(scene.pattern('ok'))!r}")


@way
def money(scene: Scene) -> None:
    for changes in (
        {"budget": 1.0, "budget_file": scene.folder / "budget.sqlite"},
        {"budget": 1e-9},
        {"max_cost": 1e-9},
    ):
        with override(prices={"openai/ok": (1.0, 1.0), "openai/echo401": (1.0, 1.0)}):
            for model in ("ok", "echo401", "unpriced"):
                asked(scene, scene.pattern(model, **changes))
    WRITER.flush()


@way
def what_was_said_with_a_key_in_it(scene: Scene) -> None:
    """To the log and to spans even this goes without the key; the answer itself is the user's own business."""
    text = f"my key is {os.environ['OPENAI_API_KEY']}"
    with contextlib.suppress(PatternsError), others_quiet():
        scene.pattern("ok")(text)


@way
def conversations(scene: Scene) -> None:
    talk = Conversation(model="openai/ok", api_base=scene.api_base, retries=0)
    try:
        talk.say("hello")
        scene.keep("talk.json", talk.model_dump_json() if hasattr(talk, "model_dump_json") else repr(vars(talk)))
    except Exception as error:
        scene.keep_error(error)


@way
def a_fake_model(scene: Scene) -> None:
    with FakeModel(['{"ok": true}']) as model:
        asked(scene, scene.pattern("ok"))
        scene.keep("fake.txt", repr(model.requests))


@way
def a_picture(scene: Scene) -> None:
    """The content of a picture goes where a key goes, and is left nowhere, in base64 neither.

    Errors and results are not pickled here: whoever keeps one whole keeps what was asked.
    """
    picture = Image(png(note=f"{WORD} in a picture".encode()))
    shown = [Message("user", ("Look:", picture)), Message("assistant", "A cat.")]
    with others_quiet(), Recorder(scene.folder / "pictures.jsonl", "record"):
        for wire in ("openai", "anthropic"):
            for model in ("ok", "400", "500", "ctx", "policy", "garbage", "refusal"):
                asking = scene.pattern(model, wire, history=shown)
                try:
                    result = asking.run("Which colour?")
                    scene.keep("picture.txt", f"{result!r}\n{result.attempts!r}\n{result.messages!r}")
                except Exception as error:
                    told = traceback.TracebackException.from_exception(error, capture_locals=True)
                    scene.keep("picture.error.txt", f"{error!r}\n{vars(error)!r}\n{''.join(told.format(chain=True))}")
    with others_quiet():
        scene.keep("picture.txt", repr(scene.pattern("ok", history=shown, cache=scene.folder / "pictures.db").run("x")))


def _listen(scene: Scene) -> Callable[[], None]:
    heard: list[str] = []

    def hear(event: Event) -> None:
        if "my key is" not in (told := repr(event)):  # a hook is handed what the user says as it is
            heard.append(told)

    end = subscribe(hear)

    def over() -> None:
        end()
        scene.keep("events.txt", "\n".join(heard))

    return over


def main(api_base: str, root: str, folder: Path) -> None:
    """Go every way with everything turned on that writes anything down."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from patterns import otel

    exporter, tracers = InMemorySpanExporter(), TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    otel.instrument(tracers, content=True)
    logging.basicConfig(filename=folder / "log.txt", level=logging.DEBUG)
    templates = folder / "templates"
    templates.mkdir()
    (templates / "yes.md.jinja").write_text("---\ninputs: {text: Any.}\n---\n{% user %}{{ text }}{% enduser %}\n")
    configure(templates=(templates,), log_content=True, usage=folder / "usage.sqlite")
    scene = Scene(api_base, root, folder)
    over = _listen(scene)
    for each in WAYS:
        each(scene)
        print("went", each.__name__, flush=True)
    over()
    scene.keep("spans.json", json.dumps([json.loads(span.to_json()) for span in exporter.get_finished_spans()]))
    scene.keep("names.txt", "\n".join(scene.names))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
