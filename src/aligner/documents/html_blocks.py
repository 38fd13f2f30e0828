"""The blocks of an HTML tree: headings, paragraphs, list items, table cells, captions.

Elements that start a line of their own part blocks, by the default style of the HTML standard ("Rendering"
chapter); all others are inline and only their text counts. Scripts, controls of forms, embedded media,
hidden elements and the readings of ruby are left out.

Code (`<pre>`) is left out, since it is not translated, unless it is written in Chinese or Vietnamese, which
old pages do with whole texts. `<br>` ends a block as a line end does in plain text (see `text.paragraphs`),
but not in a heading. White space is folded as browsers do, and a line end between two Chinese characters
is nothing, as CSS Text 3 allows, for it is the editor's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from aligner.documents.extracted import Piece
from aligner.documents.kinds import kind_of
from aligner.documents.wrapping import paragraphs
from aligner.language.script import HAN, LATIN
from aligner.language.syllables import has_vietnamese_letter, is_syllable, syllable_key
from aligner.model import Kind, Origin

if TYPE_CHECKING:
    from lxml.etree import _Element


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _names(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p pre
    search section summary table tbody td tfoot th thead tr ul
    """
)
"""Elements that part blocks."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_SKIPPED = _names(
    """
    annotation annotation-xml applet area audio base button canvas datalist embed head iframe input link map
    meta meter noframes noscript object option progress rp rt rtc script select style svg template
    textarea title video
    """
)
# Numbers that lead to a note and back (DPUB-ARIA roles, and EPUB's types before them).
_REFERENCES = frozenset(["doc-noteref", "doc-backlink", "noteref", "backlink"])
_ANCHORS = frozenset(["¶", "#", "§", "🔗", "∞"])  # links of a heading to itself
_CODE = frozenset(["pre", "listing", "xmp", "plaintext"])
_ELEMENTS: dict[Kind, tuple[str, ...]] = {
    "heading": (*HEADINGS, "summary"),
    "list": ("li", "dt", "dd"),
    "cell": ("td", "th"),
    "caption": ("caption", "figcaption"),
    "text": ("blockquote",),
}
_KINDS = {name: kind for kind, names in _ELEMENTS.items() for name in names}
_LINE = "\0"  # stands for <br>: no HTML text can hold it

_WIDE = rf"{HAN}\u3000-\u303f\uff00-\uffef"
_EDITORS_LINE_END = regex.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\f\n]*(?=[{_WIDE}])")
_SPACE = regex.compile(r"[ \t\r\f\n]+")
_HIDDEN = regex.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", regex.I)
_HAN_CHAR = regex.compile(f"[{HAN}]")
_WORD = regex.compile(f"[{LATIN}]+")


@dataclass(frozen=True, slots=True)
class Run:
    """The inline text between two edges of blocks.

    Attributes:
        element: the innermost block element around it.
        text: as written: white space not folded, NUL for `<br>`.
        linked: how many of its characters stand in links.
        kind: what the elements around it make of it; None where they say nothing.
        cell: `row:column`, both from 1, in a table of data.
    """

    element: _Element
    text: str
    linked: int = 0
    kind: Kind | None = None
    cell: str | None = None


def pieces(root: _Element, left_out: Collection[_Element] = ()) -> Iterator[Piece]:
    """The blocks below an element, in order.

    Args:
        root: parsed without comments and processing instructions; tags may have a namespace.
        left_out: elements that do not count, with all that is in them.

    Linear in the size of the tree.
    """
    for run in runs(root, left_out):
        origin = Origin(cell=run.cell)
        if name(run.element) in _CODE:
            spans, _ = paragraphs(run.text)
            yield from (Piece(run.text[start:end], run.kind or "text", origin) for start, end in spans)
        elif run.kind == "heading":
            yield Piece(fold(run.text.replace(_LINE, "\n")), "heading", origin)
        else:
            for text in _lines(run.text):
                yield Piece(text, run.kind or _shape(text), origin)


def runs(root: _Element, left_out: Collection[_Element] = ()) -> Iterator[Run]:
    """The runs of inline text below an element, in order, blank ones left out; see `pieces`."""
    from lxml import etree

    state = _State(_layout_tables(root))
    skipped: _Element | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = name(element)
        if tag in BLOCKS and element is not skipped:
            yield from state.flush()
        if event == "start":
            if _is_skipped(element, tag) or element in left_out:
                skipped = element
                walk.skip_subtree()
            elif tag in _CODE:
                skipped = element
                walk.skip_subtree()
                yield from state.code(element)
            else:
                state.enter(element, tag)
                state.add(element.text)
            continue
        if element is skipped:
            skipped = None
        else:
            state.leave(tag)
        if element is not root:
            state.add(element.tail)
    yield from state.flush()


@dataclass(slots=True)
class _State:
    """Where the walk is."""

    layout: set[_Element]
    buffer: list[str] = field(default_factory=list)
    linked: int = 0
    links: int = 0
    blocks: list[_Element] = field(default_factory=list)
    kinds: list[Kind | None] = field(default_factory=list)
    tables: list[list[int] | None] = field(default_factory=list)

    def enter(self, element: _Element, tag: str) -> None:
        if tag in BLOCKS:
            self.blocks.append(element)
        if tag in _KINDS:
            is_layout = tag in ("td", "th") and not (self.tables and self.tables[-1])
            self.kinds.append(None if is_layout else _KINDS[tag])
        if tag == "table":
            self.tables.append(None if element in self.layout else [0, 0])
        elif tag in ("tr", "td", "th") and self.tables and (place := self.tables[-1]):
            place[:] = [place[0] + 1, 0] if tag == "tr" else [place[0], place[1] + 1]
        elif tag == "br":
            self.buffer.append(_LINE)
        elif tag == "q":
            self.add("“")
        elif tag == "a" and element.get("href"):
            self.links += 1

    def leave(self, tag: str) -> None:
        if tag in BLOCKS:
            self.blocks.pop()
        if tag in _KINDS:
            self.kinds.pop()
        if tag == "table":
            self.tables.pop()
        elif tag == "q":
            self.add("”")
        elif tag == "a" and self.links:
            self.links -= 1

    def add(self, text: str | None) -> None:
        if text:
            self.buffer.append(text)
            self.linked += len(text.strip()) if self.links else 0

    def flush(self) -> Iterator[Run]:
        text = "".join(self.buffer)
        linked = self.linked
        self.buffer.clear()
        self.linked = 0
        if self.blocks and text.strip(" \t\r\f\n\0"):
            yield Run(self.blocks[-1], text, linked, self.kinds[-1] if self.kinds else None, self._cell())

    def code(self, element: _Element) -> Iterator[Run]:
        text = "".join(map(str, element.itertext()))
        if _is_prose(text):
            yield Run(element, text, 0, self.kinds[-1] if self.kinds else None, self._cell())

    def _cell(self) -> str | None:
        place = self.tables[-1] if self.tables else None
        return f"{place[0]}:{place[1]}" if place and place[1] else None


def name(element: _Element) -> str:
    """The tag without its namespace, in small letters."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return str(tag).rpartition("}")[2].lower()


