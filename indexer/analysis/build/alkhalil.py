"""AlKhalil: the forms of AlKhalil Morpho Sys 2's lexicon, and the counts of its corpus.

    roots x formulas -> [lexicon] -> form, lemma, class, flags for the particles it can take
    language model   -> [corpus]  -> printed word -> lemma -> count

The package `farahidi` (GPL-3.0-or-later) carries the tables (Oujda NLP team, GPL-3.0). Its analyzer
takes milliseconds a word, so here all forms are generated once instead: each root is put into each
of its formulas.
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from marsad.indexer.analysis.kernels.table import (
    ALONE,
    ARTICLE,
    ARTICLE_GENITIVE,
    BROKEN,
    COMMAND,
    GENITIVE,
    NAME,
    OBJECT,
    PAST,
    PRESENT,
    PRONOUN,
    PRONOUN_GENITIVE,
)

_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_TANWEEN = re.compile("[\u064b-\u064d]")
is_word = re.compile("[\u0621-\u063a\u0641-\u064a]+").fullmatch
_MODEL = "DATA.MSA.ALL.TRAIN.141809.lm.gz"
_LEMMAS = "DATA.MSA-LEMMA.ALL-train.map"
_TENSES = {"ماض": PAST, "مضارع": PRESENT, "أمر": COMMAND}


class Form(NamedTuple):
    """A form as printed, its lemma without marks, and its class.

    The class is N for nouns, V for verbs, P for names, and W for whole printed words.
    """

    form: str
    lemma: str
    kind: str


class Lexicon(NamedTuple):
    """The forms and lemmas of AlKhalil.

    `forms` gives the flags of each form (`analysis.morphology`: among others, which particles it
    can have), `roots` the root of each lemma.
    """

    forms: dict[Form, int]
    roots: dict[str, str]


def bare(word: str) -> str:
    """Return *word* without marks and tatweel."""
    return _MARKS.sub("", word)


def corpus() -> dict[str, Counter[str]]:
    """Return, for each printed word of AlKhalil's corpus, the counts of its lemmas, with marks.

    A line of the file is a sequence of strings, in Buckwalter's transliteration, each with its
    length in front of it: a word and its count, then its lemmas and their counts.
    """
    from farahidi import translit  # noqa: PLC0415  (an extra, needed at build time only)

    counts: dict[str, Counter[str]] = defaultdict(Counter)
    path = files("farahidi").joinpath(f"data/{_MODEL}")
    with path.open("rb") as raw, gzip.open(raw, "rt", encoding="cp1252", newline="") as lines:
        for line in lines:
            if not line.startswith("B"):
                continue
            line = line.rstrip("\r\n")  # noqa: PLW2901
            size, digits = int(line[2:4]), int(line[4:5])
            word = translit.bw_to_arabic(line[6 : 6 + size])
            at = 8 + size + digits
            while at < len(line):
                size, digits = int(line[at : at + 2]), int(line[at + 2 : at + 3])
                lemma = translit.bw_to_arabic(line[at + 4 : at + 4 + size])
                counts[word][lemma] += round(float(line[at + 4 + size : at + 5 + size + digits]))
                at += 6 + size + digits
    return counts


def lexicon(lemmas: set[str]) -> Lexicon:
    """Return the forms of *lemmas* (with marks), and of all names and particles."""
    forms: dict[Form, int] = {}
    roots: dict[str, Counter[str]] = defaultdict(Counter)
    for marked, lemma, root, kind, flags in _all_forms(lemmas):
        form = Form(bare(marked), bare(lemma), kind)
        if flags and is_word(form.form) and is_word(form.lemma):
            forms[form] = forms.get(form, 0) | flags
            # Roots of names are their own vocalised forms.
            roots[form.lemma][root] += bool(is_word(root))
    return Lexicon(forms, {lemma: found.most_common(1)[0][0] for lemma, found in roots.items()})


def written_lemmas() -> set[str]:
    """Return the lemmas, with marks, of AlKhalil's lists of words that occur in texts."""
    from farahidi.lexicon import load_map  # noqa: PLC0415

    return set(load_map(_LEMMAS))


_Row = tuple[str, str, str, str, int]


