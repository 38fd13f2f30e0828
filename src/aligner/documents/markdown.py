"""Markdown: headings, list items, paragraphs and table cells, as spans of the source.

markdown-it-py (CommonMark, with tables) says which lines are what; only its block parser runs, so
inline markup stays in the text, and links and emphasis reach the memory as translators see them in
their tools. Block markers (`#`, `-`, `>`, `1.`, `|`) are outside the blocks' spans. Code, front matter,
comments and link definitions are no blocks; of raw HTML only the text between tags is one.

Limit: a sentence that runs over a line end inside a quotation keeps the `>` of the later line, since a
block is one stretch of the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from aligner.documents.content import Content
from aligner.documents.kinds import ends_sentence, kind_of
from aligner.documents.loading import decode, refuse_binary
from aligner.language.blanks import trim
from aligner.model import Block, Kind, Origin

if TYPE_CHECKING:
    from markdown_it.token import Token

_LINE = regex.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FRONT_MATTER = regex.compile(
    r"---[^\S\r\n]*(?:\r\n|\r|\n)(?:.*?(?:\r\n|\r|\n))??(?:---|\.\.\.)[^\S\r\n]*(?:[\r\n]|\Z)", regex.S
)
_NOT_TEXT = regex.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|pre)\b.*?(?:</\1\s*>|\Z)|</?[A-Za-z][^<>]*>|<[!?][^<>]*>|\{[%#/:][^{}]*\}",
    regex.S | regex.I,
)
_CELL = regex.compile(r"((?:[^|\\\r\n]|\\.?)*)(?:\||$)")
_LINK = regex.compile(r"\]\([^()\s]*(?:\s[^()]*)?\)")
_ALERT = regex.compile(r"\[![A-Z]+\]")
_WORD = regex.compile(r"[\p{L}\p{N}]")

Found = tuple[int, int, Kind, str | None]


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """A Markdown file; see `content.Reader`."""
    refuse_binary(data, path)
    text, notes = decode(data, path, encoding)
    blocks: list[Block] = []
    for start, end, kind, cell in _blocks(text):
        span = trim(text, start, end)
        if span and _says_something(text[span[0] : span[1]]):
            first_kind: Kind = "title" if kind == "heading" and not blocks else kind
            blocks.append(Block(*span, first_kind, Origin(paragraph=len(blocks), cell=cell)))
    return Content(text, tuple(blocks), notes)


def _says_something(text: str) -> bool:
    """Whether there is a word beside tags, addresses and marks."""
    return _WORD.search(_LINK.sub("", _NOT_TEXT.sub("", text))) is not None


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a text as the parser counts them, and where they start."""

    text: str
    starts: tuple[int, ...]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Span of the lines from `first` up to `last`, which is not among them."""
        return self.starts[first], self.starts[min(last, len(self.starts) - 1)]


def _blocks(text: str) -> Iterator[Found]:
    """Spans, kinds and table cells, in order; white space at the ends not yet taken off."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    lines = _Lines(text, (*(match.start() for match in _LINE.finditer(text)), len(text)))
    source = text
    if front := _FRONT_MATTER.match(text):
        source = regex.sub(r"[^\r\n]", " ", front[0]) + text[front.end() :]
    enclosing: list[str] = []
    row = -1
    for token in parser.parse(source):
        if token.nesting > 0:
            enclosing.append(token.type)
            row = 0 if token.type == "table_open" else row + (token.type == "tr_open")
            if token.type == "tr_open" and token.map:
                yield from _cells(text, *lines.span(*token.map), row)
        elif token.nesting < 0:
            enclosing.pop()
        elif token.type == "inline" and "tr_open" not in enclosing:
            yield from _inline(lines, token, enclosing)
        elif token.type == "html_block" and token.map:
            yield from _html(text, *lines.span(*token.map))


def _inline(lines: _Lines, token: Token, enclosing: list[str]) -> Iterator[Found]:
    """A paragraph or heading: found in its lines by its content, which the parser keeps line by line."""
    if not token.map or not token.content:
        return
    content = [line.strip() for line in token.content.split("\n")]
    for first, last in _stretches(content, quoted="blockquote_open" in enclosing):
        begin, end = lines.span(token.map[0] + first, token.map[0] + first + 1)
        start = max(begin, lines.text.rfind(content[first], begin, end))
        begin, end = lines.span(token.map[0] + last, token.map[0] + last + 1)
        found = lines.text.rfind(content[last], max(begin, start), end)
        stop = found + len(content[last]) if found >= 0 else end
        if enclosing[-1] == "heading_open":
            yield start, stop, "heading", None
        elif "list_item_open" in enclosing:
            yield start, stop, "list", None
        else:
            kind = kind_of(lines.text[start:stop])
            yield start, stop, kind if kind in ("caption", "byline") else "text", None


def _stretches(content: list[str], *, quoted: bool) -> Iterator[tuple[int, int]]:
    """First and last line of what becomes a block: all lines, or in a quotation up to the next end mark.

    A block is one stretch of the source, so the `>` of a quotation's later lines falls into it; cutting
    where a line ends a sentence anyway keeps that to sentences that run over a line end.
    """
    first = 1 if quoted and _ALERT.fullmatch(content[0]) and len(content) > 1 else 0
    for last, line in enumerate(content):
        if last >= first and (last == len(content) - 1 or (quoted and ends_sentence(line))):
            yield first, last
            first = last + 1


def _cells(text: str, start: int, end: int, row: int) -> Iterator[Found]:
    """The cells of a table row; `row:column`, both from 1."""
    line = text[start:end].rstrip()
    bar = line.find("|")
    lead = bar + 1 if bar >= 0 and not line[:bar].strip("> \t") else 0
    for column, match in enumerate(_CELL.finditer(line, lead), start=1):
        yield start + match.start(1), start + match.end(1), "cell", f"{row}:{column}"


def _html(text: str, start: int, end: int) -> Iterator[Found]:
    """What a block of raw HTML says between its tags, a line at a time."""
    position = start
    for tag in [*_NOT_TEXT.finditer(text, start, end), None]:
        stop = tag.start() if tag else end
        for line in _LINE.finditer(text, position, stop):
            yield line.start(), line.end(), "text", None
        position = tag.end() if tag else end
