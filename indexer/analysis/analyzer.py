"""Analyzer: the chain from text to tokens, the same for the index and for queries.

    text -> [tokenizer: fold, split] -> [stop words] -> [names] -> [morphology] -> tokens

The order of the filters matters. The chain has a version, which covers its rules and data; an index
stores the version it was built with, and cannot be searched with another.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.countries import country_stems
from marsad.indexer.analysis.folding import LONGEST_REMEMBERED, fold, printed
from marsad.indexer.analysis.joined import split_joined
from marsad.indexer.analysis.morphology import morphology
from marsad.indexer.analysis.reader import Reader, is_plain, nameless_reader
from marsad.indexer.analysis.reading import Reading
from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.analysis.term_table import FULL, TermTable
from marsad.indexer.analysis.terms import Analyzed
from marsad.indexer.analysis.token import Token
from marsad.indexer.analysis.tokenizer import printed_words

# Raise this number when a rule of the chain changes. Changes of data files are detected without it.
RULES = 4

_MEMO_SIZE = 400_000
_DATA = ("joined.txt", "stopwords.txt")


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are indexed whole, each folded and without article.

    `countries` are names of countries; a country, its nisba and its people have one stem.
    """

    words: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


class Analyzer:
    """Turns text into tokens.

    It keeps memos of words it has read, so that later texts are faster; the memos do not change any
    result.
    """

    def __init__(self, names: Names, *, stemming: bool = True) -> None:
        self._names = names
        self._stemming = stemming
        self.reader = Reader(_stems(names)) if stemming else nameless_reader()
        self._memo: dict[str, Reading] = {}
        self._printed: dict[str, str] = {}
        self._stems: dict[str, tuple[str, ...]] = {}
        self._table: TermTable | None = None

    @property
    def version(self) -> str:
        """The identity of the chain: with one version, equal texts always give equal terms."""
        listed = (RULES, sorted(self._names.words), sorted(self._names.countries), _data_digest())
        raw = hashlib.sha256(repr(listed).encode("utf-8")).hexdigest()
        return f"{'lemma' if self._stemming else 'fold'}-{RULES}-{raw[:12]}"

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of *text*, in order; a token's position is its index in the list.

        Example:
            >>> [token.stem for token in Analyzer(Names()).analyze("أخبارُ المقاتلين")]
            ['خبر', 'مقاتل']
        """
        tokens: list[Token] = []
        for surfaces, start, end in printed_words(text):
            raw = text[start:end]
            words = split_joined(surfaces) if self._stemming else surfaces
            if len(words) == 1:
                exact = self._printed.get(raw) or self._as_printed(raw)
                reading = self.read(exact, words[0])
                tokens.append(self._token(raw, start, end, exact, words[0], reading))
                continue
            # A sign such as ﷺ, or a name such as عبدالله: its words are known folded only.
            tokens += [
                self._token(raw, start, end, word, word, self.read(word, word)) for word in words
            ]
        return tokens

    @staticmethod
    def _token(
        text: str, start: int, end: int, exact: str, surface: str, reading: Reading
    ) -> Token:
        """Return the token of a word with its reading."""
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
            form=reading.form,
        )

    def _as_printed(self, text: str) -> str:
        """Return *text* without marks, from a memo if possible."""
        exact = printed(text)
        if len(text) <= LONGEST_REMEMBERED:
            if len(self._printed) >= _MEMO_SIZE:
                self._printed.clear()
            self._printed[text] = exact
        return exact

    def columns(self, text: str) -> Analyzed:
        """Return the terms of `analyze` as arrays, which an index can take in quickly."""
        # A table only grows. A new one keeps the memory of a long run bounded.
        if self._table is None or len(self._table) >= FULL:
            self._table = TermTable(self.reader if self._stemming else None)
        return self._table.analyze(text)

    def read(self, exact: str, surface: str = "") -> Reading:
        """Return the reading of the printed word *exact*.

        *surface* is its folded form, if the caller has it.
        """
        if len(exact) > LONGEST_REMEMBERED:
            return self._reading(exact, surface)
        known = self._memo.get(exact)
        if known is None:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            known = self._memo[exact] = self._reading(exact, surface)
        return known

    def readings(self, exact: str) -> tuple[tuple[str, float], ...]:
        """Return the possible stems of a printed word with their shares, the likeliest first."""
        return self.reader.readings(exact) if self._stemming else ((fold_letters(exact), 1.0),)

    def stems(self, token: Token) -> tuple[str, ...]:
        """Return the stems that a query word searches for, the likeliest first.

        Example:
            >>> chain = Analyzer(Names())
            >>> chain.stems(*chain.analyze("المعارضة"))
            ('معارضة', 'معارض')
        """
        if token.wanted:
            return token.wanted
        if token.stop or not self._stemming:
            return (token.stem,)
        known = self._stems.get(token.exact)
        if known is None:
            others = (stem for stem, _ in self.readings(token.exact))
            known = tuple(dict.fromkeys((token.stem, *others)))
            if len(token.exact) <= LONGEST_REMEMBERED:
                if len(self._stems) >= _MEMO_SIZE:
                    self._stems.clear()
                self._stems[token.exact] = known
        return known

    def forms_of(self, stem: str) -> tuple[str, ...]:
        """Return the forms of a lemma in the morphology table, without clitics."""
        table = morphology()
        lemma = table.number(stem)
        return () if lemma is None else tuple(table.forms_of(lemma))

    def root(self, surface: str) -> str:
        """Return the root of the folded word *surface*, which may be a root itself."""
        return surface if surface in _known_roots() else self.read(surface).root

    def _reading(self, exact: str, surface: str) -> Reading:
        """Return the reading of a word without the memo."""
        surface = surface or fold(exact)
        if surface in stopwords():
            return Reading(surface, surface, "stop", surface)
        if not self._stemming or self.reader.letters(exact) is None:
            # Words in other scripts are not in the morphology table, but can be names of the
            # gazetteer.
            is_name = self._stemming and surface in self.reader.foreign
            return Reading(surface, surface, "name" if is_name else "word", surface)
        return self.reader.read(exact, surface)


@cache
def _known_roots() -> frozenset[str]:
    table = morphology()
    lemmas = range(len(table.arrays["lemma_root"]))
    return frozenset(fold_letters(table.root(lemma)) for lemma in lemmas) - {""}


@cache
def _data_digest() -> str:
    """Return a digest of the tables and lists that the chain reads."""
    digest = hashlib.sha256(morphology().digest.encode("ascii"))
    for name in _DATA:
        digest.update(files("marsad.indexer.analysis").joinpath(f"data/{name}").read_bytes())
    return digest.hexdigest()


def _stems(names: Names) -> dict[str, str]:
    """Return the stem of each folded name; names in the morphology table have their lemma.

    A country that the table knows only with its article (الجزائر) is left out, because the word
    alone may mean something else (جزائر, islands).
    """
    reader = nameless_reader()
    words = sorted(filter(is_plain, names.words | names.countries))
    stems = {name: name for name in names.words | names.countries}
    known = zip(words, reader.name_stems(words), strict=True)
    stems |= {name: stem for name, stem in known if stem and name not in stopwords()}
    for name in names.countries.intersection(country_stems()):
        stems[name] = country_stems()[name]
    return {name: stem for name, stem in stems.items() if stem}
