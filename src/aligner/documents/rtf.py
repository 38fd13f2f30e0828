"""Rich Text Format (`.rtf`, Microsoft's specification 1.9.1): paragraphs, headings by style, tables, notes.

Read token by token, in one pass. What is left out: pictures, headers and footers, comments, hidden and
deleted text, tables of contents, the labels of lists. Footnotes and endnotes stand at the end; a text box
stands after the paragraph it is anchored in. Bytes beyond ASCII are read in the encoding of their font, and
fonts for TCVN3 and VNI are known.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import regex

from aligner.documents.content import Content
from aligner.documents.office import Paragraphs
from aligner.errors import FormatError, InputError
from aligner.model import Kind

_TOKEN = regex.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})?[ ]?"
    rb"|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<symbol>[^A-Za-z])|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)"
)
# Numbers of character sets and code pages (specification, \fcharset and \ansicpg) and what Python calls them.
_CHARSETS = {
    0: None, 1: None, 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = {936: "gb18030", 950: "big5hkscs", 932: "cp932", 949: "cp949", 65001: "utf-8"}
_SYMBOL_SET = 2
_MARKS = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emdash": "—", "endash": "–", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
_ENDS = frozenset(["par", "sect", "page", "cell", "nestcell"])
# Destinations that hold no text of the document; those marked as new hold none either, but for a few.
_SKIPPED = frozenset(
    """
    pict object header headerl headerr headerf footer footerl footerr footerf info colortbl listtext pntext
    xe tc txe rxe sp shprslt nonshppict upr filetbl revtbl listtable listoverridetable generator
    """.split()  # noqa: SIM905 - a list of names, not of strings
)
_TARGETS = {
    "footnote": "notes", "shptxt": "boxes", "dptxbxtext": "boxes", "fonttbl": "fonts", "stylesheet": "styles",
    "fldinst": "field",
}  # fmt: skip
_NEW_BUT_TEXT = frozenset([*_TARGETS, "shpinst", "do", "ud"])
_LISTS_AGAIN = ("TOC", "INDEX", "TOA")
_BODY_LEVEL = 9
_DEEPEST = 10_000
_HEADING = regex.compile(r"heading \d+|subtitle", regex.I)


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:  # noqa: ARG001 - its own is declared
    """An RTF document; see `content.Reader`. Linear in its length."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise InputError(
            f"{path}: not what its name says: no RTF document", "give it the suffix of its format"
        )
    reader = _Reader(path)
    for token in _tokens(data):
        reader.token(token)
    return reader.found().content(path)


