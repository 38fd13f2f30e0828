"""The styles of a Word document: what they say of a paragraph's kind, its font, and whether it is hidden.

Built-in styles have English names in a file whatever the language of the program that wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from aligner.documents.archive import attribute, local
from aligner.model import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element

_BODY_LEVEL = 9  # the outline level that means running text
_NAMES: tuple[tuple[regex.Pattern[str], Kind], ...] = (
    (regex.compile(r"title"), "title"),
    (regex.compile(r"subtitle|heading \d+"), "heading"),
    (regex.compile(r"caption"), "caption"),
    (regex.compile(r"list (?:bullet|number|continue).*"), "list"),
)
_CONTENTS = regex.compile(r"toc (?:\d|heading)|table of figures|index (?:\d|heading)")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style, or a paragraph's or run's own formatting, says; None where it says nothing.

    Attributes:
        kind: of a paragraph.
        font: name of the font of Latin letters.
        hidden: whether the text is not shown.
        contents: whether it is a line of a table of contents or an index.
    """

    kind: Kind | None = None
    font: str | None = None
    hidden: bool | None = None
    contents: bool = False

    def over(self, base: Style) -> Style:
        """This style, and what it leaves open as the base has it."""
        return Style(
            self.kind or base.kind,
            self.font or base.font,
            base.hidden if self.hidden is None else self.hidden,
            self.contents or base.contents,
        )


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by id; an id that is not there says nothing."""

    by_id: Mapping[str, Style]
    default: Style = Style()

    def of(self, name: str | None) -> Style:
        """A style with all it is based on."""
        return self.by_id.get(name or "", Style())


def read_styles(root: _Element) -> Styles:
    """The styles of `styles.xml`; a style that is based on itself is cut loose."""
    own: dict[str, Style] = {}
    bases: dict[str, str] = {}
    default = Style()
    for element in root:
        if local(element) == "docDefaults":
            default = formatting(next((e for e in element.iter() if local(e) == "rPr"), None))
        elif local(element) == "style":
            name = attribute(element, "styleId") or ""
            own[name] = _own(element)
            base = _child(element, "basedOn")
            if base is not None:
                bases[name] = attribute(base, "val") or ""
    return Styles({name: _resolved(name, own, bases) for name in own}, default)


def _own(element: _Element) -> Style:
    style = formatting(_child(element, "rPr"))
    paragraph = _child(element, "pPr")
    named = _child(element, "name")
    name = (attribute(named, "val") or "").lower() if named is not None else ""
    by_name = next((kind for pattern, kind in _NAMES if pattern.fullmatch(name)), None)
    return replace(style, kind=by_name or paragraph_kind(paragraph), contents=bool(_CONTENTS.fullmatch(name)))


def _resolved(name: str, own: Mapping[str, Style], bases: Mapping[str, str]) -> Style:
    style = own[name]
    seen = {name}
    while (name := bases.get(name, "")) in own and name not in seen:
        seen.add(name)
        style = style.over(own[name])
    return style


def paragraph_kind(properties: _Element | None) -> Kind | None:
    """The kind that paragraph properties say by themselves: an outline level or a numbering."""
    if properties is None:
        return None
    level = _child(properties, "outlineLvl")
    if level is not None:
        number = attribute(level, "val") or ""
        return "heading" if number.isdecimal() and int(number) < _BODY_LEVEL else "text"
    numbering = _child(properties, "numPr")
    number_id = _child(numbering, "numId") if numbering is not None else None
    return "list" if number_id is not None and attribute(number_id, "val") != "0" else None


def formatting(properties: _Element | None) -> Style:
    """Font and visibility that run properties say."""
    if properties is None:
        return Style()
    fonts = _child(properties, "rFonts")
    vanish = _child(properties, "vanish")
    return Style(
        font=(attribute(fonts, "ascii") or attribute(fonts, "hAnsi")) if fonts is not None else None,
        hidden=None if vanish is None else is_on(vanish),
    )


def is_on(element: _Element) -> bool:
    """Whether a switch is on: it is where it stands, unless it says otherwise."""
    return attribute(element, "val") not in ("0", "false", "off")


def _child(element: _Element, name: str) -> _Element | None:
    return next((child for child in element if local(child) == name), None)


child = _child
"""The first child of a name."""
