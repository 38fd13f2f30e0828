"""Reading the package's data tables: tab-separated text with comment lines.

A table is UTF-8, one row a line, columns parted by TAB; a line that starts with `# ` is a comment and
says where the rows come from. Every caller loads its table on first use and keeps it.
"""

from __future__ import annotations

from importlib import resources


def read_rows(name: str) -> list[list[str]]:
    """The rows of `data/NAME`, split into columns, without comments and empty lines.

    Args:
        name: file name inside the package's data folder.

    Returns:
        One list of columns a row; linear in the size of the file.
    """
    text = resources.files("aligner").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.split("\n") if line and not line.startswith("# ")]
