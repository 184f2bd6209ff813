"""The linked files of one template, ready to run: text goes nowhere, messages go to the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from traceback import walk_tb
from types import CodeType, FrameType, GeneratorType
from typing import NoReturn

import jinja2
from jinja2 import TemplateError as JinjaError

from patterns.errors import PatternsError, TemplateError
from patterns.messages import Json
from patterns.prompt.sandbox import PromptEnvironment
from patterns.prompt.sheet import CURRENT, Fault, Kept, Sheet

_MOST_KEPT = 64
"""Output formats for which the steady parts of a template are kept: types made at run time must not fill the memory."""
_STRAY = "text outside of a role"
_STRAY_HINT = "put it into {% system %}, {% user %} or {% assistant %}"


class Program:
    """Compiled files, linked by name. One program serves any number of threads."""

    def __init__(self, main: str, codes: Mapping[str, CodeType], references: Mapping[tuple[str, str], str]) -> None:
        environment = PromptEnvironment()
        environment.link(codes, references)
        self._main = environment.unit(main)
        self._kept: dict[str, Kept] = {}

    def kept(self, values: Mapping[str, Json]) -> Kept:
        """What the steady parts said for these examples, always the same ones, and this output format."""
        examples, output_format = values["examples"], str(values["output_format"])
        known = self._kept.get(output_format)
        if known is None or known.examples is not examples:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            known = self._kept[output_format] = Kept(examples, output_format)
        return known

    def run(self, values: dict[str, Json], sheet: Sheet) -> None:
        """Render onto the sheet; raise TemplateError with the file and line of an author's mistake."""
        token = CURRENT.set(sheet)
        try:
            stream = self._main.root_render_func(self._main.new_context(values))
            for text in stream:
                if text and not text.isspace():
                    self._refuse(stream, text)
            sheet.close()
        except PatternsError:
            raise
        except Exception as error:
            raise _located(error, self._main) from None
        finally:
            CURRENT.reset(token)

    def _refuse(self, stream: object, text: str) -> NoReturn:
        """Text that reaches the output is in no message. Look where the generators stand to find its line."""
        frame: FrameType | None = None
        while isinstance(stream, GeneratorType):
            frame, stream = stream.gi_frame or frame, stream.gi_yieldfrom
        path, line = _place(frame, frame.f_lineno) if frame else (self._main.filename, None)
        lead = text[: len(text) - len(text.lstrip())].count("\n")
        raise TemplateError(_STRAY, path=path, line=line + lead if line else None, hint=_STRAY_HINT)


def _located(error: Exception, main: jinja2.Template) -> TemplateError:
    """Find the innermost template line of an error that was raised while rendering."""
    path, line = main.filename, None
    for frame, number in walk_tb(error.__traceback__):
        if "__jinja_template__" in frame.f_globals:
            path, line = _place(frame, number)
    if isinstance(error, Fault):
        return TemplateError(error.message, path=path, line=line, hint=error.hint)
    return TemplateError(_words(error), path=path, line=line)


def _words(error: Exception) -> str:
    if isinstance(error, JinjaError):
        return error.message or type(error).__name__
    if isinstance(error, RecursionError):
        return "a macro, block or include calls itself without end"
    return f"{type(error).__name__}: {error}"


def _place(frame: FrameType, number: int) -> tuple[str | None, int]:
    """The template file and line behind a line of compiled code."""
    template: jinja2.Template = frame.f_globals["__jinja_template__"]
    return template.filename, template.get_corresponding_lineno(number)
