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
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import regex

from aligner.errors import InputError
from aligner.language.blanks import trim
from aligner.language.script import HAN, LATIN, Run, detect_language, language_runs, zh_variant
from aligner.language.sentences import split_sentences
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
# How surely a gap between two languages is a seam.
_NONE, _DOUBTFUL, _SPACED, _COLUMNS = range(4)
_PAIR = 2

_MASK = "\ufffc"  # in no language, neither a space nor a mark

_ADDRESS = regex.compile(r"(?:https?://|www[.])[!-~]+|(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]+")
_ACRONYM_BEFORE_HAN = regex.compile(r"\s+(?=[!-~]+$)")
_ACRONYM_AFTER_HAN = regex.compile(r"[!-~]+(\s+)")
_CLOSE = r"""["'”’»」』）)】》〉\]*_`]"""
_COLUMN = regex.compile(r"\s*(?:[\t\n\r|｜]|[^\S\t\n\r]{4,})+\s*")
# Ends that the Vietnamese rules do not know: any full-width mark, an ASCII one that touches Han.
_END = regex.compile(
    rf"[。！？｡][.?!…。！？｡]*+{_CLOSE}*+|(?<=\p{{Ll}}\p{{M}}{{0,2}})[.?!…]++{_CLOSE}*+(?=[{HAN}])", regex.V0
)
_NUMBERED = regex.compile(r"(?:^|\s)[(（]?\p{N}{1,3}[.]$")
_LABEL = regex.compile(r"(\s+)[(（]?\p{N}{1,3}[.)）、．]\s*")
_AFTER_MARK = regex.compile(r"[^\s\p{L}\p{N}]++(\s+)")
_SPACE = regex.compile(r"(?:\s+[/／=–—\-~·•])?\s+(?=\S*$)")
_COMMA = regex.compile(r"[,，、;；]\s*$")
_COLON = regex.compile(r"[:：]\s*$")
_EDGE = regex.compile(r"[\s|｜]+|/\s+")
# Quotations and brackets longer than this are no names or phrases inside a sentence.
_BRACKETED = regex.compile(r"[(（\[【《〈][^()（）\[\]【】《》〈〉\n]{0,100}[)）\]】》〉]")
_QUOTED = regex.compile(
    r"""“[^“”\n]{0,60}”|‘[^‘’\n]{0,60}’|「[^「」\n]{0,60}」|『[^『』\n]{0,60}』|«[^«»\n]{0,60}»"""
    r"""|(?<!\S)"[^"\n]{0,60}"|"[^"\s]{0,60}\""""
)
_SENTENCE = regex.compile(r"[.?!…。！？]\W*$")
_TAIL = 20  # characters that closing marks after an end mark may take; keeps the searches above linear
_HEADLINE_GAP = regex.compile(rf"(?<=[{HAN}”’」』》!！?？\d%])[^\S\r\n]+(?=[{HAN}“‘「『《（\d])")


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
    plain = _ADDRESS.sub(lambda match: _MASK * len(match[0]), line)
    masked = _mask(plain)
    pieces: list[_Piece] = []
    for start, end in _sentences(masked):
        # Where a quotation or bracket is all that has a language, it counts.
        source = masked if _has_language(masked[start:end]) else plain
        pieces.extend(_pieces(source, plain, start, end))
    spans = ((piece.side, trim(line, piece.start, piece.end)) for piece in _joined(pieces))
    return [(side, *span) for side, span in spans if span] if any(p.zh or p.vi for p in pieces) else None


def _mask(line: str) -> str:
    """The line with what stands in brackets or in a short quotation made neutral, at the same length."""

    def hide(match: regex.Match[str]) -> str:
        inside = match[0][1:-1]
        if _SENTENCE.search(inside[-_TAIL:]):
            return match[0]
        return match[0][0] + _MASK * len(inside) + match[0][-1]

    return _QUOTED.sub(hide, _BRACKETED.sub(hide, line))


def _has_language(text: str) -> bool:
    return bool(_HAN_CHAR.search(text)) or detect_language(text[:_ENOUGH]) == "vi"


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    """Spans of a line between the end marks of either language, separators at their beginnings left out."""
    ends = {end for _, end in split_sentences(line, "vi")} | {match.end() for match in _END.finditer(line)}
    ends = {end for end in ends if not _NUMBERED.search(line, max(0, end - _TAIL), end)}
    for start, end in pairwise(sorted({0, *ends, len(line)})):
        edge = _EDGE.match(line, start, end)
        yield edge.end() if edge else start, end


