"""Reading XML that anybody may have written: streaming, without network, entities or bombs.

A document type with declarations of its own is refused before any of them is read, so there is no entity to
expand and nothing to fetch; an external one is never loaded. What is left grows no faster than the file.
Expat is used for its speed: lxml, by elements, takes half as long again for the same units.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Protocol, cast
from xml.parsers import expat

from aligner.errors import FormatError
from aligner.lines import shown

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 16
# Deflate reaches 1032:1 on nothing but repetition; memories come to about 10:1.
_BOMB_SIZE = 1 << 26
_BOMB_RATIO = 300
# Before 2.6 expat reads a token from its start again with each piece that is fed: quadratic time.
_LONGEST_TOKEN = 1 << 20
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
# What expat reads by itself; others are decoded for it.
_OWN_ENCODINGS = {"utf-8", "utf8", "utf-16", "us-ascii", "iso-8859-1"}
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Skimmer(Protocol):
    """What reads some of a file by itself, ahead of the parser.

    Attributes:
        waiting: bytes held back until more is there.
        lines: how many line ends it has read away.
    """

    waiting: bytes
    lines: int

    def rest(self, data: bytes) -> Iterator[bytes]:
        """What of the next bytes the parser must see, piece by piece; each before the next is asked for."""


class Handler(Protocol):
    """What wants to know of a file's elements and texts."""

    def attach(self, parser: expat.XMLParserType) -> None:
        """Sets the parser's handlers for elements and texts; their errors end the reading."""


def parse(file: BinaryIO, name: str, handler: Handler, skimmer: Skimmer | None = None) -> Iterator[None]:
    """Reads a file, gzipped or not, and pauses after each piece, for the caller to take what came of it.

    Args:
        file: opened for reading bytes; it need not be seekable.
        name: what errors call it.
        handler: told of elements and texts.
        skimmer: reads what it can of a file in UTF-8 in place of the parser.

    Raises:
        FormatError: it is empty, not well-formed, or declares or uses entities.
    """
    source = _Source(file, name)
    chunk = source.read()
    if not chunk:
        raise FormatError(f"{name} is empty", "check that it was saved")
    decoder = _decoder(chunk, name)
    # A mark says more than a declaration, which a program that converts a file may leave as it was.
    parser = _parser(name, "utf-8" if decoder or chunk.startswith(codecs.BOM_UTF8) else None)
    handler.attach(parser)
    if not _is_utf8(chunk):
        skimmer = None
    fed = 0
    try:
        while chunk:
            data = decoder.decode(chunk).encode() if decoder else chunk
            for piece in skimmer.rest(data) if skimmer else (data,):
                parser.Parse(piece)
                fed += len(piece)
            if fed - parser.CurrentByteIndex > _LONGEST_TOKEN:
                raise FormatError(f"{name}:{parser.CurrentLineNumber}: a tag or comment of over a megabyte")
            yield
            chunk = source.read()
        last = skimmer.waiting if skimmer else decoder.decode(b"", final=True).encode() if decoder else b""
        parser.Parse(last, True)  # noqa: FBT003
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        line = error.lineno + (skimmer.lines if skimmer else 0)
        raise FormatError(f"{name}:{line}: not well-formed XML ({reason})", _remedy(error)) from None
    except (LookupError, ValueError):
        line = parser.CurrentLineNumber
        raise FormatError(f"{name}:{line}: not in the encoding it declares", "save it as UTF-8") from None
    yield


_REMEDIES = {
    expat.errors.XML_ERROR_NO_ELEMENTS: "is the file cut short?",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "is the file cut short?",
    expat.errors.XML_ERROR_INVALID_TOKEN: "write & as &amp; and < as &lt;, and remove control characters",
    expat.errors.XML_ERROR_BAD_CHAR_REF: "XML cannot hold that character: remove it",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "write the character itself",
}


def _remedy(error: expat.ExpatError) -> str:
    codes = expat.errors.codes
    return next((said for name, said in _REMEDIES.items() if codes[name] == error.code), "save it again")


def _parser(name: str, encoding: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.buffer_size = _CHUNK

    def start_doctype(_name: str, _system: str | None, _public: str | None, has_own: int) -> None:
        if has_own:
            raise FormatError(
                f"{name}:{parser.CurrentLineNumber}: its document type declares entities, which is not safe",
                "remove the part in brackets from <!DOCTYPE …>",
            )

    def skipped_entity(entity: str, _is_parameter: int) -> None:
        raise FormatError(
            f"{name}:{parser.CurrentLineNumber}: the entity {shown(entity)} is not defined",
            "write the character itself",
        )

    parser.StartDoctypeDeclHandler = start_doctype
    parser.SkippedEntityHandler = skipped_entity
    return parser


def _is_utf8(head: bytes) -> bool:
    """Whether a file begins as one in UTF-8, which is what XML is that says nothing else."""
    if head.startswith(_BOMS) or b"\0" in head[:4]:
        return head.startswith(codecs.BOM_UTF8)
    declared = _ENCODING.match(head)
    return declared is None or declared[1].lower() in {b"utf-8", b"utf8"}


def _decoder(head: bytes, name: str) -> codecs.IncrementalDecoder | None:
    """A decoder for what expat cannot read by itself: GB18030, Big5, Windows code pages."""
    declared = _ENCODING.match(head)
    if declared is None or head.startswith(_BOMS):
        return None
    encoding = declared[1].decode().lower()
    if encoding in _OWN_ENCODINGS:
        return None
    try:
        with suppress(UnicodeError):
            b" ".decode(encoding)  # there are codecs that do not make text, and this tells
        return codecs.getincrementaldecoder(encoding)()
    except LookupError:
        raise FormatError(f"{name}: its encoding {shown(encoding)} is unknown", "save it as UTF-8") from None


class _Source:
    """The bytes of a file, unpacked if it is gzipped; what unpacks to a flood is refused."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self.file = file
        self.start = file.read(len(_GZIP))
        self.packed = self.unpacked = 0
        self.gzip: gzip.GzipFile | None = None
        if self.start == _GZIP:
            self.gzip = gzip.GzipFile(fileobj=cast("BinaryIO", _Packed(self)), mode="rb")

    def read_packed(self, size: int) -> bytes:
        data = self.start + self.file.read(max(0, size - len(self.start)))
        self.start = b""
        self.packed += len(data)
        return data

    def read(self) -> bytes:
        if self.gzip is None:
            return self.read_packed(_CHUNK)
        try:
            data: bytes = self.gzip.read(_CHUNK)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FormatError(f"{self.name}: broken gzip ({error})", "is the file cut short?") from None
        self.unpacked += len(data)
        if self.unpacked > _BOMB_SIZE and self.unpacked > _BOMB_RATIO * self.packed:
            raise FormatError(
                f"{self.name} unpacks to more than {_BOMB_RATIO} times its size",
                "unpack it yourself if you trust it",
            )
        return data


class _Packed:
    """The packed bytes as a file."""

    def __init__(self, source: _Source) -> None:
        self.read = source.read_packed
