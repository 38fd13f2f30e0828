"""HTML pages: the main text, its navigation and trimmings left out.

The page is parsed as browsers do it, by libxml2, which reads no external file and expands no entity but
HTML's own. Text and blocks come from `html_blocks`, what is left out is decided in `html_main`.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import regex

from aligner.documents.content import Content
from aligner.documents.encodings import detect
from aligner.documents.extracted import assemble
from aligner.documents.html_blocks import pieces
from aligner.documents.html_main import left_out
from aligner.documents.loading import decode, refuse_binary
from aligner.errors import EncodingError, InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

# Where the HTML standard looks for the encoding ("prescan"), and twice that for long heads of old editors.
_HEAD = 2048
_DECLARED = regex.compile(
    rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)|<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9_.:-]+)""",
    regex.I,
)
# Labels that mean a larger encoding than they name (WHATWG Encoding Standard, "Names and labels").
_LARGER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "windows-1258": "cp1258", "x-cp1258": "cp1258",
}  # fmt: skip
# Declared by programs that did not ask: pages in the fonts of older Vietnamese documents say this too.
_SAY_NOTHING = ("cp1252", "cp1258")

# More attributes in a tag than a page has, but not what looks like a tag in a program.
_MOST_ATTRIBUTES = 1000
_CODE = regex.compile(r"<(script|style)\b.*?</\1", regex.S | regex.I)
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s>"']++)"""
_CROWDED = regex.compile(
    rf"<[A-Za-z][^\s/>]*+(?:[\s/]*+[^\s/<>=]++(?:\s*+=\s*+{_VALUE})?+){{{_MOST_ATTRIBUTES + 1}}}"
)


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """An HTML or XHTML page; see `content.Reader`."""
    refuse_binary(data, path)
    text, notes = decoded(data, path, encoding)
    body = parse(text, path)
    out = left_out(body)
    if out:
        notes += ("navigation and other parts of the page that are not its text were left out",)
    return assemble(pieces(body, out), path, notes)


def parse(text: str, path: str) -> _Element:
    """The tree of a page, without comments.

    Raises:
        InputError: there is no element at all, or they are nested more than 2,000 deep, or one has more than
            1,000 attributes, for which libxml2 takes quadratic time.
    """
    from lxml import etree

    if _CROWDED.search(text) and _CROWDED.search(_CODE.sub("", text)):
        raise InputError(f"{path}: a tag with over {_MOST_ATTRIBUTES} attributes", "save it as plain text")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.ParserError as error:
        raise InputError(f"{path}: cannot be read as HTML ({error})", "save it as plain text") from None
    if root is None:
        raise InputError(f"{path}: holds no text", "check that it was saved")
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise InputError(f"{path}: its elements are nested too deep to be a page", "save it as plain text")
    return root


def decoded(data: bytes, path: str, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """The page's characters: as the user says, its byte order mark, as UTF-8 if it is that, as declared.

    Raises:
        InputError: as `loading.decode`.
    """
    declared = _declared(data)
    if (
        encoding
        or not declared
        or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    ):
        return decode(data, path, encoding)
    found = detect(data)
    if found == "utf-8" or (found and declared in _SAY_NOTHING):
        return decode(data, path)
    try:
        text, _ = decode(data, path, declared)
    except EncodingError:
        return decode(data, path)
    return text, (f"read as {declared.upper()}, as the page declares",)


def _declared(data: bytes) -> str | None:
    """The encoding a page declares, under the name Python knows it by."""
    match = _DECLARED.search(data, 0, _HEAD)
    if match is None:
        return None
    label = (match[1] or match[2]).decode("ascii").lower()
    try:
        return codecs.lookup(_LARGER.get(label, label)).name
    except LookupError:
        return None
