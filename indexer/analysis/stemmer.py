"""Stemmer: the lemma of a word where it is known, else what rules for affixes leave.

    folded word -> [lemmas] -> [proclitics] -> [broken plurals] -> [verb prefixes] -> [suffixes]

A letter such as و or ب at the front of a word is a clitic only if the rest is a
word of its own, at least as common as the whole. That keeps وزير and بيان whole
and still opens وبوتين. Rules and thresholds: ../shared/design/analysis.md, "own7";
the idea of light stemming is from Larkey, Ballesteros and Connell, 2007 (light10).
"""

from indexer.analysis.lemmas import lemmas
from indexer.analysis.lexicon import Lexicon
from indexer.analysis.plurals import plurals, singulars
from indexer.analysis.reading import Reading
from indexer.analysis.roots import root_of
from indexer.analysis.suffixes import strip_suffixes

FUTURE_SHARE = 0.5
TEH_SHARE = 0.3
PRONOUNS = ("هما", "كما", "هم", "هن", "كم", "نا", "ها", "ه", "ي", "ك")


def read(word: str, lexicon: Lexicon) -> Reading:
    """Return what a folded *word* is taken for.

    The table of lemmas comes first, for the word as it is and without its clitics; then the
    list of broken plurals, then the rules, whose stem may have a lemma of its own.

    Example:
        >>> from indexer.analysis.lexicon import lexicon
        >>> words = ("الاخبار", "واغراضها", "كثيرون", "وزير", "وقادتهم", "ستستانف")
        >>> [read(word, lexicon()).stem for word in words]
        ['خبر', 'غرض', 'كثير', 'وزير', 'قايد', 'استانف']
    """
    if not word or not "\u0621" <= word[0] <= "\u064a":
        return Reading(word, word, "word")
    known = lemmas()
    lemma = known.forms.get(word)
    if lemma is not None:
        return Reading(lemma, known.root(lemma), "word" if lemma == word else "lemma")
    bare, article = bare_word(word, lexicon)
    singular = singular_of(bare)
    if singular is not None:
        return Reading(singular, known.root(singular), "plural")
    stem = _rule_stem(bare, lexicon, article=article)
    lemma = known.forms.get(bare) or known.stems.get(stem)
    if lemma is not None:
        return Reading(lemma, known.root(lemma), "lemma")
    return Reading(stem, root_of(stem), "word" if stem == word else "stem")


def bare_word(word: str, lexicon: Lexicon) -> tuple[str, bool]:
    """Return a folded word without proclitics and article, and whether an article was there.

    Example:
        >>> from indexer.analysis.lexicon import lexicon
        >>> bare_word("وبالصواريخ", lexicon()), bare_word("وزير", lexicon())
        (('صواريخ', True), ('وزير', False))
    """
    bare, article = _strip_conjunction(word, lexicon)
    if not article:
        bare, article = _strip_particle(bare, lexicon)
    return bare, article


def rule_stem(word: str, lexicon: Lexicon) -> str:
    """Return the stem that the rules alone give a folded word."""
    bare, article = bare_word(word, lexicon)
    return _rule_stem(bare, lexicon, article=article)


def _rule_stem(bare: str, lexicon: Lexicon, *, article: bool) -> str:
    if not article:
        bare = _strip_verb_prefix(bare, lexicon)
    return _finish(strip_suffixes(bare), lexicon)


def singular_of(bare: str) -> str | None:
    """Return the singular of a broken plural of the list, with a pronoun on it or not.

    Example:
        >>> singular_of("قادتهم"), singular_of("كتاب")
        ('قايد', None)
    """
    known = plurals()
    singular = known.get(bare)
    if singular is not None or bare in singulars():
        return singular
    if not bare.endswith(PRONOUNS):
        return None
    for pronoun in PRONOUNS:
        if bare.endswith(pronoun) and len(bare) - len(pronoun) >= 3:
            rest = bare[: -len(pronoun)]
            singular = known.get(rest)
            if singular is None and rest.endswith("ت"):
                singular = known.get(rest[:-1] + "ه")
            if singular is not None:
                return singular
    return None


def _strip_conjunction(word: str, lexicon: Lexicon) -> tuple[str, bool]:
    """Take و or ف off, and an article that stands first; tell whether an article was taken."""
    if len(word) >= 4 and word[0] in "وف":
        rest = word[1:]
        article = len(rest) >= 5 and rest.startswith(("ال", "لل"))
        if article or 0 < lexicon.family(rest) >= lexicon.family(word):
            word = rest
    if len(word) >= 5 and word.startswith("ال"):
        return word[2:], True
    return word, False


def _strip_particle(word: str, lexicon: Lexicon) -> tuple[str, bool]:
    """Take ب, ل, ك off, with an article or without; tell whether an article was taken."""
    if len(word) >= 4 and word.startswith("لل"):
        rest = word[2:]
        if lexicon.form("ال" + rest) or lexicon.form(rest):
            return rest, True
    if len(word) >= 5 and word.startswith(("بال", "كال")):
        rest = word[3:]
        if lexicon.form("ال" + rest) or lexicon.form(rest):
            return rest, True
    if len(word) >= 4 and word[0] in "بلك":
        rest = word[1:]
        if 0 < lexicon.family(rest) >= lexicon.family(word):
            return rest, True
    return word, False


def _strip_verb_prefix(word: str, lexicon: Lexicon) -> str:
    if len(word) >= 5 and word[0] == "س" and word[1] in "يتنا":
        rest = word[1:]
        if lexicon.family(rest) >= FUTURE_SHARE * lexicon.family(word):
            word = rest
    if len(word) >= 4 and word[0] in "يتن":
        rest = word[1:]
        forms = (rest, rest + "ت", "ي" + rest, "ت" + rest)
        if all(lexicon.form(form) for form in forms):
            word = rest
    return word


def _finish(stemmed: str, lexicon: Lexicon) -> str:
    """Take off the last letters that only frequency can judge: وا, ا and ت."""
    if len(stemmed) >= 4 and stemmed.endswith("وا"):
        stemmed = stemmed[:-2]
    if len(stemmed) >= 3 and stemmed.endswith("ا"):
        shorter = stemmed[:-1]
        if lexicon.stem(shorter) >= lexicon.stem(stemmed):
            stemmed = shorter
    if len(stemmed) >= 3 and stemmed.endswith("ت"):
        shorter = stemmed[:-1]
        common = lexicon.stem(shorter) >= TEH_SHARE * lexicon.stem(stemmed)
        if common and lexicon.form("ي" + shorter):
            stemmed = shorter
    return stemmed
