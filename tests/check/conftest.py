"""Collections made of sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from aligner.check import Collection, collect
from aligner.language.sentences import split_sentences
from aligner.model import Bead, Bitext, Block, Document, Kind, Segment, Side


class Making:
    """What tests make collections with."""

    @staticmethod
    def bitext(
        beads: Sequence[Sequence[str]], *, confidence: float = 1.0, kind: Kind = "text", located: bool = True
    ) -> Bitext:
        """A bitext of beads given as a zh and a vi text each; either may be empty."""
        made, at = [], [0, 0]
        for number, texts in enumerate(beads):
            sides: list[tuple[Segment, ...]] = []
            for i, text in enumerate(texts):
                segment = Segment(number, text, at[i], at[i] + len(text), kind)
                sides.append((segment,) if text else ())
                at[i] += len(text) + 1
            made.append(Bead(number, sides[0], sides[1], confidence=confidence))
        sha256 = ("1", "2") if located else ("", "")
        return Bitext(Side("zh-Hans", "zh.txt", sha256[0]), Side("vi", "vi.txt", sha256[1]), tuple(made))

    @staticmethod
    def document(text: str, path: str = "text.txt") -> Document:
        """A vi document; every line is a paragraph."""
        blocks, at = [], 0
        for line in text.split("\n"):
            if split_sentences(line, "vi"):
                blocks.append(Block(at, at + len(line)))
            at += len(line) + 1
        return Document("vi", path, path, text, tuple(blocks))

    def collection(self, case: dict[str, Any], terms: Iterable[Any] = ()) -> Collection:
        """The collection of a case: its `beads`, and its `texts` as one document or `apart`, line by line."""
        beads = case.get("beads", [])
        bitexts = [
            self.bitext(beads, confidence=case.get("confidence", 1.0), kind=case.get("kind", "text"))
        ] if beads else []  # fmt: skip
        texts = [self.document("\n".join(case["texts"]))] if "texts" in case else []
        return collect(bitexts, texts, terms)


@pytest.fixture(scope="session")
def making() -> Making:
    return Making()
