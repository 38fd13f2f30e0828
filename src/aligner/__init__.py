"""Turns Chinese–Vietnamese bilingual documents into translation memories and glossaries.

    >>> from aligner import AlignOptions, Segment, align_segments
    >>> zh = [Segment(0, "双方签署了十二项协议。", 0, 11), Segment(1, "会谈取得成功。", 11, 18)]
    >>> vi = [Segment(0, "Hai bên đã ký 12 thỏa thuận.", 0, 28), Segment(1, "Hội đàm thành công.", 29, 48)]
    >>> beads = align_segments(zh, vi, AlignOptions())
    >>> [([s.id for s in bead.src], [s.id for s in bead.tgt]) for bead in beads]
    [([0], [0]), ([1], [1])]

Importing this package reads no file and loads no other module: the names below come when touched.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from aligner.config import AlignOptions
    from aligner.documents import read, segment, separate
    from aligner.errors import AlignerError
    from aligner.formats import load_bitext, write_bitexts
    from aligner.model import Bead, Bitext, Document, Segment
    from aligner.pipeline import align_documents, align_file, align_files, align_segments

_HOMES = {
    "AlignOptions": "config",
    "AlignerError": "errors",
    "Bead": "model",
    "Bitext": "model",
    "Document": "model",
    "Segment": "model",
    "align_documents": "pipeline",
    "align_file": "pipeline",
    "align_files": "pipeline",
    "align_segments": "pipeline",
    "load_bitext": "formats",
    "read": "documents",
    "segment": "documents",
    "separate": "documents",
    "write_bitexts": "formats",
}
"""Public name → module of this package that it comes from."""

__all__ = [
    "AlignOptions",
    "AlignerError",
    "Bead",
    "Bitext",
    "Document",
    "Segment",
    "__version__",
    "align_documents",
    "align_file",
    "align_files",
    "align_segments",
    "load_bitext",
    "read",
    "segment",
    "separate",
    "write_bitexts",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
