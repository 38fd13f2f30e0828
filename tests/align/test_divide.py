"""Run-together headlines: the case file, and division with made-up weights against all divisions."""

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import made, segments

from aligner.align.divide import Weigher, divide
from aligner.align.seams import is_ended, seams
from aligner.config import AlignOptions
from aligner.evidence.combine import block_weights
from aligner.evidence.structure import pair_structure
from aligner.model import Bead, Segment
from aligner.pipeline import align_segments, evidence_of

CASES = json.loads((Path(__file__).parents[1] / "cases" / "divide.json").read_text("utf-8"))
GAIN = 1.0
SRC, TGT = attrgetter("src"), attrgetter("tgt")


def one_by_one(weigh: Callable[[Sequence[Segment], Sequence[Segment]], float]) -> Weigher:
    """Weighs beads, none of which knows of another."""
    return lambda beads: [weigh(*bead) for bead in beads]


def cases(*groups: str) -> list[Any]:
    return [pytest.param(case, id=f"{group}: {case['about']}") for group in groups for case in CASES[group]]


@pytest.mark.parametrize("case", cases("vi runs together", "zh runs together", "stay whole"))
def test_case(case: dict[str, Any]) -> None:
    src, tgt = segments(case["zh"]), segments(case["vi"])
    beads = align_segments(src, tgt, AlignOptions())
    assert [[[s.text for s in bead.src], [s.text for s in bead.tgt]] for bead in beads] == case["beads"]
    for texts, found in [
        (case["zh"], [s for bead in beads for s in bead.src]),
        (case["vi"], [s for bead in beads for s in bead.tgt]),
    ]:
        document = "\n".join(texts)
        assert [document[s.start : s.end] for s in found] == [s.text for s in found]
        assert [s.id for s in found] == list(range(len(found)))
        assert "".join("".join(s.text.split()) for s in found) == "".join(document.split())


@pytest.mark.parametrize("case", cases("vi runs together", "zh runs together"))
def test_nothing_is_divided_where_that_is_off(case: dict[str, Any]) -> None:
    beads = align_segments(segments(case["zh"]), segments(case["vi"]), AlignOptions(divide=False))
    assert [s.text for bead in beads for s in bead.src] == case["zh"]
    assert [s.text for bead in beads for s in bead.tgt] == case["vi"]


def weight_alone(zh: Sequence[Segment], vi: Sequence[Segment]) -> float:
    """The score of a bead in an evidence of its own."""
    bead_type = (len(zh), len(vi))
    evidence = evidence_of(zh, vi, AlignOptions(), one_document=False)
    evidence = dataclasses.replace(evidence, structure=pair_structure(zh, vi))
    return float(block_weights(evidence, (0, len(zh), 0, len(vi)), [bead_type]).total(bead_type)[0, 0])


def divided_one_by_one(src: Sequence[Segment], tgt: Sequence[Segment]) -> list[list[str]]:
    """The texts of both sides after dividing, every bead weighed by itself."""
    whole = align_segments(src, tgt, AlignOptions(divide=False))
    found = divide(whole, one_by_one(weight_alone), gain=0.5) or (src, tgt)
    return [[segment.text for segment in side] for side in found]


@pytest.mark.parametrize("case", cases("vi runs together", "zh runs together", "stay whole"))
def test_weighing_all_at_once_decides_as_weighing_one_by_one(case: dict[str, Any]) -> None:
    want = divided_one_by_one(segments(case["zh"]), segments(case["vi"]))
    beads = align_segments(segments(case["zh"]), segments(case["vi"]), AlignOptions())
    assert [[s.text for b in beads for s in side(b)] for side in (SRC, TGT)] == want


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 999), joins=st.sets(st.integers(0, 10), min_size=1, max_size=4))
def test_headlines_of_many_places_are_divided_as_one_by_one(*, seed: int, joins: set[int]) -> None:
    pair = made(seed, 12, nulls=0)
    vi = [text.rstrip(".").capitalize() for text in pair.vi]
    lines = [[vi[0]]]
    for k, text in enumerate(vi[1:]):
        if k in joins:
            lines[-1].append(text)
        else:
            lines.append([text])
    src, tgt = segments([text.rstrip("。") for text in pair.zh]), segments([" ".join(line) for line in lines])
    beads = align_segments(src, tgt, AlignOptions())
    found = [[s.text for b in beads for s in side(b)] for side in (SRC, TGT)]
    assert found == divided_one_by_one(src, tgt)


