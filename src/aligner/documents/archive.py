"""Zip containers and the XML in them (Word, Excel, OpenDocument, EPUB), read without trusting them.

Nothing is unpacked to disk: members are read into memory one by one, under names given by the format, and
what they expand to is counted as it comes, whatever the archive says of itself. XML is read without network,
external files or entities; a document type with declarations of its own is refused before it is read.
"""

from __future__ import annotations

import codecs
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from aligner.documents.limits import LIMITS, MEGABYTE, REMEDY
from aligner.errors import FormatError, InputError
from aligner.lines import brief, shown

if TYPE_CHECKING:
    from lxml.etree import _Element

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, EOFError, RuntimeError)
"""What zipfile raises over a damaged archive; RuntimeError also where it does not know a packing method."""
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How lxml reads XML of others."""
_OWN_ENCODINGS = ("utf-8", "utf8", "utf-16", "us-ascii", "iso-8859-1")


class Archive:
    """A zip container; members by their names within it."""

    def __init__(self, data: bytes, path: str) -> None:
        """Reads the table of contents.

        Args:
            data: the archive.
            path: what errors call it.

        Raises:
            FormatError: it is broken.
            InputError: it is no zip container, or holds too many members.
        """
        if not data.startswith(_ZIP):
            raise _no_archive(data, path)
        self.path = path
        self.limits = LIMITS.get()
        self.expanded = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            reason = str(error).rstrip(".").lower()
            raise FormatError(f"{path}: broken ({reason})", "is the file cut short?") from None
        members = self._zip.infolist()
        if len(members) > self.limits.members:
            raise InputError(f"{path}: holds more than {self.limits.members:,} files", REMEDY)
        self._members = {member.filename: member for member in members if _is_inside(member.filename)}

    def __contains__(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self._members

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, as they stand; those that lead out of the archive are left out."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of a member.

        Raises:
            FormatError: it is missing or broken.
            InputError: it expands beyond the limits, or is encrypted.
        """
        member = self._members.get(name)
        if member is None:
            raise FormatError(f"{self.path}: its part {shown(name)} is missing", "is the file cut short?")
        if member.flag_bits & 1:
            raise InputError(f"{self.path}: is protected by a password", "save it without one")
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(member) as file:
                while chunk := file.read(_CHUNK):
                    size += len(chunk)
                    self._check(name, size, len(chunk), member.compress_size)
                    chunks.append(chunk)
        except _BROKEN as error:
            raise FormatError(
                f"{self.path}: its part {shown(name)} is broken ({brief(error).lower()})", "save it again"
            ) from None
        return b"".join(chunks)

    def xml(self, name: str) -> _Element:
        """The root of a member that is XML; see `parse_xml`."""
        return parse_xml(self.read(name), f"{self.path}: its part {shown(name)}")

    def elements(self, name: str, *tags: str) -> Iterator[_Element]:
        """Elements of some names in a member, one by one, forgotten afterwards: for parts that may be long.

        Raises:
            FormatError: as `xml`.
        """
        from lxml import etree

        named = f"{self.path}: its part {shown(name)}"
        data, encoding = _readable(self.read(name), named)
        _refuse_declarations(data, named, encoding)
        events = etree.iterparse(
            io.BytesIO(data),
            tag=[f"{{*}}{tag}" for tag in tags],
            encoding=encoding,
            **_SAFE,
        )
        try:
            for _, element in events:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            raise _malformed(named, error) from None

    def _check(self, name: str, size: int, more: int, packed: int) -> None:
        self.expanded += more
        if self.expanded > self.limits.expanded:
            limit = self.limits.expanded // MEGABYTE
            raise InputError(f"{self.path}: expands to more than {limit} MB", REMEDY)
        if size > MEGABYTE and size > self.limits.ratio * packed:
            raise InputError(
                f"{self.path}: its part {shown(name)} expands to over {self.limits.ratio} times its size",
                REMEDY,
            )


