"""XML: files that are no feeds are read by their root element, record by record."""

import resource
import time
from pathlib import Path

import pytest
from trafilatura import extract

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.readers.xml.root import markup_kind
from marsad.corpus.readers.xml.wikitext import plain_wikitext
from marsad.corpus.source import Record, Refusal, Skipped
from tests.conftest import ROOT

TITLE = "هدنة في الجنوب"
BODY = "أعلن الجانبان اليوم اتفاقاً على وقف إطلاق النار.\n\nوقال المتحدث إن المفاوضات ستتواصل."
FIRST, SECOND = BODY.split("\n\n")
PARAGRAPHS = f"<p>{FIRST}</p>\n  <p>{SECOND}</p>"
DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'
ITEM = f"<item><title>{TITLE}</title><text>{BODY}</text><date>2023-04-15</date></item>"


def records(folder: Path, made: str | bytes, name: str = "a.xml") -> list[Record]:
    path = folder / name
    path.write_bytes(made if isinstance(made, bytes) else made.encode())
    return list(read([path]))


def articles(folder: Path, made: str | bytes, name: str = "a.xml") -> list[Article]:
    found = records(folder, made, name)
    assert all(isinstance(each, Article) for each in found), found
    return [each for each in found if isinstance(each, Article)]


NEWS_ITEM = f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:e.sd:1"
 standard="NewsML-G2" version="3" xml:lang="ar"><itemMeta><provider qcode="nprov:SUNA">
 <name>سونا</name></provider><versionCreated>2023-04-16T10:00:00Z</versionCreated></itemMeta>
 <contentMeta><contentCreated>2023-04-15T09:00:00Z</contentCreated><headline>{TITLE}</headline>
 <by>ليلى</by></contentMeta><contentSet>CONTENT</contentSet></newsItem>"""
XHTML = f"""<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
<head><title>x</title></head><body>{PARAGRAPHS}</body></html></inlineXML>"""
NITF = f"""<nitf><head><docdata><date.issue norm="20230415T090000Z"/><doc-id id-string="n-1"/>
</docdata></head><body><body.head><hedline><hl1>{TITLE}</hl1></hedline><byline>ليلى</byline>
<distributor>سونا</distributor></body.head><body.content>{PARAGRAPHS}</body.content></body></nitf>"""
CONTENTS = {
    "xhtml": XHTML,
    "nitf": f"<inlineXML>{NITF}</inlineXML>",
    "plain": f'<inlineData contenttype="text/plain">{BODY}</inlineData>',
    "html": "<inlineData>" + PARAGRAPHS.replace("<", "&lt;").replace(">", "&gt;") + "</inlineData>",
    "cdata": f"<inlineData><![CDATA[<div>{PARAGRAPHS}</div>]]></inlineData>",
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", ["a.xml", "a.txt", "a"])
def test_a_news_item_gives_its_fields(tmp_path: Path, content: str, name: str) -> None:
    made = DECLARED + NEWS_ITEM.replace("CONTENT", CONTENTS[content])

    (article,) = articles(tmp_path, made, name)

    assert (article.title, article.text) == (TITLE, BODY)
    assert (article.id, article.published_iso()) == ("urn:newsml:e.sd:1", "2023-04-15")
    assert (article.source, article.author, article.language) == ("سونا", "ليلى", "ar")


def test_a_news_message_gives_each_item_and_passes_pictures(tmp_path: Path) -> None:
    items = [NEWS_ITEM.replace("e.sd:1", f"e.sd:{n}").replace("CONTENT", XHTML) for n in (1, 2)]
    picture = NEWS_ITEM.replace("CONTENT", '<remoteContent href="a.jpg"/>')
    made = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items[0]}{picture}'

    first, skipped, second = records(tmp_path, f"{made}{items[1]}</itemSet></newsMessage>")

    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, second.id) == ("urn:newsml:e.sd:1", "urn:newsml:e.sd:2")
    assert isinstance(skipped, Skipped)
    assert (skipped.kind, skipped.line) == ("record", 2)


def test_old_newsml_and_nitf_give_their_fields(tmp_path: Path) -> None:
    old = f"""{DECLARED}<NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>p-1
    </PublicIdentifier></NewsIdentifier></Identification><NewsManagement>
    <FirstCreated>20230415T100000Z</FirstCreated></NewsManagement><NewsComponent><NewsLines>
    <HeadLine>{TITLE}</HeadLine></NewsLines><AdministrativeMetadata><Provider>
    <Party FormalName="AFP"/></Provider></AdministrativeMetadata><DescriptiveMetadata>
    <Language FormalName="ar"/></DescriptiveMetadata><ContentItem><DataContent>{PARAGRAPHS}
    </DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""

    for made, source in ((old, "AFP"), (NITF, "سونا")):
        (article,) = articles(tmp_path, made)

        assert (article.title, article.text) == (TITLE, BODY)
        assert (article.published_iso(), article.source) == ("2023-04-15", source)


