"""Text that is not in Unicode normal form C: it looks the same and is not found by a search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from aligner.check.collection import Collection
from aligner.check.finding import Mark

_CLUSTER = re.compile(r"\S*[^\x00-\x7f]\S*")


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the first word of a document and side that is not, and says how many segments are concerned."""
    for passages in collection.documents.values():
        odd = [p for p in passages if not unicodedata.is_normalized("NFC", p.text)]
        for match in _CLUSTER.finditer(odd[0].text) if odd else ():
            if not unicodedata.is_normalized("NFC", match.group()):
                told = f"not in NFC, in {len(odd)} of {len(passages)} segments"
                yield Mark(odd[0], *match.span(), told)
                break
