"""Columns: find the field of an article that a column, or a key of a record, holds.

Names are compared folded, without case, spaces and underscores. The known names are those that
exports of newspapers, databases and scrapers use, in English and in Arabic.
"""

import re
from collections.abc import Iterable, Mapping

from marsad.corpus.errors import MappingError
from marsad.corpus.letters import fold_letters

FIELDS = ("id", "title", "text", "date", "source", "url", "author", "language", "publisher")
_NAMES = {
    "id": "id identifier docid articleid guid uuid _id معرف رقم",
    "title": "title headline header heading name عنوان العنوان",
    "text": "text body content articlebody fulltext maintext story paragraphs article description "
    "contentencoded نص النص المتن محتوى المحتوى متن الخبر",
    "date": "date published publisheddate publicationdate datepublished pubdate publishdate "
    "publishedat createdat time datetime timestamp day تاريخ التاريخ تاريخالنشر",
    "source": "source agency wire newspaper outlet sourcename مصدر المصدر الوكالة وكالة",
    "url": "url link permalink href canonicalurl address رابط الرابط",
    "author": "author byline creator authors writer الكاتب كاتب المؤلف بقلم",
    "language": "language lang اللغة لغة",
    "publisher": "publisher site sitename domain hostname الناشر ناشر الموقع",
}
_SIGNS = re.compile(r"[\s_.:/-]+")


def folded(name: str) -> str:
    """Return the form in which names are compared.

    Example:
        >>> folded(" Publication_Date "), folded("تاريخ النشر")
        ('publicationdate', 'تاريخالنشر')
    """
    return _SIGNS.sub("", fold_letters(name.strip().lstrip("\ufeff")).lower())


_FIELD_OF = {
    folded(name): (field, rank)
    for field, names in _NAMES.items()
    for rank, name in enumerate(names.split())
}


def match_columns(names: Iterable[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a map from field to column name, of the columns that hold a field of an article.

    Args:
        names: The columns of the table or record.
        mapping: Field to column as a person gave it; it wins over the known names.

    Raises:
        MappingError: a column of *mapping* is missing.

    Example:
        >>> match_columns(["Headline", "body", "pub_date", "views"])
        {'title': 'Headline', 'text': 'body', 'date': 'pub_date'}
    """
    there = [name for name in names if name]
    best: dict[str, tuple[int, str]] = {}
    for name in there:
        field, rank = _FIELD_OF.get(folded(name), ("", 0))
        if field and (field not in best or rank < best[field][0]):
            best[field] = (rank, name)
    found = {field: best[field][1] for field in FIELDS if field in best}
    for field, name in (mapping or {}).items():
        match = next((there_name for there_name in there if folded(there_name) == folded(name)), "")
        if not match:
            raise MappingError(field, name, tuple(there))
        found = {key: column for key, column in found.items() if column != match}
        found[field] = match
    return found


def parse_mapping(given: str) -> dict[str, str]:
    """Return a map from field to column, read from a text such as `title=headline,text=body`.

    Raises:
        ValueError: the text has another form, or a name in it is no field.
    """
    mapping: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in given.split(","))):
        field, equals, name = (part.strip() for part in pair.partition("="))
        if not equals or field not in FIELDS or not name:
            raise ValueError(pair)
        mapping[field] = name
    return mapping
