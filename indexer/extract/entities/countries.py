"""Countries: names from CLDR through babel, other spellings from `data/countries.csv`."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from babel import Locale

from marsad.indexer.extract.entities.entity import Entity

_CODE_LENGTH = 2
_STATES = ("جمهورية", "دولة")
# CLDR lists these beside the countries: no place that news reports from.
_NO_COUNTRY = frozenset(
    {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "CP", "BV", "HM", "UM", "TF", "AQ"}
)


def country_entities() -> Iterator[Entity]:
    """Yield a place for each country; its id is `country-` and the ISO 3166 code."""
    extra = {row["code"]: row for row in _rows()}
    names = [Locale(language).territories for language in ("ar", "en", "ru")]
    for code, arabic in names[0].items():
        if len(code) != _CODE_LENGTH or code in _NO_COUNTRY:
            continue
        row = extra.get(code, {})
        labels = (row.get("ar") or arabic, names[1].get(code, ""), names[2].get(code, ""))
        short = labels[0].split()
        formal = tuple(f"{state} {labels[0]}" for state in _STATES) if len(short) == 1 else ()
        given = (*row.get("aliases", "").split("|"), arabic, *formal)
        aliases = tuple(name for name in given if name)
        yield Entity(f"country-{code.lower()}", "place", labels, aliases, bool(row.get("guarded")))


def _rows() -> Iterator[dict[str, str]]:
    text = (
        files("marsad.indexer.extract.entities").joinpath("data/countries.csv").read_text("utf-8")
    )
    yield from csv.DictReader(text.splitlines())
