"""The units of a memory that need no parser: two variants of plain text, as nearly all units are.

An XML parser calls back for every tag, and that is what reading a large memory takes its time with. A unit in
which nothing is to be resolved (no inline tag, entity, comment, further variant or odd character) is one
regular expression instead. All else, and whatever stands around the units, goes to the parser, so what is
refused and where stays the same; `tests/formats/test_tmx_plain.py` compares the two on damaged files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

_END = b"</tu>"
# Nothing is held back that is longer than this: no unit of people is.
_LONGEST = 1 << 20
_SPACE = rb"[ \t\r\n]*+"
_ATTRIBUTES = rb'(?: [a-zA-Z:]++="[^<&"\x00-\x1f]*+")*+'
_TEXT = rb"[^<&\x00-\x08\x0b-\x1f]*+"
_PROPS = rb'((?:(?:<prop type="[^<&"\x00-\x1f]*+">%b</prop>|<note>%b</note>)%b)*+)' % (_TEXT, _TEXT, _SPACE)
_VARIANT = rb"<tuv(%b)>%b<seg>(%b)</seg>%b</tuv>%b" % (_ATTRIBUTES, _SPACE, _TEXT, _SPACE, _SPACE)
_UNIT = re.compile(rb"%b<tu(%b)>%b%b%b%b</tu>" % (_SPACE, _ATTRIBUTES, _SPACE, _PROPS, _VARIANT, _VARIANT))
_PROP = re.compile('<(prop|note)(?: type="([^"]*)")?>([^<]*)<')
_ATTRIBUTE = re.compile(' ([a-zA-Z:]+)="([^"]*)"')
# What legal text may not hold, or hardly holds: the end of a section, U+FFFE and its neighbours.
_SECTION_END, _UNASSIGNED = b"]]>", b"\xef\xbf"
# In a comment, section or instruction a unit is none.
_HIDING = re.compile(rb"<!(?!DOCTYPE)|<\?(?!xml\s)")


class Units(Protocol):
    """What is told of plain units."""

    @property
    def is_between_units(self) -> bool:
        """Whether a unit may begin here."""
        ...

    def plain(self, props: list[tuple[str, str, str]], *variants: tuple[str, str]) -> None:
        """Takes a unit.

        Args:
            props: tag (`prop` or `note`), type and text of each, in order.
            variants: language code and text.
        """
        ...


class Skimmer:
    """Takes the plain units off the bytes of a memory in UTF-8 and leaves the rest to the parser."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.waiting = b""
        self.lines = 0
        self.is_on = True

    def rest(self, data: bytes) -> Iterator[bytes]:
        """What of the next bytes the parser must see, piece by piece; each before the next is asked for."""
        data, self.waiting = self.waiting + data, b""
        at = 0
        while self.is_on:
            if self.units.is_between_units:
                at = self._taken(data, at)
            end = data.find(_END, at) + len(_END)
            if end < len(_END):
                if len(data) - at < _LONGEST:
                    self.waiting = data[at:]
                    return
                end = len(data)
                self.is_on = False
            if _HIDING.search(data, at, end):
                self.is_on = False
            yield data[at:end]
            at = end
        yield data[at:]

    def _taken(self, data: bytes, at: int) -> int:
        """Takes plain units from a place on; returns the place after them."""
        start = at
        while match := _UNIT.match(data, at):
            end = match.end()
            if data.find(_SECTION_END, at, end) >= 0 or data.find(_UNASSIGNED, at, end) >= 0:
                break
            try:
                own, props, first, src, second, tgt = match.groups()
                _code(own)
                variants = (_code(first), src.decode()), (_code(second), tgt.decode())
                self.units.plain(_PROP.findall(props.decode()) if props else [], *variants)
            except ValueError:
                break
            at = end
        self.lines += data.count(b"\n", start, at)
        return at


@lru_cache(maxsize=1024)
def _code(attributes: bytes) -> str:
    """The language code among a tag's attributes, empty where there is none.

    Raises:
        ValueError: an attribute comes twice, or it is not UTF-8.
    """
    found = _ATTRIBUTE.findall(attributes.decode())
    values: dict[str, str] = dict(found)
    if len(values) < len(found):
        raise ValueError("an attribute comes twice")
    return values.get("xml:lang") or values.get("lang", "")