def _no_archive(data: bytes, path: str) -> InputError:
    if data.startswith(_OLE):
        return InputError(
            f"{path}: a document of an older format, or one protected by a password",
            "save it without a password, as .docx, .xlsx or .odt",
        )
    return InputError(f"{path}: not what its name says: no zip container", "give it the suffix of its format")


def _is_inside(name: str) -> bool:
    """Whether a member's name stays within the archive."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and ".." not in parts and parts[0] != "/" and ":" not in parts[0]


def parse_xml(data: bytes, name: str) -> _Element:
    """The root element of an XML document, without comments and processing instructions.

    Args:
        data: the document.
        name: what errors call it.

    Raises:
        FormatError: it is not well-formed, nested deeper than 256, or its document type declares anything.
    """
    from lxml import etree

    data, encoding = _readable(data, name)
    _refuse_declarations(data, name, encoding)
    parser = etree.XMLParser(
        encoding=encoding,
        **_SAFE,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _malformed(name, error) from None
    if root is None:
        raise FormatError(f"{name} is empty", "save the document again")
    return root


def _malformed(name: str, error: Exception) -> FormatError:
    reason = getattr(error, "msg", None) or error
    return FormatError(f"{name} is not well-formed XML ({brief(reason)})", "save the document again")


def _readable(data: bytes, name: str) -> tuple[bytes, str | None]:
    """As it is, where expat can read it; else in UTF-8, to be believed over what the document declares."""
    if data.startswith(codecs.BOM_UTF8):
        return data.removeprefix(codecs.BOM_UTF8), "utf-8"
    declared = _DECLARED.match(data)
    label = declared[1].decode().lower() if declared else "utf-8"
    if label in _OWN_ENCODINGS:
        return data, None
    try:
        return data.decode(label).encode(), "utf-8"
    except (LookupError, UnicodeError, ValueError):
        raise FormatError(
            f"{name} is not in the encoding it declares, {shown(label)}", "save it as UTF-8"
        ) from None


class _Seen(Exception):  # noqa: N818 - no error: the prologue has ended
    """The first element has been reached."""


def _refuse_declarations(data: bytes, name: str, encoding: str | None) -> None:
    """Reads the prologue only; what is not well-formed there is left to the real parser to say."""
    parser = expat.ParserCreate(encoding)

    def start_doctype(_name: str, _system: str | None, _public: str | None, has_own: int) -> None:
        if has_own:
            raise FormatError(
                f"{name} declares entities of its own, which is not safe", "save it again without"
            )

    def start_element(_name: str, _attributes: dict[str, str]) -> None:
        raise _Seen

    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start_element
    try:
        for start in range(0, len(data), _CHUNK):
            parser.Parse(data[start : start + _CHUNK])
    except (_Seen, expat.ExpatError):
        return
    except (LookupError, ValueError):  # of an encoding that Python, asked by expat, does not have
        raise FormatError(f"{name} is not in the encoding it declares", "save it as UTF-8") from None


def local(element: _Element) -> str:
    """An element's name without its namespace: dialects of a format differ in nothing else."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: _Element, name: str) -> str | None:
    """The value of an attribute, whatever its namespace; None where it is absent."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def related(archive: Archive, part: str) -> dict[str, list[str]]:
    """The parts that a part of an Office document names, by the last word of their relation's type.

    Raises:
        FormatError: the list of relations is broken.
    """
    found: dict[str, list[str]] = {}
    for kind, target in relations(archive, part).values():
        found.setdefault(kind, []).append(target)
    return found


def relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Kind and target of the relations of a part, by their ids; those that lead out are left out.

    Raises:
        FormatError: the list of relations is broken.
    """
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, tuple[str, str]] = {}
    for relation in archive.xml(name) if name in archive else ():
        if attribute(relation, "TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attribute(relation, "Target") or ""))
            kind = (attribute(relation, "Type") or "").rpartition("/")[2]
            found[attribute(relation, "Id") or ""] = kind, target.lstrip("/")
    return found
