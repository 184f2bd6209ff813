"""A value as HTML: records as a table, nesting as a tree, cut to a size that a page bears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patterns.display.markup import Html, bullets, fields, fold, grid, joined, page, small, text
from patterns.display.plain import plain

_ROWS = 100
_COLUMNS = 24
_DEPTH = 12
_CELLS = 3_000


def value_html(value: object) -> Html:
    """Draw a value on its own."""
    return page(drawn(value))


def drawn(value: object) -> Html:
    """Draw a value: a table of its fields, a table of a list of records, folded where it is nested deep."""
    return _Tree().draw(plain(value), 0)


class _Tree:
    """One drawing, and the cells that it may still fill."""

    def __init__(self) -> None:
        self._left = _CELLS

    def draw(self, value: object, depth: int) -> Html:
        self._left -= 1
        if isinstance(value, Mapping | list) and value:
            if depth > _DEPTH or self._left <= 0:
                return small(text(_counted(value)))
            body = self._record(value, depth) if isinstance(value, Mapping) else self._list(value, depth)
            return fold(_counted(value), body, unfolded=depth == 2) if depth > 1 else body
        return _scalar(value)

    def _record(self, value: Mapping[str, object], depth: int) -> Html:
        shown = list(value.items())[:_ROWS]
        table = fields((text(name), self.draw(item, depth + 1)) for name, item in shown)
        return joined([table, _more(len(value) - len(shown), "fields")])

    def _list(self, items: Sequence[object], depth: int) -> Html:
        shown = items[: min(_ROWS, max(self._left, 1))]
        records = [item for item in shown if isinstance(item, Mapping) and item]
        table = (
            self._grid(records, depth)
            if len(records) == len(shown)
            else bullets(self.draw(item, depth + 1) for item in shown)
        )
        return joined([table, _more(len(items) - len(shown), "items")])

    def _grid(self, rows: Sequence[Mapping[str, object]], depth: int) -> Html:
        """Draw a list of objects as one table with a column a field."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        shown = names[:_COLUMNS]
        figures = [number for number, name in enumerate(shown) if _all_figures(row.get(name) for row in rows)]
        cells = ([self.draw(row[name], depth + 1) if name in row else text("") for name in shown] for row in rows)
        return joined([grid(shown, cells, figures), _more(len(names) - len(shown), "columns")])


def _all_figures(values: object) -> bool:
    found = [value for value in values if value is not None]  # type: ignore[attr-defined]
    return bool(found) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in found)


def _scalar(value: object) -> Html:
    if value is None or isinstance(value, bool) or value in ([], {}):
        return Html(f"<em>{text(value)}</em>")
    return Html("<em>empty text</em>") if value == "" else text(value)


def _counted(value: Mapping[str, object] | list[object]) -> str:
    what = "field" if isinstance(value, Mapping) else "item"
    return f"{len(value)} {what}{'s' if len(value) > 1 else ''}"


def _more(count: int, what: str) -> Html:
    return small(text(f"and {count:,} more {what}")) if count > 0 else Html("")
