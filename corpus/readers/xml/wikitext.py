"""Wikitext: the plain text of a page of MediaWiki, without its markup.

Templates, tables, references, pictures and categories are left out; the words of links stay. The
text is scanned once, so that the time grows with its length only.
"""

import re
from html import unescape

_GONE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(ref|gallery|math|timeline|syntaxhighlight|source|score|imagemap)\b"
    r"(?:[^>]*/>|.*?(?:</\1\s*>|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_MARKS = re.compile(r"\{\{|\}\}|\{\||\|\}(?!\})|\[\[|\]\]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_LINE_BREAK = re.compile(r"<(?:br|p|/p|div|/div|li|/li)\b[^<>]{0,500}>", re.IGNORECASE)
_OUTER_LINK = re.compile(r"\[(?:https?:)?//[^\s\]]+\s*([^\]\n]*)\]")
_QUOTES = re.compile(r"'{2,5}")
_HEADING = re.compile(r"^(={1,6})\s*(.*?)\s*\1\s*$")
_SWITCH = re.compile(r"__[A-Z\u0600-\u06ff_]+__")
_LEAD = re.compile(r"^[*#:;]+\s*")
# Prefixes of links whose words are no text: pictures and categories.
_HIDDEN = re.compile(
    r"\s*(?:file|image|media|category|ملف|صورة|وسائط|تصنيف|файл|изображение|категория|پرونده|رده)"
    r"\s*:",
    re.IGNORECASE,
)
_LANGUAGE_LINK = re.compile(r"[a-z]{2,3}(?:-[a-z]+)?:")


def plain_wikitext(given: str) -> str:
    """Return the text of wikitext, its paragraphs two line feeds apart.

    Example:
        >>> plain_wikitext("{{تاريخ|2023}}'''هدنة''' في [[السودان|الجنوب]].<ref>م</ref>")
        'هدنة في الجنوب.'
    """
    shown = _LINE_BREAK.sub("\n\n", _balanced(_GONE.sub("", given)))
    shown = _OUTER_LINK.sub(r"\1", shown)
    shown = _SWITCH.sub("", _QUOTES.sub("", _TAG.sub("", shown)))
    paragraphs: list[list[str]] = [[]]
    for line in unescape(shown).split("\n"):
        bare = line.strip()
        heading = _HEADING.match(bare)
        is_own = heading is not None or _LEAD.match(bare) is not None
        if not bare or is_own:
            paragraphs.append([])
        if words := (heading[2] if heading else _LEAD.sub("", bare)):
            paragraphs[-1].append(words)
        if is_own:
            paragraphs.append([])
    return "\n\n".join(" ".join(" ".join(each).split()) for each in paragraphs if each)


def _balanced(text: str) -> str:
    """Return *text* without templates and tables, and with the words of links."""
    stack: list[tuple[str, list[str]]] = [("", [])]
    at = 0
    for mark in _MARKS.finditer(text):
        stack[-1][1].append(text[at : mark.start()])
        at = mark.end()
        match mark[0]:
            case "{{" | "{|" | "[[" as begin:
                stack.append((begin, []))
            case end:
                partner = {"}}": "{{", "|}": "{|", "]]": "[["}[end]
                if any(open_mark == partner for open_mark, _ in stack[-8:]):
                    while stack[-1][0] != partner:
                        _close(stack)
                    _close(stack)
    stack[-1][1].append(text[at:])
    # Marks that are never closed are text, as the wiki shows them.
    return "".join(piece for _, pieces in stack for piece in pieces)


def _close(stack: list[tuple[str, list[str]]]) -> None:
    begin, parts = stack.pop()
    if begin == "[[":
        stack[-1][1].append(_words("".join(parts)))


def _words(link: str) -> str:
    if _HIDDEN.match(link) or _LANGUAGE_LINK.match(link):
        return ""
    return link.rpartition("|")[2].lstrip(":")
