"""A document that holds both languages, separated into its Chinese and its Vietnamese half.

A line in one language goes to that side whole, whatever names of the other it embeds. A mixed line is
cut only where a reader would see a seam, from the surest to the weakest:

- a column break (TAB, `|`, four spaces) or a line end,
- an end mark, with the closing marks after it: 中文句。 Câu tiếng Việt.
- a space between two stretches, where both look like headlines (neither ends with an end mark) or both
  are long.

What stands in brackets or in a short quotation belongs to its surroundings ("Trần Cương (陈刚)"), as
does a line without letters, or in a third language. Between seams the language with the larger share
has it all. It fails on a name in front of a predicate that has no end mark ("Nguyễn Văn An 是书记" looks
like two headlines).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import regex

from aligner.errors import InputError
from aligner.language.script import HAN, LATIN, Run, detect_language, language_runs, zh_variant
from aligner.language.sentences import trim
from aligner.model import Block, Document

Side = Literal["zh", "vi"]

# A Vietnamese text has about 1.3 syllables to a character of the Chinese that says the same.
_SYLLABLES_PER_HAN = 1.3
# A document is bilingual from this share of the lesser language: a quotation is less, an abstract is not.
_LEAST_SHARE = 0.1
# Blocks looked at to tell whether a document is bilingual, spread over all of it.
_SAMPLE = 400
# Characters that tell a paragraph's language.
_ENOUGH = 2000
# Stretches parted by a space only: a headline has two words at least; beyond eight (in either
# language) it is no name that stands in a sentence.
_HEADLINE_WORDS = 2
_LONG = 8
# Chinese headlines set apart by a space have four characters at least (两字姓名 is spaced too: 张 三).
_HEADLINE_HAN = 4

_HAN_CHAR = regex.compile(f"[{HAN}]")
_WORD = regex.compile(f"[{LATIN}]+")
_MASK = "\ufffc"  # in no language, neither a space nor a mark

_ADDRESS = regex.compile(r"(?:https?://|www[.])\S+|[\w.+-]+@[\w.-]+")
_COLUMN = regex.compile(r"\s*(?:[\t\n\r|｜]|[^\S\t\n\r]{4,})+\s*")
_END = regex.compile(r"""[.?!…。！？｡]+["'”’»」』）)】》〉\]*_`]*(\s*)""")
_LABEL = regex.compile(r"(\s+)[(（]?\p{N}{1,3}[.)）、．]\s*")
_STUCK = regex.compile(r"[,，、:：;；][^\s\p{L}]*\s*$")
_SPACE = regex.compile(r"(?:\s+[/／=–—\-~·•])?\s+(?=\S*$)")
_BRACKETED = regex.compile(r"[(（\[【《〈][^()（）\[\]【】《》〈〉\n]*[)）\]】》〉]")
_QUOTED = regex.compile(
    r"""“[^“”\n]*”|‘[^‘’\n]*’|「[^「」\n]*」|『[^『』\n]*』|«[^«»\n]*»|(?<!\S)"[^"\n]*"|"[^"\s]*\""""
)
_SENTENCE = regex.compile(r"[.?!…。！？]\W*$")
_TAIL = 20  # characters that closing marks after an end mark may take; keeps the searches above linear
_HEADLINE_GAP = regex.compile(rf"(?<=[{HAN}”’」』》）!！?？\d%])[^\S\r\n]+(?=[{HAN}“‘「『《（\d])")


