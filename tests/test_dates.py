"""Dates: dates as Arabic newspapers print them, and the days that they mean."""

import datetime as dt
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.corpus.dates.dateline import parse_dateline
from marsad.corpus.dates.finder import find_dates
from marsad.corpus.dates.grammar import run_about
from marsad.corpus.dates.lexicon import words
from marsad.corpus.dates.mention import period
from marsad.corpus.dates.patterns import ANCHORS, PATTERNS
from tests.quality.dates.measure import figures, ours

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
def test_text_that_only_looks_like_a_date_gives_no_mention(text: str) -> None:
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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("الثامن والعشرين من أيلول", "2023-09-28"),
        ("الحادي عشر من سبتمبر 2001", "2001-09-11"),
        ("فاتح ماي 2014", "2014-05-01"),
        ("العشرين من تشرين الثاني 2020", "2020-11-20"),
        ("25 شوال 1436هـ الموافق 10 أغسطس 2015", "2015-08-10"),
        ("10 أغسطس 2015 الموافق 25 شوال 1436 هـ", "2015-08-10"),
        ("في 1436/10/25 هـ", "2015-08-10"),
        ("في شهر رمضان الماضي", "2023-03-23/2023-04-20"),
        ("قال أحمد رمضان إن", ""),
        ("وصلت إلى مدينة إب أمس", "2023-09-20"),
        ("قوى 8 آذار وفريق 14 آذار", ""),
        ("بعد صلاة الجمعة", ""),
        ("فاز الفريق 3-1", ""),
        ("مقتل 2015 شخصا", ""),
        ("بين عامي 2011 و2013", "2011/2013"),
        ("عامي 2011 و2013", "2011 2013"),
        ("بين 1800 و2000 مقاتل", ""),
        ("21 وحتى 23 من الشهر الجاري", "2023-09-21/2023-09-23"),
        ("من 30 سبتمبر 2015 إلى 2 أكتوبر من العام نفسه", "2015-09-30/2015-10-02"),
        ("مطلع التسعينيات من القرن الماضي", "1990/1999"),
        ("خلال القرن التاسع عشر", "1801/1900"),
        ("قبل ثلاثة أيام", "2023-09-18"),
        ("منذ أسبوعين", "2023-09-07"),
        ("قبل شهرين", "2023-07"),
        ("أول أمس الثلاثاء", "2023-09-19"),
        ("أمس الأول", "2023-09-19"),
        ("بعد غد السبت", "2023-09-23"),
        ("الأسبوع المقبل", "2023-09-25/2023-10-01"),
        ("يوم الأحد من الأسبوع الماضي", "2023-09-17"),
        ("الأربعاء من الأسبوع الماضي", "2023-09-13"),
        ("قبل شهر رمضان", ""),
        ("في اليوم التالي", ""),
        ("اليوم العالمي للسلام", ""),
        ("روسيا اليوم", ""),
        ("الأمين العام الحالي", ""),
        ("الأمم المتحدة 2030", ""),
        ("منذ بداية كانون الثاني", "2023-01"),
        ("ستعقد القمة يوم الثلاثاء", "2023-09-26"),
        ("من المقرر أن تجرى الانتخابات في 20 ديسمبر", "2023-12-20"),
        ("هجمات 11 سبتمبر", "2001-09-11"),
        ("في 7/10/2023", "2023-10-07"),
        ("سبتمبر - أكتوبر 2020", "2020-09/2020-10"),
        ("بين سبتمبر ونوفمبر 2020", "2020-09/2020-11"),
        ("خلال شهري سبتمبر وأكتوبر 2020", "2020-09 2020-10"),
        ("في سبتمبر وأكتوبر الماضيين", "2022-09 2022-10"),
        ("يوم الخميس الموافق 21 سبتمبر 2023", "2023-09-21"),
        ("الخميس (21 أيلول/سبتمبر 2023)", "2023-09-21"),
        ("الجمعة 22 سبتمبر", "2023-09-22"),
        ("في 9 الجاري", "2023-09-09"),
        ("في الخامس عشر من الشهر الماضي", "2023-08-15"),
        ("صيف 2014", "2014-06/2014-08"),
        ("صيف عام 2014", "2014-06/2014-08"),
        ("ربيع العام الماضي", "2022-03/2022-05"),
        ("في العام 1948", "1948"),
        ("حرب 1967", "1967"),
        ("حرب عام 1967", "1967"),
        ("يناير/كانون الثاني 2024", "2024-01"),
        ("كانون الثاني (يناير) 2024", "2024-01"),
        ("في 24 شباط (فبراير) 2022", "2022-02-24"),
        ("24 شباط/فبراير من العام الماضي", "2022-02-24"),
        ("يوليو تموز 2006", "2006-07"),
        ("17 الطير 1986", "1986-04-17"),
        ("عشرينيات القرن الماضي", "1920/1929"),
        ("عام 1436 هجرية", "2014-10-25/2015-10-13"),
        ("في سنة 1213 هـ", "1798-06/1799-06"),
        ("مساء يوم السبت الماضي", "2023-09-16"),
        ("فجر اليوم الخميس", "2023-09-21"),
        ("الليلة الماضية", "2023-09-20"),
        ("قبل ساعات", "2023-09-21"),
        ("خلال الساعات الـ24 الماضية", ""),
        ("الأيام الثلاثة الماضية", ""),
        ("في آب الماضي", "2023-08"),
        ("في آب/أغسطس 2008", "2008-08"),
        ("وقال اب", ""),
        ("بعد ثلاثة أيام من الهجوم", ""),
        ("قبل عامين من اندلاع الحرب", ""),
        ("قبل عام", "2022"),
        ("نهاية العام الجاري", "2023"),
        ("حتى منتصف 2024", "2024"),
        ("15 و16 و17 سبتمبر", "2023-09-15 2023-09-16 2023-09-17"),
        ("مارس ضغوطا على الحكومة", ""),
        ("في مارس الماضي", "2023-03"),
        ("1 - 3 أكتوبر 2023", "2023-10-01/2023-10-03"),
        ("10 ноября 2020 года", "2020-11-10"),
        ("в сентябре 2020", "2020-09"),
        ("on 7 October 2023 and in May 2021", "2023-10-07 2021-05"),
        ("On September 21, 2023", "2023-09-21"),
        ("القرار رقم 2254 والقرار 1701", ""),
        ("شارع 17 نيسان", ""),
        ("ولد في 1 يناير عام 1970", "1970-01-01"),
        ("منذ فبراير/شباط 2022 وحتى سبتمبر/أيلول 2023", "2022-02/2023-09"),
        ("قبل نحو أسبوع", "2023-09-14"),
        ("الثلاثاء والأربعاء الماضيين", "2023-09-19 2023-09-20"),
        ("يومي السبت والأحد المقبلين", "2023-09-23 2023-09-24"),
        ("في نفس العام", ""),
        ("عام ٢٠١١م", "2011"),
        ("تاريخ 2023-09-05", "2023-09-05"),
        ("في ٢٠٢٣/٩/٥", "2023-09-05"),
        ("أكثر من 2000 قتيل منذ 2014", "2014"),
        ("في الفترة من 2014 إلى 2016", "2014/2016"),
        ("غداً الجمعة", "2023-09-22"),
        ("في ديسمبر كانون الأول المقبل", "2023-12"),
        ("في الرابع من الشهر نفسه", ""),
        ("ليل الأربعاء الخميس", "2023-09-20"),
        ("ليل الأربعاء - الخميس", "2023-09-20"),
        ("العملية التي بدأت في 19 أيلول", "2023-09-19"),
        ("اتفاق 10 نوفمبر 2020 الثلاثي", "2020-11-10"),
        ("في الـ27 من سبتمبر 2020", "2020-09-27"),
        ("في الـ 27 من سبتمبر عام 2020", "2020-09-27"),
        ("حرب الأيام الستة", ""),
        ("الحرب العالمية الثانية", ""),
        ("الأول من أكتوبر", "2023-10-01"),
        ("يوم أمس الأول الثلاثاء", "2023-09-19"),
        ("اليوم (الخميس)", "2023-09-21"),
        ("صباح اليوم الخميس 21-9-2023", "2023-09-21"),
        ("في 21.09.2023", "2023-09-21"),
        ("بتاريخ 21/9/2023م", "2023-09-21"),
        ("فاز (1 صفر)", ""),
        ("أول من أمس", "2023-09-19"),
        ("أمس الثلاثاء", "2023-09-19"),
        ("منذ 2000 عام", ""),
        ("في السابع والثامن من أكتوبر 2023", "2023-10-07 2023-10-08"),
        ("العام قبل الماضي", "2021"),
        ("الشهر قبل الماضي", "2023-07"),
        ("23 الشهر الحالي", "2023-09-23"),
        ("15-نيسان-2021", "2021-04-15"),
        ("على ارتفاع 1350 م", ""),
        ("(14 أغسطس 1237 م)", "1237-08-14"),
        ("نزحوا عام 195 م", "0195"),
        ("انتخابات 2018", "2018"),
        ("خلال النصف الأول من شهر أكتوبر المقبل", "2023-10"),
        ("مساء الأول من أمس", "2023-09-19"),
        ("القرن السادس الهجري", "1107/1203"),
        ("القرن السادس قبل الميلاد", ""),
        ("حوالي سنة 2000 ق . م", ""),
        ("القرن السادس عشر", "1501/1600"),
    ],
)
def test_dates_in_the_forms_of_the_press_are_read(text: str, values: str) -> None:
    found = find_dates(f"{text} على ذلك", PUBLISHED)

    assert " ".join(mention.value for mention in found) == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("اليوم الاثنين 8 ماي 2023", "2023-05-08"),
        ("اليوم الخميس 21 ماي 2022", "2023-09-21"),
        ("فجر اليوم الخميس الخامس من ربيع الأول", "2023-09-21"),
    ],
)
def test_two_words_of_three_outweigh_a_misprint(text: str, value: str) -> None:
    (found,) = find_dates(text, PUBLISHED)

    assert found.value == value


