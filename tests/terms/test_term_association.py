"""How well spans belong together: the fast sums against sums written out, and what the weights prefer."""

from __future__ import annotations

import numpy as np
import pytest

from aligner.evidence.lexicon import load_lexicon
from aligner.language.tokens import Token, token_keys, tokens
from aligner.terms.association import best_matches, pair_features
from aligner.terms.candidates import ViSpan, ZhSpan
from aligner.terms.categories import vi_head_kinds, zh_head_kind
from aligner.terms.linking import Linked, link
from aligner.terms.weights import PairWeights

FAINT, WHOLE = 0.15, 0.8


def made(keys: str, *, space: int = 1) -> tuple[Token, ...]:
    return tuple(Token(key, i * (1 + space), i * (1 + space) + 1, "syllable") for i, key in enumerate(keys))


def slow_features(linked: Linked, z: ZhSpan, v: ViSpan, words: list[tuple[int, int]]) -> dict[str, float]:
    """The definition, token by token; the zh tokens are words of their own."""
    mass = np.where(linked.links >= FAINT, linked.links, 0.0)
    inside, outside = 0.0, 0.0
    zh_keys = {linked.zh[i].key for i in range(z.first, z.last)}
    vi_keys = {linked.vi[j].key for j in range(v.first, v.last)}
    for i, j in np.ndindex(*mass.shape):
        in_z, in_v = z.first <= i < z.last, v.first <= j < v.last
        inside += float(mass[i, j]) * (in_z and in_v)
        outside += float(mass[i, j]) * (in_z and linked.vi[j].key not in vi_keys)
        outside += float(mass[i, j]) * (in_v and linked.zh[i].key not in zh_keys)
    zh_open = sum(1 - min(1, mass[i].sum()) for i in range(z.first, z.last))
    vi_open = 0.0
    for j in range(v.first, v.last):
        start, end = next(word for word in words if word[0] <= linked.vi[j].start < word[1])
        members = [k for k, token in enumerate(linked.vi) if start <= token.start < end]
        linked_part = max(min(1, mass[:, k].sum()) for k in members)
        whole = WHOLE * linked_part if 1 < len(members) <= 4 else 0.0
        vi_open += 1 - max(min(1, mass[:, j].sum()), whole)
    return {
        "links": np.log1p(inside),
        "leak": np.log1p(outside),
        "free": np.log1p(min(zh_open, vi_open)),
        "odd": np.log1p(abs(zh_open - vi_open)),
        "cuts": float(v.cuts),
        "clash": 0.0,
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_fast_sums_are_the_definition(seed: int) -> None:
    chance = np.random.default_rng(seed)
    zh, vi = made("abcab"), made("xyzxwv")
    links = chance.random((5, 6)) * (chance.random((5, 6)) < 0.5)
    linked = Linked(zh, vi, links)
    words = [(0, 4), (4, 6), (6, 12)]
    sources = [ZhSpan(a, b, ("n",), ((a, b),)) for a in range(5) for b in range(a + 1, 6)]
    targets = [ViSpan(c, d, c % 2 + d % 2) for c in range(6) for d in range(c + 1, 7)]
    fast = pair_features(linked, sources, targets, [(t.start, t.end) for t in zh], words)
    for i, z in enumerate(sources):
        for j, v in enumerate(targets):
            slow = slow_features(linked, z, v, words)
            assert fast.of(i, j) == pytest.approx(tuple(slow.values())), (z, v)


def test_the_counterpart_holds_all_links_and_no_others() -> None:
    linked = Linked(made("ab"), made("wxyz"), np.array([[0, 0.9, 0, 0], [0, 0, 0.9, 0]]))
    sources = [ZhSpan(0, 2, ("n",), ((0, 2),))]
    targets = [ViSpan(c, d, 0) for c in range(4) for d in range(c + 1, 5)]
    words = [(token.start, token.end) for token in linked.vi]
    features = pair_features(linked, sources, targets, [(0, 1), (2, 3)], words)
    (best,) = (match for match in best_matches(features, PairWeights(), -99) if match.best)
    assert targets[best.vi] == ViSpan(1, 3, 0)


def test_heads_of_different_kinds_do_not_belong_together() -> None:
    """委员会 is no hội nghị; where one of the kinds is not known they may."""
    linked = Linked(made("ab"), made("xy"), np.diag([0.9, 0.9]))
    sources = [ZhSpan(0, 1, ("n",), ((0, 1),)), ZhSpan(0, 2, ("n",), ((0, 2),))]
    targets = [ViSpan(0, 1, 0), ViSpan(0, 2, 0), ViSpan(1, 2, 0)]
    words = [(token.start, token.end) for token in linked.vi]
    zh_kinds = np.array([zh_head_kind(form) for form in ("作家协会", "白色")])
    vi_forms = [token_keys(form, "vi") for form in ("hội nghị", "hiệp hội", "màu trắng")]
    vi_kinds = np.array([vi_head_kinds(form)[2] for form in vi_forms])
    measured = pair_features(linked, sources, targets, [(0, 1), (2, 3)], words, (zh_kinds, vi_kinds))
    assert measured.clash.tolist() == [[1, 0, 0], [0, 0, 0]]
    plain = pair_features(linked, sources, targets, [(0, 1), (2, 3)], words)
    difference = plain.score(PairWeights(clash=-2.5)) - measured.score(PairWeights(clash=-2.5))
    assert difference.tolist() == [[2.5, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("form", "kinds"),
    [
        ("tỉnh Hà Nam", "tỉnh"),
        ("xã hội mới", ""),
        ("xã Tân Lập", "xã"),
        ("hội nghị khoa học", "hội nghị"),
        ("giải pháp", ""),
    ],
)
def test_a_syllable_that_begins_a_word_is_no_head(form: str, kinds: str) -> None:
    known = vi_head_kinds(token_keys(form, "vi"))
    size = len(kinds.split()) or len(known)
    assert not any(known[:size])
    assert all(known[size:])


def test_unlinked_words_on_both_sides_may_belong_together() -> None:
    """A free rendering: half of either side is linked, the other halves stand beside it."""
    linked = Linked(made("abcd"), made("wxyz"), np.diag([0.9, 0.9, 0, 0]))
    sources = [ZhSpan(0, 4, ("n",), ((0, 4),))]
    targets = [ViSpan(0, 2, 0), ViSpan(0, 3, 0), ViSpan(0, 4, 0)]
    words = [(token.start, token.end) for token in linked.vi]
    features = pair_features(linked, sources, targets, [(t.start, t.end) for t in linked.zh], words)
    assert features.score(PairWeights(free=-2.0))[0].argmax() == 2
    assert features.score(PairWeights(free=-8.0))[0].argmax() == 0


def test_alternatives_are_those_that_are_nearly_as_good() -> None:
    linked = Linked(made("a"), made("xy"), np.array([[0.8, 0.0]]))
    targets = [ViSpan(0, 1, 0), ViSpan(0, 2, 0), ViSpan(1, 2, 0)]
    words = [(token.start, token.end) for token in linked.vi]
    features = pair_features(linked, [ZhSpan(0, 1, ("n",), ((0, 1),))], targets, [(0, 1)], words)
    near = PairWeights(odd=-1.0)
    far = PairWeights(odd=-9.0)
    assert [m.vi for m in best_matches(features, near, -99) if not m.best] == [1]
    assert [m.vi for m in best_matches(features, far, -99) if not m.best] == []
    assert best_matches(features, far, 99) == []


def test_a_word_that_stands_often_teaches_its_translation() -> None:
    """分水岭 has no telling reading in "mốc son"; seen in three sentences it is linked all the same."""
    rest = [
        ("会议很长。", "Cuộc họp rất dài."),
        ("天气很好。", "Thời tiết rất đẹp."),
        ("路很远。", "Đường rất xa."),
    ]
    texts = [(f"这是分水岭，{zh}", f"Đây là mốc son. {vi}") for zh, vi in rest]
    *_, last = link(texts, load_lexicon())
    zh = [token.key for token in last.zh]
    vi = [token.key for token in last.vi]
    at = zh.index("岭")
    assert last.links[at, vi.index("môcˊ")] + last.links[at, vi.index("son")] > 0.3


def test_an_empty_side_has_no_links() -> None:
    (found,) = link([("……", "Xin chào")], load_lexicon())
    assert found.links.shape == (0, 2)


def test_a_known_translation_links() -> None:
    """A term base says what no table knows."""
    texts = [("他买了飞毯。", "Anh ấy mua xe lửa.")]
    glossary = {" ".join(t.key for t in tokens("飞毯", "zh")): (("xe", "lưaˀ"),)}
    (without,) = link(texts, load_lexicon())
    (found,) = link(texts, load_lexicon(), glossary)
    zh = [token.key for token in found.zh]
    at = slice(zh.index("飞"), zh.index("毯") + 1)
    vi = [token.key for token in found.vi]
    there = slice(vi.index("xe"), vi.index("lưaˀ") + 1)
    assert found.links[at, there].sum() > without.links[at, there].sum() + 0.5
