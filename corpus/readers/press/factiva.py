"""Factiva: exports with many articles in one file, as text, RTF, Word and HTML.

    lines of a file -> [factiva_pieces] -> Piece, one article each; None if it is no such file

Each article ends with its number, `Document AFPA000020230415ej4f00001`. What is above the text
is either in a fixed order (title, byline, words, date, source, code, language, copyright) or
under codes: HD title, PD date, SN source, LP lead, TD text, AN number.
"""

import re
from collections.abc import Sequence

from marsad.corpus.readers.press.piece import Piece, press_date

_NUMBER = r"[A-Z][A-Z0-9]{3,13}(?:19|20)\d{6}[0-9a-z]{5,13}"
_LAST = re.compile(
    rf"(?:Document|Documento|Dokument|Документ|(?:ال)?وثيقة|(?:ال)?مستند|文件)\s*:?\s*(?P<id>{_NUMBER})"
)
_CODES = [
    "SE",
    "CLM",
    "HD",
    "BY",
    "CR",
    "WC",
    "PD",
    "ET",
    "SN",
    "SC",
    "ED",
    "PG",
    "VOL",
    "LA",
    "CY",
    "CX",
    "LP",
    "TD",
    "ART",
    "RF",
    "CO",
    "IN",
    "NS",
    "RE",
    "IPC",
    "IPD",
    "PUB",
    "AN",
]
_ANY_CODE = rf"(?P<code>{'|'.join(_CODES)})"
_CODED = re.compile(rf"{_ANY_CODE}(?:[:\s]\s*|$)(?P<value>.*)")
# If the codes are apart from the values, a line that begins with "IN " is one of the text.
_APART = re.compile(rf"{_ANY_CODE}(?:\s*[\t:]\s*|\s{{2,}}|$)(?P<value>.*)")
_BARE_ID = re.compile(rf"(?:Document\s+)?(?P<id>{_NUMBER})")
_WORDS = re.compile(
    r"[\d,.٠-٩]+\s+(?:words?|mots?|W[öo]rter|palabras|parole|palavras|слов\w*|كلمة|كلمات)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d\d(?:\s*[AP]M)?(?:\s*GMT)?", re.IGNORECASE)
_CODE = re.compile(r"[A-Z][A-Z0-9]{2,8}")
_LANGUAGES = frozenset(
    [
        "english",
        "arabic",
        "french",
        "german",
        "spanish",
        "russian",
        "turkish",
        "persian",
        "italian",
        "portuguese",
        "hebrew",
        "chinese",
        "العربية",
        "عربي",
        "الإنجليزية",
        "إنجليزي",
        "الفرنسية",
        "русский",
        "français",
        "deutsch",
        "español",
    ]
)
_RIGHTS = re.compile(
    r"(?:\(c\)|©|copyright\b|حقوق\s+(?:النشر|الطبع)|جميع\s+الحقوق|all\s+rights).*", re.IGNORECASE
)
_BY = re.compile(r"(?:by|par|von|por|بقلم|إعداد|كتب|كتبت)\b\s*:?\s*\S.*", re.IGNORECASE)
# So many lines at most are above the text, and so many are between the source and the rights.
_HEAD_LINES = 14
_TAIL_LINES = 9


def factiva_pieces(lines: Sequence[str]) -> list[Piece] | None:
    """Return the articles of an export, None if *lines* are of another file."""
    said = [line for line in lines if line]
    ends = [at for at, line in enumerate(said) if _LAST.fullmatch(line)]
    heads = [at for at, line in enumerate(said) if _code_of(line) == "HD"]
    dates = [at for at, line in enumerate(said) if _code_of(line) == "PD"]
    coded = (
        bool(heads)
        and len(heads) <= len(dates)
        and any(_code_of(line) in {"LP", "TD"} for line in said)
    )
    if coded:
        cuts = _before_heads(said, heads)
    elif ends:
        cuts = [0, *(at + 1 for at in ends if at + 1 < len(said))]
    else:
        return None
    parts = [said[a:b] for a, b in zip(cuts, [*cuts[1:], len(said)], strict=True)]
    if not coded and len(parts) > len(ends):
        # What is below the last number is said by the database.
        parts.pop()
    many = len(parts) > 1
    read = coded_piece if coded else plain_piece
    return [read(part, n + 1 if many else 0) for n, part in enumerate(parts)]


