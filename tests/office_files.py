"""Office files: small documents, sheets and books that tests make part by part."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of *parts* in their order; a part `mimetype` is stored."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(name, content, stored)
    return made.getvalue()


def relations(**targets: str) -> str:
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{KINDS}/{kind.rstrip("0123456789")}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def paragraph(text: str, style: str = "") -> str:
    given = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{given}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def docx(body: str, parts: Mapping[str, str] | None = None, *, space: str = WORD) -> bytes:
    """Return a DOCX file with this XML in its body, and with other parts."""
    names = "".join(
        f' xmlns:{name}="{address}"'
        for name, address in {
            "w": space,
            "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
            "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "v": "urn:schemas-microsoft-com:vml",
            "r": KINDS,
        }.items()
    )
    given = dict(parts or {})
    listed = {
        kind: f"{kind}.xml"
        for kind in ("styles", "footnotes", "endnotes", "comments")
        if f"word/{kind}.xml" in given
    }
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(officeDocument="word/document.xml"),
            "word/document.xml": f"<w:document{names}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relations(**listed),
            **{
                name: content.replace("<w:root", f"<w:root{names}")
                for name, content in given.items()
            },
        }
    )


def odt(body: str, styles: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """Return an ODT file with this XML in its text."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": open_content(f"<office:text>{body}</office:text>", styles),
            **(parts or {}),
        }
    )


def ods(tables: str, parts: Mapping[str, str] | None = None) -> bytes:
    """Return an ODS file with these tables."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": open_content(f"<office:spreadsheet>{tables}</office:spreadsheet>"),
            **(parts or {}),
        }
    )


def open_content(body: str, styles: str = "") -> str:
    names = "".join(
        f' xmlns:{name}="{OPEN}:{name}:1.0"'
        for name in ("office", "text", "table", "draw", "style")
    )
    return (
        f'<office:document-content{names} xmlns:fo="{OPEN}:xsl-fo-compatible:1.0" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )


def open_table(rows: Sequence[Sequence[str]], name: str = "Sheet1") -> str:
    """Return a table of ODS; a cell that begins with `<` is XML."""
    cells = [
        "".join(
            cell
            if cell.startswith("<")
            else f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p>'
            f"</table:table-cell>"
            for cell in row
        )
        for row in rows
    ]
    inner = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    return f'<table:table table:name="{name}">{inner}</table:table>'


def sheet(rows: Sequence[Sequence[str | float | tuple[float, int]]]) -> str:
    """Return the XML of a sheet: texts, numbers, numbers with a style, or XML of a cell."""
    made = []
    for n, row in enumerate(rows, 1):
        cells = []
        for at, cell in enumerate(row):
            where = f"{chr(65 + at)}{n}"
            match cell:
                case str() if cell.startswith("<"):
                    cells.append(cell.replace("<c", f'<c r="{where}"', 1))
                case str() if cell:
                    text = f"<is><t>{escape(cell)}</t></is>"
                    cells.append(f'<c r="{where}" t="inlineStr">{text}</c>')
                case (number, style):
                    cells.append(f'<c r="{where}" s="{style}"><v>{number}</v></c>')
                case int() | float():
                    cells.append(f'<c r="{where}"><v>{cell}</v></c>')
                case _:
                    pass
        made.append(f'<row r="{n}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="{SHEET}"><sheetData>{"".join(made)}</sheetData></worksheet>'


# The style 1 is a date, 2 a date with a format of its own, 3 a time, 4 a number with colours.
STYLES = f"""<styleSheet xmlns="{SHEET}"><numFmts><numFmt numFmtId="170"
 formatCode="[$-401]dd/mm/yyyy;@"/><numFmt numFmtId="171"
 formatCode="[Red]#,##0.00\\ &quot;day&quot;"/>
 </numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>
 <xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="20"/><xf numFmtId="171"/></cellXfs>
 </styleSheet>"""


def xlsx(sheets: Mapping[str, str], strings: Sequence[str] = (), *, properties: str = "") -> bytes:
    """Return an XLSX file of these sheets, with the XML of shared texts."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)
    )
    shared = "".join(f"<si>{each}</si>" for each in strings)
    targets = {f"worksheet{n}": f"worksheets/sheet{n}.xml" for n, _ in enumerate(sheets, 1)}
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{KINDS}">{properties}'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                **targets, styles="styles.xml", sharedStrings="sharedStrings.xml"
            ),
            "xl/styles.xml": STYLES,
            "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}">{shared}</sst>',
            **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)},
        }
    )


def epub(
    pages: Mapping[str, str],
    *,
    contents: str = "",
    metadata: str = "<dc:title>كتاب</dc:title>",
    parts: Mapping[str, str] | None = None,
) -> bytes:
    """Return a book of these pages; *contents* is the inside of its table of contents."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n, _ in enumerate(pages))
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
            'container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{metadata}</metadata>'
            f"<manifest>{items}{nav if contents else ''}</manifest><spine>"
            f"{spine}{'<itemref idref=' + chr(34) + 'nav' + chr(34) + '/>' if contents else ''}"
            "</spine></package>",
            "OEBPS/nav.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body>'
            f'<nav epub:type="toc"><ol>{contents}</ol></nav></body></html>',
            **{f"OEBPS/{name}": page(inner) for name, inner in pages.items()},
            **(parts or {}),
        }
    )


def page(inner: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html '
        f'xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{inner}</body></html>'
    )


def rtf(
    body: str, head: str = r"\ansi\ansicpg1256\deff0{\fonttbl{\f0\fcharset178 Arial;}}"
) -> bytes:
    """Return an RTF file; characters outside of ASCII become numbers."""
    return ("{\\rtf1" + head + "\n" + numbered(body) + "}").encode("ascii")


def numbered(text: str) -> str:
    """Return *text* with RTF numbers for all that is not ASCII."""
    made = []
    for char in text:
        if char.isascii():
            made.append(char)
            continue
        raw = char.encode("utf-16-le")
        units = [
            int.from_bytes(raw[at : at + 2], "little", signed=True) for at in range(0, len(raw), 2)
        ]
        made += [f"\\u{unit}?" for unit in units]
    return "".join(made)


def bytewise(text: str, codec: str = "cp1256") -> str:
    """Return *text* with the bytes of a code page for all that is not ASCII."""
    return "".join(
        char if char.isascii() else "".join(f"\\'{byte:02x}" for byte in char.encode(codec))
        for char in text
    )
