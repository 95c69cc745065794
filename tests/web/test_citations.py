"""Citations: independent parsers read the fields of the article from them."""

import datetime as dt
from html.parser import HTMLParser

import rispy
from bibtexparser import parse_string
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from marsad.corpus.article import Article
from marsad.webui.request.citations import bibtex, csl, one_line, ris

FULL = Article(
    id="a1",
    title="«هدنة» {في} غزة: 5% & أكثر\nسطر #2 \\ $ ~",
    text="هدنة",
    author="سامية {حداد}",
    source="تاس\r\nER  - ",
    publisher="دار",
    url="https://a.example/1?a=b&c=d_e#f",
    language="ar",
    published=dt.date(2023, 9, 21),
)
_texts = st.text("هدنة abc {}\\%#&$_~\n\r\u2028\t-'`,<>?!\"", max_size=24)
_articles = st.builds(
    Article, id=st.just("a1"), title=_texts, text=_texts, author=_texts, source=_texts
)


def latex_text(latex: str) -> str:
    """Return the text that LaTeX would print; pylatexenc does not know the two brace commands."""
    known = latex.replace(r"\textbraceleft{}", r"\{").replace(r"\textbraceright{}", r"\}")
    return str(LatexNodes2Text(keep_braced_groups=False).latex_to_text(known))


def words(text: str) -> list[str]:
    return text.split()


@given(_articles)
def test_a_ris_parser_reads_the_fields_of_the_article(article: Article) -> None:
    (record,) = rispy.loads(ris(article))

    assert record["type_of_reference"] == "NEWS"
    assert words(record["title"]) == words(article.title or article.id)
    assert words(" ".join(record.get("authors", []))) == words(article.author)
    assert words(record.get("secondary_title", "")) == words(article.source)
    assert set(record) <= {"type_of_reference", "title", "authors", "secondary_title", "id"}


@given(_articles)
def test_a_bibtex_parser_reads_the_fields_of_the_article(article: Article) -> None:
    library = parse_string(bibtex(article))
    (entry,) = library.entries
    fields = {field.key: latex_text(field.value) for field in entry.fields}

    assert library.failed_blocks == []
    assert entry.key.isascii()
    assert words(fields["title"]) == words(article.title or article.id)
    assert words(fields.get("author", "")) == words(article.author)
    assert words(fields.get("organization", "")) == words(article.source)


def test_citations_contain_date_address_and_language() -> None:
    (record,) = rispy.loads(ris(FULL))
    (entry,) = parse_string(bibtex(FULL)).entries

    assert (record["year"], record["date"]) == ("2023", "2023/09/21/")
    assert (record["urls"], record["language"]) == ([FULL.url], "ar")
    assert (entry["date"], entry["url"], entry["langid"]) == ("2023-09-21", FULL.url, "arabic")


def test_a_citation_processor_prints_the_article() -> None:
    item = csl(FULL)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    (printed,) = map(str, bibliography.bibliography())

    assert one_line(FULL.title) in printed
    assert FULL.author in printed
    assert "21 September" in printed
    assert printed.endswith(f"{FULL.url}.")
    assert "\n" not in printed


def test_every_article_of_a_search_is_in_its_citation_exports(client: FlaskClient) -> None:
    total = client.get("/search.json").get_json()["total"]["documents"]
    records = rispy.loads(client.get("/search.ris").text)
    library = parse_string(client.get("/search.bib").text)

    assert total == len(records) == len(library.entries)
    assert library.failed_blocks == []
    assert len({entry.key for entry in library.entries}) == total


class _Tags(HTMLParser):
    """The meta tags of a page, and its canonical address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.canonical = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name") or values.get("property")
        if tag == "meta" and name:
            self.tags.setdefault(name.lower(), values.get("content") or "")
        if tag == "link" and values.get("rel") == "canonical":
            self.canonical = values.get("href") or ""


def zotero_item(page: str) -> dict[str, str]:
    """Return the item that Zotero makes of a page, by the rules of its translators.

    The rules were taken from the source of its translators "Embedded Metadata" and "RDF", which
    are not run here. The title of a journal makes any page a journal article; otherwise the type
    of Dublin Core decides. citation_* tags come before Dublin Core and Open Graph. Any
    dc.identifier may be read as ISBN or ISSN.
    """
    found = _Tags(page)
    tag = found.tags.get
    journal = "citation_journal_title" in found.tags
    item = {
        "itemType": "journalArticle" if journal else tag("dc.type", "webpage"),
        "title": tag("citation_title") or tag("dc.title") or tag("og:title"),
        "date": tag("citation_date") or tag("article:published_time") or tag("dc.date"),
        "publicationTitle": tag("dc.source") or tag("og:site_name"),
        "url": tag("citation_public_url") or tag("og:url") or found.canonical,
        "language": tag("citation_language") or tag("dc.language"),
        "author": tag("citation_author") or tag("dc.creator") or tag("author"),
        "number": tag("dc.identifier"),
    }
    return {name: value for name, value in item.items() if value}


def test_zotero_reads_a_newspaper_article_from_its_page(client: FlaskClient) -> None:
    records = client.get("/search.jsonl").text.splitlines()
    assert records
    for result in client.get("/api/v1/search?per_page=50").get_json()["results"]:
        article = client.get(f"/api/v1/articles/{result['id']}").get_json()
        item = zotero_item(client.get(f"{result['url']}?q=هدنة&at=1").text)
        wanted = {
            "itemType": "newspaperArticle",
            "title": article["title"],
            "date": (article["published"] or {}).get("date", ""),
            "publicationTitle": article["source"],
            "url": article["original_url"] or f"http://localhost{result['url']}",
            "language": article["language"],
            "author": article["author"],
        }
        assert item == {name: value for name, value in wanted.items() if value}
