"""Nexis: exports of LexisNexis Academic, Nexis Uni and Lexis+, with many articles in one file.

    lines of a file -> [nexis_pieces] -> Piece, one article each; None if it is no such file

Two layouts are read. The older one begins each article with `1 of 3 DOCUMENTS`: source, date,
title, labels such as LENGTH, text, LOAD-DATE. The newer one ends each with `End of Document`:
title, source, date, labels, `Body`, text, `Classification`.
"""

import re
from collections.abc import Sequence

from marsad.corpus.readers.press.piece import Piece, first_date

_TOP = re.compile(
    r"(?:\d{1,6}\s+(?:of|de|von|di|van|من)\s+\d{1,6}\s+(?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS?|DOCUMENTI|وثائق|وثيقة|مستندات|مستند)"
    r"|(?:Document|Dokument|Documento|وثيقة|الوثيقة|مستند|المستند)\s+\d{1,6}\s+(?:of|de|von|di|van|من)\s+\d{1,6})",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:Page|صفحة|الصفحة|Seite|Página)\s+\d{1,6}\s+(?:of|من|de|von|sur)\s+\d{1,6}", re.IGNORECASE
)
_END = re.compile(
    r"(?:End of Document|Fin du document|Ende des Dokuments?|Fin del documento|Fine del documento"
    r"|نهاية\s+(?:المستند|الوثيقة))",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<name>BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|HEADLINE|EDITION|SERIES|BODY|LOAD-DATE"
    r"|LANGUAGE|GRAPHIC|PUBLICATION-TYPE|SUBJECT|JOURNAL-CODE|URL|COPYRIGHT|CORRECTION|NOTES?"
    r"|DISTRIBUTION|ORGANIZATION|COMPANY|TICKER|INDUSTRY|PERSON|CITY|STATE|COUNTRY|GEOGRAPHIC|TYPE"
    r"|ACC-NO|DOCUMENT-TYPE|CORRECTION-DATE|ISSN|VOLUME|PUB-TYPE|LOADDATE)\s*:\s*(?P<value>.*)",
    re.IGNORECASE,
)
# Above the text; and below it.
_ABOVE = frozenset(
    ["BYLINE", "SECTION", "LENGTH", "DATELINE", "HIGHLIGHT", "HEADLINE", "EDITION", "SERIES"]
)
_FOOT = re.compile(
    r"Classification|(?:LOAD-DATE|LOADDATE|PUBLICATION-TYPE|PUB-TYPE|JOURNAL-CODE|DOCUMENT-TYPE"
    r"|ACC-NO)\s*:.*|LANGUAGE\s*:\s*\w+(?:\s*[;,]\s*\w+)*",
    re.IGNORECASE,
)
_LOOSE_FOOT = re.compile(
    r"(?:GRAPHIC|URL|NOTES?|CORRECTION(?:-DATE)?|DISTRIBUTION|SUBJECT|TYPE|ISSN)\s*:.*"
    r"|(?:Graphic|Notes|Correction)",
)
_RIGHTS = re.compile(
    r"(?:\(c\)|©|copyright\b|حقوق\s+(?:النشر|الطبع)|جميع\s+الحقوق).*|.*\ball\s+rights\s+reserved\b.*"
    r"|.*جميع\s+الحقوق\s+محفوظة.*",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r".{0,60}\b(?:edition|final|ausgabe|édition|edición)\b.{0,40}|.{0,30}الطبعة.{0,40}",
    re.IGNORECASE,
)
_COVER = re.compile(
    r"(?:Job Number|Date and Time|User Name|Client/Matter|Search Terms|Search Type|Time Of Request"
    r"|Download Request|Documents \(\d+\)|Narrowed by|Content Type).*",
    re.IGNORECASE,
)
_LISTED = re.compile(r"1\.\s+(?P<title>\S.*)")
_LENGTH = re.compile(r"LENGTH\s*:\s*[\d,.٠-٩]+\s*\S{0,12}", re.IGNORECASE)
# Labels whose value may be longer than a line, and the one whose value is the text.
_CUT = re.compile(r"(?:HEADLINE|BYLINE|SECTION|HIGHLIGHT)\s*:", re.IGNORECASE)
_INLINE_BODY = re.compile(r"BODY\s*:\s*(?P<text>\S.*)", re.IGNORECASE)
_HEAD_LINES = 40
# So many lines may be below the last date of an article.
_MOST_BELOW = 20
_WRAPPED = 100
_LEAST_WRAPPED = 50


