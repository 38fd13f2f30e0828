"""What a line end inside a paragraph stands for: a space, or in Chinese nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from aligner.language.script import detect_language

# Chinese characters and punctuation; of the latter those that have room enough of their own.
_CHINESE = "\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd"
_MARK = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
_NO_SPACE = f"[{_CHINESE}]{{2}}|[{_MARK}].|.[{_MARK}]"
# A number over a line end. In Vietnamese, where words are parted by blanks, it may as well be two numbers.
_FIGURE = "[0-9０-９]"
_NUMBER = re.compile(rf".*{_FIGURE}(?:[.,．]?\n{_FIGURE}|\n(?:[%％‰]|[.,．]{_FIGURE}))", re.DOTALL)
_LINE_END = re.compile(r"\r\n?|\n")
_BLANKS = " \t"


def joint(above: str, below: str) -> str:
    """What stands between two lines that are joined.

    Nothing between two Chinese characters or beside Chinese punctuation, else a space.

    >>> joint("软", "件"), joint("用 Fortran", "写的"), joint("hôm", "nay")
    ('', ' ', ' ')
    """
    return "" if re.match(_NO_SPACE, above[-1:] + below[:1], re.DOTALL) else " "


def unbroken(text: str) -> str:
    r"""The lines of a text as one, without the blanks around its line ends. Linear.

    As `joint` says; and in Chinese a number that a line end breaks is whole again. A comma or full stop of
    ASCII counts as one of a number where figures follow: what it might end is ended by 。 and ，in Chinese.

    >>> unbroken("增长1\n2%"), unbroken("năm 2024\n12 người")
    ('增长12%', 'năm 2024 12 người')
    """
    return "".join(piece for _, piece in _pieces(text))


def one_line(text: str) -> str:
    r"""A text as it is shown: `unbroken`, every other white space as one space.

    >>> one_line("来自广西壮\n族自治区的\tASEAN\n代表")
    '来自广西壮族自治区的 ASEAN 代表'
    """
    return " ".join(unbroken(text).split())


def unbroken_at(text: str, offsets: Iterable[int]) -> tuple[str, list[int]]:
    r"""`unbroken`, and where offsets of the text lie in it; what lies in a line end, lies before the joint.

    >>> unbroken_at("在广\n西壮", (0, 2, 3, 5))
    ('在广西壮', [0, 2, 2, 4])
    """
    pieces = list(_pieces(text))
    begins = [at for at, _ in pieces]
    lengths = [0]
    for _, piece in pieces:
        lengths.append(lengths[-1] + len(piece))
    moved = []
    for offset in offsets:
        k = bisect_right(begins, offset) - 1
        moved.append(lengths[k] + min(offset - begins[k], len(pieces[k][1])) if k >= 0 else 0)
    return "".join(piece for _, piece in pieces), moved


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """What an unbroken text is made of, each with its offset in the text: its lines, and spaces between."""
    above, end, at = "", 0, 0
    chinese: bool | None = None  # asked for at most once, where it matters
    for written in [*_LINE_END.finditer(text), None]:
        stop = written.start() if written else len(text)
        line = text[at:stop].strip(_BLANKS)
        if line:
            begin = text.index(line, at)
            between = joint(above, line) if above else ""
            if between and _NUMBER.match(f"{above[-2:]}\n{line[:2]}"):
                chinese = (detect_language(text) or "").startswith("zh") if chinese is None else chinese
                between = "" if chinese else between
            if between:
                yield end, between
            yield begin, line
            above, end = line, begin + len(line)
        at = written.end() if written else at
