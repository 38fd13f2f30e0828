"""Reading XLIFF 1.2 and 2.0 as any tool writes them, unit by unit, in constant memory.

The languages are those the file states; units without a target are passed over. Of inline elements the text
that belongs to the sentence is kept (`g`, `mrk`, `pc`), codes of another format are left out (`ph`, `bpt`,
…). Where a translation tool has cut a unit into segments (`mrk mtype="seg"`, Trados and memoQ; several
`segment` elements in 2.0), each is a unit of its own. A target counts as accepted where it is approved, or
its state is `final`, `signed-off` or `reviewed`; our own files say the status itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, BinaryIO

from aligner.errors import FormatError
from aligner.formats.languages import known_language
from aligner.formats.safe_xml import parse
from aligner.formats.selection import Tally
from aligner.formats.units import Unit, imported_hash, stated_hash
from aligner.lines import shown
from aligner.model import STATUSES, Lang, Status
from aligner.wording import counted

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_SETTLED = {"final", "signed-off", "reviewed"}
_STATUSES: dict[str, Status] = {status: status for status in STATUSES}
# Inline elements whose text is part of the sentence; that of the others is code.
_INLINE_TEXT = {"g", "mrk", "pc"}
_TEXTS = {"source", "seg-source", "target"}


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units that have a Chinese and a Vietnamese text, zh first.

    Raises:
        FormatError: it is no XLIFF, is broken, declares entities, or is in other languages.
    """
    reader = _Reader(name)
    for _ in parse(file, name, reader):
        yield from reader.units
        reader.units.clear()
    if reader.skipped:
        tally.remarks.append(f"{name}: passed over {counted(reader.skipped, 'unit')} without a target")


