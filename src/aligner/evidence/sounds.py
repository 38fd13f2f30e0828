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
    best = _stretches(model, rows, letters, len(chars))
    return float(best[len(chars)][-1]) - _LETTER * len(letters)


def _stretches(model: SoundModel, rows: NDArray[np.int64], letters: str, longest: int) -> list[Floats]:
    """For each length k and end e: log2 P that the k characters before e spell the letters.

    Dynamic programming over letters, vectorised over all places of the text.
    """
    yields = _yields(model, rows, letters)
    size, count = len(letters), len(rows)
    reach = np.full((size + 1, count + 1), -np.inf)
    reach[0] = 0.0
    out = [np.full(count + 1, -np.inf)]
    for _ in range(longest):
        further = np.full((size + 1, count + 1), -np.inf)
        for (start, end), log_p in yields.items():
            np.maximum(further[end, 1:], reach[start, :-1] + log_p, out=further[end, 1:])
        out.append(further[size])
        reach = further
    return out


def _yields(model: SoundModel, rows: NDArray[np.int64], letters: str) -> dict[tuple[int, int], Floats]:
    """For each stretch of the letters: log2 P that the character at each place yields it."""
    found: dict[tuple[int, int], Floats] = {}
    nowhere = np.full(len(model.characters) + 1, _FLOOR)
    nowhere[-1] = -np.inf
    for start in range(len(letters) + 1):
        for end in range(start, min(len(letters), start + LONGEST) + 1):
            table = model.runs.get(letters[start:end])
            if table is not None:
                found[start, end] = table[rows]
            elif end == start + 1:
                found[start, end] = nowhere[rows]
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
    tried = np.log2(max(2, len(rows)) * (_SPAN[1] - _SPAN[0]))
    matches: list[NameMatch] = []
    for word in sorted(set(words)):
        letters = folded(word)
        if len(letters) < _LEAST_LETTERS or not len(rows):
            continue
        best = _stretches(model, rows, letters, _SPAN[1])
        chance = _LETTER * len(letters) + tried
        top = max(float(best[k].max()) for k in range(_SPAN[0], _SPAN[1] + 1))
        if top < chance:
            continue
        found = {
            text[end - k : end]: float(best[k][end]) - chance
            for k in range(_SPAN[0], _SPAN[1] + 1)
            for end in np.nonzero(best[k] >= max(top - _AS_GOOD, chance))[0].tolist()
        }
        matches += [NameMatch(chars, word, odds) for chars, odds in found.items()]
    return matches


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
