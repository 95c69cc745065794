"""Names: the columns of known exports, by the field of an article that they hold.

They are from exports of newspapers, databases and scrapers: CrowdTangle, the Meta Content Library,
X, Telegram, news-please, trafilatura, Scrapy, Media Cloud, GDELT, ACLED, Nexis, Factiva and
WordPress, in English and in Arabic. Each list has the best name first. Names are compared folded.
"""

import re

from marsad.corpus.letters import fold_letters

# Names between bars.
_FIRST = {
    "id": """id | identifier | doc id | document id | article id | news id | story id | stories id
        | post id | item id | tweet id | message id | guid | uuid | id str | accession no
        | accession number | event id cnty | event id | global event id | AN
        | معرف | المعرف | معرف الخبر | معرف المقال | رقم الخبر | رقم المقال | رقم المقالة
        | رقم الوثيقة | رقم المنشور | رمز الخبر | كود الخبر | الكود""",
    "title": """title | headline | header | heading | article title | news title | post title
        | story title | head line | main title | hd | web title
        | عنوان | العنوان | العنوان الرئيسي | عنوان الخبر | عنوان المقال | عنوان المقالة
        | عنوان الموضوع | عنوان المنشور | العناوين""",
    "text": """text | body | content | article body | full text | main text | story | paragraphs
        | article | article text | article content | news text | news body | news content
        | post text | post content | post message | body text | content text | text content
        | tweet | tweet text | message | message text | status message | content encoded
        | content html | content text | raw content
        | document text | story text | clean text | raw text | plain text | self text | td
        | نص | النص | المتن | متن الخبر | محتوى | المحتوى | نص الخبر | نص المقال | نص المقالة
        | النص الكامل | نص المنشور | نص التغريدة | نص الرسالة | محتوى الخبر | محتوى المقال
        | تفاصيل الخبر | التفاصيل | الخبر | المقال | المقالة | التغريدة | المنشور""",
    "date": """date | published | published date | publication date | date published | pub date
        | date publish | publish date | published at | published on | published time | publish time
        | date of publication | date issued | issue date | post date | date posted | posted at
        | posted on | article date | news date | event date | post created | post created date
        | creation time | datetime | seen date | sql date | tweet date | message date | pd
        | web publication date
        | تاريخ | التاريخ | تاريخ النشر | تاريخ الخبر | تاريخ المقال | تاريخ المقالة
        | تاريخ الإصدار | تاريخ الحدث | تاريخ المنشور | تاريخ التغريدة | تاريخ نشر الخبر
        | تاريخ ووقت النشر | وقت النشر""",
    "source": """source | agency | wire | newspaper | outlet | source name | news source
        | media name | media outlet | media | publication | publication name | source common name
        | source domain | sn | مصدر | المصدر | الوكالة | وكالة | الجريدة | الصحيفة | جريدة | صحيفة
        | اسم الصحيفة | اسم الجريدة | اسم المصدر | مصدر الخبر | الوسيلة | الوسيلة الإعلامية""",
    "url": """url | link | permalink | href | canonical url | address | article url | news url
        | source url | post url | story url | document identifier | tweet url | mcl url | uri
        | final link | web url | رابط | الرابط | الرابط الإلكتروني | رابط الخبر | رابط المقال
        | رابط المقالة
        | رابط المنشور | اللينك | لينك""",
    "author": """author | byline | creator | authors | writer | author name | reporter | journalist
        | by | screen name | user screen name | author username | sender name
        | الكاتب | كاتب | المؤلف | بقلم | المحرر | محرر | المراسل | الصحفي | اسم الكاتب
        | اسم المحرر | كاتب الخبر | كاتب المقال | إعداد""",
    "language": "language | lang | la | language code | اللغة | لغة | لغة الخبر",
    "publisher": """publisher | site | site name | source hostname | domain | hostname | website
        | page name | channel name | channel title | channel | chat title | post owner name
        | الناشر | ناشر | الموقع | الموقع الإلكتروني | اسم الموقع | القناة | اسم القناة | الصفحة
        | اسم الصفحة""",
}
# These are taken if the row has no column of the first list with a value: they are a part of
# the text, a day of another kind, or a name that often means something else.
_SECOND = {
    "text": """description | summary | abstract | lead | excerpt | snippet | hlead | lp | caption
        | notes | teaser | lead paragraph | standfirst | intro | introduction | image text
        | link description
        | ملخص | الملخص | ملخص الخبر | المقدمة | مقدمة | الوصف | وصف | نبذة""",
    "title": "name | subject | title page | title rss",
    "date": """created at | created | create date | date created | created time | created date
        | timestamp | time | day | date added | indexed date | file date | date gmt | post date gmt
        | اليوم | يوم | الوقت | تاريخ الإضافة | تاريخ الادخال""",
    "source": "wire service | src",
    "author": "user name | user | username | name of author | display name",
    "publisher": "media url | account name | page | chat",
}
# The number of a row is unique in its file only.
_ROW_NUMBERS = """# | no | no. | n | nr | sn | s/n | sl no | row | row id | row number | rownum
    | row no | index | idx | level 0 | unnamed: 0 | unnamed: 0.1 | unnamed: 0.2 | serial
    | serial no | seq | م | ت | رقم | الرقم | تسلسل | التسلسل | مسلسل | المسلسل | الرقم المسلسل
    | الرقم التسلسلي | رقم مسلسل | رقم تسلسلي | رقم الصف | ر.م"""
