"""Electronic books (`.epub`, EPUB 2 and 3): the chapters in reading order, each read like a page of HTML.

The order is that of the spine; the book's own table of contents says the headings again and is left out.
What lies beside the spine (covers, pictures, styles) is no text. Books under rights management are refused.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aligner.documents.archive import Archive, attribute, local
from aligner.documents.content import Content
from aligner.documents.extracted import Piece, assemble, shaped
from aligner.documents.html import decoded, parse
from aligner.documents.html_blocks import pieces
from aligner.errors import FormatError, InputError
from aligner.lines import shown

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# Fonts may be obfuscated without harm (EPUB 3, "Resource obfuscation").
_OBFUSCATED = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """An electronic book; see `content.Reader`."""
    archive = Archive(data, path)
    _refuse_protected(archive, path)
    found: list[Piece] = []
    for name in _spine(archive, path):
        chapter = archive.read(name)
        if chapter.strip():
            text, _ = decoded(chapter, f"{path}: its chapter {shown(name)}", encoding)
            found += pieces(parse(text, path))
    return assemble(shaped(found), path)


def _spine(archive: Archive, path: str) -> list[str]:
    """Names of the chapters in reading order.

    Raises:
        FormatError: the book does not say what it holds.
    """
    root = next((e for e in archive.xml(_CONTAINER).iter() if local(e) == "rootfile"), None)
    package = attribute(root, "full-path") if root is not None else None
    if not package:
        raise FormatError(f"{path}: does not name its package", "save it again")
    folder = posixpath.dirname(package)
    items: dict[str, str] = {}
    order: list[str] = []
    for element in archive.xml(package).iter():
        if local(element) == "item" and _is_chapter(element):
            target = unquote(attribute(element, "href") or "").partition("#")[0]
            items[attribute(element, "id") or ""] = posixpath.normpath(posixpath.join(folder, target))
        elif local(element) == "itemref":
            order.append(attribute(element, "idref") or "")
    return [items[name] for name in order if name in items and items[name] in archive]


def _is_chapter(item: _Element) -> bool:
    properties = (attribute(item, "properties") or "").split()
    return (attribute(item, "media-type") or "").lower() in _PAGES and "nav" not in properties


def _refuse_protected(archive: Archive, path: str) -> None:
    if _ENCRYPTION not in archive:
        return
    methods = [e for e in archive.xml(_ENCRYPTION).iter() if local(e) == "EncryptionMethod"]
    if any(attribute(method, "Algorithm") not in _OBFUSCATED for method in methods):
        raise InputError(f"{path}: is protected by rights management", "use a copy without protection")
