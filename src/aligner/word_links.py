"""Word links of a whole bitext: which word translates which, bead by bead."""

from __future__ import annotations

from collections.abc import Iterator

from aligner.align.band import blocks
from aligner.align.passes import learn, survey
from aligner.config import AlignOptions
from aligner.evidence.links import BeadLinks, bead_links
from aligner.model import Bead, Bitext
from aligner.pipeline import evidence_of


def linked(bitext: Bitext, options: AlignOptions | None = None) -> Iterator[tuple[Bead, BeadLinks]]:
    """The beads with text on both sides, in order, each with its word links.

    Texts are taken as they read now, so that links of an edited bead are those of its edited texts; spans
    count from the `start` of their segment. Costs about as much as aligning.

    Args:
        bitext: as loaded from any format.
        options: the user's lexicon and glossary; those of a plain alignment by default.
    """
    options = options or AlignOptions()
    sides = (
        sorted((s for bead in bitext.beads for s in bead.src if s.text.strip()), key=lambda s: s.id),
        sorted((s for bead in bitext.beads for s in bead.tgt if s.text.strip()), key=lambda s: s.id),
    )
    src, tgt = sides
    if not (src and tgt):
        return
    evidence = evidence_of(src, tgt, options)
    if options.second_pass:
        evidence = learn(evidence, survey(evidence, blocks(evidence)))
    src_at, tgt_at = ({segment.id: place for place, segment in enumerate(side)} for side in sides)
    for bead in bitext.beads:
        rows = [src_at[s.id] for s in bead.src if s.id in src_at]
        columns = [tgt_at[s.id] for s in bead.tgt if s.id in tgt_at]
        if rows and columns:
            block = (min(rows), max(rows) + 1, min(columns), max(columns) + 1)
            yield bead, bead_links(evidence, block, src, tgt)
