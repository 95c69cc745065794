"""Words: the nodes that one asked word or phrase stands for, at a strictness.

tokens, strictness, rules -> terms and phrases of title and body
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.token import Token
from marsad.indexer.fields import (
    BODY,
    NEAR_WEIGHT,
    NEAR_WIDTH,
    OTHER_READING_WEIGHT,
    ROOT_WEIGHT,
    SURFACE_WEIGHT,
    Level,
    TextField,
    index_field,
)
from marsad.indexer.query.relation import forms_of, relation
from marsad.indexer.query.strictness import LEVELS, MatchRule, Strictness
from marsad.indexer.query.tree import AndMaybe, Link, Near, Node, Or, Phrase, Row, Spot, Term

# The other names of the entity that some folded words name, each as its folded words.
NameVariants = Callable[[tuple[str, ...]], Sequence[tuple[str, ...]]]

# Tells whether an index holds a folded word.
WordTest = Callable[[str], bool]

FORM_RULES: frozenset[MatchRule] = frozenset(("clitic", "stem", "plural"))


@dataclass(frozen=True, slots=True)
class QueryWord:
    """What one word or phrase of a query asks for, at `start` to `end` of the typed text.

    `fields` are the text fields that it is looked for in, `variants` the other names of the
    entity that it names, each as tokens. A `prefix` or `pattern` is folded; `entities` are the
    ids that a field such as `person:` stands for. Of a body, only the first `lead` words are
    asked, where it is not 0.
    """

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]
    strictness: Strictness
    off: frozenset[MatchRule]
    fields: tuple[str, ...]
    variants: tuple[tuple[Token, ...], ...] = ()
    phrase: bool = False
    slop: int = 0
    prefix: str = ""
    pattern: str = ""
    entities: tuple[str, ...] = ()
    lead: int = 0


@dataclass(frozen=True, slots=True)
class AskedChain:
    """Asked words that must stand near each other: the numbers of those of each operand."""

    operands: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]


class WordNodes:
    """Makes nodes of tokens, with the rules that are switched on."""

    def __init__(
        self,
        analyzer: Analyzer,
        variants: NameVariants | None,
        off: frozenset[MatchRule],
        holds: WordTest | None = None,
        *,
        any_word: bool = False,
        not_lemmas: frozenset[str] = frozenset(),
    ) -> None:
        self.analyzer = analyzer
        self._not_lemmas = not_lemmas
        self.off = off
        self.any_word = any_word
        self._variants = variants
        self._holds = holds

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a typed text, without the lemmas that were taken out.

        A word whose lemmas were all taken out keeps them: it would ask for nothing.
        """
        tokens = self.analyzer.analyze(text)
        if not self._not_lemmas:
            return tokens
        kept = []
        for token in tokens:
            stems = self.analyzer.stems(token)
            left = tuple(stem for stem in stems if stem not in self._not_lemmas)
            kept.append(replace(token, wanted=left) if left and left != stems else token)
        return kept

    def strictness(self, wanted: Strictness) -> Strictness:
        """Return the strictness that is left of *wanted* when rules are switched off."""
        if "folded" in self.off:
            return "exact"
        return "folded" if wanted == "default" and self.off >= FORM_RULES else wanted

    def phrase_strictness(self, wanted: Strictness) -> Strictness:
        """Return the strictness of a phrase: with a rule of forms off, its words are only folded.

        The forms that are left of each word would be too many choices of phrases.
        """
        left = self.strictness(wanted)
        return "folded" if left == "default" and self.off & FORM_RULES else left

    def word(self, token: Token, fields: Sequence[TextField], strictness: Strictness) -> Node:
        """Return the node of one word.

        Where all words are asked for, it is weightier where it stands as it was typed; where
        any is, words of its root are a hint that the article is about it.
        """
        strictness = self.strictness(strictness)
        if self.any_word and strictness == "default" and not self.off & FORM_RULES:
            stems = self.analyzer.stems(token)
            terms = [term for field in fields for term in ranking_terms(token, field, stems)]
            roots = tuple(term for field in fields for term in root_terms(token, field))
            node = _one_of(tuple(terms))
            return AndMaybe(node, _one_of(roots)) if roots else node
        some_forms = strictness == "default" and bool(self.off & FORM_RULES)
        # A field that is only folded has no forms of a word, with its rules on or off.
        listed = [field for field in fields if some_forms and "stem" in field.levels]
        others = (field for field in fields if field not in listed)
        return _one_of(
            (
                *(self._kept_forms(token, listed) if listed else ()),
                *(
                    term
                    for field in others
                    for term in word_terms(token, field, strictness, self.analyzer.stems(token))
                ),
            )
        )

    def _name(self, token: Token, fields: Sequence[TextField], strictness: Strictness) -> Node:
        """Return the node of another name of one word: the root of a name is no hint."""
        node = self.word(token, fields, strictness)
        return node.required if isinstance(node, AndMaybe) else node

    def _kept_forms(self, asked: Token, fields: Sequence[TextField]) -> tuple[Term, ...]:
        kept = dict.fromkeys(
            found.exact
            for found in forms_of(asked, self.analyzer)
            if relation(asked, found, self.analyzer) not in self.off
            and (self._holds is None or self._holds(found.surface))
        )
        return tuple(
            Term(index_field(field, "exact"), exact, field.weight)
            for field in fields
            for exact in kept
        )

    def phrase(
        self,
        tokens: Sequence[Token],
        fields: Sequence[TextField],
        strictness: Strictness,
        slop: int = 0,
    ) -> Node:
        """Return the node of a phrase."""
        strictness = self.phrase_strictness(strictness)
        phrases = []
        for field in fields:
            level = LEVELS[strictness] if LEVELS[strictness] in field.levels else "surface"
            terms = tuple(token.term(level) for token in tokens)
            phrases.append(Phrase(index_field(field, level), terms, field.weight, slop))
        return Or(tuple(phrases)) if len(phrases) > 1 else phrases[0]

    def spot(
        self,
        tokens: Sequence[Token],
        variants: Sequence[tuple[Token, ...]],
        field: TextField,
        strictness: Strictness,
    ) -> Spot:
        """Return where a word or phrase stands in a field, under any of its names."""
        wanted = self.strictness(strictness)
        level = LEVELS[wanted]
        if level not in field.levels or (wanted == "default" and self.off & FORM_RULES):
            level = "surface"
        rows = (self._row(each, field, wanted, level) for each in (tokens, *variants))
        return Spot(index_field(field, level), tuple(dict.fromkeys(rows)))

    def _row(
        self, tokens: Sequence[Token], field: TextField, strictness: Strictness, level: Level
    ) -> Row:
        is_listed = strictness == "default" and level == "surface" and "stem" in field.levels
        if is_listed and len(tokens) == 1:
            return (tuple(term.text for term in self._kept_forms(tokens[0], (field,))),)
        if level == "stem":
            return tuple(self.analyzer.stems(token) for token in tokens)
        return tuple((token.term(level),) for token in tokens)

    def variants(
        self, tokens: Sequence[Token], strictness: Strictness, *, whole: bool = False
    ) -> tuple[tuple[Token, ...], ...]:
        """Return the other names of the entity that *tokens* name, where names are joined.

        Where any word is asked for, they are those that share no word with *tokens*, unless
        names are looked for *whole*, as in a spot.
        """
        joined = strictness in ("default", "root") and not self.off & {"name", "folded"}
        if self._variants is None or not joined:
            return ()
        keys = self._variants(tuple(token.surface for token in tokens))
        typed = {token.stem for token in tokens if not token.stop}
        apart = self.any_word and not whole
        known = {tuple(token.stem for token in tokens)}
        found = []
        for key in keys:
            # Behind a clitic the first word may be another: أم is a function word, وأم is not.
            for before in ("", "و"):
                variant = tuple(self.analyzer.analyze(before + " ".join(key)))
                stems = tuple(token.stem for token in variant)
                # Where any word is asked for, a name that shares one is found by it. Counted as
                # another name besides, it would weigh twice.
                shared = apart and typed.intersection(stems)
                if stems not in known and not shared and (not before or self._may_open(key[0])):
                    known.add(stems)
                    found.append(variant)
        return tuple(found)

    def _may_open(self, word: str) -> bool:
        """Return whether a name's first word may be read behind a clitic as well."""
        return not self.off & FORM_RULES and word[:1] >= "\u0621"

    def named(
        self,
        node: Node,
        variants: Sequence[tuple[Token, ...]],
        fields: Sequence[TextField],
        strictness: Strictness,
    ) -> Node:
        """Return *node* or any of *variants*."""
        if not variants:
            return node
        others = (
            self._name(tokens[0], fields, strictness)
            if len(tokens) == 1
            else self.phrase(tokens, fields, strictness)
            for tokens in variants
        )
        return Or((node, *others))


