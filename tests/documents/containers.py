"""Small documents of every container format, made of their parts; tests change the parts."""

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"

Parts = dict[str, str]


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def relations(*pairs: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(pairs)
    )
    return f'<Relationships xmlns="{RELATIONS}">{items}</Relationships>'


STYLES = {
    "H1": '<w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>',
    "T": '<w:name w:val="Title"/>',
    "C": '<w:name w:val="caption"/>',
    "L": '<w:name w:val="List Paragraph"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>',
    "TOC1": '<w:name w:val="toc 1"/>',
    "Mine": '<w:name w:val="Mine"/><w:basedOn w:val="H1"/>',
    "Loop": '<w:name w:val="Loop"/><w:basedOn w:val="Loop"/>',
    "Old": '<w:name w:val="Old"/><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr>',
    "Secret": '<w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr>',
}


def docx_parts(body: str, footnotes: str = "") -> Parts:
    styles = "".join(f'<w:style w:styleId="{name}">{inner}</w:style>' for name, inner in STYLES.items())
    return {
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": relations(("styles", "styles.xml"), ("footnotes", "footnotes.xml")),
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}">{footnotes}</w:footnotes>',
    }


def p(text: str, style: str = "") -> str:
    """A paragraph of a Word document; what begins with `<` is taken as it is."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{text if text.startswith('<') else r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{text}</w:t></w:r>'


def odt_parts(body: str, styles: str = "") -> Parts:
    spaces = " ".join(
        f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "text", "table", "style", "drawing")
    )
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>",
    }


def epub_parts(*chapters: str) -> Parts:
    names = [f"c{n}.xhtml" for n in range(len(chapters))]
    items = "".join(f'<item id="{n}" href="text/{n}" media-type="application/xhtml+xml"/>' for n in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfile full-path="O/b.opf"/></container>',
        "O/b.opf": '<package><manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" '
        f'properties="nav"/>{items}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>',
        "O/nav.xhtml": "<html><body><nav><a href='x'>Mục lục</a></nav></body></html>",
        **{
            f"O/text/{name}": '<?xml version="1.0" encoding="utf-8"?>'
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{text}</body></html>'
            for name, text in zip(names, chapters, strict=True)
        },
    }


def xlsx_parts(*sheets: str) -> Parts:
    """Sheets are given as their rows' XML; shared strings are 一, Một, and one with a reading."""
    listed = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(len(sheets)))
    targets = [("worksheet", f"worksheets/s{n}.xml") for n in range(len(sheets))]
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(*targets, ("sharedStrings", "sharedStrings.xml")),
        "xl/sharedStrings.xml": f'<sst xmlns="{S}"><si><t>一本书。</t></si><si><r><t>Một quyển </t></r>'
        "<r><t>sách.</t></r></si><si><t>河</t><rPh><t>hé</t></rPh></si></sst>",
        **{
            f"xl/worksheets/s{n}.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
            for n, rows in enumerate(sheets)
        },
    }
