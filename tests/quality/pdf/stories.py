"""Stories: what is hard to read back from a PDF, in made-up news.

Numbers, days, percentages, Latin names, marks, quotes, brackets, lam-alef, mixed lines, a table.
"""

from tests.quality.pdf.makers import Story

HARD = Story(
    "اتفاقٌ على هدنة بين الأطراف (تحديث) في 21/09/2023",
    (
        (
            "قالت وكالة رويترز (Reuters) إنّ 1,250 شخصاً نزحوا خلال 24 ساعة، أي نحو 12.5% "
            "من السكان، "
            "وأضافت أن العدد قد يصل إلى 3,000 شخص قبل نهاية الأسبوع."
        ),
        (
            "وأعلنت الولايات المتحدة والأمم المتحدة، في بيانٍ مشترك صدر يوم 2023-09-20 عند "
            "الساعة 14:30، "
            'أن الاتفاق يشمل «وقف إطلاق النار» و"فتح المعابر" [بنود 3 و4] ولا يشمل الأسلحة الثقيلة.'
        ),
        (
            "وحلّقت طائرات F-16 وSu-57 فوق المنطقة، وفق ما ذكره حساب CNN Arabic على موقع X، "
            "فيما نشرت "
            "صحيفة The New York Times صوراً للأضرار (انظر https://example.org/news/2023 للمزيد)."
        ),
        (
            "مُنِحَ اللاجئون الإذن بالعودة إلى الأراضي؛ ولأنّ الآلاف لا يزالون في العراء، "
            "فلا بدّ من الإسراع. "
            "وقال المتحدث: «لا، لن نقبل الآن بأقل من ذلك!» فهل تستجيب الأطراف؟"
        ),
        (
            "بلغت قيمة المساعدات 45 مليون دولار (نحو 42 مليون يورو) في عام ٢٠٢٣ مقابل ٣٨٫٥ "
            "مليوناً في عام "
            "٢٠٢٢، بزيادة قدرها ١٨٪ عن الفترة 2020-2021، وفق تقرير UNHCR الصادر في 15 أيلول/سبتمبر."
        ),
        (
            "ويضم الوفد 7 أعضاء: أ. محمد علي، د. لين السعيد، والسيد John Smith من منظمة MSF "
            "(أطباء بلا "
            "حدود)، ورقم الهاتف +964 770 123 4567 والبريد info@example.org متاحان للاستفسار."
        ),
    ),
    (
        ("المحافظة", "القتلى", "الجرحى"),
        ("حلب", "12", "340"),
        ("دير الزور", "7", "85"),
        ("الحسكة والقامشلي", "0", "1,204"),
    ),
)
_FILL = tuple(f"{paragraph} ({number})" for number in range(1, 5) for paragraph in HARD.paragraphs)
LONG = Story(HARD.title, _FILL)
ENGLISH = Story(
    "Ceasefire agreed after ten days of fighting",
    (
        (
            "The parties agreed on 21 September 2023 to a ceasefire (the second this year), "
            "officials said. "
            "About 12.5% of the population, or 1,250 people, had fled within 24 hours of "
            "the shelling."
        ),
        (
            'The spokesman, writing in Arabic, said "وقف إطلاق النار" would begin at 14:30 '
            "and last until the "
            "end of the month; observers from the United Nations will watch the first-ever "
            "crossings."
        ),
    ),
    (("Place", "Killed"), ("Aleppo", "12"), ("Raqqa", "7")),
    rtl=False,
)
RUSSIAN = Story(
    "Стороны договорились о прекращении огня",
    (
        (
            "Стороны договорились 21 сентября 2023 года о прекращении огня, сообщил "
            "представитель ООН. "
            "По его словам, за сутки район покинули 1250 человек, то есть около 12,5% населения."
        ),
    ),
    rtl=False,
)
STORIES = (HARD, LONG, ENGLISH, RUSSIAN)
