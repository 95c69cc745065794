"""Build the table of lemmas and roots: `python -m indexer.analysis.build_lemmas`.

Needs the extra `marsad[build]`; takes about 4 minutes. The commonest Arabic
forms of wordfreq are analysed with qalsadi (Taha Zerrouki, GPL-3, with the dictionary
arramooz). Of the analyses that it finds possible, the one counts whose lemma is commonest
in qalsadi's own counts and in wordfreq. What the list of broken plurals says of a singular
or a plural goes before. What the stemmer's rules leave of each form gets the lemma that most
occurrences of such forms have, so that forms which are not in the table find their family.
"""

import gzip
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from indexer.analysis.folding import fold
from indexer.analysis.lexicon import lexicon
from indexer.analysis.plurals import singulars
from indexer.analysis.stemmer import bare_word, rule_stem, singular_of
from indexer.analysis.stopwords import stopwords

FORMS = 120_000
_WORDFREQ_SHARE = 0.5
# What it is worth, in powers of ten, that a word without its clitics is its own lemma.
_OWN_LEMMA = 2
_PER_BILLION = 1_000_000_000
# A lemma is hardly ever written where the form is so many times as common; another one is
# believed where it is so many times as common as that.
_RARE, _COMMONER = 100, 10
_DUAL, _OBLIQUE_SHARE = "ان", 0.3

# A form's possible lemmas, each with its root and qalsadi's count.
Analyses = Iterable[tuple[str, str, int]]


def build(frequencies: Mapping[str, float], analyse: Callable[[str], Analyses]) -> bytes:
    """Return the gzipped table, the same bytes for the same analyses.

    A line is `F form lemma`, `S stem lemma` or `R lemma root`, parted by tabs.
    """
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    roots: dict[str, Counter[str]] = defaultdict(Counter)
    for form in _commonest(frequencies):
        folded = fold(form)
        counts[folded] += round(frequencies[form] * _PER_BILLION)
        found = _lemma_of(form, analyse, frequencies)
        if found is not None and folded not in stopwords():
            lemma, root = fold(found[0]), fold(found[1])
            forms[folded][lemma] += round(frequencies[form] * _PER_BILLION) + 1
            roots[lemma][root] += round(frequencies[form] * _PER_BILLION) + 1
    lemmas = {form: _most(found) for form, found in forms.items()}
    for form in lemmas:
        bare = bare_word(form, lexicon())[0]
        singular = bare if bare in singulars() else singular_of(bare)
        if singular is not None:
            lemmas[form] = singular
    families: dict[str, Counter[str]] = defaultdict(Counter)
    for form, lemma in lemmas.items():
        families[rule_stem(form, lexicon())][lemma] += counts[form] + 1
    stems = {stem: _most(found) for stem, found in families.items()}
    known = set(lemmas.values())
    lines = [f"F\t{form}\t{lemma}\n" for form, lemma in sorted(lemmas.items())]
    lines += [f"S\t{stem}\t{lemma}\n" for stem, lemma in sorted(stems.items())]
    lines += [
        f"R\t{lemma}\t{root}\n"
        for lemma, found in sorted(roots.items())
        if lemma in known and (root := _most(found))
    ]
    return gzip.compress("".join(lines).encode("utf-8"), compresslevel=9, mtime=0)


def _commonest(frequencies: Mapping[str, float]) -> list[str]:
    ranked = sorted(frequencies.items(), key=lambda pair: (-pair[1], pair[0]))
    words = (
        word for word, _ in ranked if len(word) > 1 and all("\u0621" <= c <= "\u064a" for c in word)
    )
    return [word for _, word in zip(range(FORMS), words, strict=False)]


def _lemma_of(
    form: str, analyse: Callable[[str], Analyses], frequencies: Mapping[str, float]
) -> tuple[str, str] | None:
    """Return the likeliest lemma of *form* and its root.

    qalsadi counts no broken plural, so that a verb or a word that nobody uses wins over its
    singular (اصوات: صوة, not صوت). Where the lemma is hardly ever written although the form
    is, the commonest of the others has it, or what the form without article is a form of.
    """
    found = [one for one in analyse(form) if one[0]]
    best = _likeliest(form, found, frequencies)
    if best is None or fold(best[0]) in _own(form):
        return best
    written = frequencies.get(best[0], 0.0)
    if written * _RARE >= frequencies.get(form, 0.0):
        return best
    others = [max(found, key=lambda one: frequencies.get(one[0], 0.0))[:2]] if found else []
    if form.startswith("ال") and (bare := _likeliest(form[2:], analyse(form[2:]), frequencies)):
        others.append(bare)
    enough = _COMMONER * max(written, 1 / _PER_BILLION)
    return next((one for one in others if frequencies.get(one[0], 0.0) >= enough), best)


def _likeliest(
    form: str, analyses: Analyses, frequencies: Mapping[str, float]
) -> tuple[str, str] | None:
    own = _own(form)
    best: tuple[float, str, str] | None = None
    no_dual: tuple[str, str] | None = None
    for lemma, root, count in analyses:
        if any(word == fold(lemma) + _DUAL and not _is_dual(word) for word in own):
            no_dual = bare_word(fold(form), lexicon())[0], root
            continue
        per_billion = frequencies.get(lemma, 0.0) * _PER_BILLION
        score = math.log10(count + 1) + _WORDFREQ_SHARE * math.log10(per_billion + 1)
        score += _OWN_LEMMA * (fold(lemma) in own)
        if lemma and (best is None or score > best[0]):
            best = score, lemma, root
    return no_dual if best is None else best[1:]


def _own(form: str) -> set[str]:
    return {fold(form), bare_word(fold(form), lexicon())[0]}


def _is_dual(word: str) -> bool:
    """Tell whether *word* in ان is a dual: in news those in ين are commoner, a name has none."""
    known = lexicon()
    stem = word.removesuffix(_DUAL)
    oblique = known.form(f"{stem}ين") + known.form(f"ال{stem}ين")
    return oblique >= _OBLIQUE_SHARE * (known.form(word) + known.form(f"ال{word}"))


def _most(found: Counter[str]) -> str:
    """Return what was counted most, of equals the first in the alphabet."""
    return min(found, key=lambda key: (-found[key], key))


def _qalsadi() -> Callable[[str], Analyses]:
    from pyarabic.araby import strip_tashkeel  # noqa: PLC0415
    from qalsadi.analex import Analex  # noqa: PLC0415  (extras, needed at build time only)

    analyser = Analex()

    def analyse(form: str) -> Analyses:
        for found in analyser.check_word(form):
            if found.type.split(":")[0] in ("Noun", "Verb"):
                count = found.freq if isinstance(found.freq, int) else 0
                yield strip_tashkeel(found.lemma or found.original), found.root or "", count

    return analyse


def main() -> None:
    """Write the table into the package."""
    from wordfreq import get_frequency_dict  # noqa: PLC0415

    target = Path(str(files("indexer.analysis").joinpath("data/lemmas.tsv.gz")))
    target.write_bytes(build(get_frequency_dict("ar", wordlist="large"), _qalsadi()))
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
