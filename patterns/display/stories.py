"""Results, readings, errors, messages and templates as HTML: what counts first, how it came about folded under it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from patterns.batch.outcomes import Outcome
from patterns.display import facts
from patterns.display.markup import (
    NOTHING,
    Html,
    block,
    fields,
    fold,
    grid,
    joined,
    mark,
    page,
    pre,
    small,
    strong,
    text,
)
from patterns.display.mended import in_words, pieces
from patterns.display.values import drawn
from patterns.errors import Invalid, PatternsError
from patterns.exchange import Attempt, ChosenExample, Repair, Result, Source
from patterns.messages import Message
from patterns.output.reading import Reading
from patterns.pattern import Pattern
from patterns.prompt.template import Template

_ROWS = 100


def result_html(result: Result[object]) -> Html:
    """Draw the value, a line on how it came about, and all else folded under it."""
    return page(
        drawn(result.output),
        block(small(text(facts.of_result(result)))),
        _mends(result.repairs, result.text),
        _attempts(result.attempts),
        _tools(facts.tool_rows(result.tool_runs)),
        _places(result.sources),
        _examples(result.examples),
        fold("reasoning", pre(text(result.reasoning))) if result.reasoning else NOTHING,
        fold(facts.counted(len(result.messages), "message"), _messages(result.messages), _answer(result.text)),
    )


def reading_html(reading: Reading[object]) -> Html:
    """Draw what was read, and the mends folded under it."""
    whole = NOTHING if reading.complete else block(small(text("not complete: the text ended before the value did")))
    return page(drawn(reading.output), whole, _mends(reading.repairs, reading.text))


def outcome_html(outcome: Outcome[object]) -> Html:
    """Draw what became of one row."""
    row = block(small(text(f"row {outcome.index}")))
    told = result_html(outcome.result) if outcome.result is not None else error_html(outcome.error or PatternsError(""))
    return joined([row, told])


def error_html(error: PatternsError) -> Html:
    """Draw what went wrong, what to do, and the whole story folded under it."""
    attempts = facts.attempts_of(error)
    wrong = error.errors if isinstance(error, Invalid) else ()
    last = attempts[-1].repairs if attempts else ()
    raw = getattr(error, "raw_text", "")
    return page(
        block(joined([strong(text(type(error).__name__)), Html(" "), text(error.message)])),
        block(small(text(error.hint))) if error.hint else NOTHING,
        grid(("where", "what is wrong"), [(text(each.path), text(each.message)) for each in wrong])
        if wrong
        else NOTHING,
        block(small(text(facts.of_error(error)))) if attempts else NOTHING,
        (_mends(last, raw) or fold("the answer", pre(text(raw)))) if raw else NOTHING,
        _attempts(attempts),
        _tools(facts.tool_rows(error.tool_runs)),
        fold("messages", _messages(attempts[-1].request.messages)) if attempts else NOTHING,
    )


def messages_html(messages: Sequence[Message]) -> Html:
    """Draw messages one under the other, each under its role."""
    return page(_messages(messages))


def template_html(template: Template) -> Html:
    """Draw what a template takes, and its text folded under that."""
    return page(_sheet(template))


def pattern_html(pattern: Pattern[..., object]) -> Html:
    """Draw what a pattern takes and gives; a template that does not load is shown as its error."""
    try:
        recipe = pattern.recipe()
    except PatternsError as error:
        return error_html(error)
    output = getattr(recipe.into, "__name__", None) or str(recipe.into)
    return page(_sheet(recipe.template, output))


def _sheet(template: Template, output: str = "") -> Html:
    required = template.required
    inputs = [
        (text(name), text("required" if name in required else "optional"), text(schema.get("description", "")))
        for name, schema in template.inputs.items()
    ]
    about = [
        (text("gives"), text(output)) if output else None,
        (text("format"), text(template.format)),
        (text("examples"), text(len(template.examples))),
        (text("file"), text(template.path)),
    ]
    return joined(
        [
            block(Html(f"<strong>{text(template.name)}</strong> {text(template.description)}")),
            grid(("input", "", "what it is"), inputs) if inputs else NOTHING,
            fields(row for row in about if row),
            fold("the file as it is now", _file(template.path)),
        ]
    )


def _file(path: Path) -> Html:
    try:
        return pre(text(path.read_text(encoding="utf-8"), 20_000))
    except (OSError, ValueError):  # it is gone, or no text any more; the template stays as it was loaded
        return NOTHING


def _mends(mends: Sequence[Repair], raw: str) -> Html:
    """The raw text with what was bent in colour, and each mend in a row."""
    if not mends:
        return NOTHING
    rows = [[text(cell) for cell in (m.path, m.kind, m.before, m.after, f"{m.cost:g}")] for m in mends[:_ROWS]]
    marked = joined(
        mark(text(piece.text), piece.guess, "; ".join(map(in_words, piece.mends)))
        if piece.mends
        else text(piece.text, 5_000)
        for piece in pieces(raw, mends)
    )
    return fold(
        facts.counted(len(mends), "mend"),
        pre(marked) if raw else NOTHING,
        grid(facts.MENDS, rows, figures=(4,)),
        small(text(f"and {len(mends) - _ROWS:,} more mends")) if len(mends) > _ROWS else NOTHING,
    )


def _attempts(attempts: Sequence[Attempt]) -> Html:
    rows = [[text(cell) for cell in row] for row in facts.attempt_rows(attempts)]
    if not rows:
        return NOTHING
    failed = [
        fold(f"what came back at attempt {number}", pre(text(attempt.response.choices[0].text)))
        for number, attempt in enumerate(attempts, 1)
        if attempt.problem and attempt.response is not None and attempt.response.choices
    ]
    table = grid(facts.ATTEMPTS, rows, facts.ATTEMPT_FIGURES)
    return fold(facts.counted(len(attempts), "attempt"), table, *failed)


def _tools(rows: Sequence[tuple[str, ...]]) -> Html:
    if not rows:
        return NOTHING
    table = grid(facts.TOOLS, [[text(cell) for cell in row] for row in rows], figures=(0, 4))
    return fold(facts.counted(len(rows), "tool run"), table)


def _places(sources: Sequence[Source]) -> Html:
    rows = [[text(cell) for cell in (s.path, s.text, f"{s.input}[{s.start}:{s.end}]")] for s in sources]
    return fold("where it stands", grid(("value", "words", "place"), rows)) if rows else NOTHING


def _examples(examples: Sequence[ChosenExample]) -> Html:
    rows = [(text(e.number), text(e.why), drawn(e.example.input), drawn(e.example.output)) for e in examples]
    return fold(facts.counted(len(rows), "example"), grid(("", "why", "input", "output"), rows)) if rows else NOTHING


def _messages(messages: Sequence[Message]) -> Html:
    return joined(joined([small(text(each.role)), pre(text(facts.said(each), 20_000))]) for each in messages)


def _answer(answer: str) -> Html:
    return joined([small(text("the answer, as it came")), pre(text(answer))]) if answer else NOTHING