# In exports of posts, "name" is the name of a person.
SOCIAL = frozenset({"fulltext", "tweet", "screenname", "username", "tweetid", "userscreenname"})
# Columns that are two parts of one text, the first above the second (Factiva).
PARTS = {"td": "lp"}

_SIGNS = re.compile(r"[\s_.:/-]+")
_HINTS = {
    "date": "date time datetime timestamp created published publish posted updated modified pubdate"
    " تاريخ التاريخ وقت الوقت",
    "text": "text body content message story article fulltext description summary lead abstract نص"
    " النص محتوي المحتوي المتن متن الخبر المقال",
    "title": "title headline heading subject عنوان العنوان",
    "source": "source publisher outlet newspaper agency media publication مصدر المصدر الصحيفه"
    " الجريده الوكاله",
    "url": "url link uri permalink href رابط الرابط",
    "author": "author authors byline writer reporter كاتب الكاتب المحرر",
    "language": "language lang لغه اللغه",
    "id": "id guid uuid identifier معرف المعرف",
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[\u0621-\u064a]+")


def folded(name: str) -> str:
    """Return the form in which names are compared: without case, spaces and signs.

    Example:
        >>> folded(" Publication_Date "), folded("تاريخ النشر")
        ('publicationdate', 'تاريخالنشر')
    """
    return _SIGNS.sub("", fold_letters(name.strip().lstrip("\ufeff")).lower())


def _folded_list(names: str) -> list[str]:
    return [folded(name) for name in names.split("|")]


_ROWS = frozenset(_folded_list(_ROW_NUMBERS))
# Folded name to field, rank, and whether it is of the second list.
_KNOWN = {
    name: (field, rank, second)
    for second, lists in ((True, _SECOND), (False, _FIRST))
    for field, names in lists.items()
    for rank, name in enumerate(_folded_list(names))
}
_HINT_OF = {word: field for field, words in _HINTS.items() for word in words.split()}
# A key of a database that has its own ids; it is as good as a column "id", and after it.
_UNDERSCORED = {"_id": ("id", 0, False)}
# The name of an index of Elasticsearch; it is the same for every document.
_NO_ROW = frozenset({"_index"})
_PREFIXES = ("_source.", "node.", "fields.")


def known(name: str) -> tuple[str, int, bool] | None:
    """Return the field of a column, its rank and whether it is second best; None if unknown.

    Example:
        >>> known("Pub_Date"), known("description"), known("views") is None
        (('date', 5, False), ('text', 0, True), True)
    """
    plain = name.strip().lstrip("\ufeff").lower()
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix)
    return _UNDERSCORED.get(plain) or _KNOWN.get(folded(plain))


def is_row_number(name: str) -> bool:
    """Tell whether a column numbers the rows of its file.

    Example:
        >>> [is_row_number(name) for name in ("Unnamed: 0", "رقم", "_index", "id")]
        [True, True, False, False]
    """
    return folded(name) in _ROWS and name.strip().lower() not in _NO_ROW


def hinted(name: str) -> str:
    """Return the field that a column looks like by a word of its name, empty if none.

    Example:
        >>> hinted("Post Updated"), hinted("date_download"), hinted("views")
        ('date', 'date', '')
    """
    words = [fold_letters(word).lower() for word in _WORD.findall(name)]
    found = [word for word in words if word in _HINT_OF]
    if not found:
        return ""
    # The word that tells is the last one in English ("Link Text"), the first one in Arabic.
    return _HINT_OF[found[-1] if found[-1].isascii() else found[0]]
