"""Quotation marks against a count by hand, and when they have nothing to say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aligner.evidence.quotation import PairQuotation, pair_quotation
from aligner.evidence.rectangles import rectangles

SIDE = st.lists(st.integers(0, 3), min_size=1, max_size=6)


@given(src=SIDE, tgt=SIDE, a=st.integers(1, 3), b=st.integers(1, 3), data=st.data())
def test_a_bead_differs_where_one_side_alone_has_an_odd_number(
    src: list[int], tgt: list[int], a: int, b: int, data: st.DataObject
) -> None:
    pair = PairQuotation(np.array(src, float), np.array(tgt, float))
    i0, j0 = data.draw(st.integers(0, len(src) - 1)), data.draw(st.integers(0, len(tgt) - 1))
    i1, j1 = data.draw(st.integers(i0 + 1, len(src))), data.draw(st.integers(j0 + 1, len(tgt)))
    if a > i1 - i0 or b > j1 - j0:
        return
    local = pair.within(rectangles([(i0, i1, j0, j1)]))
    if local is None:
        assert not any([*src, *tgt])
        return
    (found,) = local.differs((a, b))
    for i, j in np.ndindex(i1 - i0 - a + 1, j1 - j0 - b + 1):
        odd = [sum(src[i0 + i : i0 + i + a]) % 2, sum(tgt[j0 + j : j0 + j + b]) % 2]
        assert found[i, j] == (odd[0] != odd[1])


def test_marks_of_every_form_count_and_apostrophes_do_not() -> None:
    pair = pair_quotation(
        ["他说：“好。", "走吧。”", "「一」『二』«三»"], ['"Được.', "đi thôi.\"'", "rock 'n' roll"]
    )
    assert pair.src.tolist() == [1, 1, 6]
    assert pair.tgt.tolist() == [1, 1, 0]


def test_it_is_absent_where_there_is_no_mark() -> None:
    assert pair_quotation(["没有"], ["không", "'"]).is_absent
    assert pair_quotation([], []).is_absent
    assert not pair_quotation([], ["“một”"]).is_absent
    assert not pair_quotation(["“好。”"], ["- Được."]).is_absent
