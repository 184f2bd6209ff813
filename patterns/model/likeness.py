"""How alike texts are in meaning: the cosine between their vectors, by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from patterns.errors import ExtraMissing, InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def needs_numpy() -> ModuleType:
    """Give numpy. Raises ExtraMissing where it is not installed."""
    try:
        return import_module("numpy")
    except ImportError:
        raise ExtraMissing("comparing examples by an embedding model", "embeddings") from None


class Likeness:
    """The vectors of many texts, each of length 1."""

    def __init__(self, vectors: Sequence[Sequence[float]]) -> None:
        self._numpy = needs_numpy()
        if len({len(vector) for vector in vectors}) > 1:
            raise InputError("the vectors of the examples differ in size", hint="another model answers by that name")
        self._rows = self._unit(self._numpy.asarray(vectors, dtype="float32"))

    def nearest(self, vector: Sequence[float], most: int) -> list[tuple[int, float]]:
        """Give up to `most` indexes with their cosine, from -1 to 1, the most alike first; ties by index."""
        if len(vector) != self._rows.shape[1]:
            raise InputError(
                f"a vector of {len(vector)} numbers among those of {self._rows.shape[1]}",
                hint="another model answers by that name",
            )
        wanted = self._unit(self._numpy.asarray([vector], dtype="float32"))[0]
        scores = self._rows @ wanted
        order = self._numpy.argsort(-scores, kind="stable")[:most]
        return [(int(index), float(scores[index])) for index in order]

    def _unit(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        lengths = self._numpy.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = rows / self._numpy.where(lengths == 0, 1, lengths)
        return unit
