"""Learns the shipped lexicon from the collected pairs: pairs.jsonl → src/aligner/data/lexicon.bin.

Run after collect.py. What is learned, and what each choice adds: docs/lexicon.md.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import math
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aligner.evidence.ibm1 import Ragged, ragged, train_ragged
from aligner.evidence.lexicon import Lexicon, Units, dump_lexicon, make_units
from aligner.evidence.sparse import Sparse, from_triples
from aligner.language.normal import simplify
from aligner.language.readings import readings
from aligner.language.script import is_han
from aligner.language.syllables import has_vietnamese_letter, is_syllable
from aligner.language.tables import read_lines
from aligner.language.tokens import token_keys

CACHE = Path(os.environ.get("ALIGNER_LEXICON_CACHE", "~/.cache/aligner-lexicon")).expanduser()
_HAN = re.compile(r"[㐀-鿿]+")
_SHINGLE = 12
_WORD_SEEN = 5
_MORE_THAN_CHANCE = 8


@dataclass(frozen=True)
class Corpus:
    """The pairs as token keys."""

    packages: list[str]
    zh: list[list[str]]
    vi: list[list[str]]


def shingles(text: str) -> set[str]:
    """All runs of twelve Han characters, whatever stands between them."""
    text = "".join(_HAN.findall(simplify(text)))
    return {text[i : i + _SHINGLE] for i in range(len(text) - _SHINGLE + 1)}


def vi_shingles(keys: Sequence[str]) -> set[str]:
    """All runs of twelve Vietnamese tokens."""
    return {" ".join(keys[i : i + _SHINGLE]) for i in range(len(keys) - _SHINGLE + 1)}


def forbidden(folders: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Shingles of all texts under some folders: what must not be learned from."""
    zh: set[str] = set()
    vi: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".txt", ".md", ".html", ".tsv"}:
                for line in path.read_text("utf-8", "replace").splitlines():
                    zh |= shingles(line)
                    vi |= vi_shingles(token_keys(line, "vi"))
    return zh, vi


def read_corpus(path: Path, banned: tuple[set[str], set[str]]) -> tuple[Corpus, collections.Counter[str]]:
    """Tokenise the pairs; leave out what shares a run of twelve tokens with the forbidden texts."""
    corpus = Corpus([], [], [])
    dropped: collections.Counter[str] = collections.Counter()
    with path.open(encoding="utf-8") as file:
        for line in file:
            package, zh, vi = json.loads(line)
            zh_keys, vi_keys = token_keys(zh, "zh"), token_keys(vi, "vi")
            if shingles(zh) & banned[0] or vi_shingles(vi_keys) & banned[1]:
                dropped[package] += 1
            elif zh_keys and vi_keys:
                corpus.packages.append(package)
                corpus.zh.append(zh_keys)
                corpus.vi.append(vi_keys)
    return corpus, dropped


def zh_tokens(texts: Iterable[Sequence[str]]) -> list[str]:
    """Han characters that occur, or that have a reading, commonest first."""
    counts = collections.Counter(key for keys in texts for key in keys if len(key) == 1 and is_han(key))
    counts.update({line[0]: 0 for line in read_lines("readings.tsv") if simplify(line[0]) == line[0]})
    return [key for key, _ in counts.most_common()]


def vi_tokens(texts: Iterable[Sequence[str]], read: Iterable[str]) -> list[str]:
    """Syllables that occur twice or are readings, and Latin words that occur twenty times."""
    counts = collections.Counter(key for keys in texts for key in keys if not key.startswith("#"))
    read = set(read)
    kept = [
        key
        for key, count in counts.most_common()
        if key in read or count >= (2 if is_syllable(key) or has_vietnamese_letter(key) else 20)
    ]
    return kept + sorted(read - set(kept))


def chances(units: Sequence[str], texts: Sequence[Sequence[str]]) -> tuple[NDArray[np.float64], float]:
    """p(token) of each single token, and of any other token."""
    counts = collections.Counter(key for keys in texts for key in keys)
    total = sum(counts.values())
    found = np.array([counts[unit] for unit in units], np.float64)
    rare = sum(1 for count in counts.values() if count == 1) / total  # Good–Turing mass of the unseen
    chance = (found + 0.5) / (total + 0.5 * len(units)) * (1 - rare)
    return chance, rare / max(1, len(units))


def prior_of(pairs: Iterator[tuple[int, int, float]], shape: tuple[int, int]) -> Sparse:
    """Rows of the given weights, each row's sum one."""
    rows, columns, weights = (np.array(x) for x in zip(*pairs, strict=True))
    rows, columns = rows.astype(np.int64), columns.astype(np.int64)
    total = np.bincount(rows, weights, shape[0])
    return from_triples(rows, columns, weights / total[rows], shape)


def reading_links(zh: Sequence[str], vi: Units) -> Iterator[tuple[int, int, float]]:
    """(character, syllable, weight) for every reading: 1, 1/2, 1/3 … by rank."""
    for number, char in enumerate(zh):
        for rank, key in enumerate(readings(char), 1):
            if key in vi.index:
                yield number, vi.index[key], 1 / rank


def numbered(texts: Sequence[Sequence[str]], units: Units) -> Ragged:
    """Token lists as numbers of single tokens; others are left out."""
    index = {key: number for number, key in enumerate(units.keys[: units.singles])}
    return ragged([index[key] for key in keys if key in index] for keys in texts)


