"""How remarks count."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number and what it counts: 1 entry, 2 entries, 0 beads; the last word of several is the noun.

    >>> counted(1, "term"), counted(3, "entry"), counted(2000, "source text")
    ('1 term', '3 entries', '2,000 source texts')
    """
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("ry") else f"{number:,} {noun}s"
