"""How many tokens a part is taken to be, by what providers publish; a part whose size cannot be told is a large one.

- OpenAI, guide "Images and vision": most models scale a picture into 2,048 x 2,048 pixels, then its short side down
  to 768, and count a base and squares of 512 pixels; small ones of newer families count patches of 32 pixels, 1,536 at
  most, times a factor.
- Anthropic, guide "Vision": width x height / 750, once the long side is scaled down to 1,568 pixels, 1,600 at most.
  "PDF support": a page is 1,500 to 3,000 tokens of text, and a picture.
- Google, guide "Understand and count tokens": 258 for a picture up to 384 x 384 pixels, beyond that for each square of
  768 pixels, and for each page of a document; 32 for a second of sound. Gemini 3 takes up to 1,120 and 560.
"""

from __future__ import annotations

import math

from patterns.messages import Part
from patterns.model.sizes import pages, pixels, seconds

_LARGE = (2_048, 2_048)
"""Pixels of a picture that does not tell its size."""
_PAGE = (1_536, 2_048)
"""Pixels of a page as a picture."""
_PAGE_TEXT = 3_000
_SECOND = 32
_TILED = {
    "gpt-4o-mini": (2_833, 5_667),
    "gpt-5": (70, 140),
    "o1": (75, 150),
    "o3": (75, 150),
}
"""Tokens of the base and of a square by the beginning of a model's name, where they are not the usual ones."""
_USUAL = (85, 170)
_PATCHED = {"gpt-5-mini": 1.62, "gpt-5-nano": 2.46, "gpt-4.1-mini": 1.62, "gpt-4.1-nano": 2.46, "o4-mini": 1.72}
_MOST_PATCHES = 1_536


def part_tokens(part: Part, model: str = "") -> int:
    """Estimate the tokens of a part for a model, by the rule of its provider; by OpenAI's where there is no other."""
    if part.kind == "audio":
        return math.ceil(seconds(part.data) * _SECOND)
    if part.kind == "document":
        return pages(part.data) * _page(model)
    return _picture(*(pixels(part.data) or _LARGE), model)


def _page(model: str) -> int:
    if "gemini" in model:
        return 560 if "gemini-3" in model else 258
    return _PAGE_TEXT + _picture(*_PAGE, model)


def _picture(width: int, height: int, model: str) -> int:
    if "claude" in model:
        wide, high = _scaled(width, height, 1_568 / max(width, height))
        return min(1_600, math.ceil(wide * high / 750))
    if "gemini" in model:
        return 1_120 if "gemini-3" in model else _squares(width, height)
    name = model.rpartition("/")[2]
    factor = next((factor for start, factor in _PATCHED.items() if name.startswith(start)), None)
    if factor is not None:
        return math.ceil(min(_MOST_PATCHES, math.ceil(width / 32) * math.ceil(height / 32)) * factor)
    base, square = next((each for start, each in _TILED.items() if name.startswith(start)), _USUAL)
    wide, high = _scaled(width, height, 2_048 / max(width, height))
    wide, high = _scaled(wide, high, 768 / min(wide, high))
    return base + square * math.ceil(wide / 512) * math.ceil(high / 512)


def _squares(width: int, height: int) -> int:
    if width <= 384 and height <= 384:
        return 258
    return 258 * math.ceil(width / 768) * math.ceil(height / 768)


def _scaled(width: float, height: float, by: float) -> tuple[float, float]:
    """Scale down; nothing is scaled up."""
    return width * min(1.0, by), height * min(1.0, by)