def nexis_pieces(lines: Sequence[str]) -> list[Piece] | None:
    """Return the articles of an export, None if *lines* are of another file.

    An empty line in *lines* is a blank one; files that have none are read too.
    """
    tops = [at for at, line in enumerate(lines) if _TOP.fullmatch(line)]
    ends = [at for at, line in enumerate(lines) if _END.fullmatch(line)]
    pages = [at for at, line in enumerate(lines) if _PAGE.fullmatch(line)]
    loads = [at for at, line in enumerate(lines) if line[:10].upper().startswith("LOAD-DATE:")]
    lengths = [at for at, line in enumerate(lines) if _LENGTH.fullmatch(line)]
    marks = bool(loads or lengths)
    if len(tops) > 1 or (tops and marks):
        cuts = tops
    elif len(ends) > 1 or (ends and marks):
        cuts = [0, *(at + 1 for at in ends)]
    elif loads and lengths and len(pages) > 1 and len(pages) <= len(loads):
        cuts = pages
    elif loads and lengths:
        cuts = _after_loads(lines, loads)
    else:
        return None
    parts = [lines[a:b] for a, b in zip(cuts, [*cuts[1:], len(lines)], strict=True)]
    if not tops:
        parts = [_without_cover(part) if n == 0 else part for n, part in enumerate(parts)]
    if cuts[0] == 0 and ends and not tops and len(parts) > 1 and not _is_cut(parts[-1]):
        # What is below the last article is said by the database.
        parts.pop()
    full = [part for part in parts if _is_article(part)]
    if not full:
        return None
    return [_piece(part, n + 1 if len(full) > 1 else 0) for n, part in enumerate(full)]


def _after_loads(lines: Sequence[str], loads: Sequence[int]) -> list[int]:
    """Return where articles begin if each one ends with the date of its loading."""
    cuts = [0]
    for load in loads[:-1]:
        at = load + 1
        while at < min(len(lines), load + _MOST_BELOW) and (
            not lines[at]
            or _FOOT.fullmatch(lines[at])
            or _LABEL.fullmatch(lines[at])
            or _RIGHTS.fullmatch(lines[at])
        ):
            at += 1
        cuts.append(at)
    return cuts


def _is_cut(part: Sequence[str]) -> bool:
    """Tell whether lines are an article whose end is missing."""
    return any(_LENGTH.fullmatch(line) or line.lower() == "body" for line in part)


def _is_article(part: Sequence[str]) -> bool:
    said = [line for line in part if line and not _noise(line)]
    return len(said) > 1


def _noise(line: str) -> bool:
    return bool(_TOP.fullmatch(line) or _PAGE.fullmatch(line) or _END.fullmatch(line))


def _without_cover(part: Sequence[str]) -> Sequence[str]:
    """Return the first article without the page that lists what was searched and found."""
    covers = [at for at, line in enumerate(part) if _COVER.fullmatch(line)]
    if not covers or covers[0] > _HEAD_LINES:
        return part
    listed = next((m["title"] for line in part if (m := _LISTED.fullmatch(line))), "")
    if listed:
        begin = next((at for at in range(len(part) - 1, -1, -1) if part[at] == listed), None)
        if begin is not None:
            return part[begin:]
    said = next((at for at, line in enumerate(part) if _LENGTH.fullmatch(line)), len(part))
    last = max((at for at in covers if at < said), default=-1)
    return part[last + 1 :]


