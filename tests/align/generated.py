"""Documents made up at random, whose alignment is known: Han characters and their Hán-Việt readings.

A zh sentence is a run of common characters, frequent ones more often, as in text. Its translation is the
first reading of each, some of them replaced by the reading of another character: what real translation
does most of the time. Nothing of it means anything.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from aligner.language.number_words import HAN_NUMERALS, VI_NUMBER_WORDS
from aligner.language.readings import readings
from aligner.language.syllables import TONES
from aligner.model import Segment

Ids = tuple[tuple[int, ...], tuple[int, ...]]
_COMMON = 1500
_SHIFT = 20  # flattens the head of Zipf's law, so that no character stands in every sentence
_VOWELS = frozenset("aăâeêioôơuưy")
_MARKS = {letter: mark for mark, letter in TONES.items()}


@dataclass
class Made:
    """A document pair and its alignment, each null segment a bead of its own."""

    zh: list[str] = field(default_factory=list)
    vi: list[str] = field(default_factory=list)
    gold: list[Ids] = field(default_factory=list)

    def add(self, zh: list[str], vi: list[str]) -> None:
        """Put a bead at the end."""
        src = tuple(range(len(self.zh), len(self.zh) + len(zh)))
        tgt = tuple(range(len(self.vi), len(self.vi) + len(vi)))
        self.zh += zh
        self.vi += vi
        self.gold += [(src, tgt)] if src and tgt else [((i,), ()) for i in src] + [((), (j,)) for j in tgt]

    def extend(self, other: "Made") -> None:
        """Put another document at the end."""
        zh, vi = len(self.zh), len(self.vi)
        self.zh += other.zh
        self.vi += other.vi
        self.gold += [(tuple(i + zh for i in src), tuple(j + vi for j in tgt)) for src, tgt in other.gold]

    def segments(self) -> tuple[list[Segment], list[Segment]]:
        """Both sides as bare segments."""
        return segments(self.zh), segments(self.vi)


def segments(texts: list[str]) -> list[Segment]:
    """Texts as bare segments; offsets as if they stood one a line."""
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
    return [
        Segment(k, t, start, start + len(t)) for k, (t, start) in enumerate(zip(texts, starts, strict=False))
    ]


def made(
    seed: int, beads: int, *, merges: float = 0.1, nulls: float = 0.03, noise: float = 0.4, size: int = 12
) -> Made:
    """A document pair of about that many beads.

    Args:
        seed: the same seed makes the same pair.
        beads: translation beads.
        merges: share of 1–2, 2–1 and 2–2 beads together.
        nulls: chance of a run of one to three untranslated sentences before a bead, on either side.
        noise: share of the syllables that are no reading.
        size: characters of a sentence on the average.
    """
    rng = np.random.default_rng(seed)
    pair = Made()
    for _ in range(beads):
        for side in (0, 1):
            if rng.random() < nulls:
                alone = [sentence(rng, size, noise)[side] for _ in range(rng.integers(1, 4))]
                pair.add(*((alone, []) if side == 0 else ([], alone)))
        kind = ["1-2", "2-1", "2-2"][rng.integers(3)] if rng.random() < merges else "1-1"
        parts = [sentence(rng, size, noise) for _ in range(1 if kind == "1-1" else 2)]
        zh, vi = [z for z, _ in parts], [v for _, v in parts]
        if kind == "1-2":
            zh = [zh[0].replace("。", "，") + zh[1]]
        if kind == "2-1":
            vi = [vi[0].replace(".", ", ") + vi[1].lower()]
        if kind == "2-2":  # what stood in the first sentence moves to the second
            words = " ".join(vi).replace(".", "").lower().split()
            cut = len(vi[0].split()) // 2
            vi = [" ".join(words[-cut:]).capitalize() + ".", " ".join(words[:-cut]).capitalize() + "."]
        pair.add(zh, vi)
    return pair


def sentence(rng: np.random.Generator, size: int, noise: float) -> tuple[str, str]:
    """A zh sentence and its translation."""
    characters, syllables, chance = common()
    picked = rng.choice(len(characters), max(4, int(rng.gamma(4, size / 4))), p=chance)
    heard = np.where(
        rng.random(len(picked)) < noise, rng.choice(len(characters), len(picked), p=chance), picked
    )
    vi = " ".join(syllables[k] for k in heard)
    return "".join(characters[k] for k in picked) + "。", vi[:1].upper() + vi[1:] + "."


@lru_cache(maxsize=1)
def common() -> tuple[list[str], list[str], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Common characters, how their first readings are spelled, and their shares.

    They are drawn from the first level of GB 2312, the 3,755 characters of daily use.
    """
    level_one = bytes(byte for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for byte in (high, low))
    characters = [c for c in level_one.decode("gb2312", "ignore") if c not in HAN_NUMERALS and readings(c)]
    characters = [c for c in characters if readings(c)[0] not in VI_NUMBER_WORDS]
    picked = np.random.default_rng(0).permutation(len(characters))[:_COMMON]
    shares = 1 / (np.arange(_COMMON) + _SHIFT)
    chosen = [characters[k] for k in picked]
    return chosen, [spelled(readings(c)[0]) for c in chosen], shares / shares.sum()


def spelled(key: str) -> str:
    """A syllable key as it is written: its tone on the vowel that bears it, in the older way.

    >>> [spelled(key) for key in ("quôcˊ", "nhân", "hoaˋ", "giaˊ", "dươngˌ", "ngoaiˋ")]
    ['quốc', 'nhân', 'hòa', 'giá', 'dượng', 'ngoài']
    """
    if key[-1] not in _MARKS:
        return key
    letters = key[:-1]
    onset = 2 if letters[:2] in {"qu", "gi"} and letters[2:3] in _VOWELS else 0
    vowels = [k for k, char in enumerate(letters) if char in _VOWELS and k >= onset]
    special = [k for k in vowels if letters[k] in "ăâêôơư"]
    closed = vowels[-1] < len(letters) - 1
    at = special[-1] if special else vowels[-1] if closed else vowels[(len(vowels) - 1) // 2]
    return unicodedata.normalize("NFC", letters[: at + 1] + _MARKS[key[-1]] + letters[at + 1 :])
