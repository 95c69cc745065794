"""Press: an export of Nexis or Factiva gives each of its articles, and no other file is split."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.readers.press.export import articles_of
from marsad.corpus.readers.press.piece import press_date
from marsad.corpus.source import Skipped
from tests.office_files import docx, odt, paragraph, rtf

TITLE = "الجيش السوداني يعلن استعادة جسر الحلفايا في الخرطوم"
BODY = [
    "أعلن الجيش السوداني اليوم استعادة السيطرة على جسر الحلفايا شمال الخرطوم بعد اشتباكات عنيفة.",
    "وقال شهود عيان إن القصف المدفعي تواصل في محيط المدينة، فيما دعت الأمم المتحدة إلى وقف النار.",
]
COVER = f"""User Name: x
Date and Time: Saturday, April 22, 2023 10:00 AM EDT
Job Number: 1
Documents (3)
1. {TITLE} 1
Client/Matter: -None-
Search Terms: x
Search Type: Terms and Connectors
2. {TITLE} 2
Client/Matter: -None-
3. {TITLE} 3
Client/Matter: -None-
Narrowed by:
Content Type
Narrowed by
"""


def text_of(n: int) -> str:
    return "\n\n".join(f"{part} {n}" for part in BODY)


def uni(n: int, of: int) -> str:
    return f"""
Page {n} of {of}

{TITLE} {n}

الجزيرة

April 15, 2023 Saturday 10:30 AM GMT

Copyright 2023 Al Jazeera All Rights Reserved

Section: NEWS; Pg. 1
Length: 120 words
Byline: فلان

Body

{text_of(n)}

Classification

Language: ARABIC
Publication-Type: Newspaper
Load-Date: April 16, 2023

End of Document
"""


def academic(n: int, of: int) -> str:
    return f"""
                               {n} of {of} DOCUMENTS

                              الجزيرة

                             April 15, 2023 Saturday
                              Late Edition - Final

{TITLE} {n}

BYLINE: فلان

SECTION: Section A; Pg. 1

LENGTH: 120 words

DATELINE: الخرطوم

{text_of(n)}

URL: https://example.org/{n}

LOAD-DATE: April 16, 2023

LANGUAGE: ARABIC

GRAPHIC: PHOTO: x

                     Copyright 2023 Al Jazeera
                          All Rights Reserved
"""


def labelled(n: int, of: int) -> str:
    return f"""
                               {n} of {of} DOCUMENTS


                       Copyright 2023 Al Jazeera
                          All Rights Reserved

                              الجزيرة

                        15 نيسان/أبريل 2023 السبت

SECTION: A

LENGTH: 120 words

HEADLINE: {TITLE} {n}

BYLINE: فلان

BODY:

{text_of(n)}

LOAD-DATE: April 16, 2023
"""


def bare(n: int, of: int) -> str:
    return f"{n} of {of} DOCUMENTS\n\n{TITLE} {n}\nالجزيرة\nApril 15, 2023\n\n{text_of(n)}\n\n"


def paged(n: int, of: int) -> str:
    return (
        f"Page {n} of {of}\n{TITLE} {n}\nالجزيرة\nSaturday, April 15, 2023\nLength: 9 words\n"
        f"{text_of(n)}\nLoad-Date: April 16, 2023\n"
    )


def ended(n: int, of: int) -> str:  # noqa: ARG001
    return f"{TITLE} {n}\nالجزيرة\n15 April 2023\n{text_of(n)}\nEnd of Document\n"


def factiva(n: int, of: int) -> str:  # noqa: ARG001
    return f"""News
{TITLE} {n}
بقلم فلان
120 words
15 April 2023
10:00 AM
الجزيرة
ALJZ
Arabic
(c) 2023 Al Jazeera

{text_of(n)}

Document ALJZ000020230415ej4f0000{n}

"""


def arabic(n: int, of: int) -> str:  # noqa: ARG001
    return f"""{TITLE} {n}
120 كلمة
15 أبريل 2023
الجزيرة
العربية
حقوق النشر 2023
{text_of(n)}
وثيقة ALJZ000020230415ej4f0000{n}
"""


def coded(n: int, of: int) -> str:  # noqa: ARG001
    first, second = text_of(n).split("\n\n")
    return f"""SE   World
