"""The translation table of a document: what each source contributes, and the background."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.evidence.encode import Encoding, Renderings, encode
from aligner.evidence.lexicon import Lexicon, make_units
from aligner.evidence.sources import words_of
from aligner.evidence.sparse import Sparse, from_triples
from aligner.evidence.units import find_units
from aligner.language.numbered import NumberedTokens
from aligner.language.readings import all_readings
from aligner.language.tokens import token_keys

CASES = json.loads((Path(__file__).parents[1] / "cases" / "encode.json").read_text("utf-8"))
UNKNOWN = 1e-6


def unit(text: str, lang: Literal["zh", "vi"]) -> str:
    return " ".join(token_keys(text, lang))


def lexicon(learned: Mapping[str, Mapping[str, float]], chance: Mapping[str, float] | None = None) -> Lexicon:
    """A small lexicon: zh unit → vi syllable → t, and the same figures the other way round."""
    chance = chance or {}
    entries = [
        (unit(zh, "zh"), unit(vi, "vi"), t) for zh, targets in learned.items() for vi, t in targets.items()
    ]
    zh_singles = sorted({key for zh, _, _ in entries for key in zh.split(" ")})
    vi_singles = sorted({vi for _, vi, _ in entries} | {unit(key, "vi") for key in chance})
    words = sorted({zh for zh, _, _ in entries if " " in zh})
    zh_units = make_units([*zh_singles, *words], [0.001] * len(zh_singles), UNKNOWN)
    spelled = {unit(key, "vi"): p for key, p in chance.items()}
    vi_units = make_units(vi_singles, [spelled.get(key, 0.001) for key in vi_singles], UNKNOWN)
    forward = [(zh_units.index[zh], vi_units.index[vi], t) for zh, vi, t in entries]
    backward = [(vi, zh, t) for zh, vi, t in forward if zh < zh_units.singles]
    return Lexicon(
        zh_units,
        vi_units,
        table(forward, (len(zh_units.keys), vi_units.singles)),
        table(backward, (len(vi_units.keys), zh_units.singles)),
        "toy",
    )


def table(entries: list[tuple[int, int, float]], shape: tuple[int, int]) -> Sparse:
    rows, columns, values = (
        (np.array(column) for column in zip(*entries, strict=True)) if entries else [[]] * 3
    )
    return from_triples(np.array(rows, np.int64), np.array(columns, np.int64), np.array(values, float), shape)


NOTHING = lexicon({})


def t_of(encoding: Encoding, giver: str, key: str, target: str, source: Any = None) -> float:
    """t of a unit and a target, or what one source contributes to it."""
    tables = encoding.by_source[source] if source else encoding.table
    if giver == "zh":
        units, targets, found = encoding.src_units, encoding.tgt_targets, tables.forward
    else:
        units, targets, found = encoding.tgt_units, encoding.src_targets, tables.backward
    cell = found.dense(np.array([units.index(key)]), np.array([targets.index(target)]))
    return float(cell[0, 0])


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["about"])
def test_every_source_says_its_word(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("case", CASES["known failures"], ids=lambda case: case["about"])
@pytest.mark.xfail(strict=True, raises=(AssertionError, ValueError), reason="see the cases")
def test_known_failure(case: dict[str, Any]) -> None:
    check(case)


def check(case: dict[str, Any]) -> None:
    glossary: Renderings = {
        unit(zh, "zh"): tuple(tuple(token_keys(form, "vi")) for form in forms)
        for zh, forms in case.get("glossary", {}).items()
    }
    encoding = encode(
        case["zh"],
        case["vi"],
        lexicon(case.get("lexicon", {})),
        glossary=glossary,
        own_share=0.0,
        by_source=True,
    )
    for giver, giver_text, target_text, t, sources in case["t"]:
        key = unit(giver_text, giver)
        target = unit(target_text, "vi" if giver == "zh" else "zh")
        assert t_of(encoding, giver, key, target) == pytest.approx(t, abs=1e-4)
        says = {source for source in encoding.by_source if t_of(encoding, giver, key, target, source) > 0}
        assert says == set(sources)


def test_t_is_a_probability_and_the_sum_of_its_sources() -> None:
    zh = ["2024年，特朗普和奥巴马在芒街会谈。", "GDP增长三成，国家发展了。"]
    vi = ["Năm 2024, Trump và Obama hội đàm ở Móng Cái.", "GDP tăng ba phần mười, quốc gia phát triển."]
    known = lexicon(
        {"国": {"nước": 0.4, "quốc": 0.5}, "和": {"và": 0.9}, "发 展": {"phát": 0.5, "triển": 0.5}}
    )
    encoding = encode(zh, vi, known, own_share=0.1, by_source=True)
    for side in ("forward", "backward"):
        merged: Sparse = getattr(encoding.table, side)
        everything = np.arange(merged.rows), np.arange(merged.columns)
        dense = merged.dense(*everything)
        assert merged.data.min() >= 0
        assert dense.sum(axis=1).max() <= 1 + 1e-6
        parts = [getattr(tables, side).dense(*everything) for tables in encoding.by_source.values()]
        assert sum(parts) == pytest.approx(dense, abs=1e-6)


def test_the_first_reading_counts_most() -> None:
    char = "行"
    read = all_readings(char)
    assert len(read) > 2
    encoding = encode([char], ["hành hàng hạnh hạng"], NOTHING, own_share=0.0)
    shares = [t_of(encoding, "zh", char, key) for key in read]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0)


def test_words_explain_and_only_tokens_are_explained() -> None:
    encoding = encode(["经济"], ["kinh tế"], lexicon({"经 济": {"kinh": 0.5}}), own_share=0.0)
    assert encoding.src_units == ("经", "济", "经 济")
    assert encoding.src_targets == ("经", "济")
    assert encoding.src.lengths.tolist() == [2.0]


def test_background_is_general_or_the_documents_own() -> None:
    vi = ["rừng rừng rừng biển", "7 2024"]
    known = lexicon({}, {"rừng": 0.25, "biển": 0.125})
    general = encode([], vi, known, own_share=0.0)
    chance = dict(zip(general.tgt_targets, general.tgt.chance.tolist(), strict=True))
    assert chance[unit("rừng", "vi")] == 0.25
    assert chance["#7"] > chance["#2024"] > UNKNOWN
    assert general.src.chance.shape == (0,)
    assert encode([], ["rừng"], NOTHING, own_share=0.0).tgt.chance.tolist() == [UNKNOWN]
    own = encode([], vi, known, own_share=1.0)
    assert dict(zip(own.tgt_targets, own.tgt.chance, strict=True))[unit("rừng", "vi")] == pytest.approx(0.5)
    assert own.tgt.chance.sum() == pytest.approx(1.0)
    mixed = encode([], vi, known, own_share=0.2)
    assert mixed.tgt.chance == pytest.approx(0.8 * general.tgt.chance + 0.2 * own.tgt.chance)


@pytest.mark.parametrize("side", ["src", "tgt"])
def test_background_is_a_probability(side: str) -> None:
    texts = ["7", "-3,5", "1 000 000 000 000", "GDP", "越"]
    for share in (0.0, 0.3, 1.0):
        encoding = encode(texts, texts, NOTHING, own_share=share)
        chance = getattr(encoding, side).chance
        assert (chance > 0).all()
        assert (chance <= 1).all()


@pytest.mark.parametrize(("traditional", "simplified"), CASES["traditional"])
def test_traditional_is_as_simplified(traditional: str, simplified: str) -> None:
    vi = ["Hai nước trao đổi ý kiến về kinh tế ở Móng Cái năm 2024."]
    one, other = (encode([text], vi, NOTHING, own_share=0.2) for text in (traditional, simplified))
    assert one.src_units == other.src_units
    assert same(one.table.forward, other.table.forward)
    assert same(one.table.backward, other.table.backward)
    assert same(one.src.units, other.src.units)
    assert one.src.chance.tolist() == other.src.chance.tolist()


def same(one: Sparse, other: Sparse) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("indptr", "indices", "data")
    )


def test_nothing_at_all() -> None:
    encoding = encode([], [], NOTHING, own_share=0.2)
    assert (encoding.src.targets.rows, encoding.tgt.targets.rows) == (0, 0)
    blank = encode(["……", ""], ["—"], NOTHING, own_share=0.2)
    assert blank.src.lengths.tolist() == [0.0, 0.0]


def as_numbered(texts: list[list[str]]) -> NumberedTokens:
    keys = list(dict.fromkeys(key for text in texts for key in text))
    flat = np.array([keys.index(key) for text in texts for key in text], np.int64)
    return NumberedTokens(tuple(keys), flat, np.array([len(text) for text in texts], np.int64))


WORDS = ("a b", "b c", "a b c", "a a")


@settings(deadline=None, max_examples=60)
@given(
    texts=st.lists(st.lists(st.sampled_from("abcd"), max_size=8), max_size=4),
    known=st.sets(st.sampled_from(WORDS)),
    together=st.sampled_from([1, 3, 8192]),
)
def test_words_are_found_wherever_they_stand(texts: list[list[str]], known: set[str], together: int) -> None:
    learned = make_units(["a", "b", "c", *sorted(known)], [0.1, 0.1, 0.1], UNKNOWN)
    terms = ["c d", "a b", "d", "x y"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("aligner.evidence.units._TOGETHER", together)
        found = find_units(as_numbered(texts), learned, words_of(terms))
    names = list(found.unit_numbers)
    wanted = known | set(terms)
    for row, keys in enumerate(texts):
        spans = [keys[i:j] for i in range(len(keys)) for j in range(i + 1, len(keys) + 1)]
        stands = [" ".join(span) for span in spans if len(span) == 1 or " ".join(span) in wanted]
        entries = slice(found.units.indptr[row], found.units.indptr[row + 1])
        counted = {
            names[column]: count
            for column, count in zip(found.units.indices[entries], found.units.data[entries], strict=True)
        }
        assert counted == {name: stands.count(name) for name in set(stands)}
        tokens = slice(found.targets.indptr[row], found.targets.indptr[row + 1])
        assert found.targets.data[tokens].sum() == len(keys)
