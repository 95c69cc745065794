"""Analyzer: the one chain from text to tokens, for the index and for queries alike.

    text -> [tokenizer: fold, split] -> [stop words] -> [protected names] -> [stemmer] -> tokens

Filter order is content. The chain has a version, which covers its rules and its
data; an index remembers the version it was built with.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from marsad.corpus.letters import fold_letters
from marsad.indexer.analysis.folding import LONGEST_REMEMBERED, fold, printed
from marsad.indexer.analysis.joined import opened
from marsad.indexer.analysis.lands import land_stems
from marsad.indexer.analysis.morphology import morphology
from marsad.indexer.analysis.reader import Reader, is_plain, no_reader
from marsad.indexer.analysis.reading import Reading
from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.analysis.term_table import FULL, TermTable
from marsad.indexer.analysis.terms import Analyzed
from marsad.indexer.analysis.token import Token
from marsad.indexer.analysis.tokenizer import printed_words

# Raise this when a rule of the chain changes; data files count by themselves.
RULES = 4

_MEMO_SIZE = 400_000
_DATA = ("joined.txt", "stopwords.txt")


@dataclass(frozen=True, slots=True)
class Names:
    """Folded names that are left whole, each without article.

    `lands` are the countries: they, their nisbas and their people have one stem.
    """

    words: frozenset[str] = frozenset()
    lands: frozenset[str] = frozenset()


class Analyzer:
    """Turns text into tokens. Holds a memo of readings, and no other state."""

    def __init__(self, names: Names, *, stemming: bool = True) -> None:
        self._names = names
        self._stemming = stemming
        self.reader = Reader(_stems(names)) if stemming else no_reader()
        self._memo: dict[str, Reading] = {}
        self._printed: dict[str, str] = {}
        self._stems: dict[str, tuple[str, ...]] = {}
        self._table: TermTable | None = None

    @property
    def version(self) -> str:
        """Name the chain: two indexes of one version hold the same terms for the same text."""
        listed = (RULES, sorted(self._names.words), sorted(self._names.lands), _data_digest())
        raw = hashlib.sha256(repr(listed).encode("utf-8")).hexdigest()
        return f"{'lemma' if self._stemming else 'fold'}-{RULES}-{raw[:12]}"

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of *text*, in order; a token's position is its place in the list.

        Example:
            >>> [token.stem for token in Analyzer(Names()).analyze("أخبارُ المقاتلين")]
            ['خبر', 'مقاتل']
        """
        tokens: list[Token] = []
        for surfaces, start, end in printed_words(text):
            raw = text[start:end]
            words = opened(surfaces) if self._stemming else surfaces
            if len(words) == 1:
                exact = self._printed.get(raw) or self._as_printed(raw)
                reading = self.read(exact, words[0])
                tokens.append(self._made(raw, start, end, exact, words[0], reading))
                continue
            # A sign such as ﷺ, or a name such as عبدالله: its words are known folded only.
            tokens += [
                self._made(raw, start, end, word, word, self.read(word, word)) for word in words
            ]
        return tokens

    @staticmethod
    def _made(text: str, start: int, end: int, exact: str, surface: str, reading: Reading) -> Token:
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
        exact = printed(text)
        if len(text) <= LONGEST_REMEMBERED:
            if len(self._printed) >= _MEMO_SIZE:
                self._printed.clear()
            self._printed[text] = exact
        return exact

    def columns(self, text: str) -> Analyzed:
        """Return the same terms as `analyze`, in the form that an index takes in fast."""
        if self._table is None or len(self._table) >= FULL:
            self._table = TermTable(self.reader if self._stemming else None)
        return self._table.analyze(text)

    def read(self, exact: str, surface: str = "") -> Reading:
        """Return what the printed word *exact* is taken for; *surface* is it folded, if known."""
        if len(exact) > LONGEST_REMEMBERED:
            return self._reading(exact, surface)
        known = self._memo.get(exact)
        if known is None:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            known = self._memo[exact] = self._reading(exact, surface)
        return known

    def readings(self, exact: str) -> tuple[tuple[str, float], ...]:
        """Return the stems that a printed word can have, each with its share, likeliest first."""
        return self.reader.readings(exact) if self._stemming else ((fold_letters(exact), 1.0),)

    def stems(self, token: Token) -> tuple[str, ...]:
        """Return the stems that a word of a query asks for, likeliest first.

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
        """Return the forms of a lemma that the table has, without clitics, as it spells them."""
        table = morphology()
        lemma = table.number(stem)
        return () if lemma is None else tuple(table.forms_of(lemma))

    def root(self, surface: str) -> str:
        """Return the root that the folded word *surface* is, or is a word of."""
        return surface if surface in _known_roots() else self.read(surface).root

    def _reading(self, exact: str, surface: str) -> Reading:
        surface = surface or fold(exact)
        if surface in stopwords():
            return Reading(surface, surface, "stop", surface)
        if not self._stemming or self.reader.letters(exact) is None:
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
    """Return the stem of each folded name: its lemma where the table has it as a name.

    A land that the table knows with its article only (الجزائر) is no name: the word alone may be
    another (جزائر, islands).
    """
    reader = no_reader()
    words = sorted(filter(is_plain, names.words | names.lands))
    stems = {name: name for name in names.words | names.lands}
    known = zip(words, reader.name_stems(words), strict=True)
    stems |= {name: stem for name, stem in known if stem and name not in stopwords()}
    for name in names.lands.intersection(land_stems()):
        stems[name] = land_stems()[name]
    return {name: stem for name, stem in stems.items() if stem}
