"""Word links: cases of our own sentences, and what holds for any pair of texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.align.passes import learn, survey
from aligner.evidence.agreement import Direction, agree, equal
from aligner.evidence.combine import Evidence, block_weights
from aligner.evidence.encode import Renderings, encode
from aligner.evidence.habits import Habits
from aligner.evidence.lexicon import load_lexicon
from aligner.evidence.links import BeadLinks, bead_links
from aligner.evidence.parameters import shipped_parameters
from aligner.evidence.quotation import pair_quotation
from aligner.evidence.rectangles import Block
from aligner.evidence.structure import pair_structure
from aligner.language.tokens import token_keys
from aligner.model import Segment

CASES = json.loads((Path(__file__).parent.parent / "cases" / "links.json").read_text("utf-8"))


def segments(texts: list[str]) -> list[Segment]:
    """Texts as they stand one after another in a document, a line each."""
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
    return [Segment(k, text, starts[k], starts[k] + len(text)) for k, text in enumerate(texts)]


def evidence_of(zh: list[Segment], vi: list[Segment], glossary: Renderings | None = None) -> Evidence:
    p = shipped_parameters()
    texts = [s.text for s in zh], [s.text for s in vi]
    encoding = encode(*texts, load_lexicon(), glossary=glossary, own_share=p.own_share, by_source=True)
    quotation = pair_quotation([s.text for s in zh], [s.text for s in vi])
    return Evidence(encoding, pair_structure(zh, vi), quotation, Habits(p.length_model.mean), p)


def one_bead(
    zh: str, vi: str, glossary: Renderings | None = None
) -> tuple[Evidence, Block, list[Segment], list[Segment]]:
    """A document of one sentence each, as `bead_links` takes it."""
    src, tgt = segments([zh]), segments([vi])
    return evidence_of(src, tgt, glossary), (0, 1, 0, 1), src, tgt


def shown(found: BeadLinks) -> dict[str, Any]:
    return {f"{link.src.text} ↔ {link.tgt.text}": link for link in found.links}


@pytest.mark.parametrize("case", CASES["words"], ids=lambda case: case["about"])
def test_words_are_linked(case: dict[str, Any]) -> None:
    found = shown(bead_links(*one_bead(case["zh"], case["vi"])))
    assert set(case["links"]) <= set(found)
    for link, source in case.get("sources", {}).items():
        assert found[link].source == source


@pytest.mark.parametrize("case", CASES["repeated"], ids=lambda case: case["about"])
def test_repeated_words_are_linked_where_they_belong(case: dict[str, Any]) -> None:
    found = bead_links(*one_bead(case["zh"], case["vi"]))
    assert {tuple(at) for at in case["at"]} <= {(link.src.start, link.tgt.start) for link in found.links}
    assert set(case.get("alone", [])) <= {rest.span.start for rest in found.src_unlinked}


def test_a_term_of_the_glossary_is_one_link() -> None:
    zh, vi = "我们用风筝计划。", "Chúng tôi dùng dự án con diều."
    term = {" ".join(token_keys("风筝计划", "zh")): (tuple(token_keys("dự án con diều", "vi")),)}
    found = shown(bead_links(*one_bead(zh, vi, term)))
    assert found["风筝计划 ↔ dự án con diều"].sources["glossary"] > 0.25
    assert "风筝计划 ↔ dự án con diều" not in shown(bead_links(*one_bead(zh, vi)))


def test_a_word_the_second_pass_has_learned_is_its_own() -> None:
    """A word and its made-up translation, which are linked by nothing but the document's other beads."""
    zh = segments(["他喜欢风筝。", "风筝很大。", "我们买风筝。", "风筝在这里。"] * 5)
    vi = segments(["Anh ấy thích zaza.", "Zaza rất lớn.", "Chúng tôi mua zaza.", "Zaza ở đây."] * 5)
    before = evidence_of(zh, vi)
    after = learn(before, survey(before, [(0, len(zh), 0, len(vi))]))
    assert "风筝 ↔ Zaza" not in shown(bead_links(before, (1, 2, 1, 2), zh, vi))
    link = shown(bead_links(after, (1, 2, 1, 2), zh, vi))["风筝 ↔ Zaza"]
    assert link.sources == {"own": pytest.approx(1.0)}


