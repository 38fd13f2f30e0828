"""Reading XML that anybody may have written: streaming, without network, entities or bombs.

A document type that declares entities is refused before anything is parsed: with entities unresolved their
text would silently vanish. What remains is bounded by libxml2's own limits (10 MB a text, depth 256).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast
from xml.parsers import expat

from aligner.errors import FormatError

if TYPE_CHECKING:
    from lxml.etree import _Element

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 16
# The root element of an honest file stands in its first kilobytes.
_LONGEST_PROLOG = 1 << 20
# Deflate reaches 1032:1 on nothing but repetition; memories come to about 10:1.
_BOMB_SIZE = 1 << 26
_BOMB_RATIO = 300


class Root(NamedTuple):
    """The root element's name."""

    namespace: str
    name: str

    def tag(self, name: str) -> str:
        """An element's tag in the root's namespace, as lxml writes it."""
        return f"{{{self.namespace}}}{name}" if self.namespace else name


class XmlFile:
    """An XML file, gzipped or not, opened as far as its root element."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Reads up to the root element.

        Args:
            file: opened for reading bytes; it need not be seekable.
            name: what errors call it.

        Raises:
            FormatError: it is empty, no XML, or declares entities.
        """
        self.name = name
        self._source = _Source(file, name)
        self._head = b""
        self.root = self._read_root()

    def _read_root(self) -> Root:
        found: list[Root] = []
        parser = _prolog_parser(found, self.name)
        while not found and len(self._head) < _LONGEST_PROLOG:
            chunk = self._source.read(_CHUNK)
            self._head += chunk
            try:
                parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                if found:
                    break  # the fault comes later, where the reader will meet it
                raise self._broken(error.lineno, expat.ErrorString(error.code)) from None
            except ValueError:
                # expat reads few encodings besides Unicode; up to the root all of them look like Latin-1.
                parser = _prolog_parser(found, self.name, "iso-8859-1")
                chunk, self._head = self._head, b""
                parser.Parse(chunk, not chunk)
                self._head = chunk
            if not chunk:
                break
        if not found:
            problem = "is empty" if not self._head else "has no XML element in its first megabyte"
            raise FormatError(f"{self.name} {problem}")
        return found[0]

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
            return data
        return self._source.read(size)

    def elements(self, name: str) -> Iterator[_Element]:
        """The elements of this name in the root's namespace, each freed when the next is asked for.

        Raises:
            FormatError: the file is not well-formed.
        """
        from lxml import etree

        events = etree.iterparse(
            cast("BinaryIO", self),  # all lxml asks of a file is read()
            tag=self.root.tag(name),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                yield element
                # What lies before is done with; the element itself still takes the text that follows it.
                before = element.getprevious()
                if before is not None:
                    before.getparent().remove(before)
                element.clear()
        except etree.XMLSyntaxError as error:
            line, _ = error.position
            raise self._broken(line, (error.msg or "it ends too early").split(", line ")[0]) from None

    def _broken(self, line: int, reason: str) -> FormatError:
        reason = " ".join(reason.split())
        return FormatError(f"{self.name}:{line}: not well-formed XML ({reason})", "is the file cut short?")


def text_of(element: _Element, kept: str, name: str) -> str:
    """The text in an element; children whose tag is not `kept` stand for markup and count as nothing.

    Raises:
        FormatError: the text refers to an entity, which nothing defines.
    """
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):
            line = child.getparent().sourceline
            raise FormatError(
                f"{name}:{line}: the entity {child.text} is not defined", "write the character itself"
            )
        if child.tag == kept:
            parts.append(text_of(child, kept, name))
        parts.append(child.tail or "")
    return "".join(parts)


def _prolog_parser(found: list[Root], name: str, encoding: str | None = None) -> expat.XMLParserType:
    """A parser that stops making sense of a file at its root element, and refuses declarations before it."""
    parser = expat.ParserCreate(encoding, " ")

    def start_doctype(_name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal:
            raise FormatError(
                f"{name}: its document type declares entities, which is not safe to read",
                "remove the part in brackets from <!DOCTYPE …>",
            )

    def start_element(tag: str, _attributes: dict[str, str]) -> None:
        if not found:
            namespace, _, local = tag.rpartition(" ")
            found.append(Root(namespace, local))

    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start_element
    return parser


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

    def read(self, size: int) -> bytes:
        if self.gzip is None:
            return self.read_packed(size)
        try:
            data: bytes = self.gzip.read(size)
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
