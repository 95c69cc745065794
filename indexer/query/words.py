"""Words: builds the nodes for one query word or phrase, at a strictness.

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

# Given a name as folded words, returns the other names of its entity, each as folded words.
NameVariants = Callable[[tuple[str, ...]], Sequence[tuple[str, ...]]]

# Returns whether an index has a folded word.
WordTest = Callable[[str], bool]

FORM_RULES: frozenset[MatchRule] = frozenset(("clitic", "stem", "plural"))


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word or phrase that a query asks for, at `start` to `end` of the typed text.

    `fields` are the text fields in which it is searched. `variants` are the other names of the
    entity that it names, each as tokens. `off` are the match rules that are switched off. A
    `prefix` or `pattern` is folded. `entities` are the ids of the entities that the value of a
    field such as `person:` names. If `lead` is not 0, only that many words of the body are
    searched.
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
class QueryChain:
    """Query words that must be near each other.

    Each operand lists the numbers of its words in `Parsed.asked`.
    """

    operands: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]


class WordNodes:
    """Builds nodes from tokens, using the match rules that are switched on."""

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
        """Return the tokens of a typed text, without excluded lemmas.

        A word keeps its lemmas if all of them are excluded, because it could not match at all
        otherwise.
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
        """Return the strictness that remains of *wanted* after rules are switched off."""
        if "folded" in self.off:
            return "exact"
        return "folded" if wanted == "default" and self.off >= FORM_RULES else wanted

    def phrase_strictness(self, wanted: Strictness) -> Strictness:
        """Return the strictness of a phrase; if a rule for word forms is off, it is only folded.

        A phrase of all remaining forms of each word would have too many combinations.
        """
        left = self.strictness(wanted)
        return "folded" if left == "default" and self.off & FORM_RULES else left

    def word(self, token: Token, fields: Sequence[TextField], strictness: Strictness) -> Node:
        """Return the node of one word.

        If all words must match, the typed form of a word weighs more than other forms. If any word
        may match, words of the same root are a hint that the article is about the subject.
        """
        strictness = self.strictness(strictness)
        if self.any_word and strictness == "default" and not self.off & FORM_RULES:
            stems = self.analyzer.stems(token)
            terms = [term for field in fields for term in ranking_terms(token, field, stems)]
            roots = tuple(term for field in fields for term in root_terms(token, field))
            node = _one_of(tuple(terms))
            return AndMaybe(node, _one_of(roots)) if roots else node
        some_forms = strictness == "default" and bool(self.off & FORM_RULES)
        # A field without stems has no forms of a word, so switching rules off changes nothing
        # there.
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
        """Return the node of an alternative name of one word; the root of a name gives no hint."""
        node = self.word(token, fields, strictness)
        return node.required if isinstance(node, AndMaybe) else node

    def _kept_forms(self, asked: Token, fields: Sequence[TextField]) -> tuple[Term, ...]:
        """Return a term for each form of a word that the rules still allow and the index has."""
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
        """Return the spot of a word or phrase in a field, under any of its names."""
        wanted = self.strictness(strictness)
        level = LEVELS[wanted]
        if level not in field.levels or (wanted == "default" and self.off & FORM_RULES):
            level = "surface"
        rows = (self._row(each, field, wanted, level) for each in (tokens, *variants))
        return Spot(index_field(field, level), tuple(dict.fromkeys(rows)))

    def _row(
        self, tokens: Sequence[Token], field: TextField, strictness: Strictness, level: Level
    ) -> Row:
        """Return the terms of consecutive words at *level*."""
        is_listed = strictness == "default" and level == "surface" and "stem" in field.levels
        if is_listed and len(tokens) == 1:
            return (tuple(term.text for term in self._kept_forms(tokens[0], (field,))),)
        if level == "stem":
            return tuple(self.analyzer.stems(token) for token in tokens)
        return tuple((token.term(level),) for token in tokens)

    def variants(
        self, tokens: Sequence[Token], strictness: Strictness, *, whole: bool = False
    ) -> tuple[tuple[Token, ...], ...]:
        """Return the other names of the entity that *tokens* name, unless that rule is off.

        If any word may match, names that share a word with *tokens* are left out, unless *whole*
        names are needed, as in a spot.
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
            # With a clitic, the first word can be a different token: أم is a function word, وأم is
            # not.
            for before in ("", "و"):
                variant = tuple(self.analyzer.analyze(before + " ".join(key)))
                stems = tuple(token.stem for token in variant)
                # If any word may match, the shared word already finds this name. As a variant it
                # would count twice.
                shared = apart and typed.intersection(stems)
                if stems not in known and not shared and (not before or self._may_open(key[0])):
                    known.add(stems)
                    found.append(variant)
        return tuple(found)

    def _may_open(self, word: str) -> bool:
        """Return whether the first word of a name can have a clitic."""
        return not self.off & FORM_RULES and word[:1] >= "\u0621"

    def with_variants(
        self,
        node: Node,
        variants: Sequence[tuple[Token, ...]],
        fields: Sequence[TextField],
        strictness: Strictness,
    ) -> Node:
        """Return a node that matches *node* or any of *variants*."""
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
    """Return the terms of one word in one field, with their weights.

    *stems* are the stems to search for, the likeliest first; there are several if the word is
    ambiguous. Without *stems*, the token's own stem is used.
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
    """Return the terms of stems; those after the first have less weight."""
    name = index_field(field, "stem")
    others = round(field.weight * OTHER_READING_WEIGHT, 4)
    first = Term(name, stems[0], field.weight)
    return (first, *(Term(name, stem, others) for stem in stems[1:]))


def ranking_terms(token: Token, field: TextField, stems: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms of one word in one field, for a ranking by any word.

    The same articles match as with `word_terms`, but the spelling does not affect the weight:
    `marsad.indexer.search.rerank` compares spellings.
    """
    *found, surface = word_terms(token, field, "default", stems)
    return (*found, replace(surface, boost=0.0)) if found else (surface,)


def root_terms(token: Token, field: TextField) -> tuple[Term, ...]:
    """Return the term of a word's root in one field; empty if the field has no roots."""
    if "root" not in field.levels:
        return ()
    weight = round(field.weight * ROOT_WEIGHT, 4)
    return (Term(index_field(field, "root"), token.root, weight),)


def with_proximity(node: Node, tokens: Sequence[Token]) -> Node:
    """Return *node* with a hint: documents with the words of *tokens* close together rank higher.

    The hint does not change which documents match. With fewer than two different roots, *node* is
    returned as it is.
    """
    roots = tuple(dict.fromkeys(token.root for token in tokens))
    # One word cannot be close to another.
    if len(roots) <= 1:
        return node
    return AndMaybe(node, Near(index_field(BODY, "root"), roots, NEAR_WIDTH, NEAR_WEIGHT))


def _one_of(terms: tuple[Term, ...]) -> Node:
    """Return a node that matches any of *terms*."""
    return Or(terms) if len(terms) != 1 else terms[0]
