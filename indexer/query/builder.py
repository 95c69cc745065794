"""Builder: turns the syntax tree of a query into a tree of analyzed terms.

Syntax -> [Builder] -> Node | None; diagnostics, words and conditions are collected on the way
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from marsad.indexer.analysis.token import Token
from marsad.indexer.fields import BODY, LEAD_WORDS, SOURCE, TITLE, TextField
from marsad.indexer.query.conditions import Condition, ConditionKind, kind_of
from marsad.indexer.query.diagnostics import Diagnostic
from marsad.indexer.query.questions import Role, without_frame
from marsad.indexer.query.spots import (
    alternatives_of,
    flatten,
    shared_field,
    span_of,
    spot_nodes,
    values_of,
)
from marsad.indexer.query.strictness import Strictness
from marsad.indexer.query.syntax import (
    AndQuery,
    AtLeastQuery,
    FieldGroup,
    FieldQuery,
    NearQuery,
    NotQuery,
    OrQuery,
    SearchField,
    Syntax,
    Word,
)
from marsad.indexer.query.tree import And, AndMaybe, AtLeast, Chain, Lead, Node, Not, Nothing, Or
from marsad.indexer.query.values import NameResolver, value_node
from marsad.indexer.query.word_builder import WordBuilder, content_tokens, join_nodes
from marsad.indexer.query.words import QueryChain, QueryWord, WordNodes, with_proximity

BOTH_FIELDS = (TITLE, BODY)
_LONGEST_NAME = 6
_TEXTS: dict[SearchField, tuple[TextField, ...]] = {
    "title": (TITLE,),
    "lead": (BODY,),
    "hlead": BOTH_FIELDS,
    "source": (SOURCE,),
}
# The most chains for one near query. Alternatives with different strictness multiply the chains.
_MOST_CHAINS = 16
_LEADS: tuple[SearchField, ...] = ("lead", "hlead")


class Builder:
    """Builds one tree, and collects its query words, chains and conditions.

    `level` is the strictness of words without their own. `frame` has the words that only make the
    query a question, by their start; see `questions`.
    """

    def __init__(
        self,
        nodes: WordNodes,
        resolve: NameResolver,
        diagnostics: list[Diagnostic],
        *,
        level: Strictness,
        frame: Mapping[int, Role],
    ) -> None:
        self._nodes = nodes
        self._words = WordBuilder(nodes, diagnostics, level)
        self._resolve = resolve
        self._diagnostics = diagnostics
        self._any_word = nodes.any_word
        self._frame = frame
        self.chains: list[QueryChain] = []
        self.conditions: list[Condition] = []
        # The field of the current group, if any, and the text fields in which words are searched.
        self._field: SearchField | None = None
        self._fields: tuple[TextField, ...] = BOTH_FIELDS

    @property
    def asked(self) -> list[QueryWord]:
        """The words and phrases that have been asked for so far."""
        return self._words.asked

    def build(self, syntax: Syntax) -> Node | None:
        """Return the tree of *syntax*, or None if nothing in it can be searched for."""
        match syntax:
            case Word() if self._field is not None and self._field not in _TEXTS:
                return self._value(self._field, syntax)
            case Word() if self._field in _LEADS:
                return self._lead(syntax)
            case Word():
                return self._words.build(syntax, self._fields, named=True)
            case FieldQuery():
                return self._in_field(syntax.field, syntax.value)
            case FieldGroup():
                return self._in_field(syntax.field, syntax.child)
            case NotQuery():
                self._words.excluding += 1
                child = self.build(syntax.child)
                self._words.excluding -= 1
                return self._note_condition("without", syntax, Not(child)) if child else None
            case AndQuery():
                return self._and_query(syntax)
            case OrQuery():
                built = tuple(node for child in syntax.children if (node := self.build(child)))
                return join_nodes(built, Or)
            case NearQuery():
                return self._note_condition("near", syntax, self._near_query(syntax))
            case AtLeastQuery():
                return self._note_condition("often", syntax, self._at_least(syntax))

    def _note_condition(
        self, kind: ConditionKind, syntax: Syntax, node: Node | None
    ) -> Node | None:
        """Record *node* as a condition, unless it is part of an exclusion; return *node*."""
        if node is not None and not self._words.excluding:
            self.conditions.append(Condition(kind, *span_of(syntax), node))
        return node

    def _value(self, field: SearchField, word: Word) -> Node | None:
        """Return the node for a value of a field that is not a text field."""
        node, names, diagnostic = value_node(field, word, self._resolve)
        if diagnostic is not None:
            self._diagnostics.append(diagnostic)
        if names:
            self._words.note(word, (), (), entities=names)
        return self._note_condition(kind_of(field), word, node)

    def _in_field(self, field: SearchField, child: Syntax) -> Node | None:
        """Build an operand of a field; in nested fields, the innermost one counts."""
        outer = self._field, self._fields
        self._field, self._fields = field, _TEXTS.get(field, BOTH_FIELDS)
        built = self.build(child)
        self._field, self._fields = outer
        return built

    def _lead(self, word: Word) -> Node | None:
        """Return the node for a word in the lead of the body, or also in the title for `hlead`."""
        if not self._is_spot(word):
            return self._words.build(word, self._fields, named=True)
        found = self._words.spots([word], self._fields, lead=LEAD_WORDS)
        if found is None:
            return None
        nodes = [
            Lead(spot, LEAD_WORDS, field.weight)
            if field is BODY
            else Chain((spot,), (), field.weight)
            for field, spots in found.items()
            for spot in spots
        ]
        return join_nodes(tuple(nodes), Or)

    def _is_spot(self, *children: Syntax) -> bool:
        """Return whether all of *children* are words or phrases; report the others."""
        others = [child for child in children if alternatives_of(child) is None]
        for other in others:
            start, end = span_of(other)
            self._diagnostics.append(Diagnostic("not-a-spot", start, end))
        return not others

    def _near_query(self, syntax: NearQuery) -> Node | None:
        """Return the node for operands near each other; if impossible, for all of them."""
        children, links = flatten(syntax)
        field = shared_field(children)
        if field is not None and field in _TEXTS:
            bare = tuple(value for child in children for value in values_of(child))
            return self._in_field(field, NearQuery(bare, links, syntax.start, syntax.end))
        if not self._is_spot(*children) or not self._is_plain(syntax, children):
            built = tuple(node for child in children if (node := self.build(child)))
            return join_nodes(built, And)
        operands = []
        numbers: list[tuple[int, ...]] = []
        lead = LEAD_WORDS if self._field in _LEADS else 0
        for child in children:
            first = len(self.asked)
            found = self._words.spots(alternatives_of(child) or [], self._fields, lead=lead)
            if found is None:
                return None
            operands.append(found)
            numbers.append(tuple(range(first, len(self.asked))))
        if not self._words.excluding:
            self.chains.append(QueryChain(tuple(numbers), links))
        return spot_nodes(operands, links, lead)

    def _is_plain(self, syntax: NearQuery, children: Sequence[Syntax]) -> bool:
        """Return whether the operands make few enough chains; report it if they make too many."""
        chains = 1
        for child in children:
            words = alternatives_of(child) or []
            chains *= len({self._words.level(word) for word in words})
            if chains > _MOST_CHAINS:
                self._diagnostics.append(Diagnostic("not-a-spot", syntax.start, syntax.end))
                return False
        return True

    def _at_least(self, syntax: AtLeastQuery) -> Node | None:
        """Return the node for an operand that must occur several times."""
        child = syntax.child
        if isinstance(child, AndQuery):
            nodes = (
                self._at_least(AtLeastQuery(each, syntax.times, syntax.start, syntax.end))
                for each in child.children
            )
            return join_nodes(tuple(node for node in nodes if node is not None), And)
        if isinstance(child, FieldGroup | FieldQuery) and child.field in _TEXTS:
            (value,) = values_of(child)
            inner = AtLeastQuery(value, syntax.times, syntax.start, syntax.end)
            return self._in_field(child.field, inner)
        built = self.build(child)
        if built is None or not self._is_spot(child):
            return built
        # `build` has recorded the words already; building their spots must not record them again.
        self._words.excluding += 1
        found = self._words.spots(alternatives_of(child) or [], self._fields)
        self._words.excluding -= 1
        spots = tuple(spot for each in (found or {}).values() for spot in each)
        return And((built, AtLeast(spots, syntax.times)))

    def _and_query(self, syntax: AndQuery) -> Node | None:
        """Return the node for operands that must all match.

        Stop words among other words, and words that only make the query a question, are reported
        and left out. The other words rank an article higher if they are close together.
        """
        children: Sequence[Syntax] = syntax.children
        some = any(not self._words.is_stop(child) for child in children)
        hints: list[Node] = []
        if any(
            not self._words.is_stop(child) and not self._is_question_word(child)
            for child in children
        ):
            runs, children = without_frame(children, self._frame)
            hints = [hint for run in runs for hint in self._hints(run)]
        built: list[Node] = []
        loose: list[Token] = []
        at = 0
        while at < len(children):
            run = self._named_run(children[at:]) if some else None
            if run is not None:
                words, node = run
                built.append(node)
                loose += self._near(token for word in words for token in self._words.tokens(word))
                at += len(words)
                continue
            child = children[at]
            at += 1
            if some and isinstance(child, Word) and self._words.is_stop(child):
                self._diagnostics.append(
                    Diagnostic("stop-word", child.start, child.end, child.text)
                )
                continue
            made = self.build(child)
            if made is not None:
                built.append(made)
            if isinstance(child, Word) and not (child.prefix or child.pattern):
                loose += self._near(self._words.tokens(child))
        joined = self._joined(built)
        if joined is None:
            return None
        if hints:
            joined = AndMaybe(joined, Or(tuple(hints)))
        return with_proximity(joined, loose)

    def _is_question_word(self, child: Syntax) -> bool:
        """Return whether *child* only makes the query a question."""
        return isinstance(child, Word) and child.start in self._frame

    def _hints(self, run: Sequence[Word]) -> Iterator[Node]:
        """Report a run of question words; yield terms of it that can still improve the order."""
        text = " ".join(word.text for word in run)
        self._diagnostics.append(Diagnostic("question-word", run[0].start, run[-1].end, text))
        for word in run:
            if self._frame[word.start] == "hint":
                yield from self._words.hints(word, self._fields)

    def _near(self, tokens: Iterable[Token]) -> Iterable[Token]:
        """Return the tokens for proximity; a ranking by any word leaves out stop words."""
        return content_tokens(list(tokens)) if self._any_word else tokens

    def _joined(self, built: list[Node]) -> Node | None:
        """Join operands: all must match, or any of them, but an exclusion always applies."""
        if not self._any_word:
            return join_nodes(tuple(built), And)
        soft = tuple(node for node in built if not isinstance(node, Not))
        hard = tuple(node for node in built if isinstance(node, Not))
        return join_nodes((*((join_nodes(soft, Or),) if soft else ()), *hard), And)

    def _named_run(self, children: Sequence[Syntax]) -> tuple[list[Word], Node] | None:
        """Return the longest run of words at the front that names an entity, and its node."""
        if self._field is not None and self._field != "title":
            return None
        words: list[Word] = []
        for child in children[:_LONGEST_NAME]:
            if not isinstance(child, Word) or child.quoted or child.prefix or child.pattern:
                break
            if words and child.level != words[0].level:
                break
            words.append(child)
        while len(words) > 1:
            level = self._words.level(words[0])
            tokens = [token for word in words for token in self._words.tokens(word)]
            variants = self._nodes.variants(tokens, level)
            if variants:
                text = " ".join(word.text for word in words)
                named = replace(words[0], text=text, end=words[-1].end)
                self._words.note(named, (), self._fields, variants)
                single = tuple(
                    node
                    for word in words
                    if not self._words.is_stop(word)
                    and (node := self._words.build(word, self._fields))
                )
                if single:
                    joined = join_nodes(single, Or if self._any_word else And)
                    node = self._nodes.with_variants(
                        joined or Nothing(), variants, self._fields, level
                    )
                    return words, node
            words.pop()
        return None
