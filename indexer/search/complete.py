"""Complete: what is being typed may become: names of entities first, then words of the index.

typed -> its last word or words -> names that begin so, words that begin so -> completions

Words are compared folded, with and without the article and a clitic before them: وقصف finds
قصف, مفاوض finds المفاوضات. What the index speaks of more comes first, and what it does not
speak of is not offered. A word stands in the spelling that most articles print it in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest

from marsad.indexer.analysis.clitics import ARTICLE, PROCLITICS, bare_forms, without_article
from marsad.indexer.analysis.folding import fold
from marsad.indexer.analysis.stopwords import stopwords
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.entity import Entity
from marsad.indexer.extract.entities.gazetteer import Gazetteer, name_key
from marsad.indexer.fields import BODY, ENTITY_FACETS, TITLE, index_field
from marsad.indexer.query.tree import Keyword, Node, Or, Phrase, Term
from marsad.indexer.search.completion_context import CompletionContext, completion_contexts
from marsad.indexer.search.phonetic import other_layout
from marsad.indexer.search.prefixes import PrefixTable, Strings

MOST = 8
WORD = "word"
# The commonest words are kept, so that no index makes the table larger.
MOST_WORDS = 500_000
_EVERY_VALUE = 20_000
_SHORTEST = 2
_SHORTEST_WORD = 3
# The order of an entity's labels.
LANGUAGES = ("ar", "en", "ru")
# How a query names the classes, in Arabic and in other languages.
_FIELDS = {
    "person": ("شخص", "person"),
    "place": ("مكان", "place"),
    "organisation": ("منظمة", "org"),
    "armed_group": ("جماعة", "group"),
    "nationality": ("جنسية", "nationality"),
}
# A name of such signs alone is read as its words.
_PLAIN = re.compile(r"\w+(?:[-'’]\w+|\.(?= |$)| \w+)*")
_LONGEST_PLAIN = 6


@dataclass(frozen=True, slots=True)
class Completion:
    """What the whole typed text may become.

    `kind` is the class of an entity, whose id is `id`, or `word`. `count` articles name the
    entity, or hold the word as it is spelt, but for hamza and the like; behind the field of
    titles, so many titles do.
    """

    text: str
    kind: str
    id: str
    count: int


def completion_json(one: Completion) -> dict[str, str | int | None]:
    """Return a completion as plain JSON values; a word has no id."""
    return {"text": one.text, "class": one.kind, "id": one.id or None, "articles": one.count}


class Completer:
    """Completes what is typed by one state of an index; `words` are its folded words."""

    def __init__(self, engine: Engine, gazetteer: Gazetteer, words: Mapping[str, int]) -> None:
        self._engine = engine
        self._gazetteer = gazetteer
        self._known = gazetteer.by_id
        self._plain: dict[tuple[str, str], bool] = {}
        self._ids, self._names = _name_table(engine, gazetteer)
        self._words, self._printed = _word_table(engine, words)

    def complete(
        self, typed: str, lang: str, most: int = MOST, deadline: Deadline | None = None
    ) -> tuple[Completion, ...]:
        """Return at most *most* completions; names take half where there are words enough.

        Raises:
            TimeLimitError: the *deadline* has passed.
        """
        tails = completion_contexts(typed)
        found = self._complete(tails, lang, most, deadline)
        if found or not tails or not tails[-1].is_open:
            return found
        # Nothing begins so: the keyboard may have been in the other language.
        last = tails[-1]
        other = other_layout(typed[len(last.before) :])
        if not other:
            return ()
        return self._complete(completion_contexts(last.before + other)[-1:], lang, most, deadline)

    def _complete(
        self, tails: list[CompletionContext], lang: str, most: int, deadline: Deadline | None
    ) -> tuple[Completion, ...]:
        if deadline is not None:
            deadline.check()
        if not tails:
            return ()
        names = self._names_of(tails, lang, most, deadline)
        said = {name_key(self._label(name.id, lang)) for name in names}
        last = tails[-1]
        words = [
            word
            for word in self._words_of(last, most + len(said))
            if (self._words.key(word),) not in said
        ]
        names = names[: max(most // 2, most - len(words))]
        counted = [self._word(last, word, deadline) for word in words[: most - len(names)]]
        counted.sort(key=lambda word: (-word.count, word.text))
        return (*names, *(word for word in counted if word.count))

    def _names_of(
        self, tails: list[CompletionContext], lang: str, most: int, deadline: Deadline | None
    ) -> list[Completion]:
        """Return names that the longest tail begins, with no clitic taken off if possible."""
        for bared in (False, True):
            for tail in tails:
                found: dict[int, None] = {}
                for taken, first in bare_forms(tail.words[0]):
                    if bool(taken) != bared:
                        continue
                    for start in dict.fromkeys((first, without_article(first))):
                        prefix = tail.begun_by(start)
                        if len(prefix) >= _SHORTEST:
                            found |= dict.fromkeys(self._fitting(tail, prefix, most))
                ranked = sorted(found, key=lambda at: (-self._names.weight(at), at))[:most]
                each = (self._name(tail, at, lang, deadline) for at in ranked)
                if named := [name for name in each if name is not None]:
                    return sorted(named, key=lambda name: -name.count)
        return []

    def _fitting(self, tail: CompletionContext, prefix: str, most: int) -> list[int]:
        classes = tail.classes
        if classes == ENTITY_FACETS:
            return self._names.best([prefix], most)
        every = self._names.best([prefix], _EVERY_VALUE) if classes else ()
        return [at for at in every if self._known[self._ids[at]].type in classes][:most]

    def _name(
        self, tail: CompletionContext, at: int, lang: str, deadline: Deadline | None
    ) -> Completion | None:
        """Return what finds all that name an entity: its label, behind the field where it must be.

        None where only the field would do, and none can stand there, or nothing names it any more.
        """
        entity = self._known[self._ids[at]]
        label = self._label(entity.id, lang)
        text = label
        if tail.field and tail.field != "title":
            if entity.id not in self._gazetteer.resolve(entity.type, label):
                text = entity.id
        elif not self._is_plain(label, entity):
            if not tail.takes_field:
                return None
            field = _FIELDS[entity.type][lang != "ar"]
            if self._gazetteer.resolve(entity.type, label) != (entity.id,):
                text = entity.id
            text = f'{field}:"{text}"' if " " in text else f"{field}:{text}"
        if text == label and " " in label and tail.before.endswith((":", "=", "-")):
            text = f'"{label}"'
        named: Node = Keyword(entity.type, entity.id)
        if tail.field == "title":
            named = self._in_titles(label)
        count = self._count(named, deadline)
        return Completion(tail.before + text, entity.type, entity.id, count) if count else None

    def _in_titles(self, label: str) -> Node:
        """Return what finds the titles that have a name or a variant of it."""
        key, field = name_key(label), index_field(TITLE, "surface")
        names = (key, *self._gazetteer.variants(key))
        return Or(
            tuple(Phrase(field, name) if len(name) > 1 else Term(field, name[0]) for name in names)
        )

    def _is_plain(self, label: str, entity: Entity) -> bool:
        """Remember what `_is_found_by` says: it looks through all names of the entity."""
        known = self._plain.get((entity.id, label))
        if known is None:
            known = self._plain[entity.id, label] = self._is_found_by(label, entity)
        return known

    def _is_found_by(self, label: str, entity: Entity) -> bool:
        """Tell whether a search for the words of *label* finds every name of *entity*."""
        key = name_key(label)
        if self._gazetteer.by_name.get(key) is not entity or entity.type == "nationality":
            return False
        if len(key) > _LONGEST_PLAIN or not _PLAIN.fullmatch(label):
            return False
        return bool(self._gazetteer.variants(key)) or {*map(name_key, entity.names())} == {key}

    def _label(self, entity_id: str, lang: str) -> str:
        # A second, contested name would be one more thing to find.
        labels = self._known[entity_id].labels
        return labels[LANGUAGES.index(lang) if lang in LANGUAGES else 0] or labels[0]

    def _words_of(self, tail: CompletionContext, most: int) -> list[int]:
        """Return the numbers of words that begin as the last one, clitics off where they are few.

        What is typed and what is found may have the article or not.
        """
        if not tail.is_open or tail.field not in ("", "title"):
            return []
        found: dict[int, None] = {}
        for taken, word in bare_forms(tail.words[-1]):
            if taken and len(found) >= most:
                break
            prefix = without_article(word)
            if len(prefix) >= _SHORTEST:
                found |= dict.fromkeys(self._words.best((prefix, ARTICLE + prefix), most))
        bare = without_article(tail.words[-1])
        if len(found) < most and len(bare) >= _SHORTEST:
            # In few articles a word may stand behind a clitic alone.
            found |= dict.fromkeys(self._words.best(_behind_clitics(bare), most))
        return list(found)[:most]

    def _word(self, tail: CompletionContext, at: int, deadline: Deadline | None) -> Completion:
        word = self._words.key(at)
        fields = (TITLE,) if tail.field == "title" else (TITLE, BODY)
        held = Or(tuple(Term(index_field(field, "surface"), word) for field in fields))
        count = self._count(held, deadline)
        return Completion(tail.before + self._printed.text(at), WORD, "", count)

    def _count(self, query: Node, deadline: Deadline | None) -> int:
        """Return how many articles *query* finds now; the tables may be older."""
        return self._engine.search(SearchRequest(query=query, limit=0, deadline=deadline)).total

    @property
    def size_bytes(self) -> int:
        """What its tables take in memory."""
        tables = (self._names, self._words, self._printed)
        return sum(table.size_bytes for table in tables)


def _behind_clitics(word: str) -> Iterator[str]:
    """Yield *word* behind each clitic, with the article and without."""
    for clitic, opens in PROCLITICS:
        if clitic:
            yield clitic + word
            if not opens:
                yield clitic + ARTICLE + word


def _name_table(engine: Engine, gazetteer: Gazetteer) -> tuple[list[str], PrefixTable]:
    """Return the ids of the entities that an index names, and their names by each word."""
    facets = tuple(FacetRequest(name, _EVERY_VALUE) for name in ENTITY_FACETS)
    result = engine.search(SearchRequest(limit=0, facets=facets))
    counts = {value: n for counts in result.facets for value, n in counts.values}
    ids = sorted(counts.keys() & gazetteer.by_id.keys())
    number = {entity_id: at for at, entity_id in enumerate(ids)}
    keys = set()
    for key, entity in gazetteer.by_name.items():
        if entity.id in number:
            for start in range(len(key)):
                for first in (key[start], without_article(key[start])):
                    keys.add((" ".join((first, *key[start + 1 :])), number[entity.id]))
    pairs = sorted(keys)
    weights = [counts[entity_id] for entity_id in ids]
    return ids, PrefixTable((key for key, _ in pairs), weights, [owner for _, owner in pairs])


def _word_table(engine: Engine, counts: Mapping[str, int]) -> tuple[PrefixTable, Strings]:
    """Return the folded words, and how each is printed."""
    stops = stopwords()
    kept = [word for word in counts if _is_word(word, counts) and word not in stops]
    if len(kept) > MOST_WORDS:
        kept = nlargest(MOST_WORDS, kept, key=counts.__getitem__)
    kept.sort()
    return PrefixTable(kept, [counts[word] for word in kept]), Strings(_printed(engine, kept))


def _is_word(word: str, counts: Mapping[str, int]) -> bool:
    """Tell whether *word* is one, and not a commoner word with a particle before it."""
    if len(word) < _SHORTEST_WORD or not word[0].isalpha():
        return False
    held = counts[word]
    return all(not taken or counts.get(bare, 0) < held for taken, bare in bare_forms(word))


def _printed(engine: Engine, words: list[str]) -> list[str]:
    """Return the spelling that most articles print each of the folded *words* in."""
    number = {word: at for at, word in enumerate(words)}
    spellings, most = list(words), [0] * len(words)
    for field in (BODY, TITLE):
        for spelling, count in engine.words(index_field(field, "exact")).items():
            at = number.get(fold(spelling), -1)
            if at >= 0 and count > most[at]:
                spellings[at], most[at] = spelling, count
    return spellings