def with_words(texts: Sequence[Sequence[str]], units: Units) -> Ragged:
    """Token lists as numbers of units, words included."""
    return ragged(units.find(keys) for keys in texts)


@dataclass(frozen=True)
class Cut:
    """What pruning leaves of a row: its best entries."""

    at_least: float
    most: int


TOKENS, WORDS = Cut(0.001, 100), Cut(0.01, 12)
"""Words are sharp: their first few entries say it all. Measured in docs/lexicon.md."""


def prune(table: Sparse, *, at_least: ArrayLike, most: ArrayLike) -> Sparse:
    """The best entries of each row; what is cut off is not given to the others.

    `at_least` and `most` are one for all rows, or one a row.
    """
    rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    order = np.lexsort((-table.data, rows))
    rank = np.arange(len(order)) - table.indptr[rows[order]]
    enough = table.data >= np.broadcast_to(at_least, table.rows)[rows]
    kept = np.sort(order[(rank < np.broadcast_to(most, table.rows)[rows[order]]) & enough[order]])
    return from_triples(rows[kept], table.indices[kept], table.data[kept], (table.rows, table.columns))


def pruned(lexicon: Lexicon, tokens: Cut = TOKENS, words: Cut = WORDS) -> Lexicon:
    """Both tables with the best entries of each row, by kind of unit."""

    def cut(table: Sparse, singles: int) -> Sparse:
        is_token = np.arange(table.rows) < singles
        return prune(
            table,
            at_least=np.where(is_token, tokens.at_least, words.at_least),
            most=np.where(is_token, tokens.most, words.most),
        )

    return dataclasses.replace(
        lexicon,
        forward=cut(lexicon.forward, lexicon.zh.singles),
        backward=cut(lexicon.backward, lexicon.vi.singles),
    )


def runs(texts: Iterable[Sequence[str]], longest: int) -> collections.Counter[str]:
    """How often each run of 2 … `longest` tokens occurs."""
    return collections.Counter(
        " ".join(keys[start : start + length])
        for keys in texts
        for length in range(2, longest + 1)
        for start in range(len(keys) - length + 1)
    )


def zh_words(texts: Sequence[Sequence[str]]) -> list[str]:
    """Words of jieba's dictionary, of two to four characters, that occur five times."""
    with (files("jieba") / "dict.txt").open(encoding="utf-8") as file:
        known = {" ".join(line.split(" ", 1)[0]) for line in file}
    return sorted(w for w, n in runs(texts, 4).items() if n >= _WORD_SEEN and w in known)


def vi_words(texts: Sequence[Sequence[str]]) -> list[str]:
    """Pairs of syllables that occur five times, and eight times as often as by chance."""
    single = collections.Counter(key for keys in texts for key in keys)
    total = sum(single.values())
    return sorted(
        word
        for word, count in runs(texts, 2).items()
        if count >= _WORD_SEEN
        and all(is_syllable(key) or has_vietnamese_letter(key) for key in word.split(" "))
        and count * total >= _MORE_THAN_CHANCE * math.prod(single[key] for key in word.split(" "))
    )


def learn(corpus: Corpus, words: tuple[list[str], list[str]], *, strength: float) -> Lexicon:
    """Both tables, not pruned."""
    zh_singles = zh_tokens(corpus.zh)
    vi_singles = vi_tokens(corpus.vi, (key for char in zh_singles for key in readings(char)))
    zh = make_units(zh_singles + words[0], *chances(zh_singles, corpus.zh))
    vi = make_units(vi_singles + words[1], *chances(vi_singles, corpus.vi))
    links = list(reading_links(zh_singles, vi))
    shapes = (len(zh.keys), vi.singles), (len(vi.keys), zh.singles)
    forward = train_ragged(
        with_words(corpus.zh, zh),
        numbered(corpus.vi, vi),
        prior_of(iter(links), shapes[0]),
        vi.chance,
        strength=strength,
    )
    backward = train_ragged(
        with_words(corpus.vi, vi),
        numbered(corpus.zh, zh),
        prior_of(((v, z, w) for z, v, w in links), shapes[1]),
        zh.chance,
        strength=strength,
    )
    return Lexicon(zh, vi, forward, backward, "")


def main() -> None:
    """Write the lexicon."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=CACHE / "pairs.jsonl")
    parser.add_argument("--out", type=Path, default=Path(str(files("aligner") / "data" / "lexicon.bin")))
    parser.add_argument(
        "--avoid", type=Path, nargs="*", default=[], help="folders of texts not to learn from"
    )
    parser.add_argument("--strength", type=float, default=3.0)
    options = parser.parse_args()
    started = time.perf_counter()
    corpus, dropped = read_corpus(options.pairs, forbidden(options.avoid))
    print(f"{len(corpus.zh)} pairs, dropped as forbidden: {dict(dropped)}")
    words = zh_words(corpus.zh), vi_words(corpus.vi)
    print(f"{len(words[0])} zh and {len(words[1])} vi words")
    full = learn(corpus, words, strength=options.strength)
    lexicon = pruned(full)
    data = dump_lexicon(lexicon)
    options.out.write_bytes(data)
    print(f"{len(data)} bytes, {len(lexicon.forward.data)} + {len(lexicon.backward.data)} entries")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
