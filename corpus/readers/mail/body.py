"""Body: the text of a message, from its parts in plain text and in HTML."""

import re

from marsad.corpus.errors import RecordError
from marsad.corpus.readers.mail.header import to_text
from marsad.corpus.readers.mail.parts import Part, Split
from marsad.corpus.readers.markup import decode_page
from marsad.corpus.readers.xml.text import html_text
from marsad.corpus.source import Source

_KINDS = frozenset({"text/plain", "text/html", "text/enriched", "text", "text/x-markdown"})
# A plain text that is much shorter than the HTML only says that the message has HTML.
_LEAST_SHARE = 0.3
_SOFT_BREAK = re.compile(r"(?<=[^ \n]) \n(?=[^\n>])")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|body|div|p)\b", re.IGNORECASE)


def is_body(part: Part) -> bool:
    """Tell whether a part is text of the message, and no attachment."""
    header = part.header
    if header.kind not in _KINDS and not header.kind.startswith("multipart/"):
        return False
    return header.disposition != "attachment" and (not header.name or part.number == 1)


def body_text(split: Split, source: Source) -> str:
    """Return the text of a message: its parts in order, and one of each set of alternatives.

    Raises:
        RecordError: a part is longer than a record may be.
    """
    groups: dict[int, list[tuple[bool, str]]] = {}
    for part in filter(is_body, split.parts):
        # Parts in no alternative are a group each.
        group = groups.setdefault(part.choice or -part.number, [])
        group.append(_text_of(split, part, source))
    found = (_choice(group) for group in groups.values())
    return "\n\n".join(text for text in found if text)


def _text_of(split: Split, part: Part, source: Source) -> tuple[bool, str]:
    """Return whether a part is plain text, and its text."""
    raw = split.content(part, source.limit + 1)
    if len(raw) > source.limit:
        raise RecordError(source.too_long())
    header = part.header
    if header.kind == "text/html":
        return False, html_text(
            to_text(raw, header.charset) if header.charset else decode_page(raw)
        )
    text = to_text(raw, header.charset)
    if _MARKUP.match(text):
        return False, html_text(text)
    if "format=flowed" in header.get("content-type").lower().replace('"', ""):
        text = _SOFT_BREAK.sub(" ", text)
    return True, "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _choice(group: list[tuple[bool, str]]) -> str:
    """Return the plain text of alternatives if it is real, else the one in HTML."""
    plain = "\n\n".join(text for is_plain, text in group if is_plain and text)
    # A part that says it is plain and is HTML all the same is the same text once more.
    marked = "\n\n".join(dict.fromkeys(text for is_plain, text in group if not is_plain and text))
    return plain if len(plain) >= _LEAST_SHARE * len(marked) else marked