def test_a_null_bead_has_nothing_but_unlinked_words_of_no_weight() -> None:
    zh, vi = segments(["你好。", "再见!"]), segments(["Xin chào."])
    found = bead_links(evidence_of(zh, vi), (1, 2, 1, 1), zh, vi)
    assert [(rest.span.text, rest.weight) for rest in found.src_unlinked] == [("再见", 0.0)]
    assert (found.links, found.tgt_unlinked) == ((), ())


def test_a_side_without_words_costs_what_the_score_says() -> None:
    zh, vi = segments(["……"]), segments(["Xin chào các bạn."])
    evidence = evidence_of(zh, vi)
    assert bead_links(evidence, (0, 1, 0, 1), zh, vi).weight == pytest.approx(translation(evidence), rel=1e-5)


def translation(evidence: Evidence) -> float:
    """The translation weight of a document that is one bead."""
    n, m = evidence.shape
    return float(block_weights(evidence, (0, n, 0, m), [(n, m)]).parts[n, m]["translation"][0, 0])


ZH_PIECES = ["经", "济", "合", "作", "河", "内", ",", "。", "3", "十六", "年", "芒街", "GDP", "東", "的"]
VI_PIECES = [
    "kinh",
    "tế",
    "Hợp",
    "tác",
    "Hà Nội",
    ",",
    ".",
    "3",
    "16",
    "năm",
    "Móng Cái",
    "GDP",
    "UBND",
    "của",
]
ZH = st.lists(st.sampled_from(ZH_PIECES), min_size=1, max_size=14)
VI = st.lists(
    st.sampled_from(VI_PIECES),
    min_size=1,
    max_size=14,
)


@settings(deadline=None, max_examples=30)
@given(st.lists(ZH, min_size=1, max_size=2), st.lists(VI, min_size=1, max_size=2))
def test_links_and_rest_add_up_and_stand_in_the_text(
    zh_words: list[list[str]], vi_words: list[list[str]]
) -> None:
    zh, vi = (
        segments(["".join(words) for words in zh_words]),
        segments([" ".join(words) for words in vi_words]),
    )
    evidence = evidence_of(zh, vi)
    found = bead_links(evidence, (0, len(zh), 0, len(vi)), zh, vi)
    assert found.weight == pytest.approx(translation(evidence), rel=1e-4, abs=1e-4)
    for side, spans in (
        (zh, [*(link.src for link in found.links), *(rest.span for rest in found.src_unlinked)]),
        (vi, [*(link.tgt for link in found.links), *(rest.span for rest in found.tgt_unlinked)]),
    ):
        document = "\n".join(s.text for s in side)
        for span in spans:
            segment = side[span.segment]
            assert segment.start <= span.start < span.end <= segment.end
            assert document[span.start : span.end] == span.text
    for link in found.links:
        assert 0 < link.probability <= 1
        assert sum(link.sources.values()) == pytest.approx(1.0)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 7), st.integers(1, 7))
def test_agreement_does_not_know_which_side_is_which(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)

    def direction(givers: int, takers: int, keys: list[int]) -> Direction:
        likely = rng.random((givers, takers)) * (rng.random((givers, takers)) < 0.5)
        return Direction(likely, likely.sum(axis=0), rng.random(takers), equal(np.array(keys)))

    forward = direction(n, m, rng.integers(0, 3, n).tolist())
    backward = direction(m, n, rng.integers(0, 3, m).tolist())
    one, other = agree(forward, backward), agree(backward, forward)
    assert np.allclose(one.forward, other.backward.T)
    assert np.allclose(one.both, other.both.T)
    assert one.both.max() <= 1
    explained = forward.explained / (forward.explained + forward.chance)
    assert np.allclose(np.minimum(one.forward, 1).sum(axis=0), explained), (
        "context explains nothing by itself"
    )
