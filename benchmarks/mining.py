"""Sentences planted into comparable texts, found again: precision and recall of mining.

    python -m benchmarks.mining DATA

Each development text gives a pair of documents: of its 1–1 beads a third stands in both, a third in the zh
document only and a third in the vi document only (related text), with thirty sentences of one other text on
the zh side and of another on the vi side (unrelated text), all shuffled. A pair found is right if its two
sentences are a bead of any text. Halves are those of `benchmarks.cases`; the confidence was fitted on `tune`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Half, find_cases
from benchmarks.pairing import SETS

from aligner.config import AlignOptions
from aligner.model import Segment
from aligner.scale.mining import MinedPair, mine

Texts = Sequence[tuple[str, str]]
_SHORTEST = 6
"""Characters of a zh sentence worth planting: shorter ones repeat."""
_LONGEST_TEXT = 90
_UNRELATED = 30
_DRAWS = 3
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Planted:
    """Two documents that share some sentences.

    Attributes:
        half: of their text.
        zh, vi: sentences, shuffled.
        planted: how many stand in both.
    """

    half: Half
    zh: tuple[str, ...]
    vi: tuple[str, ...]
    planted: int


def documents(data: Path) -> tuple[list[Planted], frozenset[tuple[str, str]]]:
    """The documents of all draws, and every pair of sentences that translate each other."""
    texts: list[tuple[Half, Texts]] = []
    for case in find_cases(data):
        if case.set_name in SETS and case.way == "segmented":
            ones = [(b.src_text, b.tgt_text) for b in case.gold.beads if len(b.src) == len(b.tgt) == 1]
            texts.append((case.half, [pair for pair in ones if len(pair[0]) >= _SHORTEST]))
    true = frozenset(pair for _, text in texts for pair in text)
    made = [
        planted
        for draw in range(_DRAWS)
        for half in ("tune", "report")
        for planted in _plant(half, [text for h, text in texts if h == half], random.Random(draw))  # noqa: S311 - a draw to be repeated
    ]
    return made, true


def _plant(half: Half, texts: Sequence[Texts], rng: random.Random) -> Iterator[Planted]:
    for number, text in enumerate(texts):
        others = [k for k in range(len(texts)) if k != number]
        first, second = rng.sample(others, 2)
        kept = text[:_LONGEST_TEXT]
        places = [rng.choice(("both", "zh", "vi")) for _ in kept]
        zh = [pair[0] for pair, place in zip(kept, places, strict=True) if place != "vi"]
        vi = [pair[1] for pair, place in zip(kept, places, strict=True) if place != "zh"]
        zh += [pair[0] for pair in texts[first][:_UNRELATED]]
        vi += [pair[1] for pair in texts[second][:_UNRELATED]]
        rng.shuffle(zh)
        rng.shuffle(vi)
        yield Planted(half, tuple(zh), tuple(vi), places.count("both"))


def mined(planted: Planted) -> list[MinedPair]:
    """What is found in two documents."""
    zh, vi = (
        [Segment(number, text, 0, len(text)) for number, text in enumerate(side)]
        for side in (planted.zh, planted.vi)
    )
    return mine(zh, vi, AlignOptions())


def main() -> None:
    """Prints precision and recall at the confidence of .9, by half."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    made, true = documents(parser.parse_args().data)
    rows = {}
    for half in ("tune", "report"):
        here = [planted for planted in made if planted.half == half]
        sure = [pair for planted in here for pair in mined(planted) if pair.confidence >= SURE]
        right = sum((pair.src.text, pair.tgt.text) in true for pair in sure)
        planted = sum(p.planted for p in here)
        rows[half] = {
            "documents": len(here),
            "planted": planted,
            "found": len(sure),
            "right": right,
            "precision": round(right / max(1, len(sure)), 3),
            "recall": round(right / max(1, planted), 3),
        }
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