@pytest.mark.parametrize(
    ("text", "modifier", "first", "last"),
    [
        ("منتصف مارس 2023", "mid", "2023-03-01", "2023-03-31"),
        ("مطلع 2016", "start", "2016-01-01", "2016-12-31"),
        ("نهاية شهر مايو/أيار الماضي", "end", "2023-05-01", "2023-05-31"),
        ("من 4 إلى 6 نوفمبر 2020", "", "2020-11-04", "2020-11-06"),
        ("عام 1436 هـ", "", "2014-10-25", "2015-10-13"),
    ],
)
def test_a_mention_has_its_first_and_last_day(
    text: str, modifier: str, first: str, last: str
) -> None:
    (found,) = find_dates(text, PUBLISHED)

    assert (found.modifier, found.first.isoformat(), found.last.isoformat()) == (
        modifier,
        first,
        last,
    )


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("الخميس، ٢١ سبتمبر ٢٠٢٣ - 14:05", "2023-09-21"),
        ("تاريخ النشر: 21/09/2023", "2023-09-21"),
        ("نشر في 21 أيلول 2023", "2023-09-21"),
        ("سبتمبر 2023", "2023-09"),
        ("6 ربيع الأول 1445 هـ", "2023-09-21"),
        ("أمس", None),
        ("21 سبتمبر", None),
    ],
)
def test_a_dateline_may_have_a_label_and_a_time_of_day(line: str, value: str | None) -> None:
    assert parse_dateline(line) == value


