"""Readers of message catalogues: one file of one language → {message id: text}.

A catalogue's ids do not depend on its language, so that the catalogues of two languages are joined on
them. Documents (HTML, Mallard, DocBook) have no ids: their blocks are numbered, and `blocks` says by
which sequence of tags, so that only documents of the same shape are joined.
"""

from __future__ import annotations

import ast
import gettext
import html
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from lxml import etree

Messages = dict[str, str]

_BLOCKS = re.compile(r"p|(?:sub)?title|li|t[dh]|h[1-6]|d[td]|desc|(?:sim)?para|term|(?:fig)?caption|cite")


def read_mo(path: Path) -> Messages:
    """GNU gettext .mo; of plurals the last form, which both languages use for many."""
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # noqa: SLF001
    found: Messages = {}
    for key, text in catalogue.items():
        name = key[0] if isinstance(key, tuple) else key
        if name and text != name.split("\x04")[-1]:
            found[name] = text
    return found


def read_po(path: Path) -> Messages:
    """PO as text; fuzzy entries are left out. Strings are quoted as in C, near enough to Python's."""
    found: Messages = {}
    for entry in re.split(r"\n\s*\n", path.read_text("utf-8", "replace")):
        if re.search(r"^#,.*fuzzy", entry, re.MULTILINE):
            continue
        fields: dict[str, str] = {}
        name = ""
        for line in entry.splitlines():
            start = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+(".*")\s*$', line)
            rest = re.match(r'(".*")\s*$', line)
            try:
                if start:
                    name = start[1]
                    fields[name] = ast.literal_eval(start[2])
                elif rest and name:
                    fields[name] += ast.literal_eval(rest[1])
            except (SyntaxError, ValueError):
                name = ""
        key = fields.get("msgctxt", "") + "\x04" + fields.get("msgid", "")
        text = next((fields[f] for f in sorted(fields, reverse=True) if f.startswith("msgstr")), "")
        if fields.get("msgid") and text and text != fields["msgid"]:
            found[key] = text
    return found


_QM_MESSAGES, _QM_HASHES = 0x69, 0x42
_QM_END, _QM_TRANSLATION, _QM_OBSOLETE = 1, 3, 5


def read_qm(path: Path) -> Messages:
    """Qt .qm: sections of tag and length; messages are found by the hash of their source text."""
    data = path.read_bytes()
    sections: dict[int, bytes] = {}
    at = 16
    while at + 5 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 5], "big")
        sections[data[at]] = data[at + 5 : at + 5 + size]
        at += 5 + size
    messages, hashes = sections.get(_QM_MESSAGES, b""), sections.get(_QM_HASHES, b"")
    found: Messages = {}
    for i in range(0, len(hashes) - 7, 8):
        name, start = struct.unpack(">II", hashes[i : i + 8])
        text = _qm_message(messages, start)
        if text:
            key = f"{name:08x}"
            while key in found:
                key += "+"
            found[key] = text
    return found


def _qm_message(messages: bytes, at: int) -> str:
    """The translation that starts at an offset; of plurals the last form."""
    text = ""
    while at < len(messages) and (tag := messages[at]) != _QM_END:
        size = int.from_bytes(messages[at + 1 : at + 5], "big")
        if tag == _QM_OBSOLETE:
            at += 5
            continue
        size = 0 if size == 0xFFFFFFFF else size
        if tag == _QM_TRANSLATION:
            text = messages[at + 5 : at + 5 + size].decode("utf-16-be", "replace")
        at += 5 + size
    return text


def read_properties(path: Path) -> Messages:
    """Java .properties, and .ini and Gettext-like `key=value` files."""
    found: Messages = {}
    text = path.read_text("utf-8", "replace")
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        match = re.match(r"\s*([^#!;=:\s\[][^=:]*?)\s*[=:]\s*(.+)$", line)
        if match:
            value = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), match[2].strip())
            found[match[1]] = value.strip('"')
    return found


