"""Makes corpus/gold/ from a gold alignment given as texts (tests/gold/article.beads.json).

    python tools/gold_bitext.py seeds/NAME.txt tests/gold/article.beads.json -o corpus/gold/NAME.bitext.jsonl

The gold file lists beads as texts of either language and a kind. Offsets and ids come from the document:
its texts are looked for in order, so that every segment is shown to stand where the gold says.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from aligner.documents import read, separate
from aligner.formats import bitext as bitext_format
from aligner.model import Bead, Bitext, Document, Segment, Side


def located(document: Document, texts: list[tuple[str, str]]) -> Iterator[Segment]:
    """The segments of these (text, kind) in document order.

    Raises:
        SystemExit: a text does not stand in the rest of the document's blocks.
    """
    blocks = iter(document.blocks)
    block = next(blocks)
    at = block.start
    for number, (text, kind) in enumerate(texts):
        while (start := document.text.find(text, at, block.end)) < 0:
            following = next(blocks, None)
            if following is None:
                sys.exit(f"not in the document: {text}")
            block, at = following, following.start
        at = start + len(text)
        yield Segment(number, text, start, at, kind, block.origin)  # type: ignore[arg-type]


def gold_bitext(path: Path, beads: list[dict[str, object]]) -> Bitext:
    """The gold alignment as a bitext; every bead is certain."""
    zh, vi = separate(read(path))
    sides = []
    for document, name in ((zh, "zh"), (vi, "vi")):
        texts = [(text, str(bead["kind"])) for bead in beads for text in bead[name]]  # type: ignore[attr-defined]
        sides.append(located(document, texts))
    made = [
        Bead(
            number,
            tuple(next(sides[0]) for _ in bead["zh"]),  # type: ignore[attr-defined]
            tuple(next(sides[1]) for _ in bead["vi"]),  # type: ignore[attr-defined]
            confidence=1.0,
            status="accepted",
        )
        for number, bead in enumerate(beads)
    ]
    src, tgt = (Side(d.lang or "vi", d.path, d.sha256) for d in (zh, vi))
    return Bitext(src, tgt, tuple(made), "gold")


def main() -> None:
    """Make the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("document", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    made = gold_bitext(options.document, json.loads(options.gold.read_text("utf-8")))
    with options.output.open("wb") as file:
        bitext_format.write(made, file)


if __name__ == "__main__":
    main()
