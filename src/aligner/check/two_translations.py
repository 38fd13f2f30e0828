"""One source with two translations: a zh text that stands in several beads, with different vi texts.

Compared are words and numbers, so that spelling, case and punctuation make no difference. Texts of
fewer than four characters are left out: 是 and 谢谢 may well be said in many ways.
"""

from __future__ import annotations

from collections.abc import Iterator

from aligner.check.collection import Collection, Pair, Passage, Side
from aligner.check.finding import Mark
from aligner.check.words import shown
from aligner.language.tokens import token_keys

_SHORTEST = 4
_SHOWN = 60

_Keys = tuple[str, ...]


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the vi side of every bead but those with the commonest translation."""
    sources: dict[_Keys, dict[_Keys, list[Pair]]] = {}
    for pair in collection.pairs:
        if pair.trusted:
            source = _keys(pair.zh, "zh")
            if len(source) >= _SHORTEST:
                sources.setdefault(source, {}).setdefault(_keys(pair.vi, "vi"), []).append(pair)
    for translations in sources.values():
        usual, *others = sorted(translations.values(), key=len, reverse=True)
        first = usual[0].vi[0]
        text = shown(" ".join(passage.text for passage in usual[0].vi))
        where = "" if first.bead is None else f" in bead {first.bead}"
        told = f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
        for pairs in others:
            for pair in pairs:
                passage = pair.vi[0]
                of = "" if passage.document == first.document else f" of {first.document}"
                yield Mark(passage, 0, 0, f"the same Chinese is translated otherwise{where}{of}: {told}")


def _keys(passages: tuple[Passage, ...], side: Side) -> _Keys:
    return tuple(key for passage in passages for key in token_keys(passage.text, side))
