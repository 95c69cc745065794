"""Analyzer: the one chain from text to tokens, for the index and for queries alike.

    text -> [tokenizer: fold, split] -> [stop words] -> [protected names] -> [stemmer] -> tokens

Filter order is content. The chain has a version, which covers its rules and its
data; an index remembers the version it was built with.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.analysis.clitics import bare_forms, without_article
from indexer.analysis.lexicon import Lexicon, lexicon
from indexer.analysis.stemmer import stem
from indexer.analysis.stopwords import stopwords
from indexer.analysis.terms import FULL, Analyzed, TermTable
from indexer.analysis.token import Token
from indexer.analysis.tokenizer import tokenize

# Raise this when a rule of the chain changes; data files count by themselves.
RULES = 1

_NISBA = ("يه", "يين", "يون", "يات", "ي")
_LANDS = ("", "ا", "يا")
_SHORTEST_LAND = 3
_MEMO_SIZE = 400_000


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
        self._memo: dict[str, tuple[str, bool]] = {}
        self._table = TermTable(self._stem)

    @property
    def version(self) -> str:
        """Name the chain: two indexes of one version hold the same terms for the same text."""
        listed = (RULES, sorted(self._names.words), sorted(self._names.lands), sorted(stopwords()))
        raw = hashlib.sha256(repr(listed).encode("utf-8")).hexdigest()
        return f"{'light' if self._stemming else 'fold'}-{RULES}-{raw[:12]}"

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of *text*, in order; a token's position is its place in the list.

        Example:
            >>> [token.stem for token in Analyzer(Names()).analyze("أخبارُ المقاتلين")]
            ['اخبار', 'مقاتل']
        """
        memo = self._memo
        tokens = []
        for surface, start, end in tokenize(text):
            known = memo.get(surface)
            if known is None:
                known = self._remember(surface)
            tokens.append(Token(text[start:end], start, end, surface, *known))
        return tokens

    def columns(self, text: str) -> Analyzed:
        """Return the same terms as `analyze`, in the form that an index takes in fast."""
        if len(self._table) >= FULL:
            self._table = TermTable(self._stem)
        return self._table.analyze(text)

    def terms(self, texts: Iterable[str], *, stems: bool) -> tuple[str, ...]:
        """Return only the terms of *texts*, one after another: stems, or surfaces."""
        return tuple(
            token.stem if stems else token.surface for text in texts for token in self.analyze(text)
        )

    def _remember(self, surface: str) -> tuple[str, bool]:
        if len(self._memo) >= _MEMO_SIZE:
            self._memo.clear()
        known = self._stem(surface), surface in stopwords()
        self._memo[surface] = known
        return known

    def _stem(self, surface: str) -> str:
        if not self._stemming or surface in stopwords():
            return surface
        words = lexicon()
        return self._name(surface, words) or stem(surface, words)

    def _name(self, surface: str, words: Lexicon) -> str | None:
        """Return the protected name in *surface*, clitics and article off, if there is one.

        A clitic is only believed where the name alone is at least as common.
        """
        names = self._forms
        for taken, word in bare_forms(surface):
            name = names.get(without_article(word))
            if name and (not taken or words.form(word) >= words.form(surface)):
                return name
        return None


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
