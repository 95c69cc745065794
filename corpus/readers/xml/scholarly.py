"""Scholarly: documents of TEI, and the XML that trafilatura writes."""

from typing import Any

from marsad.corpus.readers.xml.press import plain_date, text_under, under
from marsad.corpus.readers.xml.text import block_text, local

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_TEXT = "found a document without text"
# Dates of what was done with the document, which say nothing about its publication.
_LATER = frozenset({"download", "access", "accessed", "retrieved", "conversion", "modified"})


def tei(element: Any, _: Any) -> dict[str, str] | str:  # noqa: ANN401  (lxml's element)
    """Return the fields of a TEI document, or why it holds no article.

    The date of the source is that of the newspaper; the date of the publication may be that of
    the digital edition, and the date of a revision never counts.
    """
    header = _first(element, "teiHeader")
    body = _first(element, "text")
    if header is None or body is None:
        return _NO_TEXT
    text = block_text(body)
    if not text:
        return _NO_TEXT
    about = _first(header, "titleStmt")
    about = header if about is None else about
    source = _first(header, "sourceDesc")
    places = [source, _first(header, "creation"), _first(header, "publicationStmt")]
    language = _first(header, "language")
    return {
        "title": _title(about),
        "text": text,
        "date": next((date for place in places if (date := _date(place))), ""),
        "author": text_under(about, "author")
        or (text_under(source, "author") if source is not None else ""),
        "publisher": next(
            (
                name
                for place in (source, places[2])
                if place is not None and (name := text_under(place, "publisher", "journal"))
            ),
            "",
        ),
        "url": _url(header),
        "language": (language.get("ident") if language is not None else "")
        or body.get(_LANGUAGE)
        or element.get(_LANGUAGE)
        or "",
    }


def _first(element: Any, name: str) -> Any:  # noqa: ANN401
    return next(under(element, name), None)


def _title(about: Any) -> str:  # noqa: ANN401
    titles = list(under(about, "title"))
    main = [each for each in titles if each.get("type") in {None, "main"}]
    for each in [*main, *titles]:
        if found := " ".join("".join(each.itertext()).split()):
            return found
    return ""


def _date(place: Any) -> str:  # noqa: ANN401
    if place is None:
        return ""
    dates = [each for each in under(place, "date") if each.get("type") not in _LATER]
    dates.sort(key=lambda each: each.get("type") not in {"publication", "published", "issued"})
    for each in dates:
        given = each.get("when") or each.get("when-iso") or each.get("notBefore") or ""
        if found := given or " ".join("".join(each.itertext()).split()):
            return plain_date(found)
    return ""


def _url(header: Any) -> str:  # noqa: ANN401
    for each in under(header, "idno", "ptr", "ref"):
        given = each.get("target") or "".join(each.itertext()).strip()
        if given.startswith(("http://", "https://")) and local(each.getparent()) != "application":
            return given
    return ""


def extracted(element: Any, _: Any) -> dict[str, str] | str:  # noqa: ANN401
    """Return the fields of a `doc` of trafilatura, or why it holds no article.

    Its `source` is the address of the page.
    """
    main = _first(element, "main")
    text = block_text(main) if main is not None else ""
    if not text:
        return _NO_TEXT
    given = element.get
    address = given("source") or given("url") or ""
    return {
        "id": given("id") or "",
        "title": given("title") or "",
        "text": text,
        "date": plain_date(given("date") or ""),
        "author": given("author") or "",
        "publisher": given("sitename") or given("hostname") or "",
        "url": address if address.startswith(("http://", "https://")) else "",
        "language": given("language") or "",
    }


def is_extracted(element: Any) -> bool:  # noqa: ANN401
    """Tell whether an element is a `doc` of trafilatura: fields in attributes, text in `main`."""
    return local(element) == "doc" and any(local(child) == "main" for child in element)
