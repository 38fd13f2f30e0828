"""Aligning many documents with what they say together: a second pass over a whole corpus.

Each document is first aligned alone. The sure beads of all of them become a lexicon, with the known one as
prior: what a name or a term is called in one document helps in the others. Then each is aligned again
with that lexicon, by itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aligner.config import AlignOptions
from aligner.evidence.lexicon import save_lexicon
from aligner.evidence.user import lexicon_with
from aligner.model import Bitext
from aligner.training import train_on

SURE = 0.9
"""Confidence from which a bead teaches; of .5 and .9 the better one on the tuning half."""


@contextmanager
def together(bitexts: Iterable[Bitext], options: AlignOptions) -> Iterator[AlignOptions]:
    """Options that know what the sure beads of many documents say together, while the context lasts.

    Args:
        bitexts: the documents, each aligned alone; read once, and only words are kept of them.
        options: they were aligned with. A lexicon of the user's is what learning starts from.

    Yields:
        The options with the lexicon learned; as they were where no bead was sure.
    """
    sure = (bead for bitext in bitexts for bead in bitext.beads if bead.confidence >= SURE)
    found = train_on(sure, lexicon_with(options.lexicon))
    if not found.pairs:
        yield options
        return
    with TemporaryDirectory(prefix="aligner-") as folder:
        lexicon = Path(folder, "together.lexicon")
        save_lexicon(found.lexicon, lexicon)
        yield dataclasses.replace(options, lexicon=lexicon)
