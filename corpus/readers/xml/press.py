"""Press: the news items of agencies, in NewsML-G2, NewsML 1 and NITF."""

import re
from collections.abc import Iterator
from typing import Any

from marsad.corpus.readers.xml.text import block_text, html_text, local

_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T.*)?")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MARKUP = re.compile(r"<(?:p|br|div|html|body)\b", re.IGNORECASE)
_NO_TEXT = "found a news item without text, such as a picture or a package"


def under(element: Any, *names: str) -> Iterator[Any]:  # noqa: ANN401  (lxml's element)
    """Yield the elements below *element* that have one of some names, in any namespace."""
    wanted = frozenset(names)
    return (each for each in element.iter() if local(each) in wanted)


def text_under(element: Any, *names: str) -> str:  # noqa: ANN401
    """Return the text of the first element with one of some names that has text.

    The names are tried in their order.
    """
    for name in names:
        for each in under(element, name):
            if found := " ".join("".join(each.itertext()).split()):
                return found
    return ""


def plain_date(given: str) -> str:
    """Return a date of the form 20230415T100000Z as 2023-04-15, any other one as it is.

    Example:
        >>> plain_date("20230415T100000Z"), plain_date("2023-04")
        ('2023-04-15', '2023-04')
    """
    match = _BASIC.fullmatch(given.strip())
    return "-".join(match.groups()) if match else given.strip()


def news_item(item: Any, _: Any) -> dict[str, str] | str:  # noqa: ANN401
    """Return the fields of a newsItem of NewsML-G2, or why it holds no article."""
    body = next((each for each in under(item, "nitf")), None)
    fields = _nitf_fields(body) if body is not None else {}
    content = next(under(item, "contentSet"), None)
    text = fields.get("text", "") or (_content(content) if content is not None else "")
    if not text:
        return _NO_TEXT
    meta = next(under(item, "contentMeta"), item)
    about = next(under(item, "itemMeta"), item)
    return {
        "id": item.get("guid") or "",
        "title": text_under(meta, "headline")
        or text_under(about, "title")
        or fields.get("title", "")
        or text_under(meta, "slugline"),
        "text": text,
        "date": plain_date(
            text_under(meta, "contentCreated")
            or text_under(about, "firstCreated", "versionCreated")
            or fields.get("date", "")
        ),
        "author": text_under(meta, "by") or _party(meta, "creator") or fields.get("author", ""),
        "source": _party(about, "provider") or _party(meta, "infoSource"),
        "url": _address(about),
        "language": next((each.get("tag") or "" for each in under(meta, "language")), "")
        or item.get(_LANGUAGE)
        or "",
    }


def _content(content: Any) -> str:  # noqa: ANN401
    for part in under(content, "inlineXML", "inlineData"):
        if local(part) == "inlineData" and not len(part) and _MARKUP.search(part.text or ""):
            found = html_text(part.text)
        else:
            heads = [each for each in under(part, "head") if local(each.getparent()) == "html"]
            for head in heads:
                head.getparent().remove(head)
            found = block_text(part)
        if found:
            return found
    return ""


def _party(element: Any, name: str) -> str:  # noqa: ANN401
    for each in under(element, name):
        given = text_under(each, "name") or each.get("literal") or each.get("qcode") or ""
        if given := given.rpartition(":")[2].strip():
            return given
    return ""


def _address(about: Any) -> str:  # noqa: ANN401
    links = (each.get("href") or "" for each in under(about, "link"))
    return next((link for link in links if link.startswith("http")), "")


def old_news_item(item: Any, _: Any) -> dict[str, str] | str:  # noqa: ANN401
    """Return the fields of a NewsItem of NewsML 1, or why it holds no article."""
    texts = [block_text(each) for each in under(item, "DataContent")]
    text = max(texts, key=len, default="")
    if not text:
        return _NO_TEXT
    return {
        "id": text_under(item, "PublicIdentifier", "NewsItemId"),
        "title": text_under(item, "HeadLine", "hl1", "title"),
        "text": text,
        "date": plain_date(text_under(item, "FirstCreated", "ThisRevisionCreated", "DateId")),
        "author": text_under(item, "ByLine", "byline"),
        "source": _formal(item, "Provider", "Party") or text_under(item, "ProviderId"),
        "language": _formal(item, "DescriptiveMetadata", "Language"),
    }


def _formal(item: Any, outer: str, inner: str) -> str:  # noqa: ANN401
    found = (each for one in under(item, outer) for each in under(one, inner))
    return next((each.get("FormalName") or "" for each in found), "")


def nitf(element: Any, _: Any) -> dict[str, str] | str:  # noqa: ANN401
    """Return the fields of an NITF document, or why it holds no article."""
    fields = _nitf_fields(element)
    return fields if fields["text"] else _NO_TEXT


def _nitf_fields(element: Any) -> dict[str, str]:  # noqa: ANN401
    heads = next(under(element, "body.head"), element)
    body = next(under(element, "body.content"), None)
    if body is None:
        body = next(under(element, "body"), element)
    published = next(under(element, "pubdata"), None)
    given = published.get if published is not None else {}.get
    return {
        "id": _attribute(element, "doc-id", "id-string"),
        "title": text_under(heads, "hl1", "hedline") or text_under(element, "title"),
        "text": block_text(body),
        "date": plain_date(
            _attribute(element, "date.issue", "norm")
            or _attribute(element, "story.date", "norm")
            or given("date.publication")
            or text_under(heads, "story.date")
        ),
        "author": text_under(heads, "byttl.person", "person", "byline"),
        "source": text_under(heads, "distributor") or given("name") or "",
        "url": given("ex-ref") or "",
        "language": element.get(_LANGUAGE) or "",
    }


def _attribute(element: Any, name: str, attribute: str) -> str:  # noqa: ANN401
    return next((each.get(attribute) for each in under(element, name) if each.get(attribute)), "")
