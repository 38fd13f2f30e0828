"""The user's lexicon and glossary: how they are put together, and that they decide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.config import AlignOptions
from aligner.errors import InputError
from aligner.evidence.lexicon import Lexicon, dump_lexicon, make_units
from aligner.evidence.sparse import Sparse, from_triples
from aligner.evidence.user import fingerprint, merge, renderings, terms_in
from aligner.formats.glossaries import write_glossary
from aligner.model import Segment
from aligner.pipeline import align_segments, signature
from aligner.terms.model import EntryStatus, TermEntry

Forms = tuple[str, ...]


def known(
    zh: str, vi: str, zh_too: Forms = (), vi_too: Forms = (), status: EntryStatus = "approved"
) -> TermEntry:
    return TermEntry(zh, vi, zh_too, vi_too, status=status)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "glossary.tsv"


def lexicon(forward: dict[tuple[str, str], float], backward: dict[tuple[str, str], float]) -> Lexicon:
    """A lexicon of single tokens from its tables."""
    zh = sorted({z for z, _ in forward} | {z for _, z in backward})
    vi = sorted({v for _, v in forward} | {v for v, _ in backward})
    zh_units = make_units(zh, np.full(len(zh), 0.01), 1e-6)
    vi_units = make_units(vi, np.full(len(vi), 0.02), 1e-6)

    def packed(entries: dict[tuple[str, str], float], rows: list[str], columns: list[str]) -> Sparse:
        row = np.array([rows.index(r) for r, _ in entries], np.int64)
        column = np.array([columns.index(c) for _, c in entries], np.int64)
        return from_triples(row, column, np.array(list(entries.values())), (len(rows), len(columns)))

    return Lexicon(zh_units, vi_units, packed(forward, zh, vi), packed(backward, vi, zh), "lexicon:1:test")


def t(found: Lexicon, zh: str, vi: str) -> float:
    row, column = found.zh.index[zh], found.vi.index[vi]
    return float(found.forward.dense(np.array([row]), np.array([column]))[0, 0])


# --- lexicons


def test_where_both_know_a_unit_the_user_counts_more() -> None:
    general = lexicon({("书", "sach"): 0.8, ("车", "xe"): 0.6}, {("sach", "书"): 0.5})
    own = lexicon({("书", "thư"): 0.4, ("鬿", "zaza"): 1.0}, {("zaza", "鬿"): 1.0})
    found = merge(general, own, share=0.75)
    assert t(found, "书", "sach") == pytest.approx(0.2)
    assert t(found, "书", "thư") == pytest.approx(0.3)
    assert t(found, "车", "xe") == pytest.approx(0.6), "what only one knows stays as it is"
    assert t(found, "鬿", "zaza") == pytest.approx(1.0)
    back = found.backward.dense(np.array([found.vi.index["zaza"]]), np.array([found.zh.index["鬿"]]))
    assert back[0, 0] == pytest.approx(1.0)
    assert found.vi.chance[found.vi.index["zaza"]] == 0.02
    assert found.signature == "lexicon:1:test+lexicon:1:test"


def test_words_stand_after_all_single_tokens() -> None:
    def one(singles: list[str], word: str) -> Lexicon:
        units = make_units([*singles, word], np.full(len(singles), 0.1), 1e-6)
        table = from_triples(
            np.array([len(singles)]), np.array([0]), np.array([1.0]), (len(units.keys), len(singles))
        )
        return Lexicon(units, units, table, table, "x")

    found = merge(one(["a", "b"], "a b"), one(["c", "b"], "c b"))
    assert found.zh.keys == ("a", "b", "c", "a b", "c b")
    assert found.zh.singles == 3
    assert t(found, "c b", "c") == 1.0
    assert t(found, "a b", "a") == 1.0


PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("xyz")), st.floats(0.01, 1.0), min_size=1, max_size=5
)


@settings(deadline=None, max_examples=50)
@given(PAIRS, PAIRS)
def test_merging_is_the_mean_of_what_is_known(
    one: dict[tuple[str, str], float], two: dict[tuple[str, str], float]
) -> None:
    found = merge(lexicon(one, {}), lexicon(two, {}), share=0.5)
    for zh in {z for z, _ in (*one, *two)}:
        knowing = [table for table in (one, two) if any(z == zh for z, _ in table)]
        for vi in {v for _, v in (*one, *two)}:
            expected = sum(table.get((zh, vi), 0.0) for table in knowing) / len(knowing)
            assert t(found, zh, vi) == pytest.approx(expected)


# --- glossaries


def test_forms_are_translations_of_each_other() -> None:
    entries = [
        known("方针", "phương châm", (), ("đường lối", "chủ trương")),
        known("芒街", "Móng Cái", ("芒街市",), status="candidate"),
        known("合作", "xe đạp", status="rejected"),
    ]
    assert renderings(entries) == {
        "方 针": (("phương", "châm"), ("đươngˋ", "lôiˊ"), ("chuˀ", "trương")),
        "芒 街": (("mongˊ", "caiˊ"),),
        "芒 街 市": (("mongˊ", "caiˊ"),),
    }
    assert set(renderings(entries, approved_only=True)) == {"方 针"}


def test_entries_of_the_same_term_are_its_translations() -> None:
    entries = [known("書", "Sách"), known("书", "thư"), known("书", "SÁCH")]
    assert renderings(entries) == {"书": (("sachˊ",), ("thư",))}


def test_a_form_without_letters_says_nothing() -> None:
    assert renderings([known("书", "---"), known("→", "sách")]) == {}


def test_the_fingerprint_is_of_the_entries_alone() -> None:
    book, car = known("书", "sách"), known("车", "xe")
    first = fingerprint(renderings([book.replace(note="good"), car]))
    assert first == fingerprint(renderings([car, book]))
    assert first != fingerprint(renderings([car, known("书", "thư")]))


def test_only_terms_that_may_occur_are_asked_for() -> None:
    glossary = {"方 针": (("a",),), "#16 字": (("b",),), "wto": (("c",),), "芒 街": (("d",),)}
    assert set(terms_in(glossary, ["他的方法", "WTO"])) == {"方 针", "#16 字", "wto"}


# --- they decide


def segments(texts: list[str]) -> list[Segment]:
    return [Segment(k, text, 0, len(text)) for k, text in enumerate(texts)]


ZH = segments(["我们昨天在鬿㟅买了一本书。", "我们昨天在鬾㟅买了一本书。"])
VI = segments(["Hôm qua chúng tôi mua một quyển sách ở Zaza Bubu."])


def partner(options: AlignOptions) -> int:
    """Which of the two sentences, told apart by a made-up name, the Vietnamese one is matched with."""
    return next(bead.src[0].id for bead in align_segments(ZH, VI, options) if not bead.is_null)


@pytest.mark.parametrize(("name", "expected"), [("鬿㟅", 0), ("鬾㟅", 1)])
def test_a_name_that_only_the_glossary_knows_decides(table: Path, name: str, expected: int) -> None:
    table.write_text(f"{name}\tZaza Bubu\n", "utf-8")
    assert partner(AlignOptions(glossary=table)) == expected


@pytest.mark.parametrize(("char", "expected"), [("鬿", 0), ("鬾", 1)])
def test_a_word_that_only_the_lexicon_knows_decides(tmp_path: Path, char: str, expected: int) -> None:
    path = tmp_path / "own.lexicon"
    path.write_bytes(dump_lexicon(lexicon({(char, "zaza"): 0.9}, {("zaza", char): 0.9})))
    assert partner(AlignOptions(lexicon=path)) == expected


def test_they_stand_in_the_signature_by_content(table: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.lexicon"
    own.write_bytes(dump_lexicon(lexicon({("书", "sach"): 0.9}, {})))
    table.write_text("zh\tvi\tstatus\tnote\n书\tsách\tapproved\t\n车\txe\tcandidate\t\n", "utf-8")
    plain = signature(AlignOptions())
    both = signature(AlignOptions(lexicon=own, glossary=table))
    assert both.startswith(plain)
    assert "|own_lexicon:1:" in both
    assert "|glossary:" in both
    approved = AlignOptions(glossary=table, approved_only=True)
    before = signature(approved)
    assert before != signature(AlignOptions(glossary=table))
    table.write_text("zh\tvi\tstatus\tnote\n书\tsách\tapproved\tmine\n书架\tgiá sách\tcandidate\t\n", "utf-8")
    assert signature(approved) == before, "a note and a candidate change nothing"
    table.write_text("zh\tvi\tstatus\n书\tsách\trejected\n", "utf-8")
    assert signature(approved) == plain


@pytest.mark.parametrize("name", ["g.csv", "g.xlsx", "g.tbx", "g.txt"])
def test_a_glossary_of_any_format_decides(tmp_path: Path, name: str) -> None:
    form = {"g.txt": "omegat-glossary"}.get(name, name[2:])
    write_glossary([known("鬾㟅", "Zaza Bubu")], form, tmp_path / name)
    assert partner(AlignOptions(glossary=tmp_path / name)) == 1


def test_a_changed_glossary_is_read_again(table: Path) -> None:
    table.write_text("书\tsách\n", "utf-8")
    before = signature(AlignOptions(glossary=table))
    table.write_text("汽车\tô tô\n", "utf-8")
    assert signature(AlignOptions(glossary=table)) != before


def test_a_missing_glossary(table: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        signature(AlignOptions(glossary=table))
