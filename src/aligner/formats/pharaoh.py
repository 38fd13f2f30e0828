"""Pharaoh: word links, `0-0 1-2` a bead, beside the texts cut into the words that the numbers count.

Three files of as many lines each: PREFIX.zh and PREFIX.vi hold the words parted by spaces, PREFIX.pharaoh
the links `source-target`, counted from 0. Words are those of jieba and underthesea; the spaces within a
Vietnamese word of several syllables become `_`, as underthesea itself writes them. A link of several words
is one of each with each. Written only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from aligner.evidence.links import BeadLinks
from aligner.evidence.occurrences import Span
from aligner.formats.options import ExportOptions
from aligner.formats.units import clean
from aligner.language.words import vi_words, zh_words
from aligner.model import Bead, Segment


def write_links(
    beads: Iterable[tuple[Bead, BeadLinks]],
    files: tuple[BinaryIO, BinaryIO, BinaryIO],
    options: ExportOptions,
) -> None:
    """Writes beads with their word links: the words of the zh side, those of the vi side, the links."""
    for bead, links in beads:
        src, tgt = _words(bead.src, is_zh=True), _words(bead.tgt, is_zh=False)
        pairs = {
            (i, j) for link in links.links for i in _touched(src, link.src) for j in _touched(tgt, link.tgt)
        }
        if options.direction == "vi-zh":
            pairs = {(j, i) for i, j in pairs}
        line = " ".join(f"{i}-{j}" for i, j in sorted(pairs))
        texts = (" ".join(word.text for word in side) for side in (src, tgt))
        for file, text in zip(files, (*texts, line), strict=True):
            file.write(f"{text}\n".encode())


def _words(segments: Sequence[Segment], *, is_zh: bool) -> list[Span]:
    """The words of one side of a bead; `Span.text` as it is written."""
    words = []
    for segment in segments:
        for start, end in (zh_words if is_zh else vi_words)(segment.text):
            text = "_".join(clean(segment.text[start:end]).split())
            if text:
                words.append(Span(segment.id, segment.start + start, segment.start + end, text))
    return words


def _touched(words: Sequence[Span], span: Span) -> list[int]:
    """Numbers of the words that a span has characters of."""
    return [
        number
        for number, word in enumerate(words)
        if word.segment == span.segment and word.start < span.end and span.start < word.end
    ]
