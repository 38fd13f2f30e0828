"""Reading the package's data tables: tab-separated text with comment lines.

A table is UTF-8, one row a line, columns parted by TAB; a line that starts with `# ` is a comment and
says where the rows come from. Every caller loads its table on first use and keeps it.
"""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).parent.parent / "data"


def read_lines(name: str) -> list[str]:
    """The lines of `data/NAME` without comments and empty lines; linear in the size of the file."""
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and line[:2] != "# "]


def read_rows(name: str) -> list[list[str]]:
    """The rows of `data/NAME`, split into columns, without comments and empty lines."""
    return [line.split("\t") for line in read_lines(name)]