HD   {TITLE} {n}
BY   فلان
WC   120 words
PD   15 April 2023
ET   10:00
SN   الجزيرة
SC   ALJZ
LA   Arabic
CY   (c) 2023 Al Jazeera
LP   {first}
TD   {second}
CO   aljaz : Al Jazeera
IN   ipubl : Publishing
AN   Document ALJZ000020230415ej4f0000{n}
"""


def tabbed(n: int, of: int) -> str:
    return coded(n, of).replace("   ", "\t")


LAYOUTS = [uni, academic, labelled, bare, paged, ended, factiva, arabic, coded, tabbed]
Layout = Callable[[int, int], str]


def check(found: list[Article], count: int) -> None:
    assert len(found) == count
    for n, article in enumerate(found, 1):
        assert (article.title, article.text) == (f"{TITLE} {n}", text_of(n))
        assert (article.source, article.published_iso()) == ("الجزيرة", "2023-04-15")
        assert (article.evidence, article.language) == ("dateline", "ar")
        assert article.origin is not None
        assert article.origin.record == (n if count > 1 else 0)
    assert len({article.id for article in found}) == count


def articles(path: Path) -> list[Article]:
    found = list(read([path]))
    assert all(isinstance(each, Article) for each in found), found
    return [each for each in found if isinstance(each, Article)]


def as_text(lines: list[str]) -> bytes:
    return "\r\n".join(lines).encode()


def as_rtf(lines: list[str]) -> bytes:
    return rtf("\\par\n".join(line.replace("\t", "\\tab ") for line in lines))


def as_docx(lines: list[str]) -> bytes:
    return docx("".join(paragraph(line) for line in lines if line.strip()))


def as_odt(lines: list[str]) -> bytes:
    kept = (
        line.replace("\t", "<text:tab/>").replace("   ", "<text:s text:c='3'/>") for line in lines
    )
    return odt("".join(f"<text:p>{line}</text:p>" for line in kept))


def as_html(lines: list[str]) -> bytes:
    inner = "".join(f"<p>{line.replace(chr(9), ' : ')}</p>" for line in lines)
    return f'<html><head><meta charset="utf-8"></head><body>{inner}</body></html>'.encode()


Way = Callable[[list[str]], bytes]
WAYS: list[Way] = [as_text, as_rtf, as_docx, as_odt, as_html]
SUFFIXES: dict[Way, str] = dict(zip(WAYS, (".txt", ".rtf", ".docx", ".odt", ".html"), strict=True))


@pytest.mark.parametrize(
    ("layout", "count"),
    [
        (layout, count)
        for layout in LAYOUTS
        for count in (1, 3, 11)
        # One such article has no mark of a database.
        if count > 1 or layout not in {bare, ended}
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_each_article_of_an_export_is_read(
    tmp_path: Path, layout: Layout, way: Way, count: int
) -> None:
    lines = "".join(layout(n, count) for n in range(1, count + 1)).splitlines()
    path = tmp_path / f"export{SUFFIXES[way]}"
    path.write_bytes(way([line.strip() for line in lines]))

    check(articles(path), count)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
def test_exports_in_old_encodings_are_split(tmp_path: Path, encoding: str) -> None:
    text = "".join(arabic(n, 3) for n in (1, 2, 3))
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))

    check(articles(tmp_path / "a.txt"), 3)


@pytest.mark.parametrize("way", [as_text, as_rtf, as_docx])
def test_the_cover_of_an_export_is_no_article(tmp_path: Path, way: Way) -> None:
    text = COVER + "".join(uni(n, 3) for n in (1, 2, 3)) + "About LexisNexis\nCopyright © 2023 L.\n"
    path = tmp_path / f"export{SUFFIXES[way]}"
    path.write_bytes(way([line.strip() for line in text.splitlines()]))

    check(articles(path), 3)


def test_facts_beside_the_text_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(academic(1, 2) + academic(2, 2), encoding="utf-8")
    (tmp_path / "b.txt").write_text(factiva(1, 1) + factiva(2, 1), encoding="utf-8")

    nexis, _, first, _ = articles(tmp_path)

    assert (nexis.author, nexis.url) == ("فلان", "https://example.org/1")
    assert (first.author, first.id) == ("بقلم فلان", "ALJZ000020230415ej4f00001")
    assert nexis.printed_date == "April 15, 2023 Saturday"


def test_lines_that_were_cut_at_a_width_are_joined() -> None:
    paragraph_ = "word " * 60
    cut = "\n".join(paragraph_[at : at + 75].strip() for at in range(0, len(paragraph_), 75))
    text = academic(1, 1).replace(BODY[0], cut)

    found = articles_of([line.strip() for line in text.splitlines()])

    assert found is not None
    assert found[0].body[0].split() == [*("word " * 60).split(), "1"]


BOX = """<div class="article {kind}Article"><div id="article-ALJZ{n}">{inner}</div></div>"""


def boxed_plain(n: int) -> str:
    paragraphs = "".join(
        f'<p class="articleParagraph arArticleParagraph">{part}</p>'
        for part in text_of(n).split("\n\n")
    )
    return BOX.format(
        kind="ar",
        n=n,
        inner=f'<div id="hd"><span class="arHeadline">{TITLE} {n}</span></div>'
        '<div class="author">فلان</div>'
        "<div>120 words</div><div>15 April 2023</div><div>10:00</div><div>الجزيرة</div>"
        f"<div>ALJZ</div><div>Arabic</div><div>(c) 2023</div>{paragraphs}"
        f"<p>Document ALJZ000020230415ej4f0000{n}</p>",
    )


def boxed_table(n: int) -> str:
    first, second = text_of(n).split("\n\n")
    rows = {
        "HD": TITLE + f" {n}",
        "WC": "120 words",
        "PD": "15 April 2023",
        "SN": "الجزيرة",
        "LP": f"<p>{first}</p>",
        "TD": f"<p>{second}</p>",
        "AN": f"Document ALJZ000020230415ej4f0000{n}",
    }
    inner = "".join(
        f"<tr><td><b>{code}</b></td><td>{text}</td></tr>" for code, text in rows.items()
    )
    return BOX.format(kind="en", n=n, inner=f"<table>{inner}</table>")


def boxed_short(n: int) -> str:
    paragraphs = "".join(
        f'<p class="articleParagraph">{part}</p>' for part in text_of(n).split("\n\n")
    )
    return (
        f"<div class='article frArticle'><div id='hd'><b>{TITLE} {n}</b></div>"
        f"<div>15 April 2023</div><div>الجزيرة</div>{paragraphs}</div>"
    )


@pytest.mark.parametrize("box", [boxed_plain, boxed_table, boxed_short])
@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("head", ["", "<style>" + "a { b: c } " * 2000 + "</style>"])
def test_pages_of_factiva_are_split(
    tmp_path: Path, box: Callable[[int], str], count: int, head: str
) -> None:
    page = f'<html><head><meta charset="utf-8">{head}</head><body><form>'
    page += "".join(map(box, range(1, count + 1))) + "</form></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")

    check(articles(tmp_path / "a.html"), count)


def test_an_article_without_text_is_named(tmp_path: Path) -> None:
    empty = uni(2, 3).replace(text_of(2), "")
    (tmp_path / "a.txt").write_text(uni(1, 3) + empty + uni(3, 3), encoding="utf-8")

    _, passed, third = read([tmp_path])

    assert isinstance(passed, Skipped)
    assert (passed.kind, passed.line) == ("record", 2)
    assert isinstance(third, Article)


@pytest.mark.parametrize(
    "extra",
    [
        ["Page 1 of 2", BODY[1], "Page 2 of 2"],
        ["End of Document"],
        ["Language: Arabic", "Length: short"],
        ["Length: 120 words"],
        ["1 of 3 documents was found, police said.", "2 of 3 documents were lost."],
        ["Body", BODY[0]],
        ["HD", "PD", "SN"],
        ["Classification", BODY[1]],
        ["Document A12 of 15 April 2023 says so.", "وثيقة رقم 5"],
        ["The file is Document ALJZ000020230415ej4f00001, they said."],
        ["Copyright 2023 Al Jazeera", "All Rights Reserved"],
        ["Load-Date: April 16, 2023"],
    ],
)
def test_one_article_is_never_split(extra: list[str]) -> None:
    lines = [TITLE, "15 April 2023", *BODY]

    assert articles_of([*lines, *extra]) is None
    assert articles_of([*lines[:3], *extra, *lines[3:]]) is None
    assert articles_of([*extra, *lines]) is None


@pytest.mark.parametrize(
    "line",
    [
        "April 15, 2023 Saturday",
        "April 15, 2023 Saturday 10:30 AM GMT",
        "Saturday, April 15, 2023",
        "Saturday 15 April 2023",
        "15 April 2023",
        "السبت 15 نيسان/أبريل 2023",
        "15 أبريل 2023 السبت",
        "أبريل 15, 2023",
        "15/04/2023",
        "2023-04-15",
    ],
)
def test_the_dates_of_press_databases_are_read(line: str) -> None:
    assert press_date(line) == "2023-04-15"
    assert press_date(f"On {line} he said") is None


@pytest.mark.parametrize(
    "line",
    [
        "Load-Date: April 16, 2023",
        "Length: 120 words",
        "Job Number: 1",
        "Page 1 of 3",
        "1 of 3 DOCUMENTS",
        "End of Document",
        "HD  a",
        "Document ALJZ000020230415ej4f00001",
    ],
)
def test_many_marks_cost_little(line: str) -> None:
    marks = ["End of Document", "Length: 1 words", "Load-Date: April 16, 2023", "End of Document"]
    begin = time.process_time()

    articles_of([*marks, *([line] * 40_000), *marks])

    assert time.process_time() - begin < 20
