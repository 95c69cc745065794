"""Names: the fields, operators and signs of the query language, in all their spellings.

Names are folded (`marsad.corpus.letters.fold_letters`) and in lower case.
"""

from typing import Literal

from marsad.indexer.query.strictness import Strictness
from marsad.indexer.query.syntax import SearchField

OperatorKind = Literal["and", "or", "not"]

FIELD_NAMES: dict[str, SearchField] = {
    "title": "title",
    "عنوان": "title",
    "lead": "lead",
    "مطلع": "lead",
    "صدر": "lead",
    "hlead": "hlead",
    "source": "source",
    "مصدر": "source",
    "entity": "entity",
    "كيان": "entity",
    "person": "person",
    "شخص": "person",
    "place": "place",
    "مكان": "place",
    "org": "organisation",
    "organisation": "organisation",
    "منظمه": "organisation",
    "group": "armed_group",
    "جماعه": "armed_group",
    "nationality": "nationality",
    "جنسيه": "nationality",
    "language": "language",
    "لغه": "language",
    "date": "date",
    "تاريخ": "date",
    "event": "event",
    "حدث": "event",
}

# Names that other search systems use for a field that exists here.
OTHER_NAMES: dict[str, SearchField] = {
    "headline": "title",
    "intitle": "title",
    "ti": "title",
    "allintitle": "title",
    "hl": "title",
    "hd": "title",
    "lp": "lead",
    "hlp": "hlead",
    "organization": "organisation",
    "lang": "language",
}

# Fields of other search systems that do not exist here. Using one is reported.
UNKNOWN_FIELDS = frozenset(
    (
        *("site", "inurl", "allinurl", "intext", "allintext", "filetype", "related", "author"),
        *("byline", "au", "by", "ab", "tx", "su", "text", "body", "content", "subject", "section"),
        *("publication", "pub", "country", "region", "dateline", "company", "since", "until"),
        *("before", "after", "rst", "pd", "ns", "wc", "length", "id", "url", "link", "cache"),
    )
)

# The strictness of the next word or phrase, by a sign before it or by a name.
LEVEL_SIGNS: dict[str, Strictness] = {"=": "exact", "√": "root"}
LEVEL_NAMES: dict[str, Strictness] = {
    "exact": "exact",
    "حرفيا": "exact",
    "folded": "folded",
    "رسم": "folded",
    "forms": "default",
    "صيغ": "default",
    "root": "root",
    "جذر": "root",
}

# Operators that cannot be ordinary words, or only if they are not in capitals.
OPERATORS: dict[str, OperatorKind] = {
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "ANDNOT": "not",
    "&": "and",
    "&&": "and",
    "او": "or",
    "و/او": "or",
    "او/و": "or",
}
# Operators that can also be ordinary words: they are operators only between two operands.
WEAK_OPERATORS: dict[str, OperatorKind] = {
    "and": "and",
    "or": "or",
    "and/or": "or",
    "not": "not",
    "andnot": "not",
}

# All dashes, minus signs and hyphens that are accepted as the minus before a word.
DASHES = (
    "-\u058a\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\u02d7\u2796"
    "\u2e3a\u2e3b\ufe58\ufe63\uff0d"
)
# Negation signs of programming languages; they count as a minus if they touch the next word.
BANGS = "!\uff01¬"
COLONS = ":\uff1a\ufe55\u2236"
TILDES = "~\u02dc\u223c\uff5e\u301c"
STARS = "*\u066d\u2217\u204e\uff0a"
QUESTIONS = "?؟\uff1f"
BARS = "|\u2502\uff5c\u00a6"
OPENINGS, CLOSINGS = "(\uff08\u207d[{", ")\uff09\u207e]}"
