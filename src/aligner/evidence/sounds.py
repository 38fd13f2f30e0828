"""Foreign names by sound: Chinese writes them with characters, Vietnamese leaves them in Latin letters.

特朗普 is Trump, 桑德兰 Sunderland: no dictionary has them all, but a few hundred characters write
nearly every foreign name, each for a few strings of letters. A name is scored by the likelihood ratio

    log2  P(letters | characters)  −  log2 P(letters by chance)

with P(letters | characters) the best way to let each character yield 0 to 5 letters in order (table
`data/sounds.tsv`, made by tools/build_sounds.py), and chance a letter frequency model. For each Latin
word of a document the best stretch of characters is looked for in the document; the odds that it is one
are the likelihood ratio less log2 of the number of stretches tried (Bonferroni), so that a longer
document needs better matches.

It fails on names that Chinese translates (白宫 the White House) or that are written by another
language's sound (墨西哥).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from aligner.language.tables import read_rows

LONGEST = 5
"""Letters that one character can yield at most."""
_FLOOR = -14.0
"""log2 P of an entry that is not in the table; assumed, below the least that is kept there (2^-6.6)."""
_LETTER = -4.1
"""log2 of a letter's chance: the entropy of single letters in English text (Shannon 1951)."""
_LEAST_LETTERS = 4
"""Letters of a word that is looked for: of fewer, some stretch of any long text makes the sound; assumed."""
_SPAN = (2, 7)
"""Characters of a name, at least and at most: Latin words that become more are rare; assumed."""
_AS_GOOD = 2.0
"""Log2 odds under the best stretch within which another counts too; assumed."""
_CELLS = 4000
"""Words times places worked at once: enough to make vector operations pay, and no more memory than that."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SoundModel:
    """P(letters | character) in log2.

    Attributes:
        characters: character → row number.
        runs: letters → log2 P by row.
    """

    characters: Mapping[str, int]
    runs: Mapping[str, Floats]

    @staticmethod
    def from_table(table: Mapping[str, Mapping[str, float]]) -> SoundModel:
        """From probabilities by character and letters."""
        characters = {char: row for row, char in enumerate(table)}
        runs: dict[str, Floats] = {}
        for char, row in characters.items():
            for run, probability in table[char].items():
                if run not in runs:
                    runs[run] = np.full(len(characters) + 1, _FLOOR)
                    runs[run][-1] = -np.inf
                runs[run][row] = np.log2(probability)
        return SoundModel(characters, runs)


@lru_cache(maxsize=1)
def shipped_sounds() -> SoundModel:
    """The model that comes with the package."""
    table: dict[str, dict[str, float]] = {}
    for char, run, probability in read_rows("sounds.tsv"):
        table.setdefault(char, {})[run] = float(probability)
    return SoundModel.from_table(table)


def folded(name: str) -> str:
    """A name as letters a to z: accents off, the rest dropped.

    >>> folded("Töging am Inn")
    'togingaminn'
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss").replace("ø", "o"))
    return "".join(c for c in plain if "a" <= c <= "z")


def sound_score(model: SoundModel, chars: str, letters: str) -> float:
    """Log2 likelihood ratio that all of `chars` spell `letters`, O(len(chars) · len(letters))."""
    known = [model.characters.get(char) for char in chars]
    rows = np.array([len(model.characters) if row is None else row for row in known])
    best = _stretches(model, rows, [letters], len(chars))
    return float(best[len(chars), 0, -1]) - _LETTER * len(letters)


def _stretches(model: SoundModel, rows: NDArray[np.int64], words: Sequence[str], longest: int) -> Floats:
    """(lengths, words, ends) log2 P that the characters before an end, so many of them, spell a word.

    Dynamic programming over letters, vectorised over all words and places of the text.
    """
    yields = _yields(model, rows, words)
    each, sizes = np.arange(len(words)), np.array([len(word) for word in words])
    reach = np.full((len(words), sizes.max() + 1, len(rows) + 1), -np.inf)
    reach[:, 0] = 0.0
    out = np.full((longest + 1, len(words), len(rows) + 1), -np.inf)
    for length in range(1, longest + 1):
        further = np.full_like(reach, -np.inf)
        for (start, end), log_p in yields.items():
            np.maximum(further[:, end, 1:], reach[:, start, :-1] + log_p, out=further[:, end, 1:])
        out[length] = further[each, sizes]
        reach = further
    return out


