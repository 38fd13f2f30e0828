"""A slow, obvious alignment: enumerate every path of a small lattice."""

from collections.abc import Iterator

from aligner.align.lattice import Edge, Lattice


def all_paths(lattice: Lattice, b: int) -> Iterator[tuple[list[Edge], float]]:
    """Every path of lattice b with its weight; between two beads zh nulls come before vi nulls."""
    n, m = (int(k) for k in lattice.sizes[b])

    def walk(i: int, j: int, state: str) -> Iterator[tuple[list[Edge], float]]:
        if (i, j) == (n, m):
            yield [], 0.0
        for (a, c), weight in lattice.beads.items():
            if i + a <= n and j + c <= m and weight[b, i + a, j + c] > float("-inf"):
                here = float(weight[b, i + a, j + c])
                for rest, total in walk(i + a, j + c, "m"):
                    yield [Edge(i, i + a, j, j + c), *rest], here + total
        if i < n and state != "y":
            here = float(lattice.src_null[b, i]) + (lattice.null_open if state == "m" else 0.0)
            for rest, total in walk(i + 1, j, "x"):
                yield [Edge(i, i + 1, j, j), *rest], here + total
        if j < m:
            here = float(lattice.tgt_null[b, j]) + (lattice.null_open if state != "y" else 0.0)
            for rest, total in walk(i, j + 1, "y"):
                yield [Edge(i, i, j, j + 1), *rest], here + total

    yield from walk(0, 0, "m")
