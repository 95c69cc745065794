"""Office: documents, sheets and books give the text that their readers see."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

from marsad.corpus.article import Article, Place
from marsad.corpus.read import read
from marsad.corpus.readers.layout import parse_layout
from marsad.corpus.readers.office.zips import kind_of_head
from marsad.corpus.source import Record, Refusal, Skipped
from tests.conftest import ROOT
from tests.office_files import (
    TYPES,
    bytewise,
    docx,
    epub,
    numbered,
    ods,
    odt,
    open_table,
    paragraph,
    relations,
    rtf,
    sheet,
    xlsx,
    zipped,
)

SAMPLES = ROOT / "tests" / "samples" / "office"
TITLE = "هدنة في الجنوب"
FIRST = "أعلن الجانبان اليوم الخميس اتفاقاً على وقف إطلاق النار في المنطقة بعد أيام من القتال."
SECOND = "وقال المتحدث إن المفاوضات ستتواصل في الأسبوع المقبل برعاية الأمم المتحدة."
LINES = [TITLE, "21 سبتمبر 2023", FIRST, "حول المفاوضات", SECOND, "المصدر: تاس"]
HEAD = ["title", "text", "date"]


def records(path: Path, raw: bytes, name: str = "a.bin", **mapping: str) -> list[Record]:
    (path / name).write_bytes(raw)
    return list(read([path / name], mapping))


def only(path: Path, raw: bytes) -> Article:
    (article,) = records(path, raw)
    assert isinstance(article, Article), article
    return article


def reason(path: Path, raw: bytes, name: str = "a.bin") -> str:
    (refusal,) = records(path, raw, name)
    assert isinstance(refusal, Refusal)
    return refusal.reason


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


@pytest.mark.parametrize("program", ["libreoffice", "pandoc"])
@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf"])
def test_documents_of_real_programs_have_every_word_of_their_source(
    program: str, suffix: str
) -> None:
    source = "article.html" if program == "libreoffice" else "article.md"
    text = (SAMPLES / source).read_text(encoding="utf-8")
    if source == "article.html":
        said = re.sub(r"<[^>]+>", " ", text.partition("<body")[2].partition(">")[2])
    else:
        said = re.sub(
            r"\]\([^)]*\)|\[\^1\]|^lang:.*|^dir:.*|^title:", " ", text, flags=re.MULTILINE
        )

    (article,) = read([SAMPLES / f"{program}.{suffix}"])

    assert isinstance(article, Article)
    read_words = words(
        f"{article.title} {article.printed_date} {article.text} المصدر {article.source}"
    )
    assert sorted(read_words) == sorted(words(said))
    assert (article.title, article.source) == (
        "الجيش السوداني يعلن استعادة جسر الحلفايا",
        "الجزيرة",
    )
    assert (article.published_iso(), article.evidence) == ("2023-04-15", "dateline")
    assert [each.heading for each in article.sections] == ["ردود الفعل الدولية", "خلفية"]
    assert "أم درمان\t٧\t٢٣" in article.text


@pytest.mark.parametrize("name", ["libreoffice", "gnumeric"])
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_sheets_of_real_programs_are_read_as_their_csv(name: str, suffix: str) -> None:
    expected = list(read([SAMPLES / "table.csv"]))
    found = list(read([SAMPLES / f"{name}.{suffix}"]))

    assert len(found) == 3
    for article, other in zip(found, expected, strict=True):
        assert isinstance(article, Article)
        assert isinstance(other, Article)
        assert article.digest() == other.digest()


def test_books_of_real_programs_have_an_article_for_each_chapter() -> None:
    whole = list(read([SAMPLES / "libreoffice.epub"]))
    parts = [each for each in read([SAMPLES / "pandoc.epub"]) if isinstance(each, Article)]

    assert [each.places for each in whole if isinstance(each, Article)] == [
        (Place("chapter", 1, 0),)
    ]
    assert [each.title for each in parts] == [
        "الجيش السوداني يعلن استعادة جسر الحلفايا",
        "ردود الفعل الدولية",
        "خلفية",
    ]
    assert [each.places[0].number for each in parts] == [1, 2, 3]


@pytest.mark.parametrize(
    "raw",
    [
        docx("".join(map(paragraph, LINES))),
        odt("".join(f"<text:p>{line}</text:p>" for line in LINES)),
        rtf("\\par ".join(LINES)),
        rtf(bytewise("\\par\n".join(LINES))),
        docx(
            "".join(map(paragraph, LINES)), space="http://purl.oclc.org/ooxml/wordprocessingml/main"
        ),
        docx(
            "<w:p><w:r>" + "<w:br/>".join(f"<w:t>{line}</w:t>" for line in LINES) + "</w:r></w:p>"
        ),
        docx("<w:tbl><w:tr><w:tc>" + "".join(map(paragraph, LINES)) + "</w:tc></w:tr></w:tbl>"),
    ],
)
def test_a_document_is_read_as_the_text_file_of_its_lines(tmp_path: Path, raw: bytes) -> None:
    assert only(tmp_path, raw).digest() == parse_layout("\n\n".join(LINES)).digest()


RUN = "<w:r><w:t>{}</w:t></w:r>"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (f"<w:del>{RUN.format('محذوف')}</w:del><w:ins>{RUN.format('مضاف')}</w:ins>", "مضاف"),
        ("<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>" + RUN.format("رابط"), "رابط"),
        (f"<w:hyperlink r:id='r9'>{RUN.format('رابط')}</w:hyperlink>", "رابط"),
        (
            ("<mc:AlternateContent><mc:Choice Requires='wps'><w:t>مرة</w:t></mc:Choice>"
            "<mc:Fallback><w:t>مرة</w:t></mc:Fallback></mc:AlternateContent>"),
            "مرة",
        ),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>خفي</w:t></w:r>" + RUN.format("ظاهر"), "ظاهر"),
        (
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>ظاهر</w:t></w:r>",
            "ظاهر",
        ),
        (("<w:sdt><w:sdtPr><w:t>عنصر</w:t></w:sdtPr><w:sdtContent>"
         f"{RUN.format('نص')}</w:sdtContent></w:sdt>"), "نص"),
        ("<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath>", "x+y"),
        ("<w:r><w:t>لا</w:t><w:tab/><w:t>نعم</w:t><w:noBreakHyphen/></w:r>", "لا\tنعم\u2011"),
        (f"<w:moveFrom>{RUN.format('قديم')}</w:moveFrom><w:moveTo>{RUN.format('جديد')}</w:moveTo>",
         "جديد"),
    ],
)  # fmt: skip
def test_a_word_document_gives_what_is_seen(tmp_path: Path, inside: str, expected: str) -> None:
    raw = docx(paragraph(TITLE) + f"<w:p>{inside}</w:p>" + paragraph(FIRST))

    assert only(tmp_path, raw).text == f"{expected}\n\n{FIRST}"


def test_a_paragraph_whose_mark_is_deleted_goes_on_with_the_next(tmp_path: Path) -> None:
    mark = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    joined = f"<w:p>{mark}{RUN.format('أعلن ')}</w:p><w:p>{RUN.format('الجانبان.')}</w:p>"

    assert only(tmp_path, docx(paragraph(TITLE) + joined)).text == "أعلن الجانبان."


def test_text_boxes_come_once_below_their_paragraph_and_notes_at_the_end(tmp_path: Path) -> None:
    inside = f"<w:txbxContent>{paragraph('في مربع.')}</w:txbxContent>"
    box = f"<w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"
    notes = (
        "<w:root><w:footnote w:type='separator' w:id='0'><w:p><w:r><w:t>---</w:t></w:r></w:p>"
        f"</w:footnote><w:footnote w:id='1'>{paragraph('حاشية أولى.')}</w:footnote></w:root>"
    )
    body = f"<w:p>{RUN.format(FIRST)}<w:r>{box}<w:footnoteReference w:id='1'/></w:r></w:p>"
    raw = docx(paragraph(TITLE) + body + paragraph(SECOND), {"word/footnotes.xml": notes})

    article = only(tmp_path, raw)

    assert article.text == f"{FIRST}\n\nفي مربع.\n\n{SECOND}\n\nحاشية أولى."


def test_styles_tell_title_and_headings(tmp_path: Path) -> None:
    styles = (
        "<w:root><w:style w:styleId='T'><w:name w:val='Title'/></w:style>"
        "<w:style w:styleId='H'><w:name w:val='heading 2'/></w:style>"
        "<w:style w:styleId='Mine'><w:name w:val='عنوان'/><w:basedOn w:val='H'/></w:style>"
        "<w:style w:styleId='C'><w:name w:val='toc 1'/></w:style></w:root>"
    )
    body = [
        paragraph("خاص بالموقع"),
        paragraph(TITLE, "T"),
        paragraph("حول المفاوضات\t3", "C"),
        paragraph(FIRST),
        paragraph("حول المفاوضات", "Mine"),
        paragraph("سطر قصير ليس عنواناً"),
        paragraph(SECOND),
    ]

    article = only(tmp_path, docx("".join(body), {"word/styles.xml": styles}))

    assert article.title == TITLE
    assert "\t3" not in article.text
    assert [each.heading for each in article.sections] == ["حول المفاوضات"]


BREAK = "<w:r><w:br w:type='page'/></w:r>"
RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"
TOP = paragraph(TITLE) + paragraph(FIRST)
NEXT = RUN.format(SECOND)
OPEN_TOP = f"<text:p>{TITLE}</text:p><text:p>{FIRST}</text:p>"
RTF_TOP = f"{TITLE}\\par {FIRST}"
BEFORE = "<style:paragraph-properties fo:break-before='page'/>"
BREAKING = f"<style:style style:name='P1'>{BEFORE}</style:style>"


@pytest.mark.parametrize(
    ("raw", "start"),
    [
        (docx(TOP + f"<w:p>{BREAK}</w:p>" + paragraph(SECOND)), len(FIRST) + 2),
        (docx(TOP + f"<w:p>{RENDERED}{NEXT}</w:p>"), len(FIRST) + 2),
        # Word also notes a page break that someone made.
        (docx(TOP + f"<w:p>{BREAK}</w:p><w:p>{RENDERED}{NEXT}</w:p>"), len(FIRST) + 2),
        (docx(f"{paragraph(TITLE)}<w:p>{RUN.format('أعلن ')}{RENDERED}{NEXT}</w:p>"), 5),
        (docx(TOP + f"<w:p><w:pPr><w:pageBreakBefore/></w:pPr>{NEXT}</w:p>"), len(FIRST) + 2),
        (odt(f"{OPEN_TOP}<text:soft-page-break/><text:p>{SECOND}</text:p>"), len(FIRST) + 2),
        (
            odt(f"{OPEN_TOP}<text:p text:style-name='P1'>{SECOND}</text:p>", BREAKING),
            len(FIRST) + 2,
        ),
        (rtf(f"{RTF_TOP}\\par\\page {SECOND}\\par"), len(FIRST) + 2),
        (rtf(f"{RTF_TOP}\\sect\\sectd\\sbkpage {SECOND}\\par"), len(FIRST) + 2),
        (rtf(f"{RTF_TOP}\\sect\\sectd\\sbknone {SECOND}\\par"), 0),
    ],
)
def test_pages_begin_where_the_document_says(tmp_path: Path, raw: bytes, start: int) -> None:
    article = only(tmp_path, raw)

    assert article.places == ((Place("page", 1, 0), Place("page", 2, start)) if start else ())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (bytewise("هدنة"), "هدنة"),
        (numbered("هدنة 😀 🕊"), "هدنة 😀 🕊"),
        (r"{\uc0 \u1607\u1583\u1606\u1577}", "هدنة"),
        (r"{\uc2 \u1607\'e5\'e5\u1583\'cf\'cf}", "هد"),
        (r"\u-1568?a", "\uf9e0a"),
        (r"{\f1 \'e4\'e8} {\f2 \'ef\'f0\'e8}", "نè при"),
        (r"{\*\bkmkstart x}a{\v b}{\deleted c}\ldblquote d\rdblquote", "a“d”"),
        (r'{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt a}}', "a"),
        (r"{\upr{b}{\*\ud{\u1607?}}}", "ه"),
        (r"{\pict\pngblip 89504e47}{\pntext 1.\tab}a\~b\_c\-d", "a\u00a0b\u2011cd"),
        (r"\{a\\b\}", r"{a\b}"),
        ("a{\\*\\unheardof b}{\\pict \\bin3 }}}}c", "ac"),
    ],
)  # fmt: skip
def test_rtf_signs_are_read(tmp_path: Path, body: str, expected: str) -> None:
    head = (
        r"\ansi\ansicpg1256{\fonttbl{\f0\fcharset178 A;}{\f1\fcharset178 B;}{\f2\fcharset204 C;}}"
    )
    raw = rtf(f"{numbered(TITLE)}\\par {body}\\par {numbered(FIRST)}", head)

    found = only(tmp_path, raw).text

    assert found == f"{expected}\n\n{FIRST}"


@pytest.mark.parametrize(
    "head",
    [
        r"\ansi\ansicpg1256",
        r"\ansi\ansicpg1252{\fonttbl{\f0\fcharset178 Arial;}}\f0 ",
        r"\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}}\f0 ",
        r"\ansi ",
        r"\ansi{\fonttbl{\f0\cpg1256 Arial;}}\f0 ",
    ],
)
def test_arabic_bytes_of_rtf_are_read_whatever_the_file_says(tmp_path: Path, head: str) -> None:
    raw = rtf(bytewise(f"{TITLE}\\par {FIRST}\\par {SECOND}"), head)

    assert only(tmp_path, raw).text == f"{FIRST}\n\n{SECOND}"


def test_an_rtf_table_and_note_and_info_are_in_their_places(tmp_path: Path) -> None:
    raw = rtf(
        f"{{\\info{{\\title {TITLE}}}{{\\author x}}}}{{\\header x}}"
        "{\\stylesheet{\\s1 heading 1;}}"
        f"{FIRST}{{\\footnote\\pard {{\\super\\chftn}} حاشية.}}\\par"
        "\\trowd\\cellx1\\cellx2\\pard\\intbl أ\\cell ب\\cell\\row\\pard "
        f"{SECOND}\\par\\pard\\s1 عنوان\\par\\pard {FIRST}\\par"
    )

    article = only(tmp_path, raw)

    assert article.title == TITLE
    assert article.text == f"{FIRST}\n\nأ\tب\n\n{SECOND}\n\nعنوان\n\n{FIRST}\n\nحاشية."


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ((45031, 1), "2023-04-15"),
        ((45031.4375, 2), "2023-04-15"),
        (45031, "2023-04-15"),
        ("2023-04-15", "2023-04-15"),
        ("45031", "2023-04-15"),
        ('<c t="d"><v>2023-04-15T10:00:00</v></c>', "2023-04-15"),
        ('<c t="str"><f>A1</f><v>15/04/2023</v></c>', "2023-04-15"),
        ("<c s='1'><f>TODAY()</f><v>45031</v></c>", "2023-04-15"),
        (2023, "2023"),
        ("", None),
        ('<c t="e"><v>#N/A</v></c>', None),
    ],
)
def test_the_day_of_a_row_is_read(
    tmp_path: Path, cell: str | float | tuple[float, int], expected: str | None
) -> None:
    article = only(tmp_path, xlsx({"a": sheet([HEAD, [TITLE, FIRST, cell]])}))

    assert article.published_iso() == expected


def test_a_number_in_a_column_of_other_numbers_is_no_day(tmp_path: Path) -> None:
    rows: list[list[str | float | tuple[float, int]]] = [
        ["title", "text", "id", "date"],
        [TITLE, FIRST, 45031, "2023"],
        [TITLE, SECOND, 7, 2024],
    ]

    found = records(tmp_path, xlsx({"a": sheet(rows)}))

    assert [each.published_iso() for each in found if isinstance(each, Article)] == ["2023", "2024"]
    assert [each.id for each in found if isinstance(each, Article)] == ["45031", "7"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Page Name", "Post Created", "Message", "Link Text", "Description", "URL"],
         ["صفحة", "2023-04-15 10:00:00 EET", FIRST, "رابط", SECOND, "https://example.org/1"]],
        [["title", "text", "date"], [TITLE, FIRST, "04/05/2023"], [TITLE, SECOND, "04/15/2023"]],
        [["العنوان", "النص", "التاريخ", "الوكالة"], [TITLE, FIRST, "٢١ أيلول ٢٠٢٣", "تاس"]],
        [["text", "text", "date"], ["", FIRST, "NaT"], [SECOND, "x", "-"]],
        [["id", "headline", "body", "pub_date", "url"],
         ["7", TITLE, FIRST, "2023-04", "https://example.org/7"]],
    ],
)  # fmt: skip
def test_the_columns_of_a_sheet_are_those_of_a_table(tmp_path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)

    table = records(tmp_path, text.getvalue().encode(), "a.csv")

    for raw in (xlsx({"a": sheet(rows)}), ods(open_table(rows))):
        found = records(tmp_path, raw)
        assert [each.digest() for each in found if isinstance(each, Article)] == [
            each.digest() for each in table if isinstance(each, Article)
        ]
        assert len(found) == len(rows) - 1


def test_days_may_count_from_1904(tmp_path: Path) -> None:
    raw = xlsx(
        {"a": sheet([HEAD, [TITLE, FIRST, (43569, 1)]])}, properties='<workbookPr date1904="1"/>'
    )

    assert only(tmp_path, raw).published_iso() == "2023-04-15"


@pytest.mark.parametrize(
    "strings",
    [
        ["<t>title</t>", "<t>text</t>", f"<t>{TITLE}</t>", f"<t>{FIRST}</t>"],
        ["<t>title</t>", "<t>text</t>", f"<r><t>{TITLE[:5]}</t></r><r><rPr/><t>{TITLE[5:]}</t></r>",
         f"<t xml:space='preserve'>{FIRST}</t>"],
        ["<t>title</t>", "<t>text</t>", f"<t>{TITLE}</t><rPh><t>x</t></rPh>",
         f"<t>{FIRST}_x000D_</t>"],
    ],
)  # fmt: skip
def test_shared_texts_are_read(tmp_path: Path, strings: list[str]) -> None:
    cells = [[f'<c t="s"><v>{n}</v></c>' for n in pair] for pair in ((0, 1), (2, 3))]

    article = only(tmp_path, xlsx({"a": sheet(cells)}, strings))

    assert (article.title, article.text) == (TITLE, FIRST)


def test_several_sheets_are_read_and_those_without_a_text_are_named(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        xlsx(
            {
                "ملخص": sheet([["المدينة", "القتلى"], ["الخرطوم", 12]]),
                "أخبار": sheet([["تقرير الأسبوع"], [], ["العنوان", "النص"], [TITLE, FIRST]]),
                "فارغة": sheet([]),
                "آخر": sheet([["title", "text"], [TITLE, SECOND], ["x", ""]]),
            }
        ),
    )

    articles = [each for each in found if isinstance(each, Article)]
    assert [(each.text, each.places[0].number) for each in articles] == [(FIRST, 2), (SECOND, 4)]
    assert [each.origin.record for each in articles if each.origin] == [4, 2]
    (refusal,) = (each for each in found if isinstance(each, Refusal))
    assert (refusal.line, refusal.format) == (3, "json")
    (passed,) = (each for each in found if isinstance(each, Skipped))
    assert "'ملخص': found the columns المدينة, القتلى" in passed.reason


def test_a_sheet_takes_a_mapping_and_says_which_columns_it_found(tmp_path: Path) -> None:
    raw = xlsx({"a": sheet([["c1", "c2"], [TITLE, FIRST]])})

    (article,) = records(tmp_path, raw, title="c1", text="c2")

    assert isinstance(article, Article)
    assert (article.title, article.text) == (TITLE, FIRST)
    assert "found the columns c1, c2, expected one of the text" in reason(tmp_path, raw)
    assert "found no column 'c9' for text" in str(records(tmp_path, raw, text="c9"))


DATE_CELL = (
    "<table:table-cell office:value-type='date' office:date-value='{}'><text:p>x</text:p>"
    "</table:table-cell>"
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (DATE_CELL.format("2023-04-15"), "2023-04-15"),
        (DATE_CELL.format("2023-04-15T10:00:00"), "2023-04-15"),
        ("<table:table-cell office:value-type='float' office:value='45031'/>", "2023-04-15"),
        ("15 أبريل 2023", "2023-04-15"),
        ("<table:table-cell table:number-columns-repeated='16000'/>", None),
    ],
)
def test_the_day_of_a_row_of_ods_is_read(tmp_path: Path, cell: str, expected: str | None) -> None:
    annotated = (
        "<table:table-cell office:value-type='string'><office:annotation><text:p>تعليق</text:p>"
        f"</office:annotation><text:p>{FIRST}</text:p><text:p>أ<text:s text:c='2'/>ب</text:p>"
        "</table:table-cell>"
    )
    rows = [HEAD, [TITLE, annotated, cell], ["<table:table-cell/>"]]

    article, passed = records(tmp_path, ods(open_table([["عن الملف"]], "أول") + open_table(rows)))

    assert isinstance(passed, Skipped)
    assert isinstance(article, Article)
    assert article.text == f"{FIRST}\nأ  ب"
    assert article.published_iso() == expected


def test_repeated_rows_of_ods_cost_nothing_and_count(tmp_path: Path) -> None:
    table = open_table([["text"], [FIRST]]).replace(
        "</table:table>",
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell/>"
        "</table:table-row>"
        f"<table:table-row><table:table-cell><text:p>{SECOND}</text:p></table:table-cell>"
        "</table:table-row></table:table>",
    )

    found = records(tmp_path, ods(table))

    assert [each.origin.record for each in found if isinstance(each, Article) and each.origin] == [
        2,
        1048003,
    ]


def test_opendocument_gives_what_is_seen(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>محذوف</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:p text:style-name='P1'>{TITLE}</text:p>"
        f"<text:p>{FIRST}<office:annotation><text:p>تعليق</text:p></office:annotation>"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>حاشية.</text:p>"
        "</text:note-body></text:note></text:p>"
        "<text:table-of-content><text:index-body><text:p>فهرس</text:p></text:index-body>"
        "</text:table-of-content>"
        f"<text:p>أ\n   ب<text:tab/>ج<text:s/>د<draw:frame><draw:text-box><text:p>في مربع.</text:p>"
        "</draw:text-box></draw:frame>.</text:p>"
        f"<text:h>عنوان فرعي</text:h><text:list><text:list-item><text:p>{SECOND}</text:p>"
        "</text:list-item></text:list>"
    )
    styles = "<style:style style:name='P1' style:parent-style-name='Title'/>"

    article = only(tmp_path, odt(body, styles))

    assert article.title == TITLE
    assert article.text == (f"{FIRST}\n\nأ ب\tج د.\n\nفي مربع.\n\nعنوان فرعي\n\n{SECOND}\n\nحاشية.")
    assert [each.heading for each in article.sections] == ["عنوان فرعي"]


def link(target: str, title: str) -> str:
    return f'<li><a href="{target}">{title}</a></li>'


def test_chapters_are_in_the_order_of_the_spine_with_the_titles_of_the_contents(
    tmp_path: Path,
) -> None:
    pages = {
        "cover.xhtml": "<img/>",
        "z.xhtml": f"<p>{FIRST}</p>",
        "z2.xhtml": f"<p>{SECOND}</p>",
        "a.xhtml": f"<h1 id='c2'>ثان</h1><p>{SECOND}</p><h1 id='c3'>ثالث</h1><p>{FIRST}"
        "<a epub:type='noteref'>1</a></p><aside epub:type='footnote'>حاشية.</aside>",
    }
    contents = link("z.xhtml", "أول") + link("a.xhtml#c2", "ثان") + link("a.xhtml#c3", "ثالث")
    metadata = (
        "<dc:title>كتاب</dc:title><dc:creator>فلان</dc:creator><dc:publisher>دار</dc:publisher>"
    )

    found = records(tmp_path, epub(pages, contents=contents, metadata=metadata))

    articles = [each for each in found if isinstance(each, Article)]
    assert [(each.title, each.text) for each in articles] == [
        ("أول", f"{FIRST}\n\n{SECOND}"),
        ("ثان", SECOND),
        ("ثالث", f"{FIRST}\n\nحاشية."),
    ]
    assert {(each.source, each.author, each.publisher) for each in articles} == {
        ("كتاب", "فلان", "دار")
    }
    assert [each.places for each in articles] == [(Place("chapter", n, 0),) for n in (1, 2, 3)]


def test_a_book_without_a_list_of_its_files_is_read_by_their_names(tmp_path: Path) -> None:
    parts = {f"OEBPS/c{n}.xhtml": f"<h1>فصل {n}</h1><p>{FIRST}</p>" for n in (10, 2, 1)}

    found = records(tmp_path, zipped({"mimetype": "application/epub+zip", **parts}))

    assert [each.title for each in found if isinstance(each, Article)] == [
        "فصل 1",
        "فصل 2",
        "فصل 10",
    ]


def test_a_table_of_contents_of_the_older_form_is_read(tmp_path: Path) -> None:
    ncx = (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "x.dtd"><ncx><navMap><navPoint>'
        "<navLabel><text>أول</text></navLabel><content src='a.xhtml'/></navPoint></navMap></ncx>"
    )
    opf = (
        "<package><manifest><item id='a' href='a.xhtml'/><item id='n' href='toc.ncx' "
        "media-type='application/x-dtbncx+xml'/></manifest><spine><itemref idref='a'/></spine>"
        "</package>"
    )
    parts = {"b.opf": opf, "toc.ncx": ncx, "a.xhtml": f"<p>{FIRST}</p>"}

    (article,) = records(tmp_path, zipped({"mimetype": "application/epub+zip", **parts}))

    assert isinstance(article, Article)
    assert (article.title, article.text) == ("أول", FIRST)


DOCUMENTS = {
    "docx": docx(paragraph(TITLE) + paragraph(FIRST)),
    "odt": odt(f"<text:p>{TITLE}</text:p><text:p>{FIRST}</text:p>"),
    "xlsx": xlsx({"a": sheet([["title", "text"], [TITLE, FIRST]])}),
    "ods": ods(open_table([["title", "text"], [TITLE, FIRST]])),
    "epub": epub({"a.xhtml": f"<h1>{TITLE}</h1><p>{FIRST}</p>"}),
    "rtf": rtf(f"{TITLE}\\par {FIRST}"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("suffix", ["", ".zip", ".docx", ".txt", ".download", ".doc"])
def test_the_content_decides_what_a_document_is(tmp_path: Path, name: str, suffix: str) -> None:
    article = only(tmp_path, DOCUMENTS[name])
    (tmp_path / "a.bin").unlink()
    (tmp_path / f"b{suffix}").write_bytes(DOCUMENTS[name])

    (found,) = read([tmp_path])

    assert isinstance(found, Article)
    assert found.digest() == article.digest() == only(tmp_path, DOCUMENTS[name]).digest()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_documents_in_archives_are_read(tmp_path: Path, method: int) -> None:
    inner = zipped({f"in/b.{name}": raw for name, raw in DOCUMENTS.items()}, method)
    raw = zipped({**{f"a.{name}": raw for name, raw in DOCUMENTS.items()}, "c.zip": inner}, method)

    found = records(tmp_path, raw, "all.zip")

    assert [each.text for each in found if isinstance(each, Article)] == [FIRST] * 12
    assert len(found) == 12


def test_members_may_be_in_any_order(tmp_path: Path) -> None:
    parts: dict[str, str | bytes] = {
        "word/media/image1.bin": b"x" * 20_000,
        "Word/Document.xml": docx_part(docx(paragraph(TITLE) + paragraph(FIRST))),
        "_rels/.rels": relations(officeDocument="/Word/Document.xml"),
        "[Content_Types].xml": TYPES,
    }
    raw = zipped(parts, zipfile.ZIP_STORED)

    assert kind_of_head(raw[:8192]) == ""
    assert only(tmp_path, raw).text == FIRST


def docx_part(raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read("word/document.xml")


def test_an_archive_with_a_folder_named_word_is_an_archive(tmp_path: Path) -> None:
    raw = zipped({"word/a.txt": f"{TITLE}\n\n{FIRST}", "xl/b.txt": f"{TITLE}\n\n{SECOND}"})

    found = records(tmp_path, raw, "a.zip")

    assert [each.text for each in found if isinstance(each, Article)] == [FIRST, SECOND]


def test_slides_are_named_and_not_read(tmp_path: Path) -> None:
    raw = zipped({"x": "x" * 9000, "[Content_Types].xml": TYPES, "ppt/slides/slide1.xml": "<a/>"})
    for name, content in (("a.zip", raw), ("b.pptx", raw), ("c.zip", zipped({"d/e.pptx": raw}))):
        (tmp_path / name).write_bytes(content)

    found = list(read([tmp_path]))

    assert [each.kind for each in found if isinstance(each, Skipped)] == ["not-read"] * 3


def test_an_archive_that_begins_with_slides_is_an_archive(tmp_path: Path) -> None:
    slides = zipped({"[Content_Types].xml": TYPES, "ppt/slides/slide1.xml": "<a/>"})
    raw = zipped({"a.pptx": slides, "b.txt": f"{TITLE}\n\n{FIRST}"}, zipfile.ZIP_STORED)

    passed, article = records(tmp_path, raw, "a.zip")

    assert isinstance(passed, Skipped)
    assert isinstance(article, Article)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.bin", "a.doc"])
def test_an_encrypted_office_file_is_named(tmp_path: Path, name: str) -> None:
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000
    raw += "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000
    (tmp_path / name).write_bytes(raw)

    (named,) = read([tmp_path / name])

    assert isinstance(named, Refusal)
    assert "encrypted office file, which is not read; save it without a password" in named.reason
