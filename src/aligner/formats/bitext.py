"""The bitext file, `NAME.bitext.jsonl`: a header line, then one bead a line, nothing lost.

Fields are described in docs/formats.md. Those that mostly say nothing are left out of a line when they hold
their default: `kind` text, an empty `origin`, `pinned`, `moved`, `original`, `note`.
"""

from __future__ import annotations

import gc
import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

from aligner.errors import FormatError
from aligner.formats.units import stated_status
from aligner.lines import field, index, json_object, shown, text_lines
from aligner.model import KINDS, Bead, Bitext, Kind, Lang, Origin, Segment, Side

FORMAT = "aligner-bitext"
VERSION = 1

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""By version, what turns one of its bead records into one of the next version."""

_LANGS: dict[str, tuple[Lang, ...]] = {"src": ("zh-Hans", "zh-Hant"), "tgt": ("vi",)}
_NO_ORIGIN = Origin()
# allow_nan: NaN is no JSON, and no score either.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_name = lru_cache(maxsize=256)(_encode)
_TOGETHER = 512
"""Beads written at once."""


class Header(NamedTuple):
    """The first line: which documents, and what aligned them."""

    src: Side
    tgt: Side
    signature: str
    version: int = VERSION


def write(bitext: Bitext, file: BinaryIO) -> None:
    """Writes a bitext; the same bitext gives the same bytes."""
    file.write(_utf8(_encode(header_record(bitext)) + "\n"))
    parts = (bitext.beads[start : start + _TOGETHER] for start in range(0, len(bitext.beads), _TOGETHER))
    file.writelines(_utf8("".join(map(_line, part))) for part in parts)


def _utf8(text: str) -> bytes:
    # UTF-8 has no lone surrogates; written with a backslash they are what JSON calls them anyway.
    return text.encode("utf-8", "backslashreplace")


def _line(bead: Bead) -> str:
    """A bead's record as a line; put together from parts where it is as the machine made it: faster."""
    weights = bead.evidence
    unusual = bead.pinned or bead.moved or bead.original is not None or bead.note
    if unusual or not math.isfinite(bead.score + bead.confidence + sum(weights.values())):
        return _encode(bead_record(bead)) + "\n"
    src, tgt = ", ".join(map(_segment_text, bead.src)), ", ".join(map(_segment_text, bead.tgt))
    evidence = ", ".join([f"{_name(name)}: {weight}" for name, weight in weights.items()])
    return (
        f'{{"id": {bead.id}, "src": [{src}], "tgt": [{tgt}], "score": {bead.score}, '
        f'"evidence": {{{evidence}}}, "confidence": {bead.confidence}, "status": "{bead.status}"}}\n'
    )


def _segment_text(segment: Segment) -> str:
    """A segment's record as JSON; from parts where its origin is a paragraph or nothing."""
    origin = segment.origin
    if origin.page is not None or origin.cell is not None or origin.time is not None:
        return _encode(_segment_record(segment))
    kind = "" if segment.kind == "text" else f', "kind": "{segment.kind}"'
    place = "" if origin.paragraph is None else f', "origin": {{"paragraph": {origin.paragraph}}}'
    return (
        f'{{"id": {segment.id}, "text": {_encode(segment.text)}, '
        f'"start": {segment.start}, "end": {segment.end}{kind}{place}}}'
    )


def header_record(bitext: Bitext) -> dict[str, Any]:
    """The header line as a JSON object."""
    sides = {
        name: {"lang": side.lang, "path": side.path, "sha256": side.sha256}
        for name, side in (("src", bitext.src), ("tgt", bitext.tgt))
    }
    return {"format": FORMAT, "version": VERSION, **sides, "signature": bitext.signature}


def bead_record(bead: Bead) -> dict[str, Any]:
    """A bead as the JSON object that stands for it in a bitext file."""
    record: dict[str, Any] = {
        "id": bead.id,
        "src": [_segment_record(segment) for segment in bead.src],
        "tgt": [_segment_record(segment) for segment in bead.tgt],
        "score": bead.score,
        "evidence": dict(bead.evidence),
        "confidence": bead.confidence,
        "status": bead.status,
    }
    if bead.pinned:
        record["pinned"] = True
    if bead.moved:
        record["moved"] = True
    if bead.original is not None:
        record["original"] = {"src": list(bead.original[0]), "tgt": list(bead.original[1])}
    if bead.note:
        record["note"] = bead.note
    return record


