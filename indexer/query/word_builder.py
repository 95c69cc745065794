"""Word builder: turns one typed word or phrase into a tree of terms.

Word -> [WordBuilder] -> a tree of terms, and a QueryWord for highlighting and explanations
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from marsad.indexer.analysis.folding import fold
from marsad.indexer.analysis.token import Token
from marsad.indexer.analysis.tokenizer import surfaces_of
from marsad.indexer.fields import HINT_WEIGHT, TextField, index_field
from marsad.indexer.query.diagnostics import Diagnostic, DiagnosticKind
from marsad.indexer.query.strictness import Strictness
from marsad.indexer.query.syntax import Syntax, Word
from marsad.indexer.query.tree import And, AndMaybe, Node, Nothing, Or, Prefix, Spot, Term, Wildcard
from marsad.indexer.query.words import QueryWord, WordNodes, word_terms

_SHORTEST_PREFIX = 2
_WILDCARDS = re.compile(r"[*?]")


class WordBuilder:
    """Builds the trees of words; collects query words and diagnostics."""

    def __init__(self, nodes: WordNodes, diagnostics: list[Diagnostic], level: Strictness) -> None:
        self.asked: list[QueryWord] = []
        # How many exclusions are around the current word. Excluded words are not query words.
        self.excluding = 0
        self._nodes = nodes
        self._analyzer = nodes.analyzer
        self._diagnostics = diagnostics
        self._level = level

    def level(self, word: Word) -> Strictness:
        """Return the strictness of a word."""
        return word.level or self._level

    def tokens(self, word: Word) -> list[Token]:
        """Return the tokens of a word.

        If its strictness is `root`, a token that is a root itself is its own root.
        """
        tokens = self._nodes.tokens(word.text)
        if self.level(word) != "root":
            return tokens
        return [replace(token, root=self._analyzer.root(token.surface)) for token in tokens]

    def is_stop(self, syntax: Syntax) -> bool:
        """Return whether a word has only stop words; with a sign, as in =من, it is asked for."""
        if not isinstance(syntax, Word) or syntax.quoted or syntax.prefix or syntax.pattern:
            return False
        if syntax.level is not None:
            return False
        tokens = self._analyzer.analyze(syntax.text)
        return bool(tokens) and all(token.stop for token in tokens)

    def note(
        self,
        word: Word,
        tokens: Sequence[Token],
        fields: Sequence[TextField],
        variants: Sequence[tuple[Token, ...]] = (),
        *,
        prefix: str = "",
        pattern: str = "",
        entities: Sequence[str] = (),
        lead: int = 0,
    ) -> None:
        """Record what *word* asks for, unless it is excluded; see `QueryWord` for the arguments."""
        if self.excluding:
            return
        level = self.level(word)
        several = len(tokens) > 1
        nodes = self._nodes
        strictness = nodes.phrase_strictness(level) if several else nodes.strictness(level)
        self.asked.append(
            QueryWord(
                text=word.text,
                start=word.start,
                end=word.end,
                tokens=tuple(tokens),
                strictness="folded" if prefix or pattern else strictness,
                off=nodes.off,
                fields=tuple(field.name for field in fields),
                variants=tuple(variants),
                phrase=several,
                slop=word.slop,
                prefix=prefix,
                pattern=pattern,
                entities=tuple(entities),
                lead=lead,
            )
        )

    def build(
        self, word: Word, fields: tuple[TextField, ...], *, named: bool = False
    ) -> Node | None:
        """Return the tree of a word or phrase; if *named*, with the other names of its entity."""
        if word.prefix:
            return self._prefix(word, fields)
        if word.pattern:
            return self._pattern(word, fields)
        tokens = self.tokens(word)
        if not tokens:
            kind: DiagnosticKind = "empty-phrase" if word.quoted else "no-word"
            self._diagnostics.append(Diagnostic(kind, word.start, word.end, word.text))
            return None
        level = self.level(word)
        variants = self._nodes.variants(tokens, level) if named else ()
        if self._nodes.any_word and len(tokens) > 1 and not word.quoted:
            node = self._loose(word, tokens, fields, variants)
            return self._nodes.with_variants(node, variants, fields, level)
        self.note(word, tokens, fields, variants)
        if len(tokens) > 1:
            node = self._nodes.phrase(tokens, fields, level, word.slop)
            if self._nodes.any_word:
                # Only the whole phrase matches, but its separate words still improve the order.
                words = (self._nodes.word(token, fields, level) for token in content_tokens(tokens))
                node = AndMaybe(node, Or(tuple(words)))
        else:
            node = self._nodes.word(tokens[0], fields, level)
        return self._nodes.with_variants(node, variants, fields, level)

    def spots(
        self, words: Sequence[Word], fields: Sequence[TextField], *, lead: int = 0
    ) -> dict[TextField, list[Spot]] | None:
        """Return the spots of each field at which any of *words* occurs.

        Words of equal strictness share a spot. None if one of the words has no token.
        """
        found: dict[TextField, list[Spot]] = {field: [] for field in fields}
        for word in words:
            tokens = self.tokens(word)
            if not tokens:
                kind: DiagnosticKind = "empty-phrase" if word.quoted else "no-word"
                self._diagnostics.append(Diagnostic(kind, word.start, word.end, word.text))
                return None
            level = self.level(word)
            variants = self._nodes.variants(tokens, level, whole=True)
            self.note(word, tokens, fields, variants, lead=lead)
            for field, spots in found.items():
                spot = self._nodes.spot(tokens, variants, field, level)
                for at, known in enumerate(spots):
                    if known.field == spot.field:
                        spots[at] = Spot(
                            spot.field, tuple(dict.fromkeys((*known.rows, *spot.rows)))
                        )
                        break
                else:
                    spots.append(spot)
        return found

    def hints(self, word: Word, fields: Sequence[TextField]) -> Iterator[Term]:
        """Yield terms with low weight that let articles with *word* rank slightly higher."""
        for token in self.tokens(word):
            for field in fields:
                stem, *_ = word_terms(token, field, "default")
                yield replace(stem, boost=round(stem.boost * HINT_WEIGHT, 4))

    def _loose(
        self,
        word: Word,
        tokens: Sequence[Token],
        fields: tuple[TextField, ...],
        variants: Sequence[tuple[Token, ...]],
    ) -> Node:
        """Return the node for any of several tokens that were typed as one word."""
        if variants:
            self.note(word, (), fields, variants)
        nodes = []
        for token in content_tokens(tokens):
            self.note(replace(word, text=token.text), (token,), fields)
            nodes.append(self._nodes.word(token, fields, self.level(word)))
        return join_nodes(tuple(nodes), Or) or Nothing()

    def _pattern(self, word: Word, fields: tuple[TextField, ...]) -> Node | None:
        """Return the node for a wildcard pattern, which is matched against folded words.

        A pattern must be the pattern of one word, with at least two letters.
        """
        parts = [(part, fold(part)) for part in _WILDCARDS.split(word.text)]
        if any(folded and list(surfaces_of(part)) != [folded] for part, folded in parts) or any(
            part and not folded.isalnum() for part, folded in parts
        ):
            self._diagnostics.append(Diagnostic("bad-pattern", word.start, word.end, word.text))
            return None
        if sum(len(folded) for _, folded in parts) < _SHORTEST_PREFIX:
            self._diagnostics.append(
                Diagnostic("prefix-too-short", word.start, word.end, word.text)
            )
            return None
        signs = [*_WILDCARDS.findall(word.text), ""]
        pattern = "".join(f"{folded}{sign}" for (_, folded), sign in zip(parts, signs, strict=True))
        self.note(word, (), fields, pattern=pattern)
        nodes = tuple(Wildcard(index_field(field, "surface"), pattern) for field in fields)
        return join_nodes(nodes, Or)

    def _prefix(self, word: Word, fields: tuple[TextField, ...]) -> Node | None:
        """Return the node for a prefix, with the complete words in front of it, if any."""
        tokens = self.tokens(word)
        last = tokens[-1].surface if tokens else ""
        if len(last) < _SHORTEST_PREFIX:
            self._diagnostics.append(
                Diagnostic("prefix-too-short", word.start, word.end, word.text)
            )
            return None
        level = self.level(word)
        self.note(word, (), fields, prefix=last)
        nodes: list[Node] = [
            Or(tuple(Prefix(index_field(field, "surface"), last) for field in fields))
        ]
        for token in tokens[:-1]:
            self.note(word, (token,), fields)
            nodes.append(self._nodes.word(token, fields, level))
        return join_nodes(tuple(nodes), And)


def content_tokens(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens that are not stop words, or all tokens if there are only stop words."""
    return [token for token in tokens if not token.stop] or tokens


def join_nodes(nodes: tuple[Node, ...], join: type[And] | type[Or]) -> Node | None:
    """Return *nodes* joined by *join*; a single node itself; None if there are none."""
    if len(nodes) > 1:
        return join(nodes)
    return nodes[0] if nodes else None
