"""Traps: words that look like dates and are not.

اب may be a father or a city, رمضان a person, 8 March an alliance, Friday a prayer, and a number
may count something.
"""

from marsad.corpus.dates.tokens import Scanned
from marsad.corpus.letters import fold_letters

# A number before one of these counts it, even if it looks like a year.
_COUNTED = frozenset(
    fold_letters(
        "شخص قتيل جريح مقاتل جندي عنصر دولار يورو دينار ليره ريال درهم جنيه متر كيلومتر كلم كم طن "
        "مليون الف مليار مقعد نقطة وحدة حالة عائلة اسرة منزل صاروخ غارة طائرة لاجئ نازح معتقل اسير "
        "شهيد مصاب ضحية ميل هكتار فدان ساعة دقيقة نسمة صوت ناخب موظف عامل "
        "في_المئة بالمئة بالمائة % $ € °"
    ).split()
)
# "8 آذار" after one of these is a name: parties, streets, towns, schools, revolutions.
_NAMED = frozenset(
    fold_letters(
        "قوى فريق تحالف تيار حزب لواء جسر شارع ساحة جبهة معسكر منطقة جامعة ملعب مستشفى كتيبة مدرسة "
        "ميدان كوبري مدينة حركة ثورة ائتلاف جماعة الرابع قوي فريقي صحيفة حي مطار نادي ستاد محور "
        "فرقة"
    ).split()
)
_NAMED_YEARLESS = frozenset(fold_letters("ثورة حركة انتفاضة ائتلاف").split())
# A weekday after one of these is of every week, or is the name of a place.
_WEEKLY = frozenset(
    fold_letters("صلاة خطبة خطب جمعة سوق كل مسجد جامع صلوات خطيب وصلاة قداس مؤذن قرية بلدة").split()
)
_AFTER_WEEKDAY = frozenset(fold_letters("العظيمة السوداء البيضاء الأسود الدامي").split())
# اليوم beside one of these is another day than today, or a name.
_OTHER_DAY_BEFORE = frozenset(
    fold_letters("روسيا العالم عالم صحيفة جريدة قناة موقع ذلك المصري ذاك نفس اخبار مجلة").split()
)
_OTHER_DAY_AFTER = frozenset(
    fold_letters(
        "العالمي الوطني الدولي نفسه ذاته الذي الواحد الموعود الدراسي التالي السابق الاخير الاول "
        "الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر التاريخي المفتوح نفسها "
        "الفاصلة"
    ).split()
)
# "The first half of October" is not the first of October.
_PARTS = frozenset(fold_letters("النصف الربع الثلث الاسبوع العقد الشطر الفصل القسم الجزء").split())
_OFFICES = frozenset(
    fold_letters(
        "الامين المدير النائب المدعي الراي القائد السكرتير المفتش المراقب الوكيل القطاع المفوض "
        "المؤتمر الاتحاد المجلس الراي الشان الحاكم النائبة للامين والامين مدير امين"
    ).split()
)


def is_counted(scanned: Scanned, end: int, *, bare: bool) -> bool:
    """Tell whether the number that ends at letter *end* counts the word after it.

    A *bare* number, without a word for year, also counts any word in the accusative: 2015 شخصا.
    """
    following = scanned.folded(end)
    if following in _COUNTED:
        return True
    if bare and following in {"عام", "سنه", "يوم", "شهر", "اسبوع"}:
        return True
    raw = scanned.word(end)
    return bare and len(following) > 3 and (following.endswith("ا") and _is_accusative(raw))  # noqa: PLR2004


def _is_accusative(raw: str) -> bool:
    return "\u064b" in raw or not raw.endswith(("ى", "وا", "ها", "نا", "ما", "سا", "را"))


def is_name(pattern: str, scanned: Scanned, start: int, end: int) -> bool:
    """Tell whether a match is part of a name, and so not a date."""
    match pattern:
        case "day":
            return _is_part(scanned, start)
        case "full" | "range" | "listed":
            if pattern != "listed" and _is_part(scanned, start):
                return True
            has_year = scanned.classes[start:end].rstrip(")Y").endswith("y")
            return not has_year and _before(scanned, start) in _NAMED
        case "hijri":
            letters = scanned.classes[start:end]
            if letters in {"dJ", "gJ"} and scanned.folded(end - 1) == "صفر":
                # A score: (1 صفر).
                return True
            return not letters.rstrip(")Y").endswith("y") and _before(scanned, start) in _NAMED
        case "month":
            return _before(scanned, start) in _NAMED
        case "weekday":
            plain = scanned.classes[start] in "WU"
            return (plain and _before(scanned, start) in _WEEKLY) or scanned.folded(
                end
            ) in _AFTER_WEEKDAY
        case "unit":
            return _before(scanned, start) in _OFFICES
        case _:
            return False


def _before(scanned: Scanned, start: int) -> str:
    return scanned.folded(start - 1).removeprefix("و")


def _is_part(scanned: Scanned, start: int) -> bool:
    """Tell whether a day in words is part of a month: النصف الأول من أكتوبر."""
    return scanned.classes[start] == "O" and _before(scanned, start) in _PARTS


def is_before_christ(scanned: Scanned, end: int) -> bool:
    """Tell whether a year or century that ends at letter *end* is before Christ."""
    following = scanned.folded(end)
    if following == "قبل":
        return scanned.folded(end + 1) in {"الميلاد", "ميلاد", "المسيح"}
    return following in {"ق", "قم"}


def is_attacks(scanned: Scanned, start: int) -> bool:
    """Tell whether an 11 September is the one of 2001: هجمات, أحداث or اعتداءات before it."""
    before = scanned.folded(start - 1).lstrip("وفبل")
    return before in {"هجمات", "احداث", "اعتداءات", "تفجيرات", "هجوم"}


def is_other_day(scanned: Scanned, start: int, end: int) -> bool:
    """Tell whether a word for "today" at the end of a match is not the day of publication.

    It means another day in اليوم التالي "the next day", and is part of a name in روسيا اليوم.
    """
    if not scanned.classes[start:end].endswith("e"):
        return False
    if scanned.folded(end - 1).lstrip("وفبلك") not in {"اليوم", "يوم", "الليله"}:
        return False
    return scanned.folded(start - 1) in _OTHER_DAY_BEFORE or scanned.folded(end) in _OTHER_DAY_AFTER
