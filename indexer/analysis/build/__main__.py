"""Command: `python -m marsad.indexer.analysis.build` writes the table into the package.

    lexicon, corpus, lists -> forms with flags -> [weigh] -> weights -> [pack] -> table

Weights are computed several times, because later forms (names, whole words) are chosen by what the
table so far cannot read.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import numpy as np

from marsad.indexer.analysis.build.alkhalil import (
    Form,
    bare,
    corpus,
    is_word,
    lexicon,
    written_lemmas,
)
from marsad.indexer.analysis.build.countries import country_forms, country_lemmas_of_lexicon
from marsad.indexer.analysis.build.curated import corrected, plural_forms, spelling_lemmas
from marsad.indexer.analysis.build.entries import Entries
from marsad.indexer.analysis.build.lost import lost_forms
from marsad.indexer.analysis.build.pack import pack
from marsad.indexer.analysis.build.unread import listed_names, read_list
from marsad.indexer.analysis.build.weigh import weigh
from marsad.indexer.analysis.build.whole import whole_forms
from marsad.indexer.analysis.morphology import FILE

# The count of an entry that occurs in no text, where one that occurs once has 1; and what is added
# to that for a common lemma.
_UNSEEN, _BY_LEMMA = 0.05, 0.01
# The smallest share that a form of a country gets.
_COUNTRY = 3e-6


def build(path: Path, frequencies: Mapping[str, float]) -> None:
    """Make the table and write it to *path*; *frequencies* are the shares of printed words."""
    marked = corpus()
    listed = lexicon(written_lemmas() | {name for found in marked.values() for name in found})
    _say(f"{len(listed.forms):,} forms of the lexicon, {len(marked):,} words of the corpus")
    joined = spelling_lemmas() | country_lemmas_of_lexicon()
    counts = corrected(_unmarked(marked, joined))
    flags: dict[Form, int] = {}
    for form, flag in listed.forms.items():
        renamed = form._replace(lemma=joined.get(form.lemma, form.lemma))
        flags[renamed] = flags.get(renamed, 0) | flag
    for more in (country_forms(), plural_forms()):
        for form, flag in more.items():
            flags[form] = flags.get(form, 0) | flag
    total = sum(sum(found.values()) for found in counts.values())
    # Corpus words without any form in the lexicon are mostly names; they become forms themselves.
    lost = weigh(Entries(flags), counts).lost
    for form, flag in lost_forms(lost).items():
        flags[form] = flags.get(form, 0) | flag
    entries = Entries(flags)
    seen = weigh(entries, counts)
    _say(f"{len(entries):,} entries; {sum(seen.lost.values()):,} of {total:,} words unread")
    of_lemma = np.bincount(entries.lemma, seen.entries, len(entries.lemmas))
    shares = seen.entries + _UNSEEN + _BY_LEMMA * np.sqrt(of_lemma[entries.lemma])
    table = entries.weighted(shares / total, seen.before, seen.after)
    added, unread = read_list(entries, table, frequencies, counts, total)
    share_of = dict(zip(entries.forms, ((shares + added) / total).tolist(), strict=True))
    for form, (flag, share) in listed_names(unread).items():
        if form not in flags:
            flags[form], share_of[form] = flag, share
    # A form of a country is likelier than a rare word with the same letters, even if no text has
    # it.
    for form in country_forms():
        share_of[form] = max(share_of.get(form, 0.0), _COUNTRY)
    entries = Entries(flags)
    least = _UNSEEN / total
    shares = np.array([share_of.get(form, least) for form in entries.forms])
    table = entries.weighted(shares, seen.before, seen.after)
    whole = whole_forms(entries, table, counts)
    flags |= {form: flag for form, (flag, _) in whole.items()}
    share_of |= {form: count / total for form, (_, count) in whole.items()}
    entries = Entries(flags)
    shares = np.array([share_of.get(form, least) for form in entries.forms])
    table = entries.weighted(shares, seen.before, seen.after)
    roots = {lemma: listed.roots.get(lemma, "") for lemma in entries.lemmas}
    size = pack(path, table, entries.lemmas, _plain_roots(roots))
    _say(f"{path}: {len(entries):,} entries, {len(whole):,} of them whole words, {size:,} bytes")


def _unmarked(
    marked: Mapping[str, Mapping[str, int]], joined: Mapping[str, str]
) -> dict[str, Counter[str]]:
    """Return the counts of each word's lemmas, without the vowel marks of the lemmas.

    *joined* maps a lemma to the lemma that it is counted as.
    """
    counts: dict[str, Counter[str]] = {}
    for word, found in marked.items():
        if is_word(word):
            counts[word] = Counter()
            for lemma, count in found.items():
                plain = bare(lemma)
                if is_word(plain):
                    counts[word][joined.get(plain, plain)] += count
    return counts


def _plain_roots(roots: Mapping[str, str]) -> dict[str, str]:
    """Return the roots of three to five consonants, with ا for a hamza, as users type them."""
    return {
        lemma: root.translate(str.maketrans("ءأإؤئى", "اااااي"))
        for lemma, root in roots.items()
        if is_word(root) and 3 <= len(root) <= 5  # noqa: PLR2004
    }


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Write the table into the package."""
    from wordfreq import get_frequency_dict  # noqa: PLC0415  (an extra, needed at build time only)

    listed = get_frequency_dict("ar", wordlist="large")
    words = {word: share for word, share in listed.items() if is_word(word) and len(word) > 1}
    build(Path(str(files("marsad.indexer.analysis").joinpath(f"data/{FILE}"))), words)


if __name__ == "__main__":
    main()
