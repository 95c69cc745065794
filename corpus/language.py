"""Language: detect the language of an article by its letters.

The script comes first: Arabic, Cyrillic or Latin. Languages that share a script are separated
by letters that only some of them have (Persian and Urdu from Arabic, Ukrainian from Russian),
and by a few frequent words, because keyboards mix letters up. A text in Latin letters is
English if it has enough of the small words of English; other languages are not identified.
"""

import re

_SCRIPTS = (
    ("ar", re.compile("[\u0620-\u063f\u0641-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufefc]+")),
    ("ru", re.compile("[\u0400-\u052f]+")),
    ("en", re.compile("[A-Za-z\u00c0-\u024f]+")),
)
_SAMPLE = 4_000

_PERSIAN = re.compile("[پچژگ]")
_URDU = re.compile("[ٹڈڑںےہھ]")
_KURDISH = re.compile("[ڕڵێۆە]")
_PERSIAN_WORDS = re.compile(
    r"(?<!\w)(?:است|این|اين|که|كه|برای|براي|را|های|هاي|شده|کرد|كرد|خود|می|بود|شد|از)(?!\w)"
)
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")
# Shares of letters, by letter frequency: 3% to 5% of the letters of Persian text are the four
# Persian ones, which Arabic text has in foreign names only.
_PERSIAN_SHARE, _URDU_SHARE, _KURDISH_SHARE = 0.015, 0.02, 0.03
_PERSIAN_WORD_SHARE = 0.05
# Frequent words of English and of its news; other languages have few of them.
_ENGLISH = """
    the of and to with from that this were by its which their been it are has in on for at was
    said he she they we after before will would have had as an be is not but his her who or when
    than into over more about up out against between during while where since there these those
    you your if any do does all other such may must how what says could should can also because
    under amid until least one two three five first new people killed kills killing dead wounded
    attack attacks strike strikes hits launches fighters soldiers troops army forces missiles
    rockets drones talks ceasefire peace rebels siege ship border town city officials state
    government foreign security northern southern eastern western warns urges meets arrests
    overnight monday tuesday wednesday thursday friday saturday sunday week month year years
"""
_ENGLISH_WORDS = frozenset(_ENGLISH.split())
# Frequent words of other languages that English does not have. They count in lower case only,
# because names have them too (El Fasher, von der Leyen, Le Monde).
_RIVAL = """
    le la les des du et est une un dans pour que qui sur par pas avec sont ont aux au ce cette ses
    selon entre il elle ils leur été mais comme der das und den von zu mit sich auf ist im dem
    nicht ein eine einen einer als auch es sie nach wird bei aus zum zur hat dass wie oder wurde
    werden haben sind el los las y en del se una con para su lo al como más pero sus fue este esta
    sobre ser di che è non della dei delle nel alla si gli da sono anche ma dal nella degli de os
    dos uma não na foi ao pela pelo nos nas são tem seu sua à às het een zijn niet aan te dat voor
    met ook er maar om bij naar nog heeft worden door tot og av af som til på med ikke har fra ved
    etter efter ble blev eller vi kan så var hade och att det är ett för inte från mot ja ei ettei
    oli että hän myös mutta kuin ovat ole ve bir bu için ile olarak daha çok gibi kadar sonra olan
    ne ki və üçün ilə edib olub że się nie jest jak od po przez oraz je že za ze pro při byl jsou
    ako aj sa az és hogy nem egy meg volt még csak ez și în cu pe din nu sunt mai fost că ca dhe
    në një për të me nga dan yang untuk dengan dari pada ini itu dalam akan tidak ke oleh adalah
    ya wa kwa katika cha iyo ka ku oo ee uu ay û li ji bi jî va bilan uchun ham là và của có không
    cho các một kaj estas por els amb agus ar
"""
_RIVAL_WORDS = frozenset(_RIVAL.split())
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
# Three or four of ten words of English prose are in the list, one of ten in a headline.
_ENGLISH_WORD_SHARE = 0.08
_ENGLISH_LEAD = 2
# One in three words of Arabic news has the article; hardly any Persian word has it.
_ARTICLES = re.compile(r"(?<!\w)[وفبك]?ال\w{2}")
_ARTICLE_SHARE = 0.15
# One or two words are not enough: قره باغ looks Persian.
_LEAST_LETTERS = 40


def detect_language(text: str) -> str:
    """Return `ar`, `fa`, `ur`, `ckb`, `ru`, `uk` or `en`, or `und` if it is not known.

    It is not known for a text without letters, and for Latin letters that are not clearly English.

    Example:
        >>> detect_language("قمة مجلس أوروبا في Reykjavik")
        'ar'
        >>> detect_language("Президент України підписав указ про її склад і повноваження")
        'uk'
        >>> detect_language("2020 - 2022"), detect_language("Le sommet de la paix s'ouvre")
        ('und', 'und')
        >>> detect_language("The summit opened with a call for peace")
        'en'
    """
    sample = text[:_SAMPLE]
    letters = {name: sum(map(len, script.findall(sample))) for name, script in _SCRIPTS}
    best = max(letters, key=lambda name: letters[name])
    if not letters[best]:
        return _language_of_rest(text)
    if best == "ar":
        return _arabic_script(sample, letters[best])
    if best == "ru":
        ukrainian = len(_UKRAINIAN.findall(sample))
        return "uk" if ukrainian > len(_RUSSIAN.findall(sample)) else "ru"
    return "en" if _is_english(_LATIN_WORD.findall(sample)) else "und"


def _is_english(words: list[str]) -> bool:
    """Tell whether words in Latin letters are English, by frequent words of it and of others."""
    english = sum(word.lower() in _ENGLISH_WORDS for word in words)
    rivals = sum(
        word in _RIVAL_WORDS or (not word.isascii() and word[0].islower()) for word in words
    )
    return english > _ENGLISH_WORD_SHARE * len(words) and english > _ENGLISH_LEAD * rivals


def _language_of_rest(text: str) -> str:
    """Detect the language after a long beginning without letters."""
    later = [found.start() for _, script in _SCRIPTS if (found := script.search(text, _SAMPLE))]
    return detect_language(text[min(later) :]) if later else "und"


def _arabic_script(sample: str, letters: int) -> str:
    if letters < _LEAST_LETTERS:
        return "ar"
    if len(_KURDISH.findall(sample)) > _KURDISH_SHARE * letters:
        return "ckb"
    if len(_URDU.findall(sample)) > _URDU_SHARE * letters:
        return "ur"
    words = sample.count(" ") + 1
    if len(_ARTICLES.findall(sample)) > _ARTICLE_SHARE * words:
        return "ar"
    if len(_PERSIAN.findall(sample)) > _PERSIAN_SHARE * letters:
        return "fa"
    if len(_PERSIAN_WORDS.findall(sample)) > _PERSIAN_WORD_SHARE * words:
        return "fa"
    return "ar"
