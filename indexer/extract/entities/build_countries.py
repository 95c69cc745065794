"""Build the country names from CLDR: `python -m marsad.indexer.extract.entities.build_countries`.

They are read from babel (Unicode CLDR, Unicode licence) once and kept in the package, because
the terms of an index depend on them: with names read at run time, an update of babel would make
every index unreadable. New names therefore come with a new analyzer version, and need
`marsad rebuild`.
"""

import csv
import io
import sys
from importlib.resources import files
from pathlib import Path

_LANGUAGES = ("ar", "en", "ru")
_CODE_LENGTH = 2
# CLDR lists these beside the countries: no place that news reports from.
_NO_COUNTRY = frozenset(
    {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "CP", "BV", "HM", "UM", "TF", "AQ"}
)


def build(names: dict[str, dict[str, str]]) -> str:
    """Return the CSV text of *names*, language to code to name, in the order of the Arabic ones."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", *_LANGUAGES])
    for code in names["ar"]:
        if len(code) == _CODE_LENGTH and code not in _NO_COUNTRY:
            writer.writerow([code, *(names[language].get(code, "") for language in _LANGUAGES)])
    return out.getvalue()


def main() -> None:
    """Write the names into the package."""
    from babel import Locale  # noqa: PLC0415  (only needed to build)

    names = {language: dict(Locale(language).territories) for language in _LANGUAGES}
    target = Path(str(files("marsad.indexer.extract.entities").joinpath("data/cldr_countries.csv")))
    target.write_text(build(names), encoding="utf-8")
    rows = target.read_text(encoding="utf-8").count("\n") - 1
    sys.stdout.write(f"{target}: {rows} countries\n")


if __name__ == "__main__":
    main()
