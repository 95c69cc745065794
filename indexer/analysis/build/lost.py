"""Lost: corpus words for whose lemma the lexicon generates no fitting form.

They are mostly names and new words. Each, without its particles, becomes a form of its lemma.
"""

from collections.abc import Mapping

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.build.alkhalil import Form, is_word
from marsad.indexer.analysis.kernels.table import ALONE, ARTICLE, ARTICLE_GENITIVE, GENITIVE, NAME
from marsad.indexer.analysis.particles import PROCLITICS, THE, TO_THE

_ARTICLES = sorted(
    (word for word, kind in PROCLITICS if kind in (THE, TO_THE)), key=len, reverse=True
)
_SINGLE = ("و", "ف", "ب", "ل", "ك", "وب", "ول")
_FLAGS = NAME | ALONE | GENITIVE | ARTICLE | ARTICLE_GENITIVE
_LEAST, _SHORTEST = 2, 2


def lost_forms(lost: Mapping[tuple[str, str], int]) -> dict[Form, int]:
    """Return forms, with flags, for the *lost* words: printed word and lemma, and their count."""
    found: dict[Form, int] = {}
    for (word, lemma), count in lost.items():
        if count >= _LEAST and is_word(lemma):
            stem = _without_particles(word, lemma)
            if stem:
                found[Form(stem, lemma, "P")] = _FLAGS
    return found


def _without_particles(word: str, lemma: str) -> str:
    """Return *word* without its particles, or "" if the rest does not begin like its lemma."""
    if not lemma.startswith("ال"):
        for article in _ARTICLES:
            if word.startswith(article) and len(word) - len(article) >= _SHORTEST:
                return word[len(article) :]
    if fold_letters(word[:1]) == fold_letters(lemma[:1]):
        return word
    for particle in _SINGLE:
        rest = word.removeprefix(particle)
        same = fold_letters(rest[:2]) == fold_letters(lemma[:2])
        if word.startswith(particle) and len(rest) > _SHORTEST and same:
            return rest
    return ""