HEADER = f"""<teiHeader><fileDesc><titleStmt><title type="main">{TITLE}</title>
<author>ليلى</author></titleStmt><publicationStmt><publisher>e.sd</publisher>PUBLICATION
</publicationStmt><sourceDesc>SOURCE</sourceDesc></fileDesc>
<revisionDesc><change><date when="2026-01-01"/></change></revisionDesc></teiHeader>"""
DATES = {
    "publication": ('<date when="2023-04-15"/>', "<p/>"),
    "source": ('<date when="2026-02-02"/>', '<bibl><date when="2023-04-15">x</date></bibl>'),
    "words": ("<p/>", "<bibl><date>15 أبريل 2023</date></bibl>"),
    "typed": (
        "<p/>",
        '<date type="access">2026-01-01</date><date type="publication">2023-04-15</date>',
    ),
    "basic": ("<date>20230415T000000Z</date>", "<p/>"),
}


@pytest.mark.parametrize("case", DATES)
@pytest.mark.parametrize("declared", [DECLARED, ""])
def test_tei_gives_title_date_author_and_text(tmp_path: Path, case: str, declared: str) -> None:
    publication, source = DATES[case]
    header = HEADER.replace("PUBLICATION", publication).replace("SOURCE", source)
    made = (
        f'{declared}<TEI xmlns="http://www.tei-c.org/ns/1.0">{header}<text xml:lang="ar"><body>'
        f"<div><p>{FIRST}</p><p>{SECOND}</p></div></body></text></TEI>"
    )

    (article,) = articles(tmp_path, made)

    assert (article.title, article.text, article.author) == (TITLE, BODY, "ليلى")
    assert (article.published_iso(), article.publisher) == ("2023-04-15", "e.sd")


def test_a_corpus_of_tei_gives_each_document(tmp_path: Path) -> None:
    one = f"<TEI>{HEADER}<text><body>{PARAGRAPHS}</body></text></TEI>"

    found = articles(tmp_path, f"<teiCorpus>{HEADER}{one}{one.replace(FIRST, 'آخر')}</teiCorpus>")

    assert [each.text.split("\n")[0] for each in found] == [FIRST, "آخر"]


@pytest.mark.parametrize("wrapped", ["", "corpus", "documents"])
def test_the_xml_of_trafilatura_is_read(tmp_path: Path, wrapped: str) -> None:
    doc = (
        f'<doc sitename="e.sd" title="{TITLE}" author="ليلى" date="2023-04-15" '
        f'source="https://e.sd/x" hostname="e.sd"><main><head>عنوان</head>{PARAGRAPHS}'
        f"<list><item>بند</item></list></main><comments><p>تعليق</p></comments></doc>"
    )
    made = f"<{wrapped}>{doc}{doc}</{wrapped}>" if wrapped else doc

    for article in articles(tmp_path, made):
        assert (article.title, article.author, article.publisher) == (TITLE, "ليلى", "e.sd")
        assert article.text == f"عنوان\n\n{BODY}\n\nبند"
        assert (article.published_iso(), article.url) == ("2023-04-15", "https://e.sd/x")


PAGE = f"""<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>{TITLE}</title>
<meta name="author" content="ليلى محمد"><meta property="og:site_name" content="موقع">
<meta property="article:published_time" content="2023-04-15">
<link rel="canonical" href="https://example.org/x"></head><body><article><h1>{TITLE}</h1>
<p>{FIRST * 3}</p><p>{SECOND * 3}</p></article></body></html>"""


