"""The lexicon's file, and what the shipped one knows."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import FormatError, InputError
from aligner.evidence.lexicon import (
    Lexicon,
    Units,
    dump_lexicon,
    load_lexicon,
    make_units,
    parse_lexicon,
    save_lexicon,
)
from aligner.evidence.sparse import Sparse, from_triples
from aligner.language.tokens import token_keys


def small() -> Lexicon:
    zh = make_units(["国", "家", "国 家"], [0.5, 0.25], unknown=1e-6)
    vi = make_units(["nươcˊ", "nhaˋ"], [0.4, 0.3], unknown=1e-5)
    forward = from_triples(
        np.array([0, 1, 2, 2]), np.array([0, 1, 0, 1]), np.array([0.9, 0.8, 0.5, 0.25]), (3, 2)
    )
    backward = from_triples(np.array([0]), np.array([1]), np.array([1.0]), (2, 2))
    return Lexicon(zh, vi, forward, backward, "")


def same_table(one: Sparse, other: Sparse) -> None:
    assert np.array_equal(one.indptr, other.indptr)
    assert np.array_equal(one.indices, other.indices)
    assert one.columns == other.columns
    assert one.data == pytest.approx(other.data, rel=0.022)


def test_a_lexicon_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "own.lexicon"
    save_lexicon(small(), path)
    read = load_lexicon(path)
    assert (read.zh.keys, read.vi.keys) == (small().zh.keys, small().vi.keys)
    assert (read.zh.singles, read.zh.longest, read.vi.longest) == (2, 2, 1)
    assert read.zh.chance == pytest.approx([0.5, 0.25])
    assert (read.zh.unknown, read.vi.unknown) == (1e-6, 1e-5)
    same_table(read.forward, small().forward)
    same_table(read.backward, small().backward)


def test_the_signature_names_the_content() -> None:
    one = parse_lexicon(dump_lexicon(small()), "one")
    again = parse_lexicon(dump_lexicon(small()), "again")
    other = dataclasses.replace(small(), backward=small().forward)
    assert one.signature == again.signature
    assert parse_lexicon(dump_lexicon(other), "other").signature != one.signature


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(2.0**-16, 1.0), max_size=20))
def test_rounding_is_at_most_a_thirty_second_of_a_factor_of_two(values: list[float]) -> None:
    table = from_triples(
        np.zeros(len(values), np.int64), np.arange(len(values)), np.array(values, float), (1, len(values) + 1)
    )
    vi = make_units([f"v{i}" for i in range(len(values) + 1)], [0.1] * (len(values) + 1), unknown=0.1)
    zh = make_units(["国"], [1.0], unknown=0.1)
    nothing = from_triples(*(np.zeros(0, np.int64),) * 2, np.zeros(0), (len(values) + 1, 1))
    read = parse_lexicon(dump_lexicon(Lexicon(zh, vi, table, nothing, "")), "x")
    assert np.log2(read.forward.data) == pytest.approx(np.log2(table.data), abs=1 / 16)


def test_more_targets_than_two_bytes_can_name() -> None:
    many = 70_000
    vi = make_units([f"v{i}" for i in range(many)], np.full(many, 1e-5), unknown=1e-6)
    zh = make_units(["国"], [1.0], unknown=0.1)
    forward = from_triples(np.array([0]), np.array([many - 1]), np.array([1.0]), (1, many))
    backward = from_triples(np.array([many - 1]), np.array([0]), np.array([1.0]), (many, 1))
    read = parse_lexicon(dump_lexicon(Lexicon(zh, vi, forward, backward, "")), "x")
    assert read.forward.indices.tolist() == [many - 1]


@pytest.mark.parametrize("cut", [0, 5, 17, 40, -1, -50])
def test_a_damaged_file_is_refused(cut: int) -> None:
    data = dump_lexicon(small())
    with pytest.raises(FormatError, match=r"own\.lexicon"):
        parse_lexicon(data[:cut], "own.lexicon")


@settings(deadline=None, max_examples=150)
@given(position=st.integers(0, 2000), byte=st.integers(0, 255))
def test_a_changed_byte_is_refused_or_changes_a_figure(position: int, byte: int) -> None:
    data = bytearray(dump_lexicon(small()))
    data[position % len(data)] = byte
    try:
        read = parse_lexicon(bytes(data), "x")
    except FormatError:
        return
    assert read.forward.indices.max(initial=0) < read.forward.columns


def test_no_lexicon_a_newer_one_and_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no lexicon"):
        parse_lexicon(b"PK\x03\x04", "x")
    newer = dump_lexicon(small()).replace(b"aligner-lexicon 1\n", b"aligner-lexicon 2\n")
    with pytest.raises(FormatError, match="newer version"):
        parse_lexicon(newer, "x")
    with pytest.raises(InputError, match="cannot be read"):
        load_lexicon(tmp_path / "missing")


def slow_find(units: Units, tokens: list[str]) -> set[tuple[str, int]]:
    spans = [(i, j) for i in range(len(tokens)) for j in range(i + 1, len(tokens) + 1)]
    return {(" ".join(tokens[i:j]), i) for i, j in spans if " ".join(tokens[i:j]) in units.keys}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from("abcx"), max_size=8))
def test_all_units_are_found_overlapping_ones_too(tokens: list[str]) -> None:
    units = make_units(["a", "b", "c", "a b", "b c", "a b c", "a a"], [0.1, 0.1, 0.1], unknown=0.1)
    found = [units.keys[number] for number in units.find(tokens)]
    assert sorted(found) == sorted(word for word, _ in slow_find(units, tokens))


def best(lexicon: Lexicon, unit: str) -> str:
    row = lexicon.zh.index[unit]
    span = slice(lexicon.forward.indptr[row], lexicon.forward.indptr[row + 1])
    return lexicon.vi.keys[int(lexicon.forward.indices[span][lexicon.forward.data[span].argmax()])]


@pytest.mark.parametrize(
    ("zh", "vi"),
    [("水", "nước"), ("人", "người"), ("山", "núi"), ("三", "ba"), ("新", "mới")],
)
def test_common_characters_have_their_common_translation(zh: str, vi: str) -> None:
    assert best(load_lexicon(), zh) == token_keys(vi, "vi")[0]


def test_the_shipped_tables_are_probabilities_over_single_tokens() -> None:
    lexicon = load_lexicon()
    for units, table, other in (
        (lexicon.zh, lexicon.forward, lexicon.vi),
        (lexicon.vi, lexicon.backward, lexicon.zh),
    ):
        assert table.rows == len(units.keys)
        assert table.columns == other.singles
        assert table.indices.max() < other.singles
        sums = np.bincount(np.repeat(np.arange(table.rows), np.diff(table.indptr)), table.data, table.rows)
        assert sums.max() < 1.03  # rounding
        assert 0.9 < other.chance.sum() <= 1.0
        assert other.chance.min() > 0
        assert all(" " not in key for key in units.keys[: units.singles])
        assert all(" " in key for key in units.keys[units.singles :])
        assert len(set(units.keys)) == len(units.keys)


def test_shipped_words_and_readings() -> None:
    lexicon = load_lexicon()
    assert "发 展" in lexicon.zh.index
    assert " ".join(token_keys("phát triển", "vi")) in lexicon.vi.index
    # A character no source holds still has its reading.
    assert best(lexicon, "曦") == token_keys("hi", "vi")[0]


def test_keys_are_those_of_tokens() -> None:
    """A key that no text can yield would never be found."""
    lexicon = load_lexicon()
    for key in lexicon.zh.keys[: lexicon.zh.singles : 97]:
        assert token_keys(key, "zh") == [key]