def test_a_segment_without_text_is_no_reason_to_divide() -> None:
    """Beside four sentences translated by one it would make a bead of a type that there is none of."""
    src = segments(["发展绿色经济", "", "保护森林资源", "建设美丽乡村", "加强经贸合作"])
    tgt = segments(
        ["Phát triển kinh tế xanh Bảo vệ tài nguyên rừng Xây dựng nông thôn tươi đẹp Tăng cường hợp tác"]
    )
    beads = align_segments(src, tgt, AlignOptions())
    assert [s.text for bead in beads for s in bead.src] == [s.text for s in src]
    assert "Bảo vệ tài nguyên rừng" in [s.text for bead in beads for s in bead.tgt]
    bead = Bead(0, tuple(segments(["甲", ""])), tuple(segments(["An Bình"])))
    assert divide([bead], one_by_one(weight_of), gain=-100) is None


def test_many_lines_are_weighed_some_at_a_time() -> None:
    beads = [Bead(k, tuple(segments(["甲", "乙"])), tuple(segments(["An Bình"]))) for k in range(150)]
    asked: list[int] = []

    def weigh(some: Sequence[tuple[Sequence[Segment], Sequence[Segment]]]) -> list[float]:
        asked.append(len(some))
        return [1.0 if len(zh) == 1 else -50.0 for zh, _ in some]

    found = divide(beads, weigh, gain=GAIN)
    assert found is not None
    assert [s.text for s in found[1]] == ["An", "Bình"] * 150
    assert sum(asked) == 150 * 3
    assert max(asked) < 300


def test_a_long_list_of_names_is_left_alone() -> None:
    """Forty-five capitals, any of which might begin the second headline."""
    names = " ".join(f"{name} {k}" for k, name in enumerate(["Hà", "Lê", "Mai"] * 15))
    src, tgt = segments(["名单之一", "名单之二"]), segments([names])
    bead = Bead(0, tuple(src), tuple(tgt))
    asked: list[int] = []

    def weigh(zh: Sequence[Segment], vi: Sequence[Segment]) -> float:
        asked.append(len(zh) + len(vi))
        return 100.0 if len(zh) == len(vi) == 1 else 0.0

    assert divide([bead], one_by_one(weigh), gain=GAIN) is None
    assert len(asked) <= 1  # nor is it weighed at length


def weight_of(zh: Sequence[Segment], vi: Sequence[Segment]) -> float:
    """A weight as good as random, but always the same for the same texts."""
    text = "|".join([*(s.text for s in zh), "~", *(s.text for s in vi)])
    return hashlib.sha256(text.encode()).digest()[0] / 16 - (6 if len(zh) + len(vi) > 2 else 9)


WORDS = ["An", "Bình", "các", "của", "Minh", "“Xanh”", "2024", "(Huế)", "Khi", "hết."]


@settings(deadline=None, max_examples=60)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
    ends=st.lists(st.sampled_from(["", "。", "："]), min_size=2, max_size=5),
)
def test_the_best_of_all_divisions_is_taken_if_it_pays(words: list[str], ends: list[str]) -> None:
    src = tuple(segments([f"题{k}{end}" for k, end in enumerate(ends)]))
    (whole,) = segments([" ".join(words)])
    best: tuple[tuple[str, ...], float] = ((whole.text,), weight_of(src, [whole]) + GAIN)
    for parts, total in divisions(src, whole.text):
        if total > best[1]:
            best = (parts, total)
    found = divide([Bead(0, src, (whole,))], one_by_one(weight_of), gain=GAIN)
    if best[0] == (whole.text,):
        assert found is None
    else:
        assert found is not None
        assert found[0] == src
        assert tuple(s.text for s in found[1]) == best[0]
        assert [whole.text[s.start : s.end] for s in found[1]] == [s.text for s in found[1]]