def _tokens(data: bytes) -> Iterator[regex.Match[bytes]]:
    """The tokens in order; the bytes after a `bin` are none."""
    position = 0
    while match := _TOKEN.search(data, position):
        position = match.end()
        if match["word"] == b"bin" and match["number"]:
            position += max(0, int(match["number"]))
        yield match


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group, and is as it was before at its end.

    Attributes:
        target: what text is for: body, notes, boxes, fonts, styles, field; empty for nothing.
        font: number of the font.
        skips: characters that repeat one given by number, for old readers.
        hidden: whether text is not shown, or deleted.
        style: number of the paragraph's style.
        level: its outline level.
        is_list: whether it is an item of a list.
        in_table: whether it stands in a table.
    """

    target: str = "body"
    font: int | None = None
    skips: int = 1
    hidden: bool = False
    style: int = 0
    level: int = _BODY_LEVEL
    is_list: bool = False
    in_table: bool = False


@dataclass(slots=True)
class _Reader:
    """The state of reading, and what has been found.

    Attributes:
        targets: paragraphs of the body, the notes and the text boxes.
        fonts: name and character set by number.
        styles: kind of paragraph by number.
        pending: bytes not decoded yet, for a character may have two.
        high: first half of a character beyond 16 bits.
        unread: characters still to pass over, which repeat one given by number.
        opened: whether a group has just been opened, so that a destination may be named.
        is_new: whether the destination is marked as one that old readers do not know.
        entry, charset, label: number, character set and name of an entry of the font or style table.
        instruction: what a field is told to do.
        row, column: of the table being read.
    """

    path: str
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    targets: dict[str, Paragraphs] = field(
        default_factory=lambda: {name: Paragraphs() for name in ("body", "notes", "boxes")}
    )
    fonts: dict[int, tuple[str, int]] = field(default_factory=dict)
    styles: dict[int, Kind] = field(default_factory=dict)
    page: str = "cp1252"
    default_font: int | None = None
    pending: bytearray = field(default_factory=bytearray)
    high: int = 0
    unread: int = 0
    opened: bool = False
    is_new: bool = False
    entry: int = -1
    charset: int = 0
    label: str = ""
    instruction: str = ""
    row: int = 1
    column: int = 1

    def token(self, match: regex.Match[bytes]) -> None:
        """Takes the next token."""
        if match["text"] or match["hex"]:
            more = match["text"] or bytes([int(match["hex"], 16)])
            self.pending += more[self.unread :]
            self.unread = max(0, self.unread - len(more))
            self.opened = False
            return
        self.flush()
        if match["word"]:
            number = int(match["number"]) if match["number"] else None
            self.word(match["word"].decode(), number)
        elif match["brace"]:
            self.brace(match["brace"])
        elif match["symbol"] == b"*":
            self.is_new = True
        elif match["symbol"] in (b"\n", b"\r"):
            self.end("par")
        elif match["symbol"]:
            self.add(_SYMBOLS.get(match["symbol"], ""))

    def brace(self, brace: bytes) -> None:
        self.unread = 0
        self.is_new = False
        self.opened = brace == b"{"
        if self.opened:
            if len(self.stack) >= _DEEPEST:
                raise FormatError(f"{self.path}: its groups are nested too deep", "save it again")
            self.stack.append(self.state)
        elif self.stack:
            inner, self.state = self.state, self.stack.pop()
            if inner.target in ("notes", "boxes") and inner.target != self.state.target:
                self.targets[inner.target].end("text")

    def word(self, word: str, number: int | None) -> None:
        """Takes a control word."""
        if self.opened:
            self.opened = False
            self.destination(word)
        self.unread = 0
        if word == "u" and number is not None:
            self.unicode(number)
        elif word in _ENDS:
            self.end(word)
        elif word in ("row", "nestrow"):
            self.row, self.column = self.row + 1, 1
        elif word in _MARKS:
            self.add(_MARKS[word])
        elif word in ("ansicpg", "deff", "fcharset"):
            self.header(word, number or 0)
        else:
            self.formatting(word, number)

    def destination(self, word: str) -> None:
        """The first word of a group may say what its text is for."""
        outer = self.stack[-1].target if self.stack else "body"
        target = outer
        if word in _SKIPPED or (self.is_new and word not in _NEW_BUT_TEXT):
            target = ""
        elif word == "ud" and len(self.stack) > 1:
            target = self.stack[-2].target
        elif outer and word in _TARGETS:
            target = _TARGETS[word]
        elif word == "field":
            self.instruction = ""
        elif word == "fldrslt" and self.instruction.strip().startswith(_LISTS_AGAIN):
            self.targets["body"].contents = True
            target = ""
        self.state = replace(self.state, target=target)
        self.is_new = False

    def header(self, word: str, number: int) -> None:
        if word == "ansicpg":
            self.page = _PAGES.get(number, f"cp{number}") if _is_page(number) else self.page
        elif word == "deff":
            self.default_font = number
        else:
            self.charset = number

    def formatting(self, word: str, number: int | None) -> None:
        """What holds from here to the end of the group."""
        is_on = number != 0
        state = self.state
        if word in ("f", "s") and number is not None:
            if state.target == {"f": "fonts", "s": "styles"}[word]:
                self.entry = number
            state = replace(state, font=number) if word == "f" else replace(state, style=number)
        elif word in ("v", "deleted"):
            state = replace(state, hidden=is_on)
        elif word == "plain":
            state = replace(state, hidden=False, font=self.default_font)
        elif word == "pard":
            state = replace(state, style=0, level=_BODY_LEVEL, is_list=False, in_table=False)
        elif word == "ls":
            state = replace(state, is_list=is_on)
        elif word == "intbl":
            state = replace(state, in_table=is_on)
        elif word == "uc":
            state = replace(state, skips=max(0, number or 0))
        elif word == "outlinelevel":
            state = replace(state, level=_BODY_LEVEL if number is None else number)
        self.state = state

    def unicode(self, number: int) -> None:
        """A character by its number, which is negative from 32,768 on; two make one beyond 65,535."""
        code = number % 0x10000
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004 - first halves
            self.high = code
        elif 0xDC00 <= code < 0xE000:  # noqa: PLR2004 - second halves
            if self.high:
                self.add(chr(0x10000 + ((self.high - 0xD800) << 10) + code - 0xDC00))
            self.high = 0
        else:
            self.add(chr(code))
        self.unread = self.state.skips

    def flush(self) -> None:
        """Decodes the bytes that have come together."""
        if not self.pending:
            return
        _, charset = self.fonts.get(self.state.font if self.state.font is not None else -1, ("", 0))
        data = bytes(self.pending)
        self.pending.clear()
        if charset != _SYMBOL_SET or self.state.target in ("fonts", "styles"):
            self.add(data.decode(_CHARSETS.get(charset) or self.page, "ignore"))

    def add(self, text: str) -> None:
        """Text, for what it is for here."""
        target = self.state.target
        if target in self.targets:
            if not self.state.hidden:
                name, _ = self.fonts.get(self.state.font if self.state.font is not None else -1, ("", 0))
                self.targets[target].add(text, name)
        elif target == "field":
            self.instruction += text
        elif target:
            self.label += text
            if ";" in self.label:
                self.store(self.label.partition(";")[0].strip(), is_font=target == "fonts")
                self.label = ""

    def store(self, label: str, *, is_font: bool) -> None:
        """An entry of the font or style table is complete."""
        if is_font:
            self.fonts[self.entry] = (label, self.charset)
            self.charset = 0
        elif _HEADING.fullmatch(label) or label.lower() in ("title", "caption"):
            kinds: dict[str, Kind] = {"title": "title", "caption": "caption"}
            self.styles[self.entry] = kinds.get(label.lower(), "heading")

    def end(self, word: str) -> None:
        """A paragraph or cell ends."""
        target = self.state.target
        if target not in self.targets:
            return
        in_cell = word == "cell" or self.state.in_table
        if not in_cell:
            self.row, self.column = 1, 1
        kind: Kind = (
            "heading" if self.state.level < _BODY_LEVEL else self.styles.get(self.state.style, "text")
        )
        if kind == "text" and self.state.is_list:
            kind = "list"
        self.targets[target].end(kind, f"{self.row}:{self.column}" if in_cell else None)
        if word == "cell":
            self.column += 1
        if target == "body":
            self.targets["body"].pieces += self.targets["boxes"].pieces
            self.targets["boxes"].pieces.clear()

    def found(self) -> Paragraphs:
        """All paragraphs, those of notes at the end."""
        self.flush()
        body = self.targets["body"]
        for name in ("body", "boxes", "notes"):
            self.targets[name].end("text")
        for name in ("boxes", "notes"):
            body.pieces += self.targets[name].pieces
            body.converted |= self.targets[name].converted
        return body


def _is_page(number: int) -> bool:
    try:
        codecs.lookup(_PAGES.get(number, f"cp{number}"))
    except LookupError:
        return False
    return True
