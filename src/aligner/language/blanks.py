"""What is blank at the ends of a text: white space, and what no reader sees."""

from __future__ import annotations

Span = tuple[int, int]

# Seen as nothing by a reader, though not white space: zero-width space, word joiner, byte order mark.
_INVISIBLE = "\u200b\u2060\ufeff"


def trim(text: str, start: int, end: int) -> Span | None:
    """The span without white space and invisible characters at its ends; None where nothing is left."""
    piece = text[start:end]
    if piece and piece.strip() == piece and piece[0] not in _INVISIBLE and piece[-1] not in _INVISIBLE:
        return start, start + len(piece)
    left = piece.lstrip()
    while left and left[0] in _INVISIBLE:
        left = left.lstrip(_INVISIBLE).lstrip()
    if not left:
        return None
    right = left.rstrip()
    while right[-1] in _INVISIBLE:
        right = right.rstrip(_INVISIBLE).rstrip()
    first = end - len(left)
    return first, first + len(right)
