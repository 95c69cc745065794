"""Countries: names of `data/cldr_countries.csv`, other spellings of `data/countries.csv`.

The names are those of Unicode CLDR, kept in the package by `build_countries`.
"""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from marsad.indexer.extract.entities.entity import Entity

_STATES = ("جمهورية", "دولة")


def country_entities() -> Iterator[Entity]:
    """Yield a place for each country; its id is `country-` and the ISO 3166 code."""
    extra = {row["code"]: row for row in _rows("countries.csv")}
    for named in _rows("cldr_countries.csv"):
        code, arabic = named["code"], named["ar"]
        row = extra.get(code, {})
        labels = (row.get("ar") or arabic, named["en"], named["ru"])
        short = labels[0].split()
        formal = tuple(f"{state} {labels[0]}" for state in _STATES) if len(short) == 1 else ()
        given = (*row.get("aliases", "").split("|"), arabic, *formal)
        aliases = tuple(name for name in given if name)
        yield Entity(f"country-{code.lower()}", "place", labels, aliases, bool(row.get("guarded")))


@cache
def arabic_names() -> dict[str, str]:
    """Return ISO 3166 code to the Arabic name of CLDR."""
    return {row["code"]: row["ar"] for row in _rows("cldr_countries.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("marsad.indexer.extract.entities").joinpath(f"data/{name}").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())