def is_bilingual(document: Document) -> bool:
    """Whether a document holds both languages: the lesser has a tenth of the text or more.

    Looks at 400 paragraphs at most, spread over the document, and of a long one at its beginning and end.
    """
    step = max(1, len(document.blocks) // _SAMPLE)
    ends = tuple(end for block in document.blocks[::step] for end in _ends(block))
    sample = dataclasses.replace(document, blocks=ends)
    weight = {"zh": 0.0, "vi": 0.0}
    for side, block in _assigned(sample):
        weight[side] += _weights(document.text[block.start : block.end])[side]
    total = sum(weight.values())
    return total > 0 and min(weight.values()) / total >= _LEAST_SHARE


def separate(document: Document) -> tuple[Document, Document]:
    """The Chinese and the Vietnamese half of a document; path, sha256, text and notes are shared.

    The blocks of both halves are disjoint; between them lie only white space and separators. A mixed
    line's blocks share its kind and origin; Chinese headlines set apart by a space become a block each,
    where the Vietnamese ones stay together, since nothing in them shows the seam.

    Raises:
        InputError: it holds one of the two languages only.

    Linear in the length of the text.
    """
    sides: dict[Side, list[Block]] = {"zh": [], "vi": []}
    for side, block in _assigned(document):
        sides[side].append(block)
    for side, missing in (("zh", "Chinese"), ("vi", "Vietnamese")):
        if not sides[side]:
            raise InputError(
                f"{document.path}: holds no {missing} text",
                "give both documents: aligner align ZH-FILE VI-FILE",
            )
    chinese = "".join(document.text[b.start : b.end] for b in sides["zh"])
    return (
        dataclasses.replace(document, lang=zh_variant(chinese), blocks=tuple(sides["zh"])),
        dataclasses.replace(document, lang="vi", blocks=tuple(sides["vi"])),
    )


def _ends(block: Block) -> tuple[Block, ...]:
    if block.end - block.start <= 2 * _ENOUGH:
        return (block,)
    return (
        dataclasses.replace(block, end=block.start + _ENOUGH),
        dataclasses.replace(block, start=block.end - _ENOUGH),
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line: its span, and how much of each language it has outside brackets."""

    start: int
    end: int
    zh: float
    vi: float

    @property
    def side(self) -> Side:
        return "zh" if self.zh > self.vi else "vi"

    def joined(self, other: _Piece) -> _Piece:
        return _Piece(self.start, other.end, self.zh + other.zh, self.vi + other.vi)


def _assigned(document: Document) -> Iterator[tuple[Side, Block]]:
    """All blocks with their side, mixed ones cut; one without a language goes with its surroundings."""
    waiting: list[Block] = []
    last: Side | None = None
    for block in document.blocks:
        parts = _parts(document.text[block.start : block.end])
        if parts is None and last is None:
            waiting.append(block)
        elif parts is None:
            yield last or "vi", block
        else:
            yield from ((parts[0][0], early) for early in waiting)
            waiting.clear()
            for side, start, end in parts:
                last = side
                part = dataclasses.replace(block, start=block.start + start, end=block.start + end)
                mixed = len(parts) > 1 and side == "zh" and block.kind in ("title", "heading")
                yield from ((side, b) for b in (_headlines(document.text, part) if mixed else [part]))


def _parts(line: str) -> list[tuple[Side, int, int]] | None:
    """The stretches of a paragraph by language; None where it is in neither."""
    if not _HAN_CHAR.search(line):
        return [("vi", 0, len(line))] if detect_language(line[:_ENOUGH]) == "vi" else None
    if not _WORD.search(line):
        return [("zh", 0, len(line))]
    line = _ADDRESS.sub(lambda match: _MASK * len(match[0]), line)
    masked = _mask(line)
    if not _HAN_CHAR.search(masked):
        if detect_language(masked[:_ENOUGH]) == "vi":
            return [("vi", 0, len(line))]
        if _WORD.search(masked) or not _HAN_CHAR.search(line):
            return None
        masked = line
    parts: list[tuple[Side, int, int]] = []
    for piece in _settled(masked, _pieces(masked, language_runs(masked))):
        span = trim(line, piece.start, piece.end)
        if span:
            parts.append((piece.side, *span))
    return parts


def _mask(line: str) -> str:
    """The line with what stands in brackets or in a short quotation made neutral, at the same length."""

    def hide(match: regex.Match[str]) -> str:
        inside = match[0][1:-1]
        if _SENTENCE.search(inside[-_TAIL:]):
            return match[0]
        return match[0][0] + _MASK * len(inside) + match[0][-1]

    return _QUOTED.sub(hide, _BRACKETED.sub(hide, line))


def _pieces(line: str, runs: Sequence[Run]) -> list[tuple[_Piece, int]]:
    """The line cut at every seam between runs, each piece with the strength of the seam behind it."""
    pieces: list[tuple[_Piece, int]] = []
    start = 0
    weight: dict[Side, float] = {"zh": 0.0, "vi": 0.0}
    for run, after in zip(runs, [*runs[1:], None], strict=True):
        # A run of Latin words that counts as Chinese (a name, an acronym) weighs as one character.
        weight[run.lang] += max(_weights(line[run.start : run.end])[run.lang], 1.0)
        end, next_start, strength = _seam(line, run.end, after.start) if after else (len(line), 0, 0)
        if strength or not after:
            pieces.append((_Piece(start, end, weight["zh"], weight["vi"]), strength))
            start, weight = next_start, {"zh": 0.0, "vi": 0.0}
    return pieces


def _weights(text: str) -> dict[Side, float]:
    """How much of each language there is, in Chinese characters."""
    return {"zh": float(len(_HAN_CHAR.findall(text))), "vi": len(_WORD.findall(text)) / _SYLLABLES_PER_HAN}


def _seam(line: str, left: int, right: int) -> tuple[int, int, int]:
    """Where the gap between two runs is cut: end of the one, start of the other, and strength 0 to 3."""
    gap = line[left:right]
    if column := _COLUMN.search(gap):
        return left + column.start(), left + column.end(), 3
    if label := _LABEL.fullmatch(gap):
        return left + label.start(1), left + label.end(1), 1
    if (end := _END.search(gap)) and not (end[0][0] == "." and not end[1] and end.end() < len(gap)):
        return left + end.start(1), left + end.end(1), 2
    space = _SPACE.search(gap)
    if space and not _STUCK.search(gap[: space.start()][-_TAIL:]):
        return left + space.start(), left + space.end(), 1
    return left, right, 0


def _settled(line: str, pieces: list[tuple[_Piece, int]]) -> list[_Piece]:
    """The pieces after weak seams were judged and neighbours of one language joined."""
    chains: list[list[_Piece]] = [[]]
    for piece, strength in pieces:
        chains[-1].append(piece)
        if strength > 1:
            chains.append([])
    settled: list[_Piece] = []
    for chain in chains:
        merged = _joined(chain)
        settled.extend(merged if _are_headlines(line, merged) else [_whole(merged)])
    return _joined(settled)


def _are_headlines(line: str, chain: list[_Piece]) -> bool:
    """Whether stretches parted by a space only stand each for themselves."""
    sizes = [max(piece.zh, piece.vi * _SYLLABLES_PER_HAN) for piece in chain]
    if all(size >= _LONG for size in sizes):
        return True
    least = _HEADLINE_WORDS if len(chain) <= 2 else 2 * _HEADLINE_WORDS  # noqa: PLR2004 - a pair
    return min(sizes) >= least and not _SENTENCE.search(line[: chain[-1].end].rstrip()[-_TAIL:])


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    return [_whole(list(same)) for _, same in groupby(pieces, key=lambda piece: piece.side)]


def _whole(pieces: list[_Piece]) -> _Piece:
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole.joined(piece)
    return whole


def _headlines(text: str, block: Block) -> list[Block]:
    """A block of Chinese headlines, cut at the spaces between them."""
    gaps = [gap.span() for gap in _HEADLINE_GAP.finditer(text, block.start, block.end)]
    starts = [block.start, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), block.end]
    spans: list[tuple[int, int]] = []
    short = False
    for start, end in zip(starts, ends, strict=True):
        joins = spans and (short or _han_count(text[start:end]) < _HEADLINE_HAN)
        spans[-1:] = [(spans[-1][0], end)] if joins else [*spans[-1:], (start, end)]
        short = _han_count(text[spans[-1][0] : end]) < _HEADLINE_HAN
    return [dataclasses.replace(block, start=start, end=end) for start, end in spans]


def _han_count(text: str) -> int:
    return len(_HAN_CHAR.findall(text))