def _piece(part: Sequence[str], number: int) -> Piece:
    lines = _whole_labels([line for line in part if not _noise(line)])
    begin = _body_begin(lines)
    head = [line for line in lines[:begin] if line]
    found = Piece(number, body=_body(lines[begin:]))
    labels = {
        m["name"].upper(): m["value"].strip() for line in head if (m := _LABEL.fullmatch(line))
    }
    free = [line for line in head if not _LABEL.fullmatch(line) and not _RIGHTS.fullmatch(line)]
    _read_free(free, found)
    if title := labels.get("HEADLINE"):
        found.source, found.title = found.source or found.title, title
    found.author = labels.get("BYLINE", "")
    below = [
        m["value"].strip()
        for line in lines[begin:]
        if (m := re.fullmatch(r"URL\s*:\s*(?P<value>https?://\S+)", line))
    ]
    found.url = labels.get("URL", "") or (below[0] if below else "")
    if highlight := labels.get("HIGHLIGHT"):
        found.body.insert(0, highlight)
    return found


def _whole_labels(lines: Sequence[str]) -> list[str]:
    """Return *lines* with labels that were cut at a width joined, and `BODY:` on its own line."""
    found: list[str] = []
    for at, line in enumerate(lines):
        cut = at and len(lines[at - 1]) > _LEAST_WRAPPED and at < _HEAD_LINES
        if cut and line and not _LABEL.fullmatch(line) and found and _CUT.match(found[-1]):
            found[-1] = f"{found[-1]} {line}"
        elif match := _INLINE_BODY.fullmatch(line):
            found += ["Body", match["text"]]
        else:
            found.append(line)
    return found


def _body_begin(lines: Sequence[str]) -> int:
    """Return the place of the first line of the text, below all that is said about it."""
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if re.fullmatch(r"Body\s*:?", line, re.IGNORECASE):
            return at + 1
    last = -1
    for at, line in enumerate(lines[:_HEAD_LINES]):
        match = _LABEL.fullmatch(line)
        if match and match["name"].upper() in _ABOVE and not _foot_is_above(lines, at):
            last = at
        elif len(line) > 4 * _WRAPPED and last >= 0:
            break
    if last >= 0:
        return last + 1
    date = first_date(lines[:_HEAD_LINES])
    if date is None:
        return min(1, len(lines) - 1)
    after = date + 1
    while after < len(lines) and (
        not lines[after] or _RIGHTS.fullmatch(lines[after]) or _EDITION.fullmatch(lines[after])
    ):
        after += 1
    # Source and date alone are above the date: the title is below it.
    above = [line for line in lines[:date] if line and not _RIGHTS.fullmatch(line)]
    return after + 1 if len(above) <= 1 and after + 1 < len(lines) else after


def _foot_is_above(lines: Sequence[str], at: int) -> bool:
    return any(_FOOT.fullmatch(line) for line in lines[:at])


def _read_free(free: list[str], found: Piece) -> None:
    """Read title, source and date from the lines above the text that have no label."""
    date = first_date(free)
    if date is None:
        found.title = free[0] if free else ""
        found.source = free[1] if len(free) > 1 else ""
        return
    found.date = free[date]
    above = free[:date]
    below = [line for line in free[date + 1 :] if not _EDITION.fullmatch(line)]
    if len(above) <= 1 and below:
        found.source, found.title = (above[0] if above else ""), " ".join(below)
    elif len(above) > 1:
        found.source, found.title = above[-1], " ".join(above[:-1])
    elif above:
        found.title = above[0]


def _body(lines: Sequence[str]) -> list[str]:
    """Return the paragraphs of a text, without what is said about it below."""
    end = next((at for at, line in enumerate(lines) if _FOOT.fullmatch(line)), len(lines))
    kept = list(lines[:end])
    while kept and (not kept[-1] or _LOOSE_FOOT.fullmatch(kept[-1]) or _RIGHTS.fullmatch(kept[-1])):
        kept.pop()
    return unwrapped(kept)


def unwrapped(lines: Sequence[str]) -> list[str]:
    """Return the paragraphs of *lines*: lines that were cut at a width are joined.

    Example:
        >>> unwrapped(["a " * 30, "b", "", "c"])[1:]
        ['c']
        >>> unwrapped(["a", "b"])
        ['a', 'b']
    """
    longest = max(map(len, lines), default=0)
    if not (_LEAST_WRAPPED < longest <= _WRAPPED and any(not line for line in lines)):
        return [line for line in lines if line]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [" ".join(paragraph) for paragraph in paragraphs if paragraph]
