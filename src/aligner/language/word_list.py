"""Which pairs of syllables are a Vietnamese word: underthesea's word list, without its models.

The list (`Viet74K.txt`, 74,000 entries) comes with the package, which the program needs anyway; nothing of
it is kept here. Where it is missing no pair is known.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

from aligner.language.syllables import syllable_key

_PLACE = ("corpus", "data", "Viet74K.txt")


@lru_cache(maxsize=1)
def word_pairs() -> frozenset[tuple[str, str]]:
    """The words of two syllables, as keys; read on first use, in some 0.1 s."""
    spec = importlib.util.find_spec("underthesea")
    places = (spec.submodule_search_locations if spec else None) or []
    files = [path for place in places if (path := Path(place, *_PLACE)).is_file()]
    lines = files[0].read_text(encoding="utf-8").splitlines() if files else []
    halves = (line.split(" ") for line in lines if line.count(" ") == 1)
    return frozenset((syllable_key(one), syllable_key(two)) for one, two in halves)