@pytest.mark.parametrize("form", ["xml", "xmltei"])
@pytest.mark.parametrize("dated", [True, False])
def test_what_trafilatura_extracts_is_read(tmp_path: Path, form: str, dated: bool) -> None:
    page = PAGE if dated else PAGE.replace("2023-04-15", "")
    made = extract(page, output_format=form, with_metadata=True, fast=True)

    (article,) = articles(tmp_path, str(made))

    assert (article.title, article.published_iso()) == (TITLE, "2023-04-15" if dated else None)
    assert article.text == f"{FIRST * 3}\n\n{SECOND * 3}"
    assert (article.author, article.url) == ("ليلى محمد", "https://example.org/x")


def test_what_scrapy_exports_is_read() -> None:
    first, second = read([ROOT / "tests" / "samples" / "xml" / "scrapy.xml"])

    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.text == "أعلن الجانبان اليوم اتفاقاً.\n\nوقال المتحدث إن المفاوضات ستتواصل."
    assert second.text == "نص & <غيره>"
    assert [each.published_iso() for each in (first, second)] == ["2023-04-15", "2023-04-16"]
    assert [each.url for each in (first, second)] == [f"https://example.org/{n}" for n in (1, 2)]


REPEATED = {
    "scrapy": f"<items>{ITEM}{ITEM}</items>",
    "scrapy lists": f"<items>{ITEM}{ITEM}</items>".replace(
        BODY, f"<value>{FIRST}</value><value>{SECOND}</value>"
    ),
    "one": f"<items>{ITEM}</items>",
    "rows": f"<rows><head>x</head>{ITEM}{ITEM}</rows>".replace("item>", "row>"),
    "level": f"<response><status>0</status><result>{ITEM}{ITEM}</result></response>",
    "level of one": f"<response><result>{ITEM}</result></response>",
    "articles": f"<articles>{ITEM}{ITEM}</articles>".replace("item>", "article>"),
    "markup": f"<news>{ITEM}{ITEM}</news>".replace(BODY, PARAGRAPHS).replace("text>", "body>"),
    "escaped": f"<news>{ITEM}</news>".replace(
        BODY, PARAGRAPHS.replace("<", "&lt;").replace("\n  ", "")
    ),
    "cdata": f"<news>{ITEM}</news>".replace(BODY, f"<![CDATA[{BODY}]]>"),
    "attributes": f'<posts><row Id="7" Title="{TITLE}" Date="2023-04-15" '
    f'Body="{PARAGRAPHS}"/></posts>'.replace("\n  ", "")
    .replace("<p>", "&lt;p&gt;")
    .replace("</p>", "&lt;/p&gt;"),
    "database": f'<table><row><field name="title">{TITLE}</field><field name="body">{BODY}</field>'
    f'<field name="date">2023-04-15</field></row></table>'.replace("table>", "resultset>"),
    "solr": f'<response><result><doc><str name="title">{TITLE}</str><arr name="text"><str>{FIRST}'
    f'</str><str>{SECOND}</str></arr><date name="date">2023-04-15T00:00:00Z</date></doc></result>'
    "</response>",
    "nested source": f"<list>{ITEM}</list>".replace(
        "<title>", "<source><name>a</name><description>b</description></source><title>"
    ),
    "arabic": f"<أخبار><خبر><العنوان>{TITLE}</العنوان><النص>{BODY}</النص><التاريخ>2023-04-15"
    "</التاريخ></خبر></أخبار>",
    "root": ITEM.replace("item>", "document>"),
    "prefixes": f'<n:items xmlns:n="urn:x">{ITEM}</n:items>'.replace("<title", "<n:title").replace(
        "</title", "</n:title"
    ),
}


@pytest.mark.parametrize("case", REPEATED)
@pytest.mark.parametrize("declared", [DECLARED, "", "<!-- <p> -->\n<!DOCTYPE x [<!ENTITY a 'b'>]>"])
def test_repeated_records_of_any_names_are_read(tmp_path: Path, case: str, declared: str) -> None:
    found = articles(tmp_path, declared + REPEATED[case])

    assert len(found) in {1, 2}
    for article in found:
        assert (article.title, article.published_iso()) == (TITLE, "2023-04-15")
        assert article.text == BODY


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("declared", [True, False])
def test_records_in_old_encodings_are_read(tmp_path: Path, encoding: str, declared: bool) -> None:
    named = encoding.removesuffix("-sig")
    body = "أعلن الجانبان اليوم اتفاقا على وقف إطلاق النار في الجنوب"
    made = f"<items><item><title>{TITLE}</title><text>{body}</text></item></items>"
    if not declared and encoding == "iso-8859-6":
        return
    if declared:
        made = f'<?xml version="1.0" encoding="{named}"?>{made}'

    (article,) = articles(tmp_path, made.encode(encoding))

    assert (article.title, article.text) == (TITLE, body)


