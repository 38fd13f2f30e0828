"""Every input that is known to break readers, and what the command says to it: `golden/hostile.tsv`.

A line of the table is a case: its name, the exit code, what is said on stderr. A case that is read says
nothing, or what was assumed. `ALIGNER_WRITE_GOLDEN=1 pytest` writes the table anew; read it aloud then.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.documents.containers import docx_parts, p, zipped

from aligner.cli import main

GOLDEN = Path(__file__).parents[1] / "golden" / "hostile.tsv"
ZH, VI = (
    "河内是越南的首都。我们昨天去了图书馆。",
    "Hà Nội là thủ đô của Việt Nam. Hôm qua chúng tôi đã đến thư viện.",
)
ZHT = "河內是越南的首都。我們昨天去了圖書館。"
HEAD = '<?xml version="1.0"?><tmx version="1.4"><header srclang="zh-CN"/><body>'
UNIT = '<tu><tuv xml:lang="zh-CN"><seg>{}</seg></tuv><tuv xml:lang="vi-VN"><seg>{}</seg></tuv></tu>'
END = "</body></tmx>"
LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))


def tmx(zh: str = "你好。", vi: str = "Xin chào.", head: str = HEAD) -> str:
    return head + UNIT.format(zh, vi) + END


def further(lang: str) -> bytes:
    """A memory whose unit has one more variant."""
    return tmx().replace("</tu>", f'<tuv xml:lang="{lang}"><seg>2</seg></tuv></tu>').encode()


def entity(declared: str, used: str = "&x;") -> str:
    return tmx(zh=used).replace("<tmx", f"<!DOCTYPE tmx [{declared}]><tmx", 1)


def bomb() -> bytes:
    """A document of which one part expands a thousandfold."""
    return zipped({**docx_parts(p("Một")), "word/document.xml": " " * 30_000_000})


# name: file, content, command (FILE stands for the file)
SEGMENT, EXPORT = "segment FILE --lang vi", "export FILE -f tsv"
TWICE, LINES = f"{EXPORT} --deduplicate", "export FILE -f jsonl"
OUTSIDE = '<!DOCTYPE tmx SYSTEM "http://localhost:9/x.dtd">'
CASES: dict[str, tuple[str, bytes, str]] = {
    "U+0000 in a text": ("a.txt", b"abc\0def", SEGMENT),
    "U+000B in a text": ("a.txt", f"{VI}\x0b".encode(), SEGMENT),
    "U+FFFE in a text": ("a.txt", f"{VI}\ufffe".encode(), SEGMENT),
    "lone surrogate in a text": ("a.txt", VI.encode() + b"\xed\xa0\x80", SEGMENT),
    "lone surrogate in a bitext": ("a.jsonl", b'{"src": "\\ud800", "tgt": "a"}\n', EXPORT),
    "bad UTF-8": ("a.txt", VI.encode() + b"\xc3(", SEGMENT),
    "bad UTF-8 in a table": ("a.tsv", b"zh\tvi\n\xc3(\ta\n", EXPORT),
    "truncated memory": ("a.tmx", tmx().encode()[:-30], EXPORT),
    "truncated document": ("a.docx", zipped(docx_parts(p("Một")))[:-40], SEGMENT),
    "truncated workbook": ("a.xlsx", zipped({"x": "y"})[:-10], EXPORT),
    "empty text": ("a.txt", b"", SEGMENT),
    "empty memory": ("a.tmx", b"", EXPORT),
    "UTF-16": ("a.txt", VI.encode("utf-16"), SEGMENT),
    "UTF-16 without mark": ("a.txt", VI.encode("utf-16-le"), SEGMENT),
    "GB18030": ("a.txt", ZH.encode("gb18030"), "segment FILE --lang zh"),
    "Big5": ("a.txt", ZHT.encode("big5"), "segment FILE --lang zh-Hant"),
    "cp1258": ("a.txt", ("Tôi đi ho\u0323c. " * 9).encode("cp1258"), SEGMENT),
    "TCVN3": ("a.txt", b"H\xb5 N\xe9i l\xb5 th\xf1 \xae\xab c\xf1a Vi\xd6t Nam. " * 3, SEGMENT),
    "VNI": ("a.txt", ("Haø Noäi laø thuû ñoâ cuûa Vieät Nam. " * 3).encode("latin-1"), SEGMENT),
    "NFD": ("a.tmx", tmx(vi="Vie\u0302\u0323t").encode(), EXPORT),
    "byte order mark": ("a.txt", b"\xef\xbb\xbf" + VI.encode(), SEGMENT),
    "&#x0b;": ("a.tmx", tmx(vi="a&#x0b;b").encode(), EXPORT),
    "bare &": ("a.tmx", tmx(vi="a & b").encode(), EXPORT),
    "lang= for xml:lang": ("a.tmx", tmx().replace("xml:lang", "lang").encode(), EXPORT),
    "no header": ("a.tmx", tmx(head="<tmx><body>").encode(), EXPORT),
    "no srclang": ("a.tmx", tmx(head="<tmx><header/><body>").encode(), EXPORT),
    "srclang *all*": ("a.tmx", tmx(head=HEAD.replace("zh-CN", "*all*")).encode(), EXPORT),
    "zh_CN": ("a.tmx", tmx().replace("zh-CN", "zh_CN").encode(), EXPORT),
    "two vi variants": ("a.tmx", further("vi"), EXPORT),
    "three languages": ("a.tmx", further("en"), EXPORT),
    "no Vietnamese": ("a.tmx", tmx().replace("vi-VN", "en-US").encode(), EXPORT),
    "padded seg": ("a.tmx", tmx(vi="  Xin chào. ").encode(), EXPORT),
    "bpt and hi": ("a.tmx", tmx(vi="<bpt i='1'>&lt;b&gt;</bpt><hi>Xin</hi><ept i='1'/>.").encode(), EXPORT),
    "emoji and an astral character": ("a.tmx", tmx("𠮷野家", "👩‍👩‍👧").encode(), EXPORT),
    "duplicates": ("a.tmx", (tmx()[: -len(END)] + UNIT.format("你好。", "Chào.") + END).encode(), TWICE),
    "2,001 characters": ("a.tsv", f"zh\tvi\n{'越' * 2001}\ta\n".encode(), "export FILE -f tmx"),
    "XXE": ("a.tmx", entity('<!ENTITY x SYSTEM "file:///etc/passwd">').encode(), EXPORT),
    "parameter entity": ("a.tmx", entity("<!ENTITY % x SYSTEM 'http://a/x'>%x;", "").encode(), EXPORT),
    "DTD in the network": ("a.tmx", (OUTSIDE + tmx(head="<tmx><body>")).encode(), EXPORT),
    "billion laughs": ("a.tmx", entity(f'<!ENTITY a "ha">{LAUGHS}', "&j;").encode(), EXPORT),
    "quadratic blow-up": ("a.tmx", entity(f'<!ENTITY x "{"ha" * 50_000}">', "&x;" * 50_000).encode(), EXPORT),
    "undefined entity": ("a.tmx", tmx(vi="&x;").encode(), EXPORT),
    "zip bomb": ("a.docx", bomb(), SEGMENT),
    "=cmd|": ("a.tsv", "zh\tvi\n你好。\t=cmd|' /C calc'!A0\n".encode(), "export FILE -f csv"),
    "TAB in a cell": ("a.csv", 'zh,vi\n你好。,"a\tb"\n'.encode(), EXPORT),
    "CR in a cell": ("a.csv", 'zh,vi\n你好。,"a\rb"\n'.encode(), EXPORT),
    "U+2028 in a cell": ("a.tsv", "zh\tvi\n你好。\ta\u2028b\n".encode(), EXPORT),
    "U+0085 in a cell": ("a.tsv", "zh\tvi\n你好。\ta\x85b\n".encode(), EXPORT),
    "quote in TSV": ("a.tsv", 'zh\tvi\n你好。\t"Xin" chào\n'.encode(), EXPORT),
    "quote not closed in CSV": ("a.csv", 'zh,vi\n你好。,"Xin chào\n'.encode(), EXPORT),
    "one line of 10 MB": ("a.tsv", b"zh\tvi\n" + "越".encode() * 3_400_000 + b"\ta\n", LINES),
    "a picture named .txt": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), SEGMENT),
    "a program named .txt": ("a.txt", b"\x7fELF" + bytes(999), SEGMENT),
    "noise named .txt": ("a.txt", bytes(range(256)) * 9, SEGMENT),
    "a page named .txt": ("a.txt", b"<!DOCTYPE html><html><body><p>Xin</p></body></html>", SEGMENT),
    "a memory to be aligned": ("a.tmx", tmx().encode(), "align FILE"),
    "a bitext to be aligned": ("a.txt", b'{"format": "aligner-bitext", "version": 1}\n', "align FILE"),
    "an old Word document": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), SEGMENT),
    "a number too long": ("a.jsonl", b'{"id": ' + b"9" * 5000 + b"}\n", EXPORT),
    "brackets nested too deeply": ("a.jsonl", b"[" * 200_000 + b"\n", EXPORT),
    "NaN": ("a.jsonl", b'{"src": "a", "tgt": "b", "confidence": NaN}\n', EXPORT),
    "a memory without body": ("a.tmx", b"<tmx version='1.4'><header/></tmx>", EXPORT),
    "third language": ("a.txt", b"The quick brown fox jumps over the lazy dog.", "segment FILE"),
}  # fmt: skip


def outcome(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    file, content, command = CASES[name]
    path = folder / file
    path.write_bytes(content)
    code = main([part if part != "FILE" else str(path) for part in command.split()])
    said = capsys.readouterr().err.replace(f"{folder}{os.sep}", "").splitlines()
    return f"{name}\t{code}\t{' / '.join(said)}"


def table() -> dict[str, str]:
    return (
        {line.split("\t")[0]: line for line in GOLDEN.read_text("utf-8").splitlines()}
        if GOLDEN.exists()
        else {}
    )


@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = outcome(name, tmp_path, capsys)
    if os.environ.get("ALIGNER_WRITE_GOLDEN"):
        rows = {**table(), name: found}
        GOLDEN.write_text("".join(f"{rows[case]}\n" for case in CASES if case in rows), "utf-8")
    assert found == table()[name]
    code, said = found.split("\t")[1:]
    if code != "0":
        assert (code, said.count("aligner: "), " / " in said) == ("1", 1, False)
        assert said.isprintable()
        assert "mistake" not in said


def test_the_table_has_these_cases_and_no_others() -> None:
    assert list(table()) == list(CASES)