def _code_of(line: str) -> str:
    match = _CODED.fullmatch(line)
    return match["code"] if match else ""


def _before_heads(said: Sequence[str], heads: Sequence[int]) -> list[int]:
    """Return where articles begin: at the code of a title, or at the section above it."""
    cuts = []
    for head in heads:
        at = head
        while at and _code_of(said[at - 1]) in {"SE", "CLM"}:
            at -= 1
        cuts.append(at)
    return cuts


def coded_piece(lines: Sequence[str], number: int) -> Piece:
    """Return the article whose fields are under codes."""
    fields: dict[str, list[str]] = {}
    code = ""
    head = next((line for line in lines if _code_of(line) == "HD"), "")
    coded = _APART if _APART.fullmatch(head) else _CODED
    for line in lines:
        match = coded.fullmatch(line)
        if match and (match["code"] not in fields):
            code = match["code"]
            fields[code] = [match["value"]] if match["value"] else []
        elif code:
            fields[code].append(line)
    return of_fields(fields, number)


def of_fields(fields: dict[str, list[str]], number: int) -> Piece:
    """Return the article of code to lines."""

    def one(code: str) -> str:
        return " ".join(" ".join(fields.get(code, [])).split())

    last = _BARE_ID.search(one("AN"))
    return Piece(
        number,
        title=one("HD"),
        body=[line for line in (*fields.get("LP", ()), *fields.get("TD", ())) if line],
        source=one("SN"),
        date=one("PD"),
        author=one("BY"),
        id=last["id"] if last else "",
    )


def plain_piece(lines: Sequence[str], number: int) -> Piece:
    """Return the article whose facts are in a fixed order above its text."""
    last = next((m for line in reversed(lines) if (m := _LAST.fullmatch(line))), None)
    kept = [line for line in lines if not _LAST.fullmatch(line)]
    found = Piece(number, id=last["id"] if last else "")
    found.body = kept[read_head(kept, found) :]
    return found


def read_head(lines: Sequence[str], found: Piece) -> int:
    """Read the lines above the text to *found*, and return the place of the first one below."""
    top = lines[:_HEAD_LINES]
    date = next((at for at, line in enumerate(top) if press_date(line)), None)
    if date is None:
        found.title = lines[0] if lines else ""
        return min(1, len(lines))
    found.date = top[date]
    words = next((at for at, line in enumerate(top[:date]) if _WORDS.fullmatch(line)), date)
    above = list(top[:words])
    found.author = next((line for line in above[1:] if _BY.fullmatch(line)), "")
    titles = [line for line in above if line != found.author]
    found.title = max(titles, key=len, default="")
    return _below_date(lines, date + 1, found)


def _below_date(lines: Sequence[str], begin: int, found: Piece) -> int:
    """Read time, source, code, language and rights; return the place of the line below them."""
    at = begin
    while at < len(lines) and (_TIME.fullmatch(lines[at]) or _WORDS.fullmatch(lines[at])):
        at += 1
    if at < len(lines):
        found.source = lines[at]
        at += 1
    window = lines[at : at + _TAIL_LINES]
    rights = next((n for n, line in enumerate(window) if _RIGHTS.fullmatch(line)), None)
    if rights is not None:
        return at + rights + 1
    while at < len(lines) and (
        _CODE.fullmatch(lines[at])
        or lines[at].lower() in _LANGUAGES
        or _RIGHTS.fullmatch(lines[at])
    ):
        at += 1
    return at
