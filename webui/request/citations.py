"""Citations: an article as RIS, BibTeX, CSL-JSON, or one plain line.

The RIS type is NEWS, the biblatex type is @online with an ASCII key, and the CSL type is
article-newspaper. A field that the source did not give is left out, never guessed.
"""

import hashlib
import json
import re
from typing import Any

from marsad.corpus.article import Article

_LINE_ENDS = re.compile(r"[\r\n\u2028\u2029\x00-\x1f\x7f]+")
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "%": r"\%",
        "#": r"\#",
        "&": r"\&",
        "$": r"\$",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
# TeX joins these pairs into one sign, such as `--` into a dash and ?` into an inverted question
# mark. An empty group between the two signs prevents that.
_LIGATURES = re.compile(r"([-`',<>])(?=\1)|[?!](?=`)")
_LANGUAGES = {"ar": "arabic", "en": "english", "ru": "russian", "fr": "french", "fa": "persian"}


def one_line(text: str) -> str:
    """Return *text* on one line: each line end of any of the formats becomes a space."""
    return _LINE_ENDS.sub(" ", text).strip()


def ris(article: Article) -> str:
    """Return one RIS record; its lines end with CR LF, as the format requires."""
    iso = article.published_iso() or ""
    year, month, day = [*iso.split("-"), "", "", ""][:3]
    rows = [
        ("TI", article.title or article.id),
        ("AU", article.author),
        ("T2", article.source),
        ("PB", article.publisher),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if iso else ""),
        ("UR", article.url),
        ("LA", article.language),
        ("ID", article.id),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in rows if value]
    return "\r\n".join(["TY  - NEWS", *lines, "ER  - ", "", ""])


def bibtex(article: Article) -> str:
    r"""Return one biblatex entry.

    Example:
        >>> print(bibtex(Article(id="a1", title="هدنة 5%", text="")), end="")
        @online{marsad-f55ff16f,
          title = {{هدنة 5\%}},
        }
        <BLANKLINE>
    """
    rows = [
        ("title", f"{{{_tex(article.title or article.id)}}}"),
        ("author", f"{{{_tex(article.author)}}}" if article.author else ""),
        ("organization", _tex(article.source or article.publisher)),
        ("date", article.published_iso() or ""),
        ("url", _url(article.url)),
        ("langid", _LANGUAGES.get(article.language, "")),
    ]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in rows if value)
    return f"@online{{{citation_key(article)},\n{lines}}}\n\n"


def citation_key(article: Article) -> str:
    """Return an ASCII key that depends only on the id and the year of publication."""
    # An id may hold any character and a BibTeX key may not, so the key has a hash of the id.
    digest = hashlib.sha256(article.id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    year = (article.published_iso() or "")[:4]
    return f"marsad-{year}-{digest}" if year else f"marsad-{digest}"


def csl(article: Article) -> dict[str, Any]:
    """Return one CSL-JSON item; each of its texts is on one line."""
    item: dict[str, Any] = {"id": citation_key(article), "type": "article-newspaper"}
    iso = article.published_iso()
    if iso:
        item["issued"] = {"date-parts": [[int(part) for part in iso.split("-")]]}
    if author := one_line(article.author):
        item["author"] = [{"literal": author}]
    named = {
        "title": article.title or article.id,
        "container-title": article.source,
        "publisher": article.publisher,
        "URL": article.url,
        "language": article.language,
        "note": f"Marsad id: {article.id}",
    }
    return item | {name: one_line(value) for name, value in named.items() if value}


def csl_text(article: Article) -> str:
    """Return a CSL-JSON document (a list with one item) as text."""
    return json.dumps([csl(article)], ensure_ascii=False, indent=1) + "\n"


def footnote_parts(article: Article) -> tuple[str, ...]:
    """Return the parts of a footnote in order: author, title, source, date, URL.

    A part that is not known is left out.
    """
    parts = [
        article.author,
        f"«{article.title or article.id}»",
        article.source or article.publisher,
        article.published_iso() or "",
        article.url,
    ]
    return tuple(one_line(part) for part in parts if part)


def footnote(article: Article) -> str:
    """Return one line to paste into a footnote.

    Example:
        >>> footnote(Article(id="a", title="هدنة", text="", source="تاس", url="https://a.example/1"))
        '«هدنة»، تاس، https://a.example/1'
    """
    return "، ".join(footnote_parts(article))


def _tex(text: str) -> str:
    return _LIGATURES.sub(r"\g<0>{}", one_line(text).translate(_SPECIAL))


def _url(url: str) -> str:
    """Return *url* without braces and backslashes, which would end its BibTeX field early."""
    return one_line(url).replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