def _yields(
    model: SoundModel, rows: NDArray[np.int64], words: Sequence[str]
) -> dict[tuple[int, int], Floats]:
    """For each stretch of letters: (words × places) log2 P that a character yields it; −inf: it cannot."""
    nowhere = np.full(len(model.characters) + 1, _FLOOR)
    nowhere[-1] = -np.inf
    found: dict[tuple[int, int], Floats] = {}
    for k, word in enumerate(words):
        for start in range(len(word) + 1):
            for end in range(start, min(len(word), start + LONGEST) + 1):
                table = model.runs.get(word[start:end], nowhere if end == start + 1 else None)
                if table is not None:
                    if (start, end) not in found:
                        found[start, end] = np.full((len(words), len(rows)), -np.inf)
                    found[start, end][k] = table[rows]
    return found


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A Latin word of one side and the characters of the other that spell it.

    Attributes:
        chars: the characters.
        latin: the word, as token key.
        odds: log2 odds that they belong together.
    """

    chars: str
    latin: str
    odds: float


def names_by_sound(
    zh_tokens: Iterable[Sequence[str]], words: Iterable[str], model: SoundModel | None = None
) -> list[NameMatch]:
    """The stretches of Chinese text that spell Latin words of the Vietnamese text.

    Args:
        zh_tokens: token keys of the zh segments.
        words: Latin words of the vi segments, as token keys; short ones are passed over.
        model: another model than the shipped one.

    Returns:
        For each word the best stretch and those within `_AS_GOOD` bits of it, if the odds are even at least.
        Cost: O(letters · distinct places of name characters) for each word, in vector operations.
    """
    model = model or shipped_sounds()
    text = _name_runs(zh_tokens, model)
    rows = np.array([model.characters.get(char, len(model.characters)) for char in text], np.int64)
    tried = float(np.log2(max(2, len(rows)) * (_SPAN[1] - _SPAN[0])))
    spelled = {word: folded(word) for word in sorted(set(words))}
    long = [word for word, letters in spelled.items() if len(letters) >= _LEAST_LETTERS]
    together = max(1, _CELLS // max(1, len(rows)))
    matches: list[NameMatch] = []
    for first in range(0, len(long) if len(rows) else 0, together):
        some = long[first : first + together]
        best = _stretches(model, rows, [spelled[word] for word in some], _SPAN[1])
        for k, word in enumerate(some):
            matches += _matches(text, word, best[:, k], _LETTER * len(spelled[word]) + tried)
    return matches


def _matches(text: str, word: str, best: Floats, chance: float) -> list[NameMatch]:
    """The stretches of a text that spell a word best, if the odds are even at least.

    Args:
        text: the characters.
        word: as token key.
        best: (lengths, ends) log2 P that a stretch spells it.
        chance: log2 P that some stretch seems to.
    """
    lengths = range(_SPAN[0], _SPAN[1] + 1)
    top = float(best[lengths.start :].max())
    if top < chance:
        return []
    found = {
        text[end - k : end]: float(best[k, end]) - chance
        for k in lengths
        for end in np.nonzero(best[k] >= max(top - _AS_GOOD, chance))[0].tolist()
    }
    return [NameMatch(chars, word, odds) for chars, odds in found.items()]


def _name_runs(zh_tokens: Iterable[Sequence[str]], model: SoundModel) -> str:
    """All distinct runs of two or more characters that can write names, each followed by a bar."""
    runs: dict[str, None] = {}
    for tokens in zh_tokens:
        run: list[str] = []
        for token in [*tokens, ""]:
            if token in model.characters:
                run.append(token)
                continue
            if len(run) >= _SPAN[0]:
                runs["".join(run)] = None
            run = []
    return "".join(f"{run}|" for run in runs)
