"""Curated: corrections of the lexicon and its corpus, from lists of this project.

`data/plurals.tsv` has broken plurals, `data/spellings.tsv` lemmas that are the same lemma in two
spellings, and `data/readings.tsv` printed words whose lemma in the corpus is wrong.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files

from marsad.indexer.analysis.build.alkhalil import Form
from marsad.indexer.analysis.build.countries import country_words
from marsad.indexer.analysis.kernels.table import (
    ALONE,
    ARTICLE,
    ARTICLE_GENITIVE,
    BROKEN,
    GENITIVE,
    PRONOUN,
    PRONOUN_GENITIVE,
)
from marsad.indexer.analysis.particles import PROCLITICS, THE, TO_THE

_NOUN = ALONE | GENITIVE | ARTICLE | ARTICLE_GENITIVE | PRONOUN | PRONOUN_GENITIVE
_ARTICLES = sorted(
    (word for word, kind in PROCLITICS if kind in (THE, TO_THE)), key=len, reverse=True
)
# A reading as the word itself, with or without article, is accepted from this share on.
_ITSELF = 0.1
# A word in ه is a word in ة if the word in ة is this many times as common as the word without it.
_MARBUTA = 8
# The count of a listed word that the corpus does not have.
_LISTED = 20


def _rows(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the first field of each line of a list, and the words of its second field."""
    text = files("marsad.indexer.analysis").joinpath(f"data/{name}").read_text(encoding="utf-8")
    for line in text.splitlines():
        first, _, others = line.partition("\t")
        yield first, others.split()


def _feminine(stem: str, lemma: str, counts: Mapping[str, Counter[str]]) -> str | None:
    """Return the noun in ة of which *stem*, in ات, is the plural: حافلة for حافلات, not حافل."""
    noun = f"{stem[:-2]}ة"
    known, other = counts.get(noun, Counter()), counts.get(stem[:-2], Counter())
    likely = 2 * known[noun] > known.total() > other.total()
    return noun if lemma == stem[:-2] and likely else None


def _marbuta(word: str, counts: Mapping[str, Counter[str]]) -> str | None:
    """Return the lemma of a word in ة that is written with ه, if the word without it is rare.

    The corpus reads a final ه always as a pronoun: شركه (for شركة) as "his شرك".
    """
    whole, before = counts.get(f"{word[:-1]}ة"), counts.get(word[:-1], Counter())
    if whole is None or before.total() * _MARBUTA > whole.total():
        return None
    return max(whole, key=lambda lemma: (whole[lemma], lemma))


def plural_forms() -> dict[Form, int]:
    """Return the flags of the broken plurals of the list."""
    return {
        Form(plural, singular, "N"): _NOUN | BROKEN
        for singular, plurals in _rows("plurals.tsv")
        for plural in plurals
    }


def spelling_lemmas() -> dict[str, str]:
    """Return the lemma of each alternative spelling of a lemma."""
    return {other: lemma for lemma, others in _rows("spellings.tsv") for other in others}


def corrected(counts: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Return the corpus, corrected by the lists; words of countries get the country's lemma."""
    listed = {word: lemma for lemma, words in _rows("readings.tsv") for word in words}
    plurals = {word: singular for singular, words in _rows("plurals.tsv") for word in words}
    countries = country_words()
    found: dict[str, Counter[str]] = {}
    for word, lemmas in counts.items():
        article = next((one for one in _ARTICLES if word.startswith(one)), "")
        stem = word.removeprefix(article)
        definite = f"ال{stem}" if article else word
        said = listed.get(word) or listed.get(definite) or countries.get(word)
        # A listed plural is read as a plural, unless the corpus reads the word as its own lemma.
        own = max(lemmas[word], lemmas[stem]) >= _ITSELF * sum(lemmas.values())
        if (
            said is None
            and plurals.get(stem)
            and (plurals[stem] in lemmas or (article and not own))
        ):
            said = plurals[stem]
        if said is None and stem.endswith("ات") and lemmas:
            said = _feminine(stem, max(lemmas, key=lambda lemma: (lemmas[lemma], lemma)), counts)
        if said is None and word.endswith("ه"):
            said = _marbuta(word, counts)
        if said is None and stem in listed and article:
            said = listed[stem]
        total = sum(lemmas.values())
        itself = next(
            (one for one in (word, stem) if lemmas[one] >= _ITSELF * total and lemmas[one]), None
        )
        if said is not None:
            found[word] = Counter({said: total})
        elif itself is not None and lemmas[itself] < max(lemmas.values()):
            most = max(lemmas.values())
            found[word] = lemmas | Counter({itself: most + 1})
        else:
            found[word] = lemmas
    return found | {
        word: Counter({lemma: _LISTED}) for word, lemma in listed.items() if word not in found
    }
