"""Names: the words and signs of the query language, in every spelling that people paste.

Names stand here folded and in small letters (`marsad.corpus.letters.fold_letters`).
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

# What other systems call a field of ours.
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

# Fields of other systems that have no like here.
UNKNOWN_FIELDS = frozenset(
    (
        *("site", "inurl", "allinurl", "intext", "allintext", "filetype", "related", "author"),
        *("byline", "au", "by", "ab", "tx", "su", "text", "body", "content", "subject", "section"),
        *("publication", "pub", "country", "region", "dateline", "company", "since", "until"),
        *("before", "after", "rst", "pd", "ns", "wc", "length", "id", "url", "link", "cache"),
    )
)

# How strictly the next word or phrase is meant: by a sign before it, or by a name.
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

# Operators that are no words of a language, or are only one in capital letters.
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
# Operators that may be words too: they are operators between two operands alone.
WEAK_OPERATORS: dict[str, OperatorKind] = {
    "and": "and",
    "or": "or",
    "and/or": "or",
    "not": "not",
    "andnot": "not",
}

# Every dash, minus and hyphen that may stand for the minus before a word.
DASHES = (
    "-\u058a\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\u02d7\u2796"
    "\u2e3a\u2e3b\ufe58\ufe63\uff0d"
)
# Signs of programs for the minus, where they touch what stands behind them.
BANGS = "!\uff01¬"
COLONS = ":\uff1a\ufe55\u2236"
TILDES = "~\u02dc\u223c\uff5e\u301c"
STARS = "*\u066d\u2217\u204e\uff0a"
QUESTIONS = "?؟\uff1f"
BARS = "|\u2502\uff5c\u00a6"
OPENINGS, CLOSINGS = "(\uff08\u207d[{", ")\uff09\u207e]}"