def _all_forms(lemmas: set[str]) -> Iterator[_Row]:
    """Yield the vocalized form, lemma, root, class and flags of each entry of AlKhalil's tables."""
    from farahidi.lexicon import Lexicon as Tables  # noqa: PLC0415

    tables = Tables()
    yield from _derived(tables, "Nouns", lemmas)
    yield from _derived(tables, "Verbs", lemmas)
    classes, cases = tables.list("propernoun_pos"), tables.list("propernoun_casemood")
    for row in tables.list("propernoun_voweled"):
        said = classes[int(row["pos"]) - 1]
        if said["type"] == "اسم علم":
            kind, flags = "P", NAME | ALONE
        else:
            case = cases[int(row["cas"]) - 1]["valAR"]
            words = {name: said[name.lower()] or "" for name in ("Gender", "Number", "Definit")}
            kind, flags = "N", _noun(row["vowform"], row["lemma"], words, case)
        yield row["vowform"], row["lemma"], row["root"] or "", kind, flags
    for row in tables.list("toolwords_voweled"):
        # Particle classes of AlKhalil: N4 and C3 are prepositions, N1 and N5 articles, C2 and C3
        # pronouns.
        before, behind, flags = row["procClass"] or "", row["encClass"] or "", ALONE
        if "N4" in before or "C3" in before:
            flags |= GENITIVE
        if "N1" in before or "N5" in before:
            flags |= ARTICLE | ARTICLE_GENITIVE
        if "C3" in behind or "C2" in behind:
            flags |= PRONOUN | PRONOUN_GENITIVE
        yield row["voweledform"], row["lemma"], row["root"] or "", "N", flags


def _derived(tables: Any, kind: str, lemmas: set[str]) -> Iterator[_Row]:  # noqa: ANN401
    """Yield the rows of `_all_forms` for the nouns or verbs that are derived from roots."""
    from farahidi.normalize import word_from_root_and_pattern as fill  # noqa: PLC0415
    from farahidi.pos import decode_noun, decode_verb  # noqa: PLC0415

    said: dict[str, dict[str, str]] = {}
    for root, length, formula in _formulas(tables, kind):
        size, place = formula["idDiacPatternLemma"].split(".")
        lemma = fill(root, tables.voweled_diac_lemma(kind, int(size), int(place))["val"])
        if lemma not in lemmas:
            continue
        stem = tables.voweled_diac_stem(kind, length, int(formula["idDiacPatternStem"]))
        marked = fill(root, stem["val"])
        case = tables.casemood(kind, int(formula["idCaseOrMood"]))["valAR"]
        place = formula["idPartOfSpeech"] or "0"
        words = said.get(place)
        if words is None:
            decode = decode_noun if kind == "Nouns" else decode_verb
            words = said[place] = decode(tables, int(place))
        if kind == "Nouns":
            yield marked, lemma, root, "N", _noun(marked, lemma, words, case)
        else:
            yield marked, lemma, root, "V", _verb(marked, root, words, case)


def _formulas(tables: Any, kind: str) -> Iterator[tuple[str, int, dict[str, str]]]:  # noqa: ANN401
    """Yield each root, the length of a form, and a formula for forms of that length."""
    for letters in ("tri", "quad"):
        known = tables.derived_map(kind, f"roots_id_{letters}")
        for entries in tables.derived_map(kind, f"roots_{letters}").values():
            for entry in entries:
                if entry["val"] not in known:
                    continue
                for length in range(1, 13):
                    formulas = tables.formulas(kind, length)
                    for place in (entry.get(f"len{length}") or "").split():
                        if 0 < int(place) <= len(formulas):
                            yield entry["val"], length, formulas[int(place) - 1]


def _noun(marked: str, lemma: str, said: dict[str, str], case: str) -> int:
    """Return the flags of a noun form, from its state, case and tanween."""
    word, plain = bare(marked), bare(lemma)
    state, number = said["Definit"], said["Number"]
    genitive, tanween = case == "مجرور", bool(_TANWEEN.search(marked))
    # An ending that lost its ن (كتابا زيد, معلمو المدرسة) has no article.
    no_article = number == "مثنى" and word.endswith(("ا", "ي"))
    if number == "جمع" and said["Gender"] == "مذكر" and state == "مضاف":
        sound = word.endswith(("و", "ي")) and not plain.endswith("ي")
        no_article |= sound and word[:-1] == plain[: len(word) - 1]
    flags = 0
    if state != "معرف بأل":
        flags |= ALONE | (GENITIVE if genitive else 0)
    if not tanween and not no_article and state in ("معرف بأل", "مضاف", "نكرة", "", "-"):
        flags |= ARTICLE | (ARTICLE_GENITIVE if genitive else 0)
    if not tanween and state in ("مضاف", "مضاف إلى معرفة"):
        flags |= PRONOUN | (PRONOUN_GENITIVE if genitive else 0)
    if number == "جمع" and not word.startswith(plain.rstrip("ةىاءيو")):
        flags |= BROKEN
    return flags


def _verb(marked: str, root: str, said: dict[str, str], mood: str) -> int:
    """Return the flags of a verb form; 0 for emphatic forms (ليكتبنّ), which news does not use."""
    tense = said["Type"]
    emphatic = tense == "مضارع" and mood == "-"
    if tense == "أمر" and marked.endswith(("نَّ", "نِّ")) and not root.endswith("ن"):
        emphatic = True
    if emphatic:
        return 0
    takes_objects = said["Transitivity"] != "لازم" and said["Voice"] != "مجهول"
    return _TENSES[tense] | (OBJECT if takes_objects else 0)
