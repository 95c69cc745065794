"""Build the month names from CLDR: `python -m marsad.corpus.dates.build_months`.

They are read from babel (Unicode CLDR, Unicode licence) once and kept in the package, because
the dates of an index depend on them: an update of babel must not change the dates of an article.
"""

import csv
import io
import sys
from importlib.resources import files
from pathlib import Path

# Pan-Arab, Levantine, Algerian and Tunisian, Moroccan; then Russian and English.
_LOCALES = ("ar", "ar_SY", "ar_DZ", "ar_MA", "ru", "en")


def main() -> None:
    """Write the names into the package."""
    from babel.dates import get_month_names  # noqa: PLC0415  (only needed to build)

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["locale", "month", "name"])
    for locale in _LOCALES:
        for number, name in get_month_names("wide", locale=locale).items():
            writer.writerow([locale, number, name])
    target = Path(str(files("marsad.corpus.dates").joinpath("data/months.csv")))
    target.write_text(out.getvalue(), encoding="utf-8")
    rows = out.getvalue().count("\n") - 1
    sys.stdout.write(f"{target}: {rows} names\n")


if __name__ == "__main__":
    main()
