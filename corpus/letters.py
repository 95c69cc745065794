"""Letters: which characters of Arabic text are dropped, and which fold together.

    original text -> [fold_letters] -> folded text

The table joins spellings that Arabic newspapers use for one word: alef with or
without hamza, yeh and alef maqsura, teh marbuta and heh, Persian and Urdu
letters, the three sets of digits. Dates, names and search terms use this one
table, so that the same spellings are equal everywhere.
"""

import re

# Marks, tatweel, zero-width, bidi and soft-hyphen characters: invisible or
# optional. A reader does not type them, so an index must not keep them.
MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u08ca-\u08e1\u08e3-\u08ff"
)
TATWEEL = "\u0640"
FORMAT_CHARS = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
VANISHING = f"{MARKS}{TATWEEL}{FORMAT_CHARS}"
VANISHING_RUN = re.compile(f"[{VANISHING}]+")

_SAME = {
    "آ": "ا",  # ALEF WITH MADDA ABOVE
    "أ": "ا",  # ALEF WITH HAMZA ABOVE
    "إ": "ا",  # ALEF WITH HAMZA BELOW
    "ٱ": "ا",  # ALEF WASLA
    "ى": "ي",  # ALEF MAKSURA
    "ی": "ي",  # FARSI YEH
    "ئ": "ي",  # YEH WITH HAMZA ABOVE
    "ؤ": "و",  # WAW WITH HAMZA ABOVE
    "ة": "ه",  # TEH MARBUTA
    "ە": "ه",  # AE
    "ہ": "ه",  # HEH GOAL
    "ھ": "ه",  # HEH DOACHASHMEE
    "ۀ": "ه",  # HEH WITH YEH ABOVE
    "ک": "ك",  # KEHEH
    "گ": "ك",  # GAF
    "پ": "ب",  # PEH
    "چ": "ج",  # TCHEH
    "ژ": "ز",  # JEH
    "ڤ": "ف",  # VEH
    "ڨ": "ق",  # QAF WITH THREE DOTS ABOVE
}
# Letters of Persian, Kurdish, Urdu, Pashto, Sindhi, Uyghur and others, by the Arabic letter
# whose shape they have (Unicode names them so: BEH WITH ..., SWASH KAF).
_SHAPES = {
    "ا": "ٲٳٵݳݴࡰࡱࡲࡳࡴࡵࡶࡷࡸࡹࡺࡻࡼࡽࡾࡿࢀࢁࢂ",
    "ب": "ٮٻڀݐݑݒݓݔݕݖࢠࢡࢶࢷࢾ",
    "ت": "ٹٺټٽٿࢸࢿࣀ",
    "ج": "ڃڄڇڿࢢࣁࣅࣆ",
    "ح": "ځڂڅݗݘݮݯݲݼࢊ",
    "د": "ڈډڊڋڌڍڎڏڐۮݙݚࢮ",
    "ر": "ڑڒړڔڕږڗڙۯݛݫݬݱࢪࢹ",
    "ز": "ࢲ",
    "س": "ښڛڜݜݭݰݽݾ",
    "ش": "ۺ",
    "ص": "ڝڞࢯ",
    "ض": "ۻ",
    "ط": "ڟࢋࢌࢣ",
    "ع": "ݝݞݟࢳ",
    "غ": "ڠۼࣃ",
    "ف": "ڡڢڣڥڦݠݡࢤࢻ",
    "ق": "ٯڧࢥࢵࢼࣄ",
    "ك": "ػؼڪګڬڭڮڰڱڲڳڴݢݣݤݿࢍࢰࢴࣂ",
    "ل": "ڵڶڷڸݪࢦࣇ",
    "م": "ݥݦࢧ",
    "ن": "ڹںڻڼڽݧݨݩࢉࢽ",
    "ه": "ۂۃۿ",
    "و": "ٶٷۄۅۆۇۈۉۊۋۏݸݹࢫ",
    "ي": "ؽؾؿٸۍێېۑےۓݵݶݷݺݻࢨࢩࢬࢺ",
}
COMMON_LETTERS: dict[int, str] = {ord(char): same for char, same in _SAME.items()}
LETTERS: dict[int, str] = COMMON_LETTERS | {
    ord(char): same for same, chars in _SHAPES.items() for char in chars
}
# An elongated letter (عاااجل) occurs three times or more in a row; ي four times, because the
# word نهائيين folds to three of them.
DRAWN_OUT = re.compile("([\u0621-\u0649])\\1{2,}|(\u064a)\\2{3,}")
DIGITS: dict[int, str] = {ord(char): str(at % 10) for at, char in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_SPACES: dict[int, str] = {
    ord(char): " " for char in "\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u202f"
}
_ONE_TO_ONE: dict[int, str] = {**LETTERS, **DIGITS, **_SPACES}


def fold_digits(text: str) -> str:
    """Return *text* with Arabic-Indic and Persian digits as 0 to 9.

    Example:
        >>> fold_digits("٢١ سبتمبر ۲۰۲۳")
        '21 سبتمبر 2023'
    """
    return text.translate(DIGITS)


def fold_letters(text: str) -> str:
    """Return *text* folded: no marks, one letter for each group of variants.

    Example:
        >>> fold_letters("الكريملِن يُؤكّد إعتذارهُ")
        'الكريملن يوكد اعتذاره'
    """
    return VANISHING_RUN.sub("", text).translate(_ONE_TO_ONE)
