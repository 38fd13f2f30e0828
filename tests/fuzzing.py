"""Damaged files of every format, made from a seed, and what any reader may do with one: read it or refuse it.

A case is a sample in which a few things were changed: bytes turned, pieces cut out, doubled, exchanged with
another sample, repeated a thousand times, or replaced by what is known to hurt. Of zip containers the parts
are changed as well as the packed bytes. The same seed gives the same case.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.documents.containers import docx_parts, epub_parts, odt_parts, p, xlsx_parts, zipped

from aligner.documents import is_bilingual, read, segment, separate
from aligner.errors import AlignerError
from aligner.formats import FORMATS, export_files, load_bitext, write_bitexts
from aligner.formats.beads import read as read_beads
from aligner.formats.glossaries import GLOSSARY_FORMATS, GlossaryOptions, load_glossary, write_entries
from aligner.model import Bead, Bitext, Segment, Side
from aligner.review.decisions import read_decisions
from aligner.terms.model import TermEntry

ZH, VI = "河内是越南的首都。", "Hà Nội là “thủ đô” của Việt Nam."
PROSE = f"# 标题\n\n{ZH}我们昨天去了图书馆。\n\n{VI} Hôm qua chúng tôi đã đến thư viện.\n\n" * 4
HURTING = [
    b"\0", b"\x0b", b"\x1b[2J", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", "\ufffe".encode(), b"\xed\xa0\x80",
    b"\xc3(", b"&#x0b;", b"&", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"]]>", b"<![CDATA[", b"<!--", b'"',
    b"\t", b"\r", b"\n", "\u2028".encode(), "\x85".encode(), b"=cmd|' /C calc'!A0", b"-1", b"9" * 400,
    b"1e999", b"NaN", b"{" * 3000, b"[" * 3000, b"<a>" * 3000, b"\\u" * 9, b"\\bin999999999 ",
    b"../../etc/passwd", b"%s%n{0}",
    "𠮷👩‍👩‍👧".encode(), "e\u0302\u0323".encode(), b"\\ud800", b"null", b"<bpt i='1'>", b"lang='zh_CN'",
]  # fmt: skip


def _bitext() -> Bitext:
    beads = [
        Bead(i, (Segment(i, f"{i}{ZH}", 0, 9),), (Segment(i, VI, 0, 9),), 1.5, {"prior": 1.5}, 0.5, note="n")
        for i in range(3)
    ]
    return Bitext(Side("zh-Hans", "a", "0"), Side("vi", "a", "0"), tuple(beads), "v:1")


def _pdf() -> bytes:
    stream = b"BT /F 12 Tf 72 720 Td (Ha Noi la thu do cua Viet Nam.) Tj 0 -20 Td (Troi mua.) Tj ET"
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            len(out),
        )
    )


def _documents() -> dict[str, bytes]:
    body = p("Một", "H1") + p(f"{ZH}") + p(VI) + f"<w:tbl><w:tr><w:tc>{p('二')}</w:tc></w:tr></w:tbl>"
    text = f"<text:h>Một</text:h><text:p>{ZH}</text:p><text:p>{VI}<text:s text:c='3'/></text:p>"
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    page = "<html><head><meta charset='utf-8'></head><body><h1>Một</h1><nav><a href='x'>首页</a></nav>"
    page += f"<p>{ZH}</p><p>{VI}</p><table><tr><td>Hai<br>ba</td></tr></table><ul><li>四</ul></body></html>"
    cue = "1\n00:00:01,000 --> 00:00:02,000\n<i>Một</i> hai.\n二\n\n"
    return {
        "a.txt": PROSE.encode(),
        "b.txt": PROSE.encode("gb18030", "replace"),
        "c.txt": PROSE.encode("utf-16"),
        "d.txt": VI.encode("cp1258", "replace") * 9,
        "a.md": f"{PROSE}| 一 | Một |\n|---|---|\n| 二 | Hai |\n\n- a\n  - b\n\n```\nx\n```\n".encode(),
        "a.html": page.encode(),
        "a.docx": zipped(docx_parts(body)),
        "a.odt": zipped(odt_parts(text)),
        "a.epub": zipped(epub_parts(f"<h1>Một</h1><p>{ZH}</p>", f"<p>{VI}</p>")),
        "a.xlsx": zipped(xlsx_parts(row)),
        "a.rtf": rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 A;}}\pard M\u7897?t\par\'b4\'e5{\*\x y}}",
        "a.pdf": _pdf(),
        "a.csv": f'id,zh,vi\n1,{ZH},"{VI}"\n2,二,Hai\n'.encode(),
        "a.srt": (cue * 3).encode(),
        "a.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000 align:start\n<v Lan>{VI}\n".encode(),
        "a.po": f'msgid ""\nmsgstr "x"\n\n#, c\nmsgctxt "c"\nmsgid "{ZH}"\nmsgstr "{VI[:9]}\\n"\n'.encode(),
    }  # fmt: skip


def _units() -> dict[str, bytes]:
    found = {}
    for name, form in FORMATS.items():
        if form.reads:
            file = io.BytesIO()
            write_bitexts([_bitext()], name, file)
            found[f"a.{'bitext.jsonl' if name == 'bitext' else name}"] = file.getvalue()
    return found


def _glossaries() -> dict[str, bytes]:
    entries = [
        TermEntry("首都", "thủ đô", zh_variants=("国都",), id="t0"),
        TermEntry("图书馆", "thư viện", id="t1"),
    ]
    found = {}
    for name, suffix in GLOSSARY_FORMATS.items():
        file = io.BytesIO()
        write_entries(entries, name, file, GlossaryOptions())
        found[f"g{suffix}"] = file.getvalue()
    return found


Reader = Callable[[Path], object]


def _document(path: Path) -> object:
    document = read(path)
    if is_bilingual(document):
        return [segment(side) for side in separate(document)]
    return segment(document) if document.lang else None


def _loaded(path: Path) -> object:
    load_bitext(path)
    return export_files([path], "tmx", path.with_name("out"))


def _beads(path: Path) -> object:
    with path.open("rb") as file:
        return read_beads(file, str(path))


DECISION = (
    '{"time": "2026-01-31T12:00:00Z", "author": "a", "action": "edit", '
    '"targets": [{"hash": "0123456789abcdef", "occurrence": 0}], '
    '"before": [[["一"], ["một"]]], "after": [[["一"], ["Một"]]]}\n'
)
SAMPLES: dict[str, tuple[Reader, dict[str, bytes]]] = {
    "documents": (_document, _documents()),
    "units": (_loaded, _units()),
    "glossaries": (load_glossary, _glossaries()),
    "beads": (_beads, {"a.beads": b"[0,1]:[0]\n[]:[1]:0.5\n# x\n"}),
    "decisions": (read_decisions, {"a.decisions.jsonl": DECISION.encode() * 2}),
}
EVERY = [
    (kind, name, reader, data)
    for kind, (reader, samples) in SAMPLES.items()
    for name, data in samples.items()
]  # fmt: skip


def case(seed: int) -> tuple[str, Reader, bytes]:
    """The name of a file, what reads it, and its damaged content."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    _, name, reader, data = EVERY[seed % len(EVERY)]
    if data.startswith(b"PK") and chance.random() < 0.7:
        return name, reader, _repacked(data, chance)
    return name, reader, _damaged(data, chance)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        data = chance.choice(_CHANGES)(data, chance)
    return data


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """A container with a part of it damaged, lost, or under another name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    victim = chance.choice(list(parts))
    change = chance.random()
    if change < 0.1:
        del parts[victim]
    elif change < 0.2:
        parts[chance.choice(("../../x", "/x", "word/document.xml", "content.xml", "a/"))] = parts.pop(victim)
    else:
        parts[victim] = _damaged(parts[victim], chance)
    return zipped(parts)


def _place(data: bytes, chance: random.Random, most: int = 40) -> tuple[int, int]:
    start = chance.randint(0, max(len(data) - 1, 0))
    return start, min(len(data), start + chance.randint(1, most))


def _turn(data: bytes, chance: random.Random) -> bytes:
    start, _ = _place(data, chance)
    return data[:start] + bytes([chance.randint(0, 255)]) + data[start + 1 :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance, max(len(data) // 2, 1))
    return data[:start] + data[end:]


def _end(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    times = chance.choice((2, 3, 100, 5000))
    return data[:start] + data[start:end] * times + data[end:]


def _hurt(data: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + chance.choice(HURTING) + data[chance.choice((start, end)) :]


def _mix(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(EVERY)[3]
    start, end = _place(other, chance, 400)
    at, _ = _place(data, chance)
    return data[:at] + other[start:end] + data[at:]


def _swap(data: bytes, chance: random.Random) -> bytes:
    (a, b), (c, d) = sorted((_place(data, chance), _place(data, chance)))
    return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


_CHANGES = (_turn, _turn, _cut, _end, _repeat, _hurt, _hurt, _mix, _swap)


def attempt(seed: int, folder: Path) -> str:
    """Reads a case: `read`, or the one line that refuses it; anything else is a failure and is raised."""
    name, reader, data = case(seed)
    path = folder / name
    path.write_bytes(data)
    try:
        reader(path)
    except AlignerError as error:
        line = str(error)
        if not line.isprintable() or len(line) > len(str(path)) + 300:
            raise AssertionError(f"no line for people: {line[:400]!r}") from error
        return line
    return "read"