def fold(text: str) -> str:
    """White space as a browser shows it."""
    return _SPACE.sub(" ", _EDITORS_LINE_END.sub("", text)).strip(" ")


def _is_skipped(element: _Element, tag: str) -> bool:
    """Whether a browser shows nothing of it, or nothing that is text of the page."""
    return (
        tag in _SKIPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") in _REFERENCES
        or element.get("epub:type") in _REFERENCES
        or (tag == "a" and not len(element) and (element.text or "").strip() in _ANCHORS)
        or _HIDDEN.search(element.get("style", "")) is not None
    )


def _layout_tables(root: _Element) -> set[_Element]:
    """Tables that hold no data but arrange the page: with a heading or another table in a cell."""
    from lxml import etree

    layout: set[_Element] = set()
    open_tables: list[_Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = name(element)
        if event == "end":
            if tag == "table":
                open_tables.pop()
        elif tag == "table" or tag in HEADINGS:
            if open_tables:
                layout.add(open_tables[-1])
            if tag == "table":
                open_tables.append(element)
                if element.get("role") in ("presentation", "none"):
                    layout.add(element)
    return layout


def _lines(text: str) -> list[str]:
    """A run of inline text, cut at its line breaks where those end paragraphs."""
    if _LINE not in text:
        return [fold(text)]
    folded = "\n".join(fold(line) for line in text.split(_LINE))
    return [folded[start:end] for start, end in paragraphs(folded)[0]]


def _shape(text: str) -> Kind:
    """A caption or byline is known by its shape; nothing else is guessed, for the page has tags for it."""
    kind = kind_of(text)
    return kind if kind in ("caption", "byline") else "text"


def _is_prose(text: str) -> bool:
    """Whether preformatted text is Chinese or Vietnamese: half of its characters and words are."""
    words = [syllable_key(word) for word in _WORD.findall(text)]
    han = len(_HAN_CHAR.findall(text))
    vietnamese = sum(has_vietnamese_letter(word) and is_syllable(word) for word in words)
    return (han + vietnamese) * 2 > han + len(words)