@pytest.mark.parametrize("name", ["a.sgm", "a", "a.txt", "a.xml", "a.sgml"])
def test_a_collection_of_newswire_gives_each_document(tmp_path: Path, name: str) -> None:
    one = (
        f'<DOC id="AFP_ARB_20230415.0001" type="story" >\n<HEADLINE>\n{TITLE}\n</HEADLINE>\n'
        f"<DATELINE>\nالقاهرة (اف ب)\n</DATELINE>\n<TEXT>\n<P>\n{FIRST}\n</P>\n<P>{SECOND}</P>"
        "</TEXT>\n</DOC>\n"
    )
    path = tmp_path / name
    path.write_text(one + one.replace("0001", "0002") * 2, encoding="utf-8")

    found = [each for each in read([tmp_path]) if isinstance(each, Article)]

    assert [each.id[-4:] for each in found] == ["0001", "0002", "0002"]
    for article in found:
        assert (article.title, article.text) == (TITLE, BODY)
        assert article.published_iso() == "2023-04-15"


def test_a_mapping_names_the_elements_of_records(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<r><x><k>عنوان</k><v>نص</v></x><x><k>ب</k><v>ج</v></x></r>", encoding="utf-8")

    first, second = read([path], {"title": "k", "text": "v"})
    (refusal,) = read([path])

    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.text, second.text) == ("عنوان", "نص", "ج")
    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith("found XML with the root <r> and elements such as k, v,")


@pytest.mark.parametrize(
    "made",
    [
        "<urlset><url><loc>https://e.sd</loc></url></urlset>",
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><path d="M0"/></svg>',
        f"{DECLARED}<config><a>1</a></config>",
        f"{DECLARED}<plist><dict><key>a</key></dict></plist>",
        f"{DECLARED}<items></items>",
    ],
)
def test_other_xml_is_refused_and_its_root_named(tmp_path: Path, made: str) -> None:
    (refusal,) = records(tmp_path, made)

    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith("found XML with the root <")


@pytest.mark.parametrize(
    ("text", "named", "kind"),
    [
        (f"{DECLARED}<!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'>", "xml", "page"),
        ("<!-- saved --><div><p>x", "", "page"),
        ("<h1>x</h1><p>y", "", "page"),
        ("<article><h1>x</h1><p>y</p></article>", "", "page"),
        ("<custom-page><p>a<p>b</custom-page>", "", "page"),
        (f"{DECLARED}<!-- <html> --><rss version='2.0'>", "html", "feed"),
        ("<rdf:RDF xmlns:rdf='x'>", "xml", "feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>a</title>", "", "feed"),
        ("<rss xmlns:wp='http://wordpress.org/export/1.2/'>", "xml", "xml"),
        ("<items><item><title>a</title><p>b</p>", "", "xml"),
        ("<doc><main><p>a", "layout", "xml"),
        ("<عاجل> هدنة", "layout", ""),
        ("<3 هدنة", "", ""),
    ],
)
def test_the_root_element_decides(text: str, named: str, kind: str) -> None:
    assert markup_kind(text, named) == kind


