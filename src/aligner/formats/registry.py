"""The formats by name: one dict literal binds their modules together.

A new format of units is a module with `write_units` and, if it can be read, `read_units`, and a line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from aligner.errors import UsageError


@dataclass(frozen=True, slots=True)
class Format:
    """What the rest of the program needs to know of a format.

    Attributes:
        module: its module in this package.
        takes: what it is written from: one bitext, units of any number of bitexts, beads with their word
            links, or nothing.
        memory: it is a translation memory: null and rejected beads are left out.
        exact: it holds any text as it is; otherwise texts are cleaned for one line.
        reads: it can be read.
        files: suffixes of the files it consists of, where it is more than one file.
        folder: it is a folder.
        binary: it is not text.
    """

    module: str
    takes: Literal["bitext", "units", "links", "nothing"] = "units"
    memory: bool = False
    exact: bool = False
    reads: bool = True
    files: tuple[str, ...] = ()
    folder: bool = False
    binary: bool = False

    def load(self) -> Any:
        """The module, imported when it is needed."""
        return import_module(f"aligner.formats.{self.module}")


FORMATS: dict[str, Format] = {
    "bitext": Format("bitext", takes="bitext", exact=True),
    "beads": Format("beads", takes="bitext", reads=False),
    "tmx": Format("tmx", memory=True),
    "tsv": Format("tsv"),
    "csv": Format("csv"),
    "xlsx": Format("xlsx", binary=True),
    "xliff": Format("xliff", memory=True),
    "xliff2": Format("xliff2", memory=True),
    "html": Format("html", reads=False),
    "omegat": Format("omegat", memory=True, reads=False, folder=True),
    "jsonl": Format("jsonl", exact=True),
    "parquet": Format("parquet", exact=True, binary=True),
    "moses": Format("moses", memory=True, reads=False, files=(".zh", ".vi")),
    "pharaoh": Format("pharaoh", takes="links", memory=True, reads=False, files=(".zh", ".vi", ".pharaoh")),
    "srx": Format("srx", takes="nothing", reads=False),
}


def find_format(name: str) -> Format:
    """The format of this name.

    Raises:
        UsageError: there is none.
    """
    if name not in FORMATS:
        raise UsageError(f"no format '{name}'", f"it is one of {', '.join(FORMATS)}")
    return FORMATS[name]
