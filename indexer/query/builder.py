"""Builder: the syntax of a query, to a tree of analysed terms.

Syntax -> [Builder] -> Node | None, with remarks and what is asked for kept by the way
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from indexer.analysis.token import Token
from indexer.events import event_keys
from indexer.fields import BODY, ENTITY_FACETS, SOURCE, TITLE
from indexer.query.dates import parse_date_range
from indexer.query.diagnostics import Diagnostic
from indexer.query.questions import Role
from indexer.query.strictness import Strictness
from indexer.query.syntax import Both, Either, Fielded, Syntax, Without, Word
from indexer.query.tree import And, AndMaybe, Keyword, Node, Not, Nothing, Or
from indexer.query.word_builder import WordBuilder, content, one_or
from indexer.query.words import Asked, WordNodes, near

# Resolves a name to the ids of entities of one facet: ("person", "علييف") -> ids.
NameResolver = Callable[[str, str], Sequence[str]]

BOTH_FIELDS = (TITLE, BODY)
_LONGEST_NAME = 6


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

    @property
    def asked(self) -> list[Asked]:
        """The words and phrases that are asked for so far."""
        return self._words.asked

    def build(self, syntax: Syntax) -> Node | None:
        """Return the tree of *syntax*, None where nothing of it can be asked for."""
        match syntax:
            case Word():
                return self._words.build(syntax, BOTH_FIELDS, named=True)
            case Fielded():
                return self._fielded(syntax)
            case Without():
                self._words.excluding += 1
                child = self.build(syntax.child)
                self._words.excluding -= 1
                return Not(child) if child is not None else None
            case Both():
                return self._both(syntax)
            case Either():
                built = tuple(node for child in syntax.children if (node := self.build(child)))
                return one_or(built, Or)

    def _both(self, syntax: Both) -> Node | None:
        """Join operands; a loose stop word among them is remarked and not asked for."""
        children: Sequence[Syntax] = syntax.children
        some = any(not self._words.is_stop(child) for child in children)
        hints: list[Node] = []
        if any(not self._words.is_stop(child) and not self._asks(child) for child in children):
            hints, children = self._without_frame(children)
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

    def _without_frame(self, children: Sequence[Syntax]) -> tuple[list[Node], list[Syntax]]:
        """Return hints for the order, and the operands without the words that ask.

        A run of words that ask is one remark.
        """
        hints: list[Node] = []
        others: list[Syntax] = []
        run: list[Word] = []
        for child in (*children, None):
            if isinstance(child, Word) and child.start in self._frame:
                run.append(child)
                if self._frame[child.start] == "hint":
                    hints += self._words.hints(child, BOTH_FIELDS)
                continue
            if run:
                text = " ".join(word.text for word in run)
                self._remarks.append(Diagnostic("question-word", run[0].start, run[-1].end, text))
                run = []
            if child is not None:
                others.append(child)
        return hints, others

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
                self._words.note(named, (), BOTH_FIELDS, variants)
                single = tuple(
                    node
                    for word in words
                    if not self._words.is_stop(word)
                    and (node := self._words.build(word, BOTH_FIELDS))
                )
                if single:
                    joined = one_or(single, Or if self._any_word else And)
                    node = self._nodes.named(joined or Nothing(), variants, BOTH_FIELDS, level)
                    return words, node
            words.pop()
        return None

    def _fielded(self, syntax: Fielded) -> Node | None:
        value = syntax.value
        if syntax.field == "date":
            dates = parse_date_range(value.text)
            if dates is None:
                self._remarks.append(Diagnostic("bad-date", value.start, value.end, value.text))
            return dates
        if syntax.field == "event":
            return self._event(value)
        if syntax.field == "title":
            return self._words.build(value, (TITLE,), named=True)
        if syntax.field == "source":
            return self._words.build(value, (SOURCE,), named=True)
        if syntax.field == "entity":
            return self._name(syntax, ENTITY_FACETS)
        if syntax.field in ENTITY_FACETS:
            return self._name(syntax, (syntax.field,))
        return Keyword(syntax.field, value.text.strip().lower())

    def _event(self, value: Word) -> Node | None:
        days = parse_date_range(value.text)
        if days is None:
            self._remarks.append(Diagnostic("bad-date", value.start, value.end, value.text))
            return None
        nodes = tuple(Keyword(facet, text) for facet, text in event_keys(days.since, days.until))
        return one_or(nodes, Or)

    def _name(self, syntax: Fielded, facets: Sequence[str]) -> Node:
        """Ask for the entities that a name or id stands for, in any of *facets*."""
        value = syntax.value
        found = [
            Keyword(facet, name) for facet in facets for name in self._resolve(facet, value.text)
        ]
        if not found:
            self._remarks.append(Diagnostic("unknown-name", value.start, value.end, value.text))
            return Nothing()
        self._words.note(value, (), (), entities=[each.value for each in found])
        return one_or(tuple(found), Or) or Nothing()