def read_ftl(path: Path) -> Messages:
    """Fluent: messages, terms and their attributes; selectors are left out."""
    found: Messages = {}
    name = attribute = ""
    for line in path.read_text("utf-8", "replace").splitlines():
        start = re.match(r"(-?[A-Za-z][\w-]*)\s*=\s*(.*)$", line)
        inner = re.match(r"\s+\.([A-Za-z][\w-]*)\s*=\s*(.*)$", line)
        if start:
            name, attribute = start[1], start[1]
            found[attribute] = start[2]
        elif inner and name:
            attribute = f"{name}.{inner[1]}"
            found[attribute] = inner[2]
        elif attribute and line.startswith((" ", "\t")):
            found[attribute] += " " + line.strip()
        elif not line.strip():
            continue
        else:
            name = attribute = ""
    return {k: v for k, v in found.items() if v and "->" not in v}


def _walk(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, f"{path}/{key}")
    elif isinstance(value, list):
        if value and all(isinstance(v, str) for v in value):
            yield path, " · ".join(value)
        else:
            for i, inner in enumerate(value):
                yield from _walk(inner, f"{path}/{i}")
    elif isinstance(value, str):
        yield path, value


def read_json(path: Path) -> Messages:
    """JSON of any depth: the path of keys is the id; a list of strings is one text."""
    try:
        data = json.loads(path.read_text("utf-8-sig", "replace"))
    except ValueError:
        return {}
    found = dict(_walk(data, ""))
    if "/locale/0" in found or len(path.read_bytes()) == 0:
        found = {}
    return {
        re.sub(r"(?i)/(vi|vi[_-]vn|zh|zh[_-](hans|hant|cn|tw))(?=/)", "/LANG", k): v for k, v in found.items()
    }


def read_yaml(path: Path) -> Messages:
    """YAML by its safe subset."""
    import yaml

    try:
        data = yaml.safe_load(path.read_text("utf-8", "replace"))
    except yaml.YAMLError:
        return {}
    if isinstance(data, dict) and len(data) == 1:
        data = next(iter(data.values()))
    return dict(_walk(data, ""))


def read_quoted(path: Path) -> Messages:
    """`key: "value"`, `'key' => 'value'`, `$lang['key'] = 'value'`: JavaScript, PHP and the like."""
    text = path.read_text("utf-8", "replace")
    found: Messages = {}
    quoted = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    pattern = rf"""(?:{quoted}|([\w.$-]+))\]?\s*(?::|=>|=|,)\s*{quoted}"""
    for match in re.finditer(pattern, text):
        key = (match[1] or match[2]).strip("\"'")
        value = match[3][1:-1]
        value = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), value)
        found.setdefault(key, re.sub(r"\\(.)", r"\1", value))
    return found


def read_lines(path: Path) -> Messages:
    """JavaScript AMD and Tcl message files: `::msgcat::mcset vi "key" "value"`."""
    found: Messages = {}
    pattern = r'mcset\s+\S+\s+"((?:[^"\\]|\\.)*)"\s+"((?:[^"\\]|\\.)*)"'
    for match in re.finditer(pattern, path.read_text("utf-8", "replace")):
        if match[1] != match[2]:
            found[match[1]] = match[2].replace("\\n", "\n")
    return found


def read_pak(path: Path) -> Messages:
    """Chromium resource pack, version 5 (or 4): a table of (id, offset) and strings in UTF-8 or UTF-16."""
    data = path.read_bytes()
    version = int.from_bytes(data[:4], "little")
    if version == 5:
        encoding, count, at = data[4], int.from_bytes(data[8:10], "little"), 12
    elif version == 4:
        count, encoding, at = int.from_bytes(data[4:8], "little"), data[8], 9
    else:
        return {}
    entries = [struct.unpack_from("<HI", data, at + 6 * i) for i in range(count + 1)]
    codec = {1: "utf-8", 2: "utf-16-le"}.get(encoding, "utf-8")
    return {
        str(name): data[start:end].decode(codec, "replace") for (name, start), (_, end) in pairwise(entries)
    }


