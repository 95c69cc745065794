"""Analyzer: the one chain from text to tokens, for the index and for queries alike.

    text -> [tokenizer: fold, split] -> [stop words] -> [protected names] -> [stemmer] -> tokens

Filter order is content. The chain has a version, which covers its rules and its
data; an index remembers the version it was built with.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.analysis.clitics import ARTICLE, bare_forms, without_article
from indexer.analysis.facts import facts
from indexer.analysis.folding import LONGEST_REMEMBERED, printed
from indexer.analysis.lemmas import lemmas
from indexer.analysis.lexicon import Lexicon, lexicon
from indexer.analysis.reading import Reading
from indexer.analysis.stemmer import bare_word, read
from indexer.analysis.stopwords import stopwords
from indexer.analysis.term_table import FULL, TermTable
from indexer.analysis.terms import Analyzed
from indexer.analysis.token import Token
from indexer.analysis.tokenizer import known_surfaces_of, tokenize

# Raise this when a rule of the chain changes; data files count by themselves.
RULES = 3

_NISBA = ("يه", "يين", "يون", "يات", "ي")
_LANDS = ("", "ا", "يا")
_SHORTEST_LAND = 3
_MEMO_SIZE = 400_000
_DATA = ("frequencies.tsv.gz", "lemmas.tsv.gz", "plurals.tsv", "stopwords.txt")
# The first letters of clitics and the article.
_MAY_OPEN = frozenset("وفبلكا")
_ALEF = "ا"


@dataclass(frozen=True, slots=True)
class Names:
    """Folded names that the stemmer must leave whole, each without article.

    `lands` are the countries: their nisba (روسي) gets the stem of the country.
    """

    words: frozenset[str] = frozenset()
    lands: frozenset[str] = frozenset()


class Analyzer:
    """Turns text into tokens. Holds a memo of stems, and no other state."""

    def __init__(self, names: Names, *, stemming: bool = True) -> None:
        self._names = names
        self._stemming = stemming
        self._forms = _name_forms(names)
        self._stops = stopwords()
        self._memo: dict[str, Reading] = {}
        self._printed: dict[str, str] = {}
        self._table: TermTable | None = None

    @property
    def version(self) -> str:
        """Name the chain: two indexes of one version hold the same terms for the same text."""
        listed = (RULES, sorted(self._names.words), sorted(self._names.lands), _data_digest())
        raw = hashlib.sha256(repr(listed).encode("utf-8")).hexdigest()
        return f"{'light' if self._stemming else 'fold'}-{RULES}-{raw[:12]}"

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of *text*, in order; a token's position is its place in the list.

        Example:
            >>> [token.stem for token in Analyzer(Names()).analyze("أخبارُ المقاتلين")]
            ['خبر', 'مقاتل']
        """
        return [
            self._token(text[start:end], start, end, surface)
            for surface, start, end in tokenize(text)
        ]

    def _token(self, text: str, start: int, end: int, surface: str) -> Token:
        exact = self._printed.get(text) or self._as_printed(text)
        if surface != exact and len(known_surfaces_of(text)) > 1:
            exact = surface  # one of several words that a sign such as ﷺ opens into
        reading = self.read(surface)
        return Token(
            text=text,
            start=start,
            end=end,
            exact=exact,
            surface=surface,
            stem=reading.stem,
            root=reading.root,
            stop=reading.rule == "stop",
            rule=reading.rule,
        )

    def _as_printed(self, text: str) -> str:
        exact = printed(text)
        if len(text) <= LONGEST_REMEMBERED:
            if len(self._printed) >= _MEMO_SIZE:
                self._printed.clear()
            self._printed[text] = exact
        return exact

    def columns(self, text: str) -> Analyzed:
        """Return the same terms as `analyze`, in the form that an index takes in fast."""
        if self._table is None or len(self._table) >= FULL:
            known = facts(self._forms) if self._stemming else None
            self._table = TermTable(known, self.read)
        return self._table.analyze(text)

    def read(self, surface: str) -> Reading:
        """Return what the folded word *surface* is taken for."""
        if len(surface) > LONGEST_REMEMBERED:
            return self._reading(surface)
        known = self._memo.get(surface)
        if known is None:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            known = self._memo[surface] = self._reading(surface)
        return known

    def bare(self, surface: str) -> str:
        """Return the folded word *surface* without clitics and article.

        Example:
            >>> Analyzer(Names(frozenset({"باكو"}))).bare("لباكو")
            'باكو'
        """
        rule = self.read(surface).rule
        if rule == "stop" or not self._stemming:
            return surface
        named = self._named(surface, lexicon()) if rule == "name" else None
        return named or bare_word(surface, lexicon())[0]

    def root(self, surface: str) -> str:
        """Return the root that *surface* is, or is a word of."""
        return surface if surface in lemmas().known_roots else self.read(surface).root

    def _reading(self, surface: str) -> Reading:
        if surface in self._stops:
            return Reading(surface, surface, "stop")
        if not self._stemming:
            return Reading(surface, surface, "word")
        if surface in self._forms or surface[:1] in _MAY_OPEN:
            name = self._named(surface, lexicon())
            if name is not None:
                stem = self._forms[name]
                return Reading(stem, stem, "name")
        return read(surface, lexicon())

    def _named(self, surface: str, words: Lexicon) -> str | None:
        """Return the protected name in *surface*, clitics and article off, if there is one.

        A clitic is only believed where the name alone is at least as common.
        """
        names = self._forms
        if surface in names:
            return surface
        if surface.startswith(_ALEF):
            name = without_article(surface)
            return name if name in names else None
        for taken, word in bare_forms(surface):
            name = without_article(word) if word[:2] == ARTICLE else word
            if name in names and (not taken or words.form(word) >= words.form(surface)):
                return name
        return None


@cache
def _data_digest() -> str:
    """Return a digest of the tables and lists that the chain reads."""
    digest = hashlib.sha256()
    for name in _DATA:
        digest.update(files("indexer.analysis").joinpath(f"data/{name}").read_bytes())
    return digest.hexdigest()


def _name_forms(names: Names) -> dict[str, str]:
    """Return the name that each form without article stands for: names, and nisbas of lands.

    Where two lands have one nisba, the longer ending and the fuller name win.
    """
    forms = {name: name for name in names.words}
    for ending in reversed(_NISBA):
        for final in reversed(_LANDS):
            for land in names.lands:
                root = land.removesuffix(final) if land.endswith(final) else ""
                if len(root) >= _SHORTEST_LAND:
                    forms[root + ending] = land
    return forms | {land: land for land in names.lands}