def _pieces(masked: str, plain: str, start: int, end: int) -> list[_Piece]:
    """A sentence or headline cut at its seams; one without letters in either language weighs nothing."""
    text = masked[start:end]
    if not _has_language(text):
        return [_Piece(start, end, 0.0, 0.0)]
    chains: list[list[_Piece]] = [[]]
    guarded = [False]
    at = 0
    weight: dict[Side, float] = {"zh": 0.0, "vi": 0.0}
    runs = language_runs(text)
    for run, after in zip(runs, [*runs[1:], None], strict=True):
        # A run of Latin words that counts as Chinese (a name, an acronym) weighs as one character.
        weight[run.lang] += max(_weights(text[run.start : run.end])[run.lang], 1.0)
        stop, next_at, strength = _seam(text, run, after) if after else (len(text), 0, _COLUMNS)
        if strength:
            chains[-1].append(_Piece(start + at, start + stop, weight["zh"], weight["vi"]))
            guarded[-1] |= strength == _DOUBTFUL
            at, weight = next_at, {"zh": 0.0, "vi": 0.0}
        if strength == _COLUMNS and after:
            chains.append([])
            guarded.append(False)
    judged = (
        merged if _stand_alone(plain, merged, doubtful=doubtful) else [_whole(merged)]
        for merged, doubtful in zip(map(_joined, chains), guarded, strict=True)
    )
    return [piece for chain in judged for piece in chain]


def _weights(text: str) -> dict[Side, float]:
    """How much of each language there is, in Chinese characters."""
    return {"zh": float(len(_HAN_CHAR.findall(text))), "vi": len(_WORD.findall(text)) / _SYLLABLES_PER_HAN}


def _seam(text: str, run: Run, after: Run) -> tuple[int, int, int]:
    """Where the gap between two runs is cut: end of the one, start of the other, and how surely."""
    left, right = run.end, after.start
    gap = text[left:right]
    if not gap:
        return _seam_beside_acronym(text, run, after)
    if column := _COLUMN.search(gap):
        return left + column.start(), left + column.end(), _COLUMNS
    if label := _LABEL.fullmatch(gap):
        return left + label.start(1), left + label.end(1), _SPACED
    if mark := _AFTER_MARK.match(gap):
        before = gap[: mark.start(1)][-_TAIL:]
        sure = _NONE if _COLON.search(before) else _DOUBTFUL if _COMMA.search(before) else _SPACED
        return left + mark.start(1), left + mark.end(1), sure
    if space := _SPACE.search(gap):
        return left + space.start(), left + space.end(), _SPACED
    return left, right, _NONE


def _seam_beside_acronym(line: str, run: Run, after: Run) -> tuple[int, int, int]:
    """Between runs that touch: an ASCII word that touches Han belongs to the Chinese (làng nghề OCOP产品)."""
    if run.lang == "vi":
        space = _ACRONYM_BEFORE_HAN.search(line, max(run.start, run.end - _TAIL), run.end)
        return (space.start(), space.end(), _SPACED) if space else (run.end, run.end, _NONE)
    space = _ACRONYM_AFTER_HAN.match(line, after.start, min(after.end, after.start + _TAIL))
    return (space.start(1), space.end(1), _SPACED) if space else (run.end, run.end, _NONE)


def _stand_alone(line: str, chain: list[_Piece], *, doubtful: bool) -> bool:
    """Whether stretches parted by a space each stand for themselves: headlines, or long."""
    counted = {"zh": _HAN_CHAR, "vi": _WORD}
    sizes = [len(counted[piece.side].findall(line, piece.start, piece.end)) for piece in chain]
    if all(size >= _LONG for size in sizes):
        return True
    least = _HEADLINE_WORDS * len(chain) // _PAIR
    return (
        not doubtful and min(sizes) >= least and not _SENTENCE.search(line[: chain[-1].end].rstrip()[-_TAIL:])
    )


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Neighbours of one language made one; what has no language goes with what is before it."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and (last.side == piece.side or not (last.zh or last.vi) or not (piece.zh or piece.vi)):
            joined[-1] = last.joined(piece)
        else:
            joined.append(piece)
    return joined


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