def _segment_record(segment: Segment) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": segment.id,
        "text": segment.text,
        "start": segment.start,
        "end": segment.end,
    }
    if segment.kind != "text":
        record["kind"] = segment.kind
    origin = segment.origin
    if origin is not _NO_ORIGIN:
        given = {
            "page": origin.page,
            "paragraph": origin.paragraph,
            "cell": origin.cell,
            "time": origin.time,
        }
        if given := {name: value for name, value in given.items() if value is not None}:
            record["origin"] = given
    return record


def read(file: BinaryIO, name: str) -> Bitext:
    """Reads a whole bitext.

    Args:
        file: opened for reading bytes.
        name: what errors call it.

    Raises:
        FormatError: it is broken, written by a newer version, or its beads do not cover each segment once.
    """
    header, beads = stream(file, name)
    with uncollected():
        return Bitext(header.src, header.tgt, tuple(beads), header.signature)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is looked for: of what is read none is, and looking doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def stream(file: BinaryIO, name: str) -> tuple[Header, Iterator[Bead]]:
    """The header at once, the beads as they are asked for; otherwise like `read`."""
    lines = text_lines(file, name)
    number, line = next(lines, (1, ""))
    header = _header(line, f"{name}:{number}")
    return header, _beads(lines, name, header.version)


