"""Learning a lexicon: from data that known parameters generated, and beside what is known."""

from __future__ import annotations

import numpy as np

from aligner.evidence.learning import Corpus, learn
from aligner.evidence.lexicon import Lexicon, dump_lexicon, load_lexicon, make_units, parse_lexicon
from aligner.evidence.sparse import from_triples
from aligner.language.tokens import token_keys


def lexicon(forward: dict[tuple[str, str], float]) -> Lexicon:
    """A lexicon of single tokens; backward it says the same."""
    zh, vi = sorted({z for z, _ in forward}), sorted({v for _, v in forward})
    rows = np.array([zh.index(z) for z, _ in forward], np.int64)
    columns = np.array([vi.index(v) for _, v in forward], np.int64)
    t = np.array(list(forward.values()))
    return Lexicon(
        make_units(zh, np.full(len(zh), 0.01), 1e-6),
        make_units(vi, np.full(len(vi), 0.01), 1e-6),
        from_triples(rows, columns, t, (len(zh), len(vi))),
        from_triples(columns, rows, t, (len(vi), len(zh))),
        "test",
    )


KNOWN = lexicon({("书", "sachˊ"): 1.0})


def t(found: Lexicon, zh: str, vi: str) -> float:
    if zh not in found.zh.index or vi not in found.vi.index:
        return 0.0
    cell = np.array([found.zh.index[zh]]), np.array([found.vi.index[vi]])
    return float(found.forward.dense(*cell)[0, 0])


def corpus(pairs: list[tuple[str, str]], weights: list[float] | None = None) -> Corpus:
    return Corpus(
        [token_keys(zh, "zh") for zh, _ in pairs],
        [token_keys(vi, "vi") for _, vi in pairs],
        np.array(weights or [1.0] * len(pairs)),
    )


def test_a_planted_table_is_recovered() -> None:
    """Texts drawn from the model itself: λ = 0.3 of the tokens by their chance, the others by the table."""
    generator = np.random.default_rng(7)
    words = [chr(0x4E00 + k) for k in range(30)]
    shares = ([1.0], [0.7, 0.3], [0.5, 0.3, 0.2])
    planted = {w: {f"{k}w{r}": p for r, p in enumerate(shares[k % 3])} for k, w in enumerate(words)}

    def translated(word: str) -> str:
        return str(generator.choice(list(planted[word]), p=list(planted[word].values())))

    zh_texts, vi_texts = [], []
    for _ in range(3000):
        zh = [str(word) for word in generator.choice(words, 6, replace=False)]
        from_zh = generator.random(8) >= 0.3
        vi_texts.append([translated(str(generator.choice(zh if own else words))) for own in from_zh])
        zh_texts.append(zh)
    found = learn(Corpus(zh_texts, vi_texts, np.ones(len(zh_texts))), KNOWN, strength=1.0)
    for zh_word, options in planted.items():
        for vi_word in {vi_word for row in planted.values() for vi_word in row}:
            learned, true = t(found, zh_word, vi_word), options.get(vi_word, 0.0)
            # five rounds go most of the way; what is left lies spread over all that stood near
            assert 0.6 * true <= learned <= 1.1 * true if true else learned < 0.03


def test_what_is_known_outweighs_a_few_occurrences_and_not_many() -> None:
    pairs = [("他有书。", "Anh có quyển.")]
    once = learn(corpus(pairs), KNOWN, strength=10.0)
    often = learn(corpus(pairs * 60), KNOWN, strength=10.0)
    assert t(once, "书", "sachˊ") > 0.8
    assert t(often, "书", "sachˊ") < 0.4


def test_what_never_occurs_is_left_out() -> None:
    found = learn(corpus([("我喝茶。", "Tôi uống trà.")] * 2), KNOWN, strength=1.0)
    assert "书" not in found.zh.index
    assert {"我", "喝", "茶"} <= set(found.zh.keys)


def test_a_character_nobody_knows_has_its_readings() -> None:
    found = learn(corpus([("鲲鹏飞了。", "Côn bằng đã bay.")] * 2), KNOWN, strength=3.0)
    assert t(found, "鲲", "côn") > t(found, "鲲", "bay")


def test_words_that_stand_together_are_units() -> None:
    pairs = [
        ("他在图书馆。", "Anh ở thư viện."),
        ("图书馆很大。", "Thư viện lớn."),
        ("我去学校。", "Tôi đi học."),
    ]
    found = learn(corpus(pairs * 5), load_lexicon(), strength=3.0)
    assert "thư viênˌ" in found.vi.keys
    assert "图 书 馆" in found.zh.keys or "图 书" in found.zh.keys
    assert t(found, "图 书", "thư") > t(found, "图 书", "lơnˊ")


def test_a_pair_counts_by_its_weight() -> None:
    pairs = [("鲲", "thật"), ("鲲", "giả")]
    found = learn(corpus(pairs * 2, [1.0, 0.1] * 2), KNOWN, strength=0.1)
    assert t(found, "鲲", "thâtˌ") > 3 * t(found, "鲲", "giaˀ")


def test_the_same_corpus_gives_the_same_file() -> None:
    pairs = [("我喝茶。", "Tôi uống trà."), ("我喝水。", "Tôi uống nước.")]
    one, two = (dump_lexicon(learn(corpus(pairs), load_lexicon(), strength=3.0)) for _ in range(2))
    assert one == two
    read = parse_lexicon(one, "one")
    assert read.signature.startswith("lexicon:1:")
    assert t(read, "茶", "traˋ") > 0.3