_LEXICON = [*words(), "9", "21", "2020", "1436", "99", "14", " ", *"،.()/:-\n"]
_WORDS = [
    *("في", "منذ", "قبل", "يوم", "أمس", "الخميس", "9", "21", "2020", "سبتمبر", "/أيلول", "شهر"),
    *("الماضي", "الجاري", "من", "إلى", "و", "بين", "عام", "،", "(", ")", "-"),
]


@given(
    some=st.lists(st.sampled_from(_WORDS), max_size=12) | st.lists(st.sampled_from(_LEXICON)),
    dated=st.booleans(),
)
@example(some=["قبل", "شهري", "9"], dated=True)
@example(some=["كتشرين", "الثامنه", "2020"], dated=True)
def test_any_words_of_dates_give_mentions_in_order(some: list[str], dated: bool) -> None:
    text = " ".join(some)
    reached = 0
    for found in find_dates(text, PUBLISHED if dated else None):
        assert reached <= found.start < found.end <= len(text)
        assert found.first <= found.last
        assert dated or found.resolution != "published"
        reached = found.end


@pytest.mark.parametrize(
    "text",
    ["سنة 0000", "00/00/0000", "31/12/99999", "سنة 99999", "31/02/2023", "0/0/2023"],
)
def test_impossible_days_give_no_mention(text: str) -> None:
    assert list(find_dates(text, PUBLISHED)) == []


def test_the_marked_snippets_keep_their_floor() -> None:
    precision, recall, _ = figures(ours, days_only=False)

    assert precision >= 0.97
    assert recall >= 0.97


_CLASSES = "".join(sorted({entry[0][-1] for entry in words().values()} | set("dyhn-/(),.:|")))


@given(st.text(st.sampled_from("___" + _CLASSES)))
@example("An")
@example("dL_dMy_9")
def test_a_match_lies_within_its_run(classes: str) -> None:
    for at, pattern in product(range(len(classes)), PATTERNS):
        fit = pattern.fit(classes, at)
        if fit is None:
            continue
        begin, end = run_about(classes, at)

        alone = pattern.fit(classes[begin:end], at - begin)

        assert set(ANCHORS) & set(classes[begin:end])
        assert alone is not None
        assert (alone.start + begin, alone.end + begin) == (fit.start, fit.end)
        assert {name: text for name, (_, text) in alone.groups.items()} == {
            name: text for name, (_, text) in fit.groups.items()
        }


@given(some=st.lists(st.sampled_from(_LEXICON)))
def test_the_caches_change_no_date(some: list[str]) -> None:
    text = " ".join(some)

    assert list(find_dates(text, PUBLISHED)) == list(find_dates(text, PUBLISHED))
