from __future__ import annotations

import pytest

from patterns.errors import InputError
from patterns.library.signature import refuse_other, wanted

KEPT = [
    ("def f(a, b)", "def f(a, b): return a"),
    ("f(a, b)", "def f(a: int, b: int) -> int: return a"),
    ("def f(a: int) -> str:", "def f(a: int) -> str:\n    return str(a)"),
    ("def f(a: int, *, b: str = 'x') -> str: ...", 'def f(a: int, *, b: str = "x") -> str: return b'),
    ("async def f(*args, **kwargs)", "async def f(*args, **kwargs): pass"),
    ("def area(self) -> float", "class Square:\n    def area(self) -> float:\n        return 1.0"),
]
BROKEN = [
    ("def f(a, b)", "def g(a, b): return a", "does not define `def f(a, b)`"),
    ("def f(a, b)", "def f(b, a): return a", "has `def f(b, a)`"),
    ("def f(a: int)", "def f(a): return a", "was to be `def f(a: int)`"),
    ("def f(a) -> int", "def f(a): return a", "was to be `def f(a) -> int`"),
    ("def f(a, b=1)", "def f(a, b=2): return a", "has `def f(a, b=2)`"),
    ("def f(a, *, b)", "def f(a, b): return a", "has `def f(a, b)`"),
    ("async def f(a)", "def f(a): return a", "was to be `async def f(a)`"),
    ("def f(a)", "x = 1", "does not define"),
]


@pytest.mark.parametrize(("signature", "source"), KEPT)
def test_a_kept_signature_is_found(signature: str, source: str) -> None:
    refuse_other(source, wanted(signature))


@pytest.mark.parametrize(("signature", "source", "words"), BROKEN)
def test_another_signature_is_told_with_both(signature: str, source: str, words: str) -> None:
    with pytest.raises(ValueError, match="def ") as caught:
        refuse_other(source, wanted(signature))
    assert words in str(caught.value)


@pytest.mark.parametrize("signature", ["", "def", "f(a", "1 + 1", "def f(a): pass\ndef g(b)", "x = 1"])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(InputError):
        wanted(signature)
