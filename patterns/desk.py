"""A place for templates that are being written: a folder of this process's own, before all others."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from patterns.errors import InputError
from patterns.events import Event, Tried, subscribe
from patterns.lint import Finding, lint
from patterns.prompt.files import NAME, SUFFIX
from patterns.recipe import catalog_of
from patterns.settings import configure, settings


class Desk:
    """Templates by name, for this process alone, until they are saved. Its folder goes with the process."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def put(self, name: str, text: str) -> Path:
        """Lay a template on the desk, in the place of one of the same name. Raises InputError for a bad name."""
        if not NAME.fullmatch(name):
            raise InputError(
                f"{name!r} cannot be the name of a template", hint="lower case letters, digits and _: few_shot/triage"
            )
        path = self._home() / f"{name}{SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def findings(self, name: str) -> tuple[Finding, ...]:
        """What the linter says of it."""
        return lint(catalog_of(settings().templates), name)

    def save(self, name: str, folder: Path) -> Path:
        """Write it into a folder of the user's. Raises InputError where another text has that name there."""
        text = (self._home() / f"{name}{SUFFIX}").read_text(encoding="utf-8")
        path = folder / f"{name}{SUFFIX}"
        if path.exists() and path.read_text(encoding="utf-8") != text:
            raise InputError(f"{path} is there already, and says something else", hint="move it away, or edit it there")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def _home(self) -> Path:
        """The folder, made at the first use and named first in the settings, which are this process's own."""
        if self._folder is None or not self._folder.is_dir():
            self._folder = Path(tempfile.mkdtemp(prefix="patterns-desk-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        if self._folder not in settings().templates:
            configure(templates=(self._folder, *settings().templates))
        return self._folder


@dataclass(frozen=True, slots=True)
class Tally:
    """What was paid: requests that were answered, US dollars of those whose price is known, and how many are not."""

    answers: int = 0
    cost: float = 0.0
    unpriced: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Meter:
    """Counts what all calls of this process pay, from when it is made."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._lock = threading.Lock()
        self.stop = subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, Tried) or event.response is None or event.response.cached:
            return
        cost, usage = event.response.cost, event.response.usage
        with self._lock:
            now = self.tally
            self.tally = Tally(
                now.answers + 1,
                now.cost + (cost or 0.0),
                now.unpriced + (cost is None),
                now.input_tokens + (usage.input_tokens if usage else 0),
                now.output_tokens + (usage.output_tokens if usage else 0),
            )