def read_lang(path: Path) -> Messages:
    """JOSM .lang: strings with two-byte lengths, in the order of the English file."""
    data = path.read_bytes()
    found: Messages = {}
    at, number = 0, 0
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        at += 2
        if size == 0xFFFF:
            break
        if size == 0xFFFE:
            size = 0
        if size:
            found[str(number)] = data[at : at + size].decode("utf-8", "replace")
            at += size
        number += 1
    while at < len(data):  # plural forms: a count, then as many strings
        count, at = data[at], at + 1
        if count in {0xFE, 0xFF}:
            count = 0
        for form in range(count):
            size = int.from_bytes(data[at : at + 2], "big")
            at += 2
            if form == count - 1:
                found[f"p{number}"] = data[at : at + size].decode("utf-8", "replace")
            at += size
        number += 1
    return found


def read_strings(path: Path) -> Messages:
    """XML whose texts are attributes (AbiWord) or elements with a name (Android)."""
    found: Messages = {}
    try:
        root = etree.parse(str(path), etree.XMLParser(recover=True, huge_tree=True)).getroot()
    except etree.XMLSyntaxError:
        return {}
    for i, element in enumerate(root.iter(etree.Element)):
        if len(element.attrib) > 5:
            found.update((f"@{k}", v) for k, v in element.attrib.items())
        elif "name" in element.attrib and element.text:
            found[element.attrib["name"]] = "".join(element.itertext())
        elif "type" in element.attrib and element.text:
            parent = element.getparent()
            tag = parent.tag if parent is not None else i
            found[f"{tag}/{element.tag}/{element.attrib['type']}"] = element.text
    return found


def blocks(path: Path) -> tuple[list[str], list[str]]:
    """The tags and the texts of a document's blocks that hold no block themselves, in order."""
    tags: list[str] = []
    texts: list[str] = []
    parser = (
        etree.HTMLParser(encoding="utf-8")
        if path.suffix in {".html", ".htm"}
        else etree.XMLParser(recover=True, huge_tree=True, load_dtd=False, resolve_entities=True)
    )
    try:
        root = etree.parse(str(path), parser).getroot()
    except etree.XMLSyntaxError:
        return tags, texts
    if root is None:
        return tags, texts

    def inner_text(element: etree._Element) -> str:
        parts = [element.text or ""]
        for child in element:
            if isinstance(child.tag, str) and etree.QName(child).localname not in {"script", "style"}:
                parts.append(inner_text(child))
            parts.append(child.tail or "")
        return "".join(parts)

    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if not _BLOCKS.fullmatch(name):
            continue
        if any(_BLOCKS.fullmatch(etree.QName(e).localname) for e in element.iterdescendants(etree.Element)):
            continue
        shape = ",".join(sorted(etree.QName(e).localname for e in element.iterdescendants(etree.Element)))
        tags.append(f"{name}({shape})")
        texts.append(" ".join(inner_text(element).split()))
    return tags, texts


def read_blocks(path: Path) -> Messages:
    """Blocks by number, under the document's sequence of block names: another sequence, other ids."""
    tags, texts = blocks(path)
    names = [t.split("(")[0] for t in tags]
    shape = f"{len(names)}:{zlib.crc32(repr(names).encode()):x}"
    return {f"{shape}/{i}": t for i, t in enumerate(texts)}


READERS: dict[str, Callable[[Path], Messages]] = {
    ".mo": read_mo,
    ".gmo": read_mo,
    ".po": read_po,
    ".qm": read_qm,
    ".properties": read_properties,
    ".ini": read_properties,
    ".ftl": read_ftl,
    ".json": read_json,
    ".yml": read_yaml,
    ".yaml": read_yaml,
    ".js": read_quoted,
    ".mjs": read_quoted,
    ".inc": read_quoted,
    ".php": read_quoted,
    ".dtd": read_quoted,
    ".msg": read_lines,
    ".pak": read_pak,
    ".lang": read_lang,
    ".strings": read_strings,
    ".xml": read_strings,
    ".html": read_blocks,
    ".page": read_blocks,
    ".docbook": read_blocks,
    ".svg": read_blocks,
}


def read_catalogue(path: Path) -> Messages:
    """The messages of a file by its suffix; empty where we cannot read it."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        return {}
    try:
        messages = reader(path)
    except (OSError, UnicodeDecodeError, struct.error, etree.LxmlError, IndexError, ValueError):
        return {}
    return {k: html.unescape(v) for k, v in messages.items() if isinstance(v, str) and v.strip()}
