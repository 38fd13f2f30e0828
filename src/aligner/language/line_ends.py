"""What a line end inside a paragraph stands for: a space, or in Chinese nothing."""

from __future__ import annotations

import re

# Chinese characters and punctuation; of the latter those that have room enough of their own.
_CHINESE = "\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd"
_MARK = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
_NO_SPACE = re.compile(f"[{_CHINESE}]{{2}}|[{_MARK}].|.[{_MARK}]", re.DOTALL)
_LINE_END = re.compile(r"\r\n?|\n")


def joint(above: str, below: str) -> str:
    """What stands between two lines that are joined.

    Nothing between two Chinese characters or beside Chinese punctuation, else a space.

    >>> joint("软", "件"), joint("用 Fortran", "写的"), joint("hôm", "nay")
    ('', ' ', ' ')
    """
    return "" if _NO_SPACE.match(above[-1:] + below[:1]) else " "


def unbroken(text: str) -> str:
    """The lines of a text as one, without the blanks around its line ends. Linear."""
    parts: list[str] = []
    for piece in _LINE_END.split(text):
        line = piece.strip(" \t")
        if line:
            parts += [joint(parts[-1], line), line] if parts else [line]
    return "".join(parts)
