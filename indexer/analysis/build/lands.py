"""Lands: the forms of lands, of their nisbas and of their people, for the table."""

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.build.alkhalil import Form
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
from marsad.indexer.analysis.lands import ANOTHER_WORD, lands
from marsad.indexer.analysis.particles import BARE, PROCLITICS, WILL

_ENDINGS = ("", "ة", "ا", "ان", "ون", "ين", "ات", "تان", "تين")
_ANY = ALONE | GENITIVE | ARTICLE | ARTICLE_GENITIVE | PRONOUN | PRONOUN_GENITIVE
_WITH_ARTICLE = ARTICLE | ARTICLE_GENITIVE
# Forms that are other words more often: finance.
_AMBIGUOUS = frozenset(("مالية", "ماليين", "ماليون", "ماليات", "ماليا"))


def _plain(name: str) -> str:
    return name.removeprefix("ال") if name.startswith("ال") else name


def land_lemmas() -> dict[str, str]:
    """Return the land's lemma of each lemma that a nisba or name of a land has."""
    found: dict[str, str] = {}
    for land in lands():
        for name in land.names:
            if _plain(name) not in ANOTHER_WORD:
                found[_plain(name)] = land.lemma
        for nisba in land.nisbas:
            found.setdefault(nisba, land.lemma)
    return found


def land_forms() -> dict[Form, int]:
    """Return the forms of lands, nisbas and people, each with what it may stand between.

    A land that is written with an article (الجزائر) is that land with the article alone.
    """
    forms: dict[Form, int] = {}
    for land in lands():
        for name in land.names:
            if name.startswith("ال"):
                alone = 0 if _plain(name) in ANOTHER_WORD else ALONE | GENITIVE
                forms[Form(_plain(name), land.lemma, "N")] = _WITH_ARTICLE | alone
            else:
                forms[Form(name, land.lemma, "P")] = NAME | ALONE | GENITIVE
        for nisba in land.nisbas:
            if nisba in land.names:
                continue
            for ending in _ENDINGS:
                forms[Form(nisba + ending, land.lemma, "N")] = _ANY
        for word in land.people:
            forms[Form(word, land.lemma, "N")] = _ANY | BROKEN
    return forms


def land_words() -> dict[str, str]:
    """Return the lemma of each printed word that is a form of a land, particles before it.

    What is another word without its article (جزائر) is left out without it.
    """
    found: dict[str, str] = {}
    forms = land_forms()
    for particle, kind in PROCLITICS:
        for form in forms if kind != WILL else ():
            if allows(forms[form], kind, BARE) and form.form not in _AMBIGUOUS:
                for word in (particle + form.form, fold_letters(particle + form.form)):
                    found.setdefault(word, form.lemma)
    return found
