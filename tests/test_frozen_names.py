"""Frozen names: what analysis reads lies in the package, so no update of a library changes it."""

import csv
import subprocess
import sys

import pytest

from marsad.corpus.dates.calendars import months
from marsad.corpus.letters import fold_letters
from marsad.indexer.extract.entities.build_countries import build
from marsad.indexer.extract.entities.countries import arabic_names, country_entities
from marsad.indexer.parts import Parts

WITHOUT_BABEL = """
import sys
sys.modules["babel"] = None  # every import of it fails
from marsad.corpus.dates.dateline import parse_dateline
from marsad.indexer.parts import parts
assert parse_dateline("21 сентября 2023") == parse_dateline("21 شتنبر 2023") == "2023-09-21"
made = parts()
assert made.gazetteer.resolve("place", "ليبيا")
print(made.analyzer.version)
"""


def test_analysis_and_dates_need_no_babel(wanted: Parts) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_BABEL], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == wanted.analyzer.version


def test_a_country_has_a_code_a_label_in_each_language_and_the_name_of_cldr() -> None:
    found = {entity.id: entity for entity in country_entities()}

    assert len(found) == len(arabic_names()) > 240
    assert found["country-ly"].labels == ("ليبيا", "Libya", "Ливия")
    # The list of other spellings comes before CLDR, whose name is an alias.
    assert found["country-gb"].labels[0] == "بريطانيا"
    assert "المملكة المتحدة" in found["country-gb"].aliases


def test_only_codes_of_countries_are_built_in_the_order_of_the_arabic_names() -> None:
    text = build(
        {
            "ar": {"001": "العالم", "SD": "السودان", "EU": "الاتحاد الأوروبي", "LY": "ليبيا"},
            "en": {"LY": "Libya", "SD": "Sudan"},
            "ru": {"LY": "Ливия"},
        }
    )

    assert list(csv.reader(text.splitlines())) == [
        ["code", "ar", "en", "ru"],
        ["SD", "السودان", "Sudan", ""],
        ["LY", "ليبيا", "Libya", "Ливия"],
    ]


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("كانون", None),
        ("شباط فبراير فيفري February февраля февраль феврале", 2),
        ("مارس آذار марта март марте", 3),
        ("أيار ماي مايو мая май мае", 5),
        ("آب أغسطس غشت августа август августе", 8),
    ],
)
def test_months_are_known_in_the_names_of_each_region(names: str, month: int | None) -> None:
    assert {months().get(fold_letters(name).lower()) for name in names.split()} == {month}
