"""Makers: the same story as PDFs of programs that people make PDFs with.

Needs the programs `chromium`, `soffice` (LibreOffice Writer) and `xelatex` with the package
polyglossia, and the Python packages reportlab, arabic-reshaper and python-bidi.
"""

import html
import http.server
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.find_chromium import find_chromium

FONT = "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf"


@dataclass(frozen=True)
class Story:
    """A title, paragraphs, and rows of a table that is printed below them."""

    title: str
    paragraphs: tuple[str, ...]
    table: tuple[tuple[str, ...], ...] = ()
    rtl: bool = True

    @property
    def text(self) -> str:
        """All of it in the order of reading."""
        rows = ["\t".join(row) for row in self.table]
        return "\n\n".join([self.title, *self.paragraphs, *rows])


def page_of(story: Story, *, columns: int = 1, font: str = "Noto Naskh Arabic") -> str:
    """Return a story as HTML."""
    body = "".join(f"<p>{html.escape(each)}</p>" for each in story.paragraphs)
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in story.table
    )
    table = f"<table>{cells}</table>" if cells else ""
    way = "rtl" if story.rtl else "ltr"
    return (
        f'<!DOCTYPE html><html dir="{way}"><meta charset="utf-8">'
        f"<title>{html.escape(story.title)}</title><style>"
        f"body {{font-family: '{font}', serif; text-align: justify; font-size: 12pt}}"
        f" div {{column-count: {columns}}} td {{border: 1px solid; padding: 4px 14px}}</style>"
        f"<h1>{html.escape(story.title)}</h1><div>{body}</div>{table}</html>"
    )


def _run(command: list[str], made: Path) -> bytes:
    subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=made.parent)
    return made.read_bytes()


class _Page(http.server.BaseHTTPRequestHandler):
    text = ""

    def do_GET(self) -> None:
        """Answer with the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def by_chromium(story: Story, **style: Any) -> bytes:
    """Return the PDF that Chromium prints, with its running heads and feet."""
    handler = type("Page", (_Page,), {"text": page_of(story, **style)})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "a.pdf"
        try:
            return _run(
                [
                    *(str(find_chromium()), "--headless", "--no-sandbox", "--disable-gpu"),
                    f"--host-resolver-rules=MAP news.example 127.0.0.1:{server.server_port}",
                    *(f"--print-to-pdf={made}", "http://news.example/story/17"),
                ],
                made,
            )
        finally:
            server.shutdown()


def by_chromium_columns(story: Story) -> bytes:
    """Return the same in two columns."""
    return by_chromium(story, columns=2)


def by_chromium_sans(story: Story) -> bytes:
    """Return the same in another font."""
    return by_chromium(story, font="DejaVu Sans")


def by_writer(story: Story, columns: int = 1, font: str = "Noto Naskh Arabic") -> bytes:
    """Return the PDF that LibreOffice Writer exports."""
    way = "rl-tb" if story.rtl else "lr-tb"
    text = "".join(
        f'<text:p text:style-name="P">{html.escape(p)}</text:p>' for p in story.paragraphs
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string"><text:p text:style-name="P">'
            f"{html.escape(cell)}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in story.table
    )
    table = (
        f'<table:table table:name="T" table:style-name="T"><table:table-column '
        "table:number-columns-repeated="
        f'"{len(story.table[0])}"/>{rows}</table:table>'
        if story.table
        else ""
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "style", "text", "table")
    )
    odd = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
    name = (
        f'style:font-name="{font}" style:font-name-complex="{font}" '
        f'fo:font-family="{font}" style:font-family-complex="{font}"'
    )
    flat = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {spaces} xmlns:fo="{odd}" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>
<style:style style:name="P" style:family="paragraph"><style:paragraph-properties
 fo:text-align="justify" style:writing-mode="{way}" fo:margin-bottom="0.3cm"/><style:text-properties
 fo:font-size="12pt" style:font-size-complex="12pt" {name}/></style:style>
<style:style style:name="H" style:family="paragraph"><style:paragraph-properties
 fo:text-align="start" style:writing-mode="{way}" fo:margin-bottom="0.4cm"/><style:text-properties
 fo:font-size="20pt" style:font-size-complex="20pt" {name}/></style:style>
<style:style style:name="S" style:family="section"><style:section-properties
 style:writing-mode="{way}"><style:columns fo:column-count="{columns}" fo:column-gap="0.8cm"/>
</style:section-properties></style:style><style:style style:name="T" style:family="table">
<style:table-properties style:writing-mode="{way}"/></style:style></office:automatic-styles>
<office:body><office:text>
<text:p text:style-name="H">{html.escape(story.title)}</text:p>
<text:section text:style-name="S" text:name="S">{text}</text:section>{table}
</office:text></office:body></office:document>"""
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder) / "a.fodt", Path(folder) / "a.pdf"
        page.write_text(flat, encoding="utf-8")
        profile = f"-env:UserInstallation={Path(folder).as_uri()}/profile"
        return _run(["soffice", profile, "--headless", "--convert-to", "pdf", str(page)], made)


