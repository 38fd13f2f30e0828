r"""SRX 2.0, the exchange format of segmentation rules: the rules by which this package cuts sentences.

A translation tool that loads them cuts a source text as the memory was cut, so its segments match.
The patterns are those of `data/segmentation.toml`, with nothing rewritten; ICU (Okapi, memoQ) and Java
(OmegaT) read them as Python's `regex` does, but for one thing: their `\s` may leave out U+0085 and
U+000B, which no office document holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from aligner.language.sentences import Base, rules

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMESPACE = "http://www.lisa.org/srx20"
_LANGUAGES: tuple[tuple[Base, str, str], ...] = (
    ("zh", "Chinese", "[Zz][Hh].*"),
    ("vi", "Vietnamese", "[Vv][Ii].*"),
)


def write(file: BinaryIO) -> None:
    """Writes the rules of both languages as an SRX 2.0 document in UTF-8."""
    file.write(srx_text().encode("utf-8"))


def srx_text() -> str:
    """The rules of both languages as an SRX 2.0 document; each rule is preceded by its name in a comment."""
    from lxml import etree

    root = etree.fromstring(f'<srx xmlns="{_NAMESPACE}" version="2.0"/>')
    header = _add(root, "header", segmentsubflows="yes", cascade="no")
    for kind, include in (("start", "no"), ("end", "yes"), ("isolated", "no")):
        _add(header, "formathandle", type=kind, include=include)
    body = _add(root, "body")
    languages = _add(body, "languagerules")
    maps = _add(body, "maprules")
    for base, name, pattern in _LANGUAGES:
        language = _add(languages, "languagerule", languagerulename=name)
        for rule in rules(base):
            language.append(etree.Comment(f" {rule.name} "))
            entry = _add(language, "rule", **{"break": "yes" if rule.is_break else "no"})
            _add(entry, "beforebreak").text = rule.before
            _add(entry, "afterbreak").text = rule.after
        _add(maps, "languagemap", languagepattern=pattern, languagerulename=name)
    etree.indent(root)
    xml: str = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'


def _add(parent: _Element, tag: str, **attributes: str) -> _Element:
    from lxml import etree

    return etree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}", attributes)