def word_terms(
    token: Token, field: TextField, strictness: Strictness, stems: Sequence[str] = ()
) -> tuple[Term, ...]:
    """Return the terms that one word has in one field, with their weights.

    *stems* are those that it asks for: more than one where it can be a form of several words,
    its own alone where none are given.
    """
    stems = stems or (token.stem,)
    if LEVELS[strictness] not in field.levels:
        return (Term(index_field(field, "surface"), token.surface, field.weight),)
    surface = Term(
        index_field(field, "surface"), token.surface, round(field.weight * SURFACE_WEIGHT, 4)
    )
    match strictness:
        case "exact":
            return (Term(index_field(field, "exact"), token.exact, field.weight),)
        case "folded":
            return (Term(index_field(field, "surface"), token.surface, field.weight),)
        case "default":
            return *_stem_terms(stems, field), surface
        case "root":
            weight = round(field.weight * ROOT_WEIGHT, 4)
            root = Term(index_field(field, "root"), token.root, weight)
            return *_stem_terms(stems, field), surface, root


def _stem_terms(stems: Sequence[str], field: TextField) -> tuple[Term, ...]:
    name = index_field(field, "stem")
    others = round(field.weight * OTHER_READING_WEIGHT, 4)
    first = Term(name, stems[0], field.weight)
    return (first, *(Term(name, stem, others) for stem in stems[1:]))


def ranking_terms(token: Token, field: TextField, stems: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms of one word in one field where articles are ranked by any word.

    What is found is what is found where all words are asked for; how a form is spelt makes
    no difference to its weight: `marsad.indexer.search.rerank` sees to spellings.
    """
    *found, surface = word_terms(token, field, "default", stems)
    return (*found, replace(surface, boost=0.0)) if found else (surface,)


def root_terms(token: Token, field: TextField) -> tuple[Term, ...]:
    """Return the term of a word's root in one field, none where it has no roots."""
    if "root" not in field.levels:
        return ()
    weight = round(field.weight * ROOT_WEIGHT, 4)
    return (Term(index_field(field, "root"), token.root, weight),)


def near(node: Node, tokens: Sequence[Token]) -> Node:
    """Let documents that have the words of *tokens* close together rank higher."""
    roots = tuple(dict.fromkeys(token.root for token in tokens))
    if len(roots) <= 1:
        return node
    return AndMaybe(node, Near(index_field(BODY, "root"), roots, NEAR_WIDTH, NEAR_WEIGHT))


def _one_of(terms: tuple[Term, ...]) -> Node:
    return Or(terms) if len(terms) != 1 else terms[0]
