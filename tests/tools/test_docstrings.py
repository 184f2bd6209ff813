"""What authors write about their functions reaches the model, whichever style they keep to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.tools.docstrings import Told, told

WORDS = {"city": "The city to look at.", "days": "How many days ahead, 7 at most.", "unit": "celsius or fahrenheit"}

GOOGLE = """Tell the weather.

    It is a forecast, and forecasts err.

    Args:
        city (str): The city to look at.
        days: How many days ahead,
            7 at most.
        unit (Literal["celsius", "fahrenheit"], optional): celsius or fahrenheit

    Returns:
        Some words.

    Raises:
        ValueError: for an unknown city.
    """

NUMPY = """
    Tell the weather.

    It is a forecast, and forecasts err.

    Parameters
    ----------
    city : str
        The city to look at.
    days : int, optional
        How many days ahead,
        7 at most.
    unit
        celsius or fahrenheit

    Returns
    -------
    str
        Some words.
    """

SPHINX = """Tell the weather.

    It is a forecast, and forecasts err.

    :param city: The city to look at.
    :param int days: How many days ahead,
        7 at most.
    :type city: str
    :param unit: celsius or fahrenheit
    :returns: Some words.
    :raises ValueError: for an unknown city.
    """


@pytest.mark.parametrize("docstring", [GOOGLE, NUMPY, SPHINX], ids=["google", "numpy", "sphinx"])
def test_each_style_tells_the_same(docstring: str) -> None:
    assert told(docstring) == Told("Tell the weather.\n\nIt is a forecast, and forecasts err.", WORDS)


def test_words_without_sections_are_all_summary() -> None:
    assert told("Tell the weather.\n\nNote this: it errs.") == Told("Tell the weather.\n\nNote this: it errs.")


def test_two_parameters_may_share_their_words() -> None:
    shared = "Add.\n\nParameters\n----------\na, b : int\n    What is added.\n"
    assert told(shared).parameters == {"a": "What is added.", "b": "What is added."}


def test_star_arguments_are_told_without_their_stars() -> None:
    assert told("Do.\n\nArgs:\n  *args: The first.\n  **rest: The rest.").parameters == {
        "args": "The first.",
        "rest": "The rest.",
    }


@pytest.mark.parametrize("docstring", [None, "", "   \n  "])
def test_no_docstring_tells_nothing(docstring: str | None) -> None:
    assert told(docstring) == Told()


@given(st.text(alphabet=":-\n argsPArameters*()#x"))
def test_any_text_is_read_without_an_error(docstring: str) -> None:
    assert isinstance(told(docstring), Told)
