"""Blocks that changed places are found, marked, and nothing else is."""

import io
from collections.abc import Sequence

import pytest
from tests.align.generated import Ids, Made, made

from aligner.align.aligning import align
from aligner.config import AlignOptions
from aligner.formats import bitext
from aligner.model import Bead, Bitext, Side
from aligner.pipeline import evidence_of


def aligned(pair: Made) -> tuple[Bead, ...]:
    src, tgt = pair.segments()
    return align(src, tgt, evidence_of(src, tgt, AlignOptions()))


def ids(bead: Bead) -> Ids:
    return tuple(s.id for s in bead.src), tuple(s.id for s in bead.tgt)


def parts(sizes: Sequence[int], order: Sequence[int]) -> tuple[Made, list[set[Ids]]]:
    """A document of parts whose vi side has them in another order; and the gold beads of each part."""
    texts = [made(70 + k, size, noise=0.2, nulls=0) for k, size in enumerate(sizes)]
    starts, at = {}, 0
    for k in order:
        starts[k] = at
        at += len(texts[k].vi)
    pair = Made(vi=[text for k in order for text in texts[k].vi])
    gold: list[set[Ids]] = []
    for k, part in enumerate(texts):
        shift = len(pair.zh), starts[k]
        gold.append({(ids_from(shift[0], src), ids_from(shift[1], tgt)) for src, tgt in part.gold})
        pair.zh += part.zh
    return pair, gold


def ids_from(start: int, ids: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(start + number for number in ids)


def check_covers(pair: Made, beads: Sequence[Bead]) -> None:
    """Every segment stands once, in order but for what was moved."""
    assert [s.id for bead in beads for s in bead.src] == list(range(len(pair.zh)))
    assert sorted(s.id for bead in beads for s in bead.tgt) == list(range(len(pair.vi)))
    in_order = [s.id for bead in beads if not bead.moved for s in bead.tgt]
    assert in_order == sorted(in_order)
    assert [bead.id for bead in beads] == list(range(len(beads)))


@pytest.mark.parametrize(
    ("sizes", "order", "moved"),
    [
        ((40, 12, 12, 40), (0, 2, 1, 3), {1, 2}),
        ((20, 12, 50, 12, 20), (0, 3, 2, 1, 4), {1, 3}),
        ((60, 8, 30), (1, 0, 2), {1}),
    ],
    ids=["neighbours", "far apart", "one block"],
)
def test_blocks_that_changed_places(sizes: tuple[int, ...], order: tuple[int, ...], moved: set[int]) -> None:
    pair, gold = parts(sizes, order)
    beads = aligned(pair)
    check_covers(pair, beads)
    found = {ids(bead): bead for bead in beads}
    for k, part in enumerate(gold):
        right = [found[bead] for bead in part if bead in found]
        assert len(right) >= 0.9 * len(part)
        assert {bead.moved for bead in right} == {k in moved}


def test_moved_beads_say_why_as_others_do() -> None:
    beads = aligned(parts((30, 10, 30), (0, 2, 1))[0])
    moved = [bead for bead in beads if bead.moved]
    assert len(moved) >= 9
    for bead in beads:
        assert bead.score == pytest.approx(sum(bead.evidence.values()), abs=1e-6)
        assert set(bead.evidence) == ({"prior"} if bead.is_null else {"translation", "length", "prior"})
    assert min(bead.confidence for bead in moved) > 0.5


def test_what_was_replaced_or_left_out_is_no_move() -> None:
    pair = Made()
    pair.extend(made(81, 40))
    pair.add(made(82, 15, nulls=0).zh, [])
    pair.extend(made(83, 40))
    pair.add([], made(84, 15, nulls=0).vi)
    pair.extend(made(85, 40))
    beads = aligned(pair)
    check_covers(pair, beads)
    assert not any(bead.moved for bead in beads)


def test_a_bitext_with_moved_blocks_is_read_as_it_was_written() -> None:

    beads = aligned(parts((20, 8, 8, 20), (0, 2, 1, 3))[0])
    assert any(bead.moved for bead in beads)
    made_of = Bitext(Side("zh-Hans", "zh", "0" * 64), Side("vi", "vi", "0" * 64), beads)
    file = io.BytesIO()
    bitext.write(made_of, file)
    file.seek(0)
    assert bitext.read(file, "x").beads == beads
