"""Countries: the forms of country names, nisbas and peoples, for the table."""

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.build.alkhalil import Form
from marsad.indexer.analysis.countries import ANOTHER_WORD, countries
from marsad.indexer.analysis.kernels.reading import allows
from marsad.indexer.analysis.kernels.table import (
    ALONE,
    ARTICLE,
    ARTICLE_GENITIVE,
    BROKEN,
    GENITIVE,
    NAME,
    PRONOUN,
    PRONOUN_GENITIVE,
)
from marsad.indexer.analysis.particles import BARE, PROCLITICS, WILL

_ENDINGS = ("", "ة", "ا", "ان", "ون", "ين", "ات", "تان", "تين")
_ANY = ALONE | GENITIVE | ARTICLE | ARTICLE_GENITIVE | PRONOUN | PRONOUN_GENITIVE
_WITH_ARTICLE = ARTICLE | ARTICLE_GENITIVE
# Forms that usually mean something else: مالية is "financial" far more often than "Malian".
_AMBIGUOUS = frozenset(("مالية", "ماليين", "ماليون", "ماليات", "ماليا"))


def _plain(name: str) -> str:
    return name.removeprefix("ال") if name.startswith("ال") else name


def country_lemmas_of_lexicon() -> dict[str, str]:
    """Return the country's lemma for each lemma that a country name or nisba has in the lexicon."""
    found: dict[str, str] = {}
    for country in countries():
        for name in country.names:
            if _plain(name) not in ANOTHER_WORD:
                found[_plain(name)] = country.lemma
        for nisba in country.nisbas:
            found.setdefault(nisba, country.lemma)
    return found


def country_forms() -> dict[Form, int]:
    """Return the forms of country names, nisbas and peoples, with their flags.

    A name that is written with an article, but is another word without it (الجزائر), is a country
    only with its article.
    """
    forms: dict[Form, int] = {}
    for country in countries():
        for name in country.names:
            if name.startswith("ال"):
                alone = 0 if _plain(name) in ANOTHER_WORD else ALONE | GENITIVE
                forms[Form(_plain(name), country.lemma, "N")] = _WITH_ARTICLE | alone
            else:
                forms[Form(name, country.lemma, "P")] = NAME | ALONE | GENITIVE
        for nisba in country.nisbas:
            if nisba in country.names:
                continue
            for ending in _ENDINGS:
                forms[Form(nisba + ending, country.lemma, "N")] = _ANY
        for word in country.people:
            forms[Form(word, country.lemma, "N")] = _ANY | BROKEN
    return forms


def country_words() -> dict[str, str]:
    """Return the country's lemma for each printed form of a country word, with its particles.

    Names that are other words without their article (جزائر) are included only with it.
    """
    found: dict[str, str] = {}
    forms = country_forms()
    for particle, kind in PROCLITICS:
        for form in forms if kind != WILL else ():
            if allows(forms[form], kind, BARE) and form.form not in _AMBIGUOUS:
                for word in (particle + form.form, fold_letters(particle + form.form)):
                    found.setdefault(word, form.lemma)
    return found
