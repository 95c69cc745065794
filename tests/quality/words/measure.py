"""Measure the results of single words: `python -m tests.quality.words.measure ARTICLES`.

    names     words of people's names of whose hits more than half are other words
    lemmas    articles with a form of a common lemma that are missed, and hits without any
    pairs     words of the frequency list whose stem differs with an article

The lemmas are in `lemmas.txt`. Their forms are generated from the table, with every proclitic and
pronoun, and searched for as printed: a plain pattern without any reading of words.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from marsad.corpus.article import Article
from marsad.corpus.letters import fold_letters
from marsad.corpus.read import read
from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.clitics import ARTICLE
from marsad.indexer.analysis.joined import joined_words
from marsad.indexer.analysis.kernels.names import LEMMA, read_one
from marsad.indexer.analysis.kernels.reading import ENCLITIC, ENTRY, PROCLITIC
from marsad.indexer.analysis.kernels.table import FLAG_BITS, NOUN, VERB, WHOLE
from marsad.indexer.analysis.lexicon import lexicon
from marsad.indexer.analysis.morphology import morphology
from marsad.indexer.analysis.particles import ENCLITICS, PROCLITICS
from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.analysis.token import Token
from marsad.indexer.parts import parts

_LEAST_LETTERS = 3
_SHOWN = 40


def texts_of(source: Path) -> list[tuple[str, str]]:
    """Return title and text of each article."""
    return [(item.title, item.text) for item in read([source]) if isinstance(item, Article)]


def names(texts: Sequence[tuple[str, str]]) -> None:
    """Print the words of people's names that are outnumbered by other words among their hits."""
    known = parts()
    printed: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for title, text in texts:
        for part in (title, text):
            printed.update(token.exact for token in known.analyzer.analyze(part))
            for mention in known.finder.find_in(part):
                if mention.type == "person":
                    named.update(t.exact for t in known.analyzer.analyze(mention.text))
    of_stem: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in printed.items():
        token = known.analyzer.analyze(word)[0]
        of_stem[token.stem][fold_letters(token.form)] += count
    asked = [word for word in named if len(word) >= _LEAST_LETTERS and word[0] >= "\u0621"]
    drowned = []
    for word in asked:
        token = known.analyzer.analyze(word)[0]
        if token.stop:
            continue
        hits = of_stem[token.stem]
        own = hits[fold_letters(token.form)]
        if 2 * own < hits.total():
            drowned.append((hits.total(), word, token.stem, hits.most_common(3)))
    for total, word, stem, most in sorted(drowned, reverse=True)[:_SHOWN]:
        sys.stdout.write(f"  {word} ({stem}) finds {total}: {most}\n")
    sys.stdout.write(f"names: {len(drowned)} of {len(asked)} = {len(drowned) / len(asked):.4f}\n")


def patterns(lemma: str) -> set[str]:
    """Return all printed forms of a lemma that the lexicon has."""
    found: set[str] = set()
    table = morphology()
    number = table.number(lemma)
    if number is None:
        return found
    entries = np.flatnonzero(table.arrays["values"] >> FLAG_BITS == number)
    flags = [table.flags(int(entry)) for entry in entries]
    is_noun = any(flag & NOUN and not flag & VERB for flag in flags)
    # A verb with the letters of the noun (حدّ of حدود) is another word, and so is a nisba.
    kept = entries[[not (is_noun and flag & VERB) for flag in flags]]
    forms = set(table.forms(kept))
    for form in forms:
        # The dual before a genitive is spelt like the nisba.
        if form.endswith("ي") and form[:-1] in forms:
            continue
        for before, _ in PROCLITICS:
            found.add(before + form)
        for before in ("", "و", "ف", "ب", "ل", "وب", "ول"):
            for behind, _ in ENCLITICS:
                if behind == "ي":
                    continue
                found.add(before + form + behind)
                if form.endswith("ة"):
                    found.add(f"{before}{form[:-1]}ت{behind}")
    return found


