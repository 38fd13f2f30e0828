"""Closed-class words of both languages: prepositions, conjunctions, pronouns, particles, auxiliaries.

The table is `data/function_words.tsv`; what each of its kinds forbids stands beside it.
"""

from __future__ import annotations

from functools import lru_cache

from aligner.language.normal import key
from aligner.language.tables import read_rows


@lru_cache(maxsize=1)
def function_words() -> dict[tuple[str, str], frozenset[str]]:
    """Closed-class words as keys, by what they forbid (`edge`, `inside`, `join`) and language."""
    rows = read_rows("function_words.tsv")
    kinds = {(kind, lang) for kind, lang, _ in rows}
    return {kind: frozenset(key(word) for *row, word in rows if tuple(row) == kind) for kind in kinds}