def divisions(src: Sequence[Segment], text: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every division of a text, by every choice of seams and of what each part translates; its weight."""
    places = seams(text, "vi")
    for chosen in (c for k in range(len(places)) for c in itertools.combinations(places, k + 1)):
        for splits in itertools.combinations(range(1, len(src)), len(chosen)):
            weights = [
                seam.weight(ended=is_ended(src[j - 1].text)) for seam, j in zip(chosen, splits, strict=True)
            ]
            parts = zip((0, *(s.start for s in chosen)), (*(s.end for s in chosen), len(text)), strict=True)
            texts = [text[start:end] for start, end in parts]
            groups = [src[i:j] for i, j in itertools.pairwise((0, *splits, len(src)))]
            fits = all(len(g) <= 3 and all(is_ended(s.text) for s in g[:-1]) for g in groups)
            if fits and min(weights) >= -4:
                pairs = zip(groups, segments(texts), strict=True)
                yield tuple(texts), sum(weights) + sum(weight_of(group, [part]) for group, part in pairs)


@pytest.mark.parametrize("end", [".", "。", "！", "?", "…", ".”"])
def test_a_full_stop_in_one_language_alone_counts_against_a_seam(end: str) -> None:
    plain, headline = segments([f"甲{end}", "乙"]), segments(["甲", "乙"])
    (tgt,) = segments(["An Bình"])

    def weigh(zh: Sequence[Segment], vi: Sequence[Segment]) -> float:
        return 1.0 if len(zh) == len(vi) else -2.0

    assert divide([Bead(0, tuple(plain), (tgt,))], one_by_one(weigh), gain=GAIN) is None
    found = divide([Bead(0, tuple(headline), (tgt,))], one_by_one(weigh), gain=GAIN)
    assert found is not None
    assert [s.text for s in found[1]] == ["An", "Bình"]


def test_a_headline_left_alone_may_be_what_hides_in_the_next_bead() -> None:
    src, tgt = segments(["甲", "乙"]), segments(["An Bình"])
    alone, bead = Bead(0, (src[0],), (), score=-3.0), Bead(1, (src[1],), tuple(tgt))
    weights = {(1, 1): 2.0, (2, 1): -9.0}

    def weigh(zh: Sequence[Segment], vi: Sequence[Segment]) -> float:
        return weights[len(zh), len(vi)]

    (seam,) = seams("An Bình", "vi")
    even = 2 + 2 + seam.weight(ended=False) - (2 - 3)
    found = divide([alone, bead], one_by_one(weigh), gain=even - 0.1)
    assert found is not None
    assert [s.text for s in found[1]] == ["An", "Bình"]
    assert divide([alone, bead], one_by_one(weigh), gain=even + 0.1) is None
    ended = alone.replace(src=(Segment(0, "甲。", 0, 2),))
    assert divide([ended, bead], one_by_one(weigh), gain=even - 0.1) is None


def test_nothing_to_divide() -> None:
    assert divide([], one_by_one(weight_of), gain=GAIN) is None
    src, tgt = segments(["甲", "乙"]), segments(["An", "Bình"])
    pairs = [Bead(0, (src[0],), (tgt[0],)), Bead(1, (src[1],), ()), Bead(2, (), (tgt[1],))]
    assert divide(pairs, one_by_one(weight_of), gain=GAIN) is None
    assert divide([Bead(0, tuple(src), tuple(tgt))], one_by_one(weight_of), gain=-100) is None
