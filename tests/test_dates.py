"""Dates: what Arabic newspapers write, and the day it means."""

import csv
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates.mention import period
from corpus.dates.resolve import find_dates, parse_dateline
from tests.conftest import EVAL

PUBLISHED = dt.date(2023, 9, 21)  # a Thursday


@pytest.mark.parametrize(
    ("text", "value", "resolution"),
    [
        ("٢١ سبتمبر ٢٠٢٣", "2023-09-21", "stated"),
        ("يوم أمس الأربعاء في 20 سبتمبر/أيلول 2023", "2023-09-20", "stated"),
        ("15 فيفري 2017", "2017-02-15", "stated"),
        ("3أوت 2016", "2016-08-03", "stated"),
        ("12 غشت 2020", "2020-08-12", "stated"),
        ("4 كانون الثاني 2020", "2020-01-04", "stated"),
        ("17/05/2015", "2015-05-17", "stated"),
        ("في سبتمبر 2020", "2020-09", "stated"),
        ("2020 - 2022", "2020/2022", "stated"),
        ("منذ عام 1988", "1988", "stated"),
        ("اليوم الخميس", "2023-09-21", "published"),
        ("أول أمس", "2023-09-19", "published"),
        ("غداً", "2023-09-22", "published"),
        ("الخميس الماضي", "2023-09-14", "published"),
        ("الأحد المقبل", "2023-09-24", "published"),
        ("منتصف مارس/آذار الماضي", "2023-03", "published"),
        ("نوفمبر الماضي", "2022-11", "published"),
        ("9 نوفمبر", "2023-11-09", "published"),
        ("10 ноября 2020", "2020-11-10", "stated"),
        ("21 September 2023", "2023-09-21", "stated"),
    ],
)
def test_a_date_is_understood(text: str, value: str, resolution: str) -> None:
    (found,) = find_dates(f"قال {text} إنه", PUBLISHED)

    assert (found.value, found.resolution) == (value, resolution)


def test_a_day_without_a_year_takes_the_year_named_before_it() -> None:
    text = "في سبتمبر 2020 اندلع قتال. في 9 نوفمبر وقع بيان.\n\nوفي 9 نوفمبر"

    values = [mention.value for mention in find_dates(text, PUBLISHED)]

    assert values == ["2020-09", "2020-11-09", "2023-11-09"]


@pytest.mark.parametrize(
    "text",
    ["31 فبراير 2020", "20 سبتمبر/أكتوبر", "فاز 3/1", "2015 شخصا", "صفحة 12-15", "أمس"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert list(find_dates(text, None)) == []


def test_offsets_are_of_the_original_text() -> None:
    text = "وقّعوا يومَ ٢١ سبتمبــر ٢٠٢٣ بياناً"

    (found,) = find_dates(text, None)

    assert text[found.start : found.end] == found.text
    assert found.text.endswith("٢٠٢٣")


def test_a_dateline_is_a_date_and_nothing_else() -> None:
    assert parse_dateline(" ٢١ أيلول/سبتمبر ٢٠٢٣ ") == "2023-09-21"
    assert parse_dateline("في 21 سبتمبر 2023 أعلن") is None


@given(st.text(), st.dates(dt.date(1, 1, 1), dt.date(9998, 12, 31)) | st.none())
def test_any_text_gives_mentions_inside_it(text: str, day: dt.date | None) -> None:
    for found in find_dates(text, day):
        assert text[found.start : found.end] == found.text
        assert period(found.value) is not None


@given(st.dates(dt.date(1800, 1, 1), dt.date(2099, 12, 31)))
def test_a_written_day_is_read_back(day: dt.date) -> None:
    (found,) = find_dates(f"{day.day:02}/{day.month:02}/{day.year}", None)

    assert found.value == day.isoformat()


@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation data is not beside the checkout")
def test_real_spellings_and_weekdays_keep_their_floors() -> None:
    with (EVAL / "dates/absolute_mentions.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    right = sum(row["iso"] in {m.value for m in find_dates(row["mention"], None)} for row in rows)
    silver = (EVAL / "dates/relative_weekday_silver.jsonl").read_text(encoding="utf-8")
    weekdays = [json.loads(line) for line in silver.splitlines()]
    good = sum(
        any(
            mention.value == row["value"]
            for mention in find_dates(row["sentence"], dt.date.fromisoformat(row["pub_date"]))
            if mention.start < row["end"] and mention.end > row["start"]
        )
        for row in weekdays
    )

    assert right / len(rows) >= 0.99
    assert good / len(weekdays) >= 0.99