def lemmas(texts: Sequence[tuple[str, str]]) -> None:
    """Print how many articles with a form of each lemma are missed, and how many hits have none."""
    analyzer = parts().analyzer
    listed = Path(__file__).with_name("lemmas.txt").read_text(encoding="utf-8").split()
    articles = []
    stem_of: dict[str, str] = {}
    for title, text in texts:
        tokens = analyzer.analyze(f"{title}\n{text}")
        articles.append({token.exact for token in tokens})
        stem_of.update((token.exact, token.stem) for token in tokens)
    holding: dict[str, set[int]] = defaultdict(set)
    for number, words in enumerate(articles):
        for word in words:
            holding[word].add(number)
    of_stem: dict[str, set[int]] = defaultdict(set)
    for word, stem in stem_of.items():
        of_stem[stem] |= holding[word]
    missed = held = noise = hits = 0
    rows = []
    for lemma in listed:
        (token,) = analyzer.analyze(lemma)
        prints = patterns(token.stem) | {lemma}
        have = set().union(*(holding[word] for word in prints if word in holding))
        found = set().union(*(of_stem[stem] for stem in analyzer.stems(token)))
        lost = {word: len(holding[word] - found) for word in prints if word in holding}
        worst = [word for word in sorted(lost, key=lambda word: -lost[word])[:3] if lost[word]]
        rows.append((len(have - found), len(found - have), lemma, len(have), len(found), worst))
        missed, held = missed + len(have - found), held + len(have)
        noise, hits = noise + len(found - have), hits + len(found)
    for missing, more, lemma, have_count, found_count, worst in sorted(rows, reverse=True)[:_SHOWN]:
        sys.stdout.write(f"  {lemma}: {have_count} hold it, {found_count} found, ")
        sys.stdout.write(f"{missing} missed, {more} hold none {' '.join(worst)}\n")
    sys.stdout.write(f"lemmas: missed {missed / held:.4f}, hold none {noise / hits:.4f}\n")


def pairs() -> None:
    """Print the words of the frequency list whose stem differs with an article."""
    analyzer, forms = parts().analyzer, lexicon().forms
    both = [
        word
        for word in forms
        if len(word) >= _LEAST_LETTERS
        and ARTICLE + word in forms
        and word not in stopwords()
        and not word.startswith(ARTICLE)
        and word not in joined_words()
    ]
    apart: dict[str, list[str]] = defaultdict(list)
    for word in both:
        alone, *_, definite = analyzer.analyze(f"{word} {ARTICLE}{word}")
        if alone.stem != definite.stem:
            line = f"{word} {alone.stem}, {ARTICLE}{word} {definite.stem}"
            apart[_reason(alone, analyzer)].append(line)
    for reason, lines in sorted(apart.items()):
        sys.stdout.write(f"  {reason}: {len(lines)}\n")
        for line in lines[:_SHOWN]:
            sys.stdout.write(f"    {line}\n")
    total = sum(map(len, apart.values()))
    sys.stdout.write(f"pairs: {total} of {len(both)} = {total / len(both):.4f}\n")


def _reason(alone: Token, analyzer: Analyzer) -> str:
    """Return why the stem of a word differs without its article."""
    if alone.surface.endswith("ه"):
        return "ه, which the list has for ة and for the pronoun"
    table = morphology()
    letters = analyzer.reader.letters(alone.exact)
    if alone.stop or letters is None:
        return "function word"
    what, _, row, found = read_one(table.searched, analyzer.reader.names, letters, len(letters))
    if what != LEMMA:
        return "name"
    flags = table.flags(int(found[row, ENTRY]))
    if flags & VERB:
        return "verb"
    particles = found[row, PROCLITIC] > 0 or found[row, ENCLITIC] > 0
    return "particles" if particles else "whole in the corpus" if flags & WHOLE else "other"


def main() -> None:
    """Print the figures."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("source", type=Path)
    texts = texts_of(reader.parse_args().source)
    pairs()
    lemmas(texts)
    names(texts)


if __name__ == "__main__":
    main()
