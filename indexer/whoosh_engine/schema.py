"""Whoosh schema: our index fields as stock Whoosh fields.

Terms come analysed, so Whoosh only splits at spaces. Nothing in the schema is a
class of ours: Whoosh pickles it into its table of contents.
"""

from whoosh import analysis, fields

from indexer.fields import FACETS, INDEX_FIELDS

# Between the values of a facet; no article can hold it, `clean_value` sees to that.
SEPARATOR = "\x1f"


def clean_value(value: str) -> str:
    """Return a facet value without the separator."""
    return value.replace(SEPARATOR, " ")


def facet_field(name: str) -> str:
    """Return Whoosh's name of a facet; `source` is a text field too."""
    return f"facet_{name}"


def whoosh_schema() -> fields.Schema:
    """Return a new schema."""
    words = analysis.RegexTokenizer(r"\S+")
    values = analysis.RegexTokenizer(f"[^{SEPARATOR}]+")
    schema = fields.Schema(
        id=fields.ID(unique=True, stored=True, sortable=True),
        digest=fields.ID(sortable=True),
        day=fields.NUMERIC(int, sortable=True, default=0),
        stored=fields.STORED,
    )
    for name in INDEX_FIELDS:
        schema.add(name, fields.TEXT(analyzer=words, phrase=True))
    for name in FACETS:
        schema.add(facet_field(name), fields.TEXT(analyzer=values, phrase=False, sortable=True))
    return schema
