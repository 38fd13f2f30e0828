"""A lexicon from parts of a corpus: what the whole would have taught, nearly."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from aligner.evidence.ibm1 import expected_counts, ragged
from aligner.evidence.learning import Corpus, learn
from aligner.evidence.lexicon import Lexicon, dump_lexicon, load_lexicon
from aligner.evidence.pooling import count, pooled
from aligner.evidence.sparse import from_triples
from aligner.language.tokens import token_keys

PILE = json.loads((Path(__file__).parents[1] / "cases" / "pile.json").read_text("utf-8"))
PAIRS = [pair for zh, vi in PILE["pairs"] for pair in zip(zh.split("\n"), vi.split("\n"), strict=True)]
STRENGTH = 10.0


def corpus(pairs: list[tuple[str, str]]) -> Corpus:
    return Corpus(
        [tuple(token_keys(zh, "zh")) for zh, _ in pairs],
        [tuple(token_keys(vi, "vi")) for _, vi in pairs],
        np.linspace(0.9, 1.0, len(pairs)),
    )


def t(found: Lexicon, zh: str, vi: str) -> float:
    if zh not in found.zh.index or vi not in found.vi.index:
        return 0.0
    cell = np.array([found.zh.index[zh]]), np.array([found.vi.index[vi]])
    return float(found.forward.dense(*cell)[0, 0])


def differences(found: Lexicon | None, whole: Lexicon) -> list[float]:
    """How far each entry of a lexicon is from another's."""
    assert found is not None
    owner = np.repeat(np.arange(whole.forward.rows), np.diff(whole.forward.indptr))
    entries = zip(owner.tolist(), whole.forward.indices.tolist(), whole.forward.data.tolist(), strict=True)
    return [abs(t(found, whole.zh.keys[u], whole.vi.keys[w]) - value) for u, w, value in entries]


@pytest.mark.parametrize("times", [1, 3])
def test_one_part_is_the_whole(times: int) -> None:
    """One more step of expectation–maximisation lies between the two, and faint counts are left out."""
    known = load_lexicon()
    whole = learn(corpus(PAIRS * times), known, strength=STRENGTH)
    found = pooled([count(corpus(PAIRS * times), known, strength=STRENGTH)], known, strength=STRENGTH)
    assert max(differences(found, whole)) < 0.05


def test_parts_add_up() -> None:
    """The same text in three parts is nearer to a text three times as long than one part is."""
    known = load_lexicon()
    whole = learn(corpus(PAIRS * 3), known, strength=STRENGTH)
    part = count(corpus(PAIRS), known, strength=STRENGTH)
    three, one = (differences(pooled([part] * n, known, strength=STRENGTH), whole) for n in (3, 1))
    assert sum(three) < sum(one) / 2


def test_the_same_parts_give_the_same_bytes_and_no_pairs_give_nothing() -> None:
    known = load_lexicon()
    parts = [count(corpus(PAIRS[k::3]), known, strength=STRENGTH) for k in range(3)]
    one, two = (pooled(parts, known, strength=STRENGTH) for _ in range(2))
    assert one
    assert two
    assert dump_lexicon(one) == dump_lexicon(two)
    nothing = count(Corpus([], [], np.zeros(0)), known, strength=STRENGTH)
    assert pooled([nothing], known, strength=STRENGTH) is None


def test_expected_counts_against_their_definition() -> None:
    table = from_triples(
        np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]), np.array([0.5, 0.2, 0.7, 0.4]), (3, 3)
    )
    pairs = [([0, 1, 1], [0, 1, 1, 2]), ([2], [2, 0]), ([0, 2], [])]
    chance, smoothing, weights = np.array([0.1, 0.2, 0.3]), 0.3, np.array([1.0, 0.5, 1.0])
    found = expected_counts(
        ragged(s for s, _ in pairs),
        ragged(t for _, t in pairs),
        table,
        chance,
        smoothing=smoothing,
        weights=weights,
    )
    dense = table.dense(np.arange(3), np.arange(3)).astype(float)
    expected = np.zeros((3, 3))
    for (source, target), weight in zip(pairs, weights, strict=True):
        for w in target:
            parts = np.array([(1 - smoothing) * dense[u, w] / len(source) for u in source])
            for u, share in zip(source, parts / (parts.sum() + smoothing * chance[w]), strict=True):
                expected[u, w] += weight * share
    assert np.allclose(found.dense(np.arange(3), np.arange(3)), expected, atol=1e-5)
