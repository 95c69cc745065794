"""Telegram pages: `messages.html`, `messages2.html` … of an export; each message is an article.

A message that follows one of the same sender at once ("joined") does not repeat the sender. The
page names the chat, but not its number: an id is `name of the chat:number of the message`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from marsad.corpus.article import Article
from marsad.corpus.errors import RecordError
from marsad.corpus.identity import name_of_scope
from marsad.corpus.readers.markup import decode_page
from marsad.corpus.readers.shapes.plain import headline, taken
from marsad.corpus.readers.shapes.registry import read_plain
from marsad.corpus.source import Read, Source

_PARTS = ("page_wrap", "page_header", "page_body", "history")
_CLASS = re.compile(r'class="([^"]{1,100})"')
_STAMP = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})(?:\s+(\S+))?(?:\s+UTC([+-]\d\d:\d\d))?")
_LINE = "\u2028"


def is_telegram_page(text: str, named: str) -> bool:
    """Tell whether a text is a page of messages of a Telegram export."""
    if named not in {"", "html"} or not text.startswith("<"):
        return False
    classes = {name for match in _CLASS.finditer(text) for name in match[1].split()}
    return classes.issuperset(_PARTS)


def read_telegram_page(raw: bytes, source: Source) -> Iterator[Read]:
    """Yield the article of each message, and why a message has none.

    Raises:
        RecordError: the page cannot be read, or has no messages.
    """
    from lxml.etree import LxmlError, tostring  # noqa: PLC0415  (slow; only pages need it)
    from lxml.html import document_fromstring  # noqa: PLC0415

    try:
        tree = document_fromstring(decode_page(raw))
    except (LxmlError, ValueError, AssertionError) as error:
        raise RecordError(f"found no HTML ({error}), expected a page of messages") from error
    chat = _text(_one(tree, "page_header", "text"))
    sender, number = "", 0
    for element in tree.iter("div"):
        classes = _classes(element)
        if "message" not in classes:
            continue
        number += 1
        joined = "joined" in classes
        sender = sender if joined else _own_text(_one(element, "body", "from_name"))
        record = tostring(element, encoding="utf-8", with_tail=False)
        yield _read(element, classes, chat, sender, source, number, record)
    if not number:
        raise RecordError("found a page of an export without messages, expected at least one")


def _read(
    element: Any,  # noqa: ANN401  (lxml's element)
    classes: list[str],
    chat: str,
    sender: str,
    source: Source,
    number: int,
    record: bytes,
) -> Read:
    forwarded = _one(element, "forwarded body", "from_name")
    text = _text(_one(element, "body", "text"))
    stamp = _one(element, "body", "date")
    printed = stamp.get("title", "") if stamp is not None else ""
    day = _STAMP.match(printed)
    signed = _text(_one(element, "body", "signature"))
    author = signed or ("" if sender == chat else sender)
    identifier = (element.get("id") or "").removeprefix("message")
    skipped = "" if text else "a message without text"
    if "service" in classes:
        skipped = f"a service message ({_text(_one(element, 'body'))[:80]})"
    made = taken(
        (),
        skipped,
        text=("text", text),
        title=("text (first line)", headline(text)),
        id=("id", f"{name_of_scope(chat)}:{identifier}" if chat and identifier else ""),
        date=("date", f"{day[3]}-{day[2]}-{day[1]}" if day else printed),
        source=("forwarded from", _own_text(forwarded))
        if forwarded is not None
        else ("chat", chat),
        publisher=("chat", chat),
        author=("from_name", author),
    )
    read = read_plain(made, source, number, record, "")
    if isinstance(read, Article) and day:
        return replace(read, printed_date=printed)
    return read


def _classes(element: Any) -> list[str]:  # noqa: ANN401
    return str(element.get("class") or "").split()


def _one(element: Any, *path: str) -> Any:  # noqa: ANN401
    """Return the first element with the classes of *path*, one within the other, None if none."""
    found = element
    for name in path:
        if found is None:
            return None
        inside = (each for each in found.iter("div") if each is not found)
        found = next((each for each in inside if {*name.split()} <= {*_classes(each)}), None)
    return found


def _own_text(element: Any) -> str:  # noqa: ANN401
    """Return the text of an element without that of the elements in it."""
    if element is None:
        return ""
    return " ".join(" ".join([element.text or "", *(each.tail or "" for each in element)]).split())


def _text(element: Any) -> str:  # noqa: ANN401
    """Return the text of an element with its line breaks."""
    if element is None:
        return ""
    for line_break in element.iter("br"):
        line_break.tail = _LINE + (line_break.tail or "")
    lines = "".join(element.itertext()).split(_LINE)
    return "\n".join(" ".join(line.split()) for line in lines).strip()
