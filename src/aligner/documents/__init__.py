"""Source documents in, `Document` values out: reading, separating two languages, segmenting.

Importing this package loads no reader: the names below come when touched.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aligner.documents.bilingual import is_bilingual, separate
    from aligner.documents.limits import Limits
    from aligner.documents.one_a_line import segmented
    from aligner.documents.reading import READERS, read, read_data
    from aligner.documents.segments import segment

_HOMES = {
    "Limits": "limits",
    "READERS": "reading",
    "is_bilingual": "bilingual",
    "read": "reading",
    "read_data": "reading",
    "segment": "segments",
    "segmented": "one_a_line",
    "separate": "bilingual",
}
"""Public name → module of this package that it comes from."""

__all__ = ["READERS", "Limits", "is_bilingual", "read", "read_data", "segment", "segmented", "separate"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