def by_writer_columns(story: Story) -> bytes:
    """Return the same in two columns."""
    return by_writer(story, columns=2)


def by_writer_amiri(story: Story) -> bytes:
    """Return the same in another font."""
    return by_writer(story, font="Amiri")


def by_reportlab(story: Story) -> bytes:
    """Return the PDF of a program that shapes and orders Arabic itself, line by line."""
    import io  # noqa: PLC0415

    import arabic_reshaper  # noqa: PLC0415
    from bidi.algorithm import get_display  # noqa: PLC0415
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    reshape = arabic_reshaper.ArabicReshaper({"delete_harakat": False}).reshape
    path = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    pdfmetrics.registerFont(TTFont("Sans", path))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    canvas.setTitle(story.title)
    y = A4[1] - 60
    wide = A4[0] - 100
    rows = ["    ".join(row) for row in story.table]
    for text, size in [(story.title, 18), *((each, 11) for each in (*story.paragraphs, *rows))]:
        for line in _filled(text, size, wide, pdfmetrics.stringWidth):
            if y < 60:
                canvas.showPage()
                y = A4[1] - 60
            canvas.setFont("Sans", size)
            shown = get_display(reshape(line), base_dir="R" if story.rtl else "L")
            (canvas.drawRightString if story.rtl else canvas.drawString)(
                A4[0] - 50 if story.rtl else 50, y, shown
            )
            y -= 1.4 * size
        y -= 0.6 * size
    canvas.save()
    return made.getvalue()


def _filled(text: str, size: int, wide: float, width: Callable[..., float]) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, "Sans", size) > wide:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


_SIGNS = {each: f"\\{each}" for each in "#$%&_{}"} | {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}


_FOREIGN = re.compile(r"([A-Za-z0-9+٠-٩](?:[A-Za-z0-9@:/.,_٫+ -]*[A-Za-z0-9٠-٩])?[%٪]?)")


def by_xetex(story: Story) -> bytes:
    """Return the PDF of XeTeX."""

    def escaped(text: str) -> str:
        # Latin words and numbers that an author must mark for this program.
        runs = _FOREIGN.split(text) if story.rtl else [text]
        parts = ["".join(_SIGNS.get(char, char) for char in run) for run in runs]
        return "".join(rf"\LR{{{part}}}" if at % 2 else part for at, part in enumerate(parts))

    body = "\n\n".join(escaped(each) for each in story.paragraphs)
    main = "[numerals=maghrib]{arabic}" if story.rtl else "{english}"
    rows = r"\\ ".join(" & ".join(map(escaped, row)) for row in story.table)
    columns = "l" * len(story.table[0]) if story.table else ""
    table = rf"\begin{{tabular}}{{{columns}}}{rows}\end{{tabular}}" if rows else ""
    source = rf"""\documentclass[12pt]{{article}}
\usepackage{{fontspec}}\usepackage{{polyglossia}}\setmainlanguage{main}
\setotherlanguage{{{"english" if story.rtl else "arabic"}}}
\setmainfont{{Amiri}}[Script=Arabic]\newfontfamily\arabicfont{{Amiri}}[Script=Arabic]
\newfontfamily\englishfont{{Amiri}}
\TeXXeTstate=1\begin{{document}}\section*{{{escaped(story.title)}}}
{body}

{table}
\end{{document}}"""
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder) / "a.tex", Path(folder) / "a.pdf"
        page.write_text(source, encoding="utf-8")
        return _run(["xelatex", "-interaction=nonstopmode", str(page)], made)


MAKERS: dict[str, Callable[[Story], bytes]] = {
    "chromium": by_chromium,
    "chromium, two columns": by_chromium_columns,
    "chromium, DejaVu Sans": by_chromium_sans,
    "writer": by_writer,
    "writer, two columns": by_writer_columns,
    "writer, Amiri": by_writer_amiri,
    "reportlab": by_reportlab,
    "xetex": by_xetex,
}


if __name__ == "__main__":
    sys.exit("this module has no command; see measure")
