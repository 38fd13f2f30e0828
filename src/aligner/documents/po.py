"""Message catalogues of software (`.po`, gettext): translations, and originals in either language.

A catalogue pairs texts exactly. Read as a document it gives, entry by entry, its translations, and before
each the original where most originals are Chinese or Vietnamese: then it is a bilingual document. Two
catalogues of the same program, one in each language, are joined on their originals by `read_pair`.

Fuzzy, obsolete and untranslated entries are left out, comments and the header too; of plural forms the
last is taken, which is the only one in both languages. Marks of shortcuts and formats (`&`, `%s`) stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

from aligner.documents.content import Content
from aligner.documents.extracted import Piece, assemble
from aligner.documents.loading import decode, load, refuse_binary
from aligner.errors import FormatError, InputError
from aligner.language.script import detect_language, zh_variant
from aligner.model import Document, Lang, Origin

_LINE = regex.compile(
    r"""\s*(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d{1,2})\])?\s*)?"((?:[^"\\]|\\.)*)"\s*"""
)
_ESCAPE = regex.compile(r"""\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|(.))""", regex.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "", "b": "", "f": "", "v": ""}
_CHARSET = regex.compile(rb"charset=([A-Za-z0-9_.:-]+)")
_HEAD = 4096
_SAMPLE = 20_000


def read_pair(zh: Path | str, vi: Path | str) -> tuple[Document, Document]:
    """Two catalogues of the same program, joined on their originals.

    Args:
        zh: the Chinese one.
        vi: the Vietnamese one.

    Returns:
        The messages that both translate, in the order of the first. A message has the same
        `origin.paragraph` in both, and is one block.

    Raises:
        InputError: one cannot be read, or they have no message in common.
    """
    sides = [(str(path), load(path)) for path in (zh, vi)]
    (zh_entries, zh_notes), (vi_entries, vi_notes) = (entries(data, path) for path, data in sides)
    translated = {(entry.context, entry.original): entry.translation for entry in vi_entries}
    rows = [
        (entry.translation, translated[key])
        for entry in zh_entries
        if (key := (entry.context, entry.original)) in translated
    ]
    if not rows:
        raise InputError(f"{zh} and {vi}: no message in common", "give two catalogues of the same program")
    contents = [
        assemble((Piece(text, "text", Origin(paragraph=n)) for n, text in enumerate(texts)), path, notes)
        for texts, (path, _), notes in zip(zip(*rows, strict=True), sides, (zh_notes, vi_notes), strict=True)
    ]
    langs: tuple[Lang, Lang] = (zh_variant(contents[0].text[:_SAMPLE]), "vi")
    first, second = (
        Document(lang, path, hashlib.sha256(data).hexdigest(), content.text, content.blocks, content.notes)
        for lang, (path, data), content in zip(langs, sides, contents, strict=True)
    )
    return first, second


@dataclass(frozen=True, slots=True)
class Entry:
    """A message.

    Attributes:
        number: which of the file's messages, from 0.
        context: tells messages with the same original apart.
        original: as the program names it.
        translation: never empty.
    """

    number: int
    context: str
    original: str
    translation: str


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """A message catalogue; see `content.Reader`."""
    found, notes = entries(data, path, encoding)
    with_originals = detect_language(" ".join(e.original for e in found)[:_SAMPLE]) is not None
    return assemble(_pieces(found, with_originals=with_originals), path, notes)


def _pieces(found: list[Entry], *, with_originals: bool) -> Iterator[Piece]:
    for entry in found:
        origin = Origin(paragraph=entry.number)
        if with_originals:
            yield Piece(entry.original, "text", origin)
        yield Piece(entry.translation, "text", origin)


def entries(data: bytes, path: str, encoding: str | None = None) -> tuple[list[Entry], tuple[str, ...]]:
    """The translated messages of a catalogue, and remarks on what was assumed.

    Raises:
        FormatError: a line is none of a catalogue.
        InputError: its bytes cannot be read.
    """
    refuse_binary(data, path)
    declared = _CHARSET.search(data, 0, _HEAD)
    name = declared[1].decode().lower() if declared else "utf-8"
    is_plain = name in ("charset", "utf-8", "utf8", "ascii", "us-ascii")  # CHARSET stands in unfilled headers
    text, notes = decode(data, path, encoding or (None if is_plain else name))
    found: list[Entry] = []
    for number, fields in enumerate(_messages(text, path)):
        original = fields.get("msgid", "")
        translation = next((fields[name] for name in reversed(fields) if name.startswith("msgstr")), "")
        if original and translation and "fuzzy" not in fields:
            found.append(Entry(number, fields.get("msgctxt", ""), original, translation))
    return found, notes


def _messages(text: str, path: str) -> Iterator[dict[str, str]]:
    """The fields of each message, in order; `fuzzy` among them where it is marked so."""
    fields: dict[str, str] = {}
    name = ""
    is_fuzzy = False
    for number, line in enumerate(regex.split(r"\r\n|\r|\n", text), start=1):
        if line.lstrip().startswith("#"):
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None or not (match[1] or name):
            raise FormatError(
                f"{path}:{number}: no line of a message catalogue", "check it with msgfmt --check"
            )
        if match[1]:
            begins = match[1] == "msgctxt" or (match[1] == "msgid" and name != "msgctxt")
            if begins and fields:
                yield fields
                fields = {}
            name = match[1] + (match[2] or "")
            if begins and is_fuzzy:
                fields["fuzzy"] = ""
                is_fuzzy = False
        fields[name] = fields.get(name, "") + _unescaped(match[3])
    if fields:
        yield fields


def _unescaped(text: str) -> str:
    return str(_ESCAPE.sub(_character, text))


def _character(match: regex.Match[str]) -> str:
    if match[1] or match[2]:
        return chr(int(match[1], 8) if match[1] else int(match[2], 16))
    return _ESCAPES.get(match[3], match[3])