def is_header(line: str) -> bool:
    """Whether a file that begins with this line is a bitext file, of whatever version."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and record.get("format") == FORMAT


def _header(line: str, where: str) -> Header:
    if not line.strip():
        raise FormatError(f"{where}: no header, the file is empty or begins with an empty line")
    record = json_object(line, where)
    if record.get("format") != FORMAT:
        raise FormatError(f"{where}: not the header of a bitext file", f'it must say "format": "{FORMAT}"')
    version = field(record, "version", int, where)
    if version > VERSION:
        raise FormatError(
            f"{where}: written by a newer aligner (version {version})", "upgrade: pip install -U aligner-zhvi"
        )
    if version != VERSION and version not in MIGRATIONS:
        raise FormatError(f"{where}: version {version} never existed")
    signature = field(record, "signature", str, where, "")
    return Header(_side(record, "src", where), _side(record, "tgt", where), signature, version)


def _side(record: dict[str, Any], name: str, where: str) -> Side:
    side = field(record, name, dict, where)
    lang = field(side, "lang", str, where)
    if lang not in _LANGS[name]:
        raise FormatError(f"{where}: '{name}' is in {shown(lang)}, not {' or '.join(_LANGS[name])}")
    return Side(lang, field(side, "path", str, where), field(side, "sha256", str, where))


def _beads(lines: Iterator[tuple[int, str]], name: str, version: int) -> Iterator[Bead]:
    coverage = _Coverage()
    number = 1
    for number, line in lines:
        if not line:
            continue
        where = f"{name}:{number}"
        record = json_object(line, where)
        for old in range(version, VERSION):
            record = MIGRATIONS[old](record)
        bead = bead_of(record, where)
        coverage.add(bead, where)
        yield bead
    coverage.close(f"{name}:{number}")


def bead_of(record: dict[str, Any], where: str) -> Bead:
    """The bead that a JSON object of a bitext file stands for; the inverse of `bead_record`.

    Raises:
        FormatError: a field is missing or of the wrong type; the message begins with `where`.
    """
    confidence = field(record, "confidence", float, where, 0.0)
    if not 0 <= confidence <= 1:
        raise FormatError(f"{where}: the field 'confidence' is not between 0 and 1")
    return Bead(
        index(record, "id", where),
        tuple([_segment(item, where) for item in field(record, "src", list, where)]),
        tuple([_segment(item, where) for item in field(record, "tgt", list, where)]),
        field(record, "score", float, where, 0.0),
        _evidence(field(record, "evidence", dict, where, {}), where),
        confidence,
        stated_status(field(record, "status", str, where, "auto"), where),
        field(record, "pinned", bool, where, default=False),
        field(record, "moved", bool, where, default=False),
        _original(record, where),
        field(record, "note", str, where, ""),
    )


def _evidence(given: dict[str, Any], where: str) -> dict[str, float]:
    # Floats all of them, as a rule, and finite then if their sum is.
    if all(type(weight) is float for weight in given.values()) and math.isfinite(sum(given.values())):
        return given
    return {key: field(given, key, float, where) for key in given}


def _original(record: dict[str, Any], where: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    texts = record.get("original")
    if texts is None:
        return None
    texts = field(record, "original", dict, where)
    sides = [field(texts, "src", list, where), field(texts, "tgt", list, where)]
    if not all(type(text) is str for side in sides for text in side):
        raise FormatError(f"{where}: the field 'original' holds something that is not a text")
    lengths = [len(field(record, name, list, where)) for name in ("src", "tgt")]
    if [len(side) for side in sides] != lengths:
        raise FormatError(f"{where}: the field 'original' has not one text for each segment")
    return tuple(sides[0]), tuple(sides[1])


def _segment(item: object, where: str) -> Segment:
    if type(item) is not dict:
        raise FormatError(f"{where}: a segment is not an object")
    number: Any = item.get("id")
    text: Any = item.get("text")
    start: Any = item.get("start")
    end: Any = item.get("end")
    # Of most segments these four are known, perhaps their kind and paragraph, and nothing is wrong with them.
    if type(text) is not str or not type(number) is type(start) is type(end) is int:
        return _any_segment(item, where)
    if number < 0 or not 0 <= start <= end:
        return _any_segment(item, where)
    kind: Any = item.get("kind", "text")
    origin = _plain_origin(item["origin"]) if "origin" in item else _NO_ORIGIN
    if origin is None or type(kind) is not str or kind not in KINDS:
        return _any_segment(item, where)
    return Segment(number, text, start, end, kind, origin)


def _plain_origin(given: Any) -> Origin | None:
    """Where there is a paragraph and no more, the place; None otherwise."""
    if type(given) is dict and len(given) == 1 and type(given.get("paragraph")) is int:
        return Origin(None, given["paragraph"])
    return None


def _any_segment(item: dict[str, Any], where: str) -> Segment:
    kind: Kind = field(item, "kind", str, where, "text")
    if kind not in KINDS:
        raise FormatError(f"{where}: the kind {shown(kind)} is none of {', '.join(KINDS)}")
    start, end = index(item, "start", where), index(item, "end", where)
    if end < start:
        raise FormatError(f"{where}: a segment ends before it starts")
    origin = _origin(item, where) if "origin" in item else _NO_ORIGIN
    return Segment(index(item, "id", where), field(item, "text", str, where), start, end, kind, origin)


def _origin(item: dict[str, Any], where: str) -> Origin:
    given = field(item, "origin", dict, where)
    return Origin(
        page=field(given, "page", int, where, None),
        paragraph=field(given, "paragraph", int, where, None),
        cell=field(given, "cell", str, where, None),
        time=field(given, "time", str, where, None),
    )


class _Seen:
    """Which numbers have come by; as long as they come in order this is one number, not a set."""

    def __init__(self) -> None:
        self.up_to = 0
        self.beyond: set[int] = set()

    def add(self, number: int) -> bool:
        """Whether the number is new."""
        if number == self.up_to and not self.beyond:
            self.up_to += 1
            return True
        if number < self.up_to or number in self.beyond:
            return False
        self.beyond.add(number)
        while self.up_to in self.beyond:
            self.beyond.remove(self.up_to)
            self.up_to += 1
        return True


class _Coverage:
    """Checks that the beads of a file cover each segment once, in order but for those that were moved."""

    def __init__(self) -> None:
        self.ids = _Seen()
        self.sides = (("zh", _Seen()), ("vi", _Seen()))
        self.last = [-1, -1]

    def add(self, bead: Bead, where: str) -> None:
        if not self.ids.add(bead.id):
            raise FormatError(f"{where}: the bead id {bead.id} stands twice")
        if not bead.src and not bead.tgt:
            raise FormatError(f"{where}: a bead without segments")
        for at, segments in enumerate((bead.src, bead.tgt)):
            if not segments:
                continue
            lang, seen = self.sides[at]
            for place, segment in enumerate(segments):
                if not seen.add(segment.id):
                    raise FormatError(f"{where}: the {lang} segment {segment.id} stands in two beads")
                if segment.id != segments[0].id + place:
                    raise FormatError(f"{where}: the {lang} segments of a bead are not consecutive")
            if not bead.moved:
                if segments[0].id < self.last[at]:
                    raise FormatError(f"{where}: the {lang} segment {segments[0].id} is out of order")
                self.last[at] = segments[-1].id

    def close(self, where: str) -> None:
        for lang, seen in self.sides:
            if seen.beyond:
                raise FormatError(
                    f"{where}: the {lang} segment {seen.up_to} is in no bead", "is the file cut short?"
                )