WIKI = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="ar"><siteinfo>
<sitename>ويكي الأخبار</sitename><base>https://ar.wikinews.org/wiki/Main</base></siteinfo>PAGES
</mediawiki>"""


def page(number: int, text: str, ns: int = 0, extra: str = "", title: str = TITLE) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<page><title>{title}</title><ns>{ns}</ns><id>{number}</id>{extra}<revision><id>9</id>"
        f"<timestamp>2023-04-15T10:00:00Z</timestamp><model>wikitext</model>"
        f"<text>{escaped}</text></revision></page>"
    )


def test_a_wiki_dump_gives_its_articles(tmp_path: Path) -> None:
    old = (
        "<revision><timestamp>2020-01-01T00:00:00Z</timestamp><text>old</text></revision>"
        "<revision><timestamp>2021-01-01T00:00:00Z</timestamp><text>older</text></revision>"
    )
    pages = [
        page(1, f"'''{FIRST}'''\n\n{SECOND}"),
        page(2, "x", ns=1, title="نقاش:هدنة"),
        page(3, "#تحويل [[x]]", extra='<redirect title="x"/>'),
        page(4, FIRST, extra=old),
        page(5, "{{قالب}}"),
    ]

    found = records(tmp_path, WIKI.replace("PAGES", "".join(pages)))

    kinds = [type(each).__name__ for each in found]
    assert kinds == ["Article", "Skipped", "Skipped", "Article", "Skipped"]
    first, last = found[0], found[3]
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert (first.title, first.text, first.language) == (TITLE, BODY, "ar")
    assert (first.published_iso(), first.publisher) == ("2023-04-15", "ويكي الأخبار")
    assert (first.id, last.text) == ("ar.wikinews.org:1", FIRST)
    assert first.url.startswith("https://ar.wikinews.org/wiki/%D9%87")
    assert {each.kind for each in found if isinstance(each, Skipped)} == {"record"}


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("{{ت|{{ب}}|ج}}نص", "نص"),
        ("[[ملف:a.jpg|تصغير|صورة [[قمة]]]]نص", "نص"),
        ("[[السودان]] و[[مصر|القاهرة]]", "السودان والقاهرة"),
        ("[[تصنيف:أخبار]]\n[[en:News]]\nنص", "نص"),
        ("نص<ref name=a>م</ref> آخر<ref name=a />", "نص آخر"),
        ("== عنوان ==\nفقرة\nتابعة", "عنوان\n\nفقرة تابعة"),
        ("* بند\n* ثان", "بند\n\nثان"),
        ("{| class=a\n|-\n| خلية\n|}\nنص", "نص"),
        ("[https://e.sd الموقع] [https://e.sd]", "الموقع"),
        ("'''غامق''' ''مائل''&nbsp;&quot;ق&quot;<br/>سطر", 'غامق مائل "ق"\n\nسطر'),
        ("__NOTOC__<!-- x -->نص <nowiki>[[</nowiki>", "نص"),
        ("نص {{غير مغلق", "نص غير مغلق"),
        ("{{قالب|أ=}}نص {{قالب|}}آخر", "نص آخر"),
    ],
)
def test_wikitext_gives_plain_text(given: str, plain: str) -> None:
    assert plain_wikitext(given) == plain


@pytest.mark.parametrize(
    "mark", ["{{", "}}", "[[", "]]", "{|", "<ref>", "{{[[", "[[}}", "'''", "<"]
)
def test_wikitext_of_marks_alone_takes_linear_time(mark: str) -> None:
    begun = time.process_time()
    plain_wikitext(mark * 200_000)

    assert time.process_time() - begun < 5


EXPORT = f"""{DECLARED}<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>موقع</title>
<wp:author><wp:author_login>a</wp:author_login></wp:author>ITEMS</channel></rss>"""


def post(content: str, kind: str = "post", state: str = "publish", guid: str = "") -> str:
    return (
        f"<item><title>{TITLE}</title><link>https://e.sd/1</link>"
        f"<pubDate>Sun, 16 Apr 2023 01:00:00 +0000</pubDate><dc:creator>ليلى</dc:creator>"
        f'<guid isPermaLink="false">{guid}</guid><description></description>'
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<excerpt:encoded>مقتطف</excerpt:encoded><wp:post_id>5</wp:post_id>"
        f"<wp:post_date>2023-04-15 23:00:00</wp:post_date><wp:status>{state}</wp:status>"
        f"<wp:post_type>{kind}</wp:post_type></item>"
    )


@pytest.mark.parametrize(
    "content",
    [
        BODY,
        f"<!-- wp:paragraph --><p>{FIRST}</p><!-- /wp:paragraph -->\n\n<p>{SECOND}</p>",
        f'[caption id="a" width="3"]<img src="a.jpg"/>[/caption]{FIRST}\n\n{SECOND}[gallery]',
        f"<div>{FIRST}</div><div>{SECOND}<script>x()</script></div>",
        f"{FIRST}\r\n\r\n{SECOND}",
    ],
)
def test_a_wordpress_export_gives_its_posts(tmp_path: Path, content: str) -> None:
    (article,) = articles(
        tmp_path, EXPORT.replace("ITEMS", post(content, guid="https://e.sd/?p=5"))
    )

    assert (article.title, article.text, article.author) == (TITLE, BODY, "ليلى")
    assert (article.published_iso(), article.publisher) == ("2023-04-15", "موقع")
    assert (article.id, article.url) == ("https://e.sd/?p=5", "https://e.sd/1")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("attachment", "inherit"),
        ("nav_menu_item", "publish"),
        ("post", "draft"),
        ("page", "private"),
        ("post", "trash"),
    ],
)
def test_what_was_not_public_is_skipped(tmp_path: Path, kind: str, state: str) -> None:
    items = post(BODY, kind, state) + post(BODY, "page") + post("")

    skipped, article, empty = records(tmp_path, EXPORT.replace("ITEMS", items))

    assert isinstance(skipped, Skipped)
    assert isinstance(empty, Skipped)
    assert isinstance(article, Article)
    assert (skipped.kind, empty.kind, article.id) == ("record", "record", "https://e.sd/1")


def test_xml_that_is_cut_keeps_the_records_before(tmp_path: Path) -> None:
    first, refusal = records(tmp_path, f"<items>{ITEM}{ITEM}</items>"[:-60])

    assert isinstance(first, Article)
    assert isinstance(refusal, Refusal)
    assert (refusal.line, "cut short" in refusal.reason) == (2, True)


def test_characters_that_xml_does_not_allow_cost_no_record(tmp_path: Path) -> None:
    bad = ITEM.replace(TITLE, "هدنة\x0b &nbsp;في الجنوب & غيره")

    first, second = articles(tmp_path, f"<items>{bad}{ITEM}</items>")

    assert first.title.split()[:3] == TITLE.split()[:3]
    assert second.title == TITLE


HOSTILE = {
    "entities": "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 if n else str()};' * 10}'>" for n in range(12))
    + "]><r><i><title>&a11;</title><text>&a11;</text></i></r>",
    "file": "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    "<r><i><title>x</title><text>&a;</text></i></r>",
    "network": "<!DOCTYPE r SYSTEM 'http://127.0.0.1:9/x.dtd'><r><i><title>x</title></i></r>",
    "deep": DECLARED + "<r>" * 100_000,
    "attributes": DECLARED + "<r><i " + " ".join(f'a{n}="1"' for n in range(30_000)) + "/></r>",
    "namespaces": DECLARED
    + "<r><i "
    + " ".join(f'xmlns:a{n}="u{n}"' for n in range(30_000))
    + "/></r>",
    "flat": DECLARED + "<r>" + "<i/>" * 300_000 + "</r>",
    "wide record": DECLARED + "<r><i>" + "<title>a</title>" * 100_000 + "<text>b</text></i></r>",
    "long text": DECLARED + "<r><i><title>a</title><text>" + "ن " * 8_000_000 + "</text></i></r>",
    "open comment": DECLARED + "<!--" + "-" * 3_000_000,
    "open type": "<!DOCTYPE r [" + "<!ENTITY " * 300_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_xml_ends_soon_and_reads_nothing_outside(tmp_path: Path, case: str) -> None:
    begun = time.process_time()

    found = records(tmp_path, HOSTILE[case])

    assert time.process_time() - begun < 15
    assert not any("root:" in each.text for each in found if isinstance(each, Article))
    assert all(len(each.text) < 20_000_000 for each in found if isinstance(each, Article))


@pytest.mark.parametrize("shape", ["wiki", "records"])
def test_a_large_file_is_streamed(tmp_path: Path, shape: str) -> None:
    text = (FIRST + " ") * 100
    one = page(1, text) if shape == "wiki" else ITEM.replace(BODY, text)
    begin, end = WIKI.split("PAGES") if shape == "wiki" else ("<items>", "</items>")
    path = tmp_path / "a.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(begin)
        for _ in range(3_000):
            file.write(one)
        file.write(end)
    assert path.stat().st_size > 25_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    count = sum(isinstance(each, Article) for each in read([path]))

    assert count == 3_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000
