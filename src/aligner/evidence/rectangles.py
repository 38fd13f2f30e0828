"""Rectangles of the plane of all zh against all vi segments, worked several at a time.

Arrays over them have the rectangles as first axis and are padded to the size of the largest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner import compiled
from aligner.evidence.sparse import Ints

Block = tuple[int, int, int, int]
"""(i0, i1, j0, j1): zh segments i0 … i1−1 against vi segments j0 … j1−1."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Neighbouring segments of one side, one stretch a rectangle.

    Attributes:
        first: (B,) first segment of each.
        sizes: (B,) how many segments each has.
        width: segments of the longest.
    """

    first: Ints
    sizes: Ints
    width: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", int(self.sizes.max(initial=0)))

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """The values of the segments, (B, width, …); 0 beyond a stretch."""
        if len(self.sizes) == 1:
            first = int(self.first[0])
            return values[None, first : first + self.width]
        at = np.arange(self.width)
        inside = at < self.sizes[:, None]
        padded = np.zeros((*inside.shape, *values.shape[1:]), values.dtype)
        padded[inside] = values[(self.first[:, None] + at)[inside]]
        return padded

    def rows(self) -> tuple[Ints, Ints]:
        """All the segments one after the other, and the place of each in an array (B · width)."""
        owner = np.repeat(np.arange(len(self.sizes)), self.sizes)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        return self.first[owner] + within, owner * self.width + within

    def as_compiled(self) -> compiled.Stretches:
        """The stretches as compiled loops take them."""
        first, sizes = (np.ascontiguousarray(a, np.int64) for a in (self.first, self.sizes))
        return compiled.Stretches(first, sizes, len(sizes), self.width)


class Rectangles(NamedTuple):
    """The two sides of some rectangles."""

    zh: Stretches
    vi: Stretches


def rectangles(blocks: Sequence[Block]) -> Rectangles:
    """Rectangles by their sides."""
    i0, i1, j0, j1 = np.array(blocks, np.int64).reshape(-1, 4).T
    return Rectangles(Stretches(i0, i1 - i0), Stretches(j0, j1 - j0))
