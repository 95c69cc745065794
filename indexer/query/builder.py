"""Builder: the syntax of a query, to a tree of analysed terms.

Syntax -> [Builder] -> Node | None, with remarks and what is asked for kept by the way
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
    flattened,
    shared_field,
    span_of,
    spotted,
    values_of,
)
from marsad.indexer.query.strictness import Strictness
from marsad.indexer.query.syntax import (
    AndQuery,
    FieldQuery,
    NotQuery,
    Often,
    OrQuery,
    SearchField,
    Syntax,
    Together,
    Within,
    Word,
)
from marsad.indexer.query.tree import And, AndMaybe, AtLeast, Chain, Lead, Node, Not, Nothing, Or
from marsad.indexer.query.values import NameResolver, value_node
from marsad.indexer.query.word_builder import WordBuilder, content, one_or
from marsad.indexer.query.words import AskedChain, QueryWord, WordNodes, near

BOTH_FIELDS = (TITLE, BODY)
_LONGEST_NAME = 6
_TEXTS: dict[SearchField, tuple[TextField, ...]] = {
    "title": (TITLE,),
    "lead": (BODY,),
    "hlead": BOTH_FIELDS,
    "source": (SOURCE,),
}
# Chains that alternatives of several strictnesses make of one row of operands, at most.
_MOST_CHAINS = 16
_LEADS: tuple[SearchField, ...] = ("lead", "hlead")


class Builder:
    """Builds one tree; `asked` are the words that articles may hold for it."""

    def __init__(
        self,
        nodes: WordNodes,
        resolve: NameResolver,
        remarks: list[Diagnostic],
        *,
        level: Strictness,
        frame: Mapping[int, Role],
    ) -> None:
        self._nodes = nodes
        self._words = WordBuilder(nodes, remarks, level)
        self._resolve = resolve
        self._remarks = remarks
        self._any_word = nodes.any_word
        self._frame = frame
        self.chains: list[AskedChain] = []
        self.conditions: list[Condition] = []
        # The field that a group stands in; the text fields that words are looked for in.
        self._field: SearchField | None = None
        self._fields: tuple[TextField, ...] = BOTH_FIELDS

    @property
    def asked(self) -> list[QueryWord]:
        """The words and phrases that are asked for so far."""
        return self._words.asked

    def build(self, syntax: Syntax) -> Node | None:
        """Return the tree of *syntax*, None where nothing of it can be asked for."""
        match syntax:
            case Word() if self._field is not None and self._field not in _TEXTS:
                return self._value(self._field, syntax)
            case Word() if self._field in _LEADS:
                return self._lead(syntax)
            case Word():
                return self._words.build(syntax, self._fields, named=True)
            case FieldQuery():
                return self._within(syntax.field, syntax.value)
            case Within():
                return self._within(syntax.field, syntax.child)
            case NotQuery():
                self._words.excluding += 1
                child = self.build(syntax.child)
                self._words.excluding -= 1
                return self._asked_by("without", syntax, Not(child)) if child else None
            case AndQuery():
                return self._both(syntax)
            case OrQuery():
                built = tuple(node for child in syntax.children if (node := self.build(child)))
                return one_or(built, Or)
            case Together():
                return self._asked_by("near", syntax, self._together(syntax))
            case Often():
                return self._asked_by("often", syntax, self._often(syntax))

    def _asked_by(self, kind: ConditionKind, syntax: Syntax, node: Node | None) -> Node | None:
        """Keep the condition that *node* is, unless it is excluded; return *node*."""
        if node is not None and not self._words.excluding:
            self.conditions.append(Condition(kind, *span_of(syntax), node))
        return node

    def _value(self, field: SearchField, word: Word) -> Node | None:
        """Ask for a value of a field that is no text."""
        node, names, remark = value_node(field, word, self._resolve)
        if remark is not None:
            self._remarks.append(remark)
        if names:
            self._words.note(word, (), (), entities=names)
        return self._asked_by(kind_of(field), word, node)

    def _within(self, field: SearchField, child: Syntax) -> Node | None:
        """Build what stands in a field; the inner of two fields counts."""
        outer = self._field, self._fields
        self._field, self._fields = field, _TEXTS.get(field, BOTH_FIELDS)
        built = self.build(child)
        self._field, self._fields = outer
        return built

    def _lead(self, word: Word) -> Node | None:
        """Ask for a word in the first words of the body, or in a title too."""
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
        return one_or(tuple(nodes), Or)

    def _is_spot(self, *children: Syntax) -> bool:
        """Tell whether each of *children* is words and phrases alone; remark the others."""
        others = [child for child in children if alternatives_of(child) is None]
        for other in others:
            start, end = span_of(other)
            self._remarks.append(Diagnostic("not-a-spot", start, end))
        return not others

    def _together(self, syntax: Together) -> Node | None:
        children, links = flattened(syntax)
        field = shared_field(children)
        if field is not None and field in _TEXTS:
            bare = tuple(value for child in children for value in values_of(child))
            return self._within(field, Together(bare, links, syntax.start, syntax.end))
        if not self._is_spot(*children) or not self._is_plain(syntax, children):
            built = tuple(node for child in children if (node := self.build(child)))
            return one_or(built, And)
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
            self.chains.append(AskedChain(tuple(numbers), links))
        return spotted(operands, links, lead)

    def _is_plain(self, syntax: Together, children: Sequence[Syntax]) -> bool:
        """Tell whether operands of several strictnesses make few chains; remark too many."""
        chains = 1
        for child in children:
            words = alternatives_of(child) or []
            chains *= len({self._words.level(word) for word in words})
            if chains > _MOST_CHAINS:
                self._remarks.append(Diagnostic("not-a-spot", syntax.start, syntax.end))
                return False
        return True

    def _often(self, syntax: Often) -> Node | None:
        child = syntax.child
        if isinstance(child, AndQuery):
            nodes = (
                self._often(Often(each, syntax.times, syntax.start, syntax.end))
                for each in child.children
            )
            return one_or(tuple(node for node in nodes if node is not None), And)
        if isinstance(child, Within | FieldQuery) and child.field in _TEXTS:
            (value,) = values_of(child)
            inner = Often(value, syntax.times, syntax.start, syntax.end)
            return self._within(child.field, inner)
        built = self.build(child)
        if built is None or not self._is_spot(child):
            return built
        self._words.excluding += 1
        found = self._words.spots(alternatives_of(child) or [], self._fields)
        self._words.excluding -= 1
        spots = tuple(spot for each in (found or {}).values() for spot in each)
        return And((built, AtLeast(spots, syntax.times)))

    def _both(self, syntax: AndQuery) -> Node | None:
        """Join operands; a loose stop word among them is remarked and not asked for."""
        children: Sequence[Syntax] = syntax.children
        some = any(not self._words.is_stop(child) for child in children)
        hints: list[Node] = []
        if any(not self._words.is_stop(child) and not self._asks(child) for child in children):
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
                self._remarks.append(Diagnostic("stop-word", child.start, child.end, child.text))
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
        return near(joined, loose)

    def _asks(self, child: Syntax) -> bool:
        return isinstance(child, Word) and child.start in self._frame

    def _hints(self, run: Sequence[Word]) -> Iterator[Node]:
        """Remark a run of words that ask; yield what they hint at, for the order."""
        text = " ".join(word.text for word in run)
        self._remarks.append(Diagnostic("question-word", run[0].start, run[-1].end, text))
        for word in run:
            if self._frame[word.start] == "hint":
                yield from self._words.hints(word, self._fields)

    def _near(self, tokens: Iterable[Token]) -> Iterable[Token]:
        """Return the tokens that are to stand together; a ranking has no use for stop words."""
        return content(list(tokens)) if self._any_word else tokens

    def _joined(self, built: list[Node]) -> Node | None:
        if not self._any_word:
            return one_or(tuple(built), And)
        soft = tuple(node for node in built if not isinstance(node, Not))
        hard = tuple(node for node in built if isinstance(node, Not))
        return one_or((*((one_or(soft, Or),) if soft else ()), *hard), And)

    def _named_run(self, children: Sequence[Syntax]) -> tuple[list[Word], Node] | None:
        """Return the longest run of loose words from the first that names an entity."""
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
                    joined = one_or(single, Or if self._any_word else And)
                    node = self._nodes.named(joined or Nothing(), variants, self._fields, level)
                    return words, node
            words.pop()
        return None