class _Reader:
    """Told of a file's elements and texts, makes its units."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.units: list[Unit] = []
        self.count = self.skipped = 0
        self.langs: tuple[str, str] = ("", "")
        self.document = name
        # The text being read: its parts by segment, and how many tags deep in codes.
        self.kind = ""
        self.depth = self.codes = 0
        self.parts: list[str] = []
        self.marks: list[int] = []
        self.segments: dict[str, list[str]] = {}
        self.texts: dict[str, list[str]] = {}
        # The unit being read.
        self.state: Status = "auto"
        self.facts: dict[str, str] = {}
        self.notes: list[str] = []
        self.fact = ""
        self.alternatives = 0

    def attach(self, parser: XMLParserType) -> None:
        """Listens to a parser."""
        self.parser = parser
        parser.StartElementHandler = self._root
        parser.EndElementHandler = self._end

    def _root(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) != "xliff":
            raise FormatError(f"{self.name} is not XLIFF, its root element is {shown(tag)}")
        self.langs = attributes.get("srcLang", ""), attributes.get("trgLang", "")
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = _local(tag)
        if self.kind:
            self._inline(tag, attributes)
        elif tag == "file":
            src, tgt = attributes.get("source-language", ""), attributes.get("target-language", "")
            self.langs = src or self.langs[0], tgt or self.langs[1]
            self.document = attributes.get("original") or self.name
        elif tag in {"trans-unit", "unit"}:
            self.facts, self.notes = {}, []
            self.texts = {}
            self.state = "accepted" if attributes.get("approved") == "yes" else "auto"
        elif tag == "segment":
            self.texts = {}
            self.state = _status(attributes.get("state", ""), attributes.get("subState", ""))
        elif tag in {"alt-trans", "ignorable", "matches"}:
            self.alternatives += 1
        elif not self.alternatives:
            self._content(tag, attributes)

    def _content(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _TEXTS:
            if tag == "target":
                stated = _status(attributes.get("state", ""), attributes.get("state-qualifier", ""))
                self.state = stated if stated != "auto" else self.state
            self._listen(tag)
        elif tag in {"context", "meta"}:
            self.fact = attributes.get("context-type", attributes.get("type", "")).removeprefix("x-")
            self._listen("fact")
        elif tag == "note":
            self._listen("note")

    def _listen(self, kind: str) -> None:
        self.kind, self.depth, self.codes = kind, 0, 0
        self.parts, self.segments, self.marks = [], {}, []
        self.parser.CharacterDataHandler = self.parts.append

    def _inline(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.codes or tag not in _INLINE_TEXT:
            self.codes += 1
            self.parser.CharacterDataHandler = None
        elif tag == "mrk" and attributes.get("mtype") == "seg":
            self.marks.append(self.depth)
            parts: list[str] = []
            self.segments[attributes.get("mid", str(len(self.segments)))] = parts
            self.parser.CharacterDataHandler = parts.append

    def _end(self, tag: str) -> None:
        if self.kind and self.depth:
            self._end_inline()
            return
        tag = _local(tag)
        if self.kind:
            self._take()
        elif tag in {"alt-trans", "ignorable", "matches"}:
            self.alternatives -= 1
        elif tag in {"trans-unit", "segment"}:
            self._unit()

    def _end_inline(self) -> None:
        if self.codes:
            self.codes -= 1
            if not self.codes:
                parts = list(self.segments.values())[-1] if self.marks else self.parts
                self.parser.CharacterDataHandler = parts.append
        elif self.marks and self.marks[-1] == self.depth:
            self.marks.pop()
            self.parser.CharacterDataHandler = self.parts.append
        self.depth -= 1

    def _take(self) -> None:
        """What was listened to has ended."""
        kind, self.kind = self.kind, ""
        self.parser.CharacterDataHandler = None
        text = "".join(self.parts).strip()
        if kind == "fact":
            self.facts[self.fact] = text
        elif kind == "note":
            self.notes.append(text)
        elif self.segments:
            self.texts[kind] = ["".join(parts).strip() for parts in self.segments.values()]
        else:
            self.texts[kind] = [text]

    def _unit(self) -> None:
        sources, targets = self.texts.get("source", [""]), self.texts.get("target", [""])
        cut = self.texts.get("seg-source", [])
        if len(cut) == len(targets) and len(targets) > 1:
            sources = cut
        elif len(sources) != len(targets):
            sources, targets = [" ".join(filter(None, sources))], [" ".join(filter(None, targets))]
        for src, tgt in zip_longest(sources, targets, fillvalue=""):
            if src and tgt:
                self.units.append(self._made(src, tgt))
                self.count += 1
            else:
                self.skipped += bool(src)
        self.texts = {}

    def _made(self, src: str, tgt: str) -> Unit:
        """A unit, zh first; own facts that cannot be are taken as not there."""
        zh, turn = self._languages()
        if turn:
            src, tgt = tgt, src
        try:
            confidence = float(self.facts.get("confidence", 1))
        except ValueError:
            confidence = 1.0
        confidence = confidence if 0 <= confidence <= 1 else 1.0
        digest = stated_hash(self.facts.get("hash", "")) or imported_hash(src, tgt)
        note = "\n".join(filter(None, self.notes))
        return Unit(self.count, src, tgt, confidence, self.state, self.document, note, (), (), digest, zh)

    def _languages(self) -> tuple[Lang, bool]:
        """The Chinese of the file, and whether it is the target."""
        src, tgt = map(known_language, self.langs)
        if src and src != "vi" and tgt == "vi":
            return src, False
        if tgt and tgt != "vi" and src == "vi":
            return tgt, True
        stated = shown(" and ".join(lang or "nothing" for lang in self.langs))
        raise FormatError(
            f"{self.name}:{self.parser.CurrentLineNumber}: its languages are {stated}",
            "one must be Chinese and the other Vietnamese",
        )


def _status(state: str, qualifier: str) -> Status:
    said = qualifier.removeprefix("x-").removeprefix("aligner:")
    if said != qualifier and said in _STATUSES:
        return _STATUSES[said]
    return "accepted" if state in _SETTLED else "auto"


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
