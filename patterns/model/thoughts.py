"""Blocks of thought as litellm hands them on, whole or in pieces: a provider wants them back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from patterns.messages import Json

Block = Mapping[str, Json]


def blocks_of(said: object) -> tuple[Block, ...]:
    """The blocks on a message, or the pieces of them on a part of a stream."""
    blocks = getattr(said, "thinking_blocks", None) or ()
    return tuple(dict(block) for block in blocks if isinstance(block, Mapping))


def joined(pieces: Iterable[Block]) -> tuple[Block, ...]:
    """Put the pieces of a stream together: a signature ends a block; without one it is worth nothing, and is left out.

    Blocks that are no thinking in words (those that the provider has encrypted) come whole.
    """
    found: list[Block] = []
    text = ""
    for piece in pieces:
        if piece.get("type") != "thinking":
            found.append(piece)
            continue
        text += str(piece.get("thinking") or "")
        if signature := piece.get("signature"):
            found.append({"type": "thinking", "thinking": text, "signature": signature})
            text = ""
    return tuple(found)
