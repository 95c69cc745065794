"""Complete: completions of a query that is being typed, names of entities first, then words.

typed text -> its last words -> names and words of the index that start with them -> completions

Words are compared folded, with and without the article and a clitic before them: وقصف finds
قصف, مفاوض finds المفاوضات. Names and words in more articles come first; those in no article are
left out. A word is shown in the spelling that most articles print.
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
from marsad.indexer.search.prefixes import PrefixTable, StringBlock

MOST = 8
WORD = "word"
# Only the commonest words are kept, so that the memory of the table has a bound.
MOST_WORDS = 500_000
# Values to ask of each facet. The lists have 6,000 names; unlisted names are not completed.
_EVERY_VALUE = 20_000
# Fewer letters fit too many names and words to be of help.
_SHORTEST_PREFIX = 2
_SHORTEST_WORD = 3
# The order of an entity's labels.
LANGUAGES = ("ar", "en", "ru")
# The field that a query names each class by, in Arabic and in other languages.
_FIELDS = {
    "person": ("شخص", "person"),
    "place": ("مكان", "place"),
    "organisation": ("منظمة", "org"),
    "armed_group": ("جماعة", "group"),
    "nationality": ("جنسية", "nationality"),
}
# Typed without a field, a name of only these signs is parsed as plain words.
_PLAIN = re.compile(r"\w+(?:[-'’]\w+|\.(?= |$)| \w+)*")
_LONGEST_PLAIN = 6


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion of a typed text.

    Attributes:
        text: The whole text, completed.
        kind: The class of the entity, or `word`.
        id: The id of the entity, empty for a word.
        count: How many articles name the entity, or hold the word in this spelling (hamza and
            the like aside). After `title:`, how many titles do.
    """

    text: str
    kind: str
    id: str
    count: int


def completion_json(one: Completion) -> dict[str, str | int | None]:
    """Return a completion as JSON values; the id of a word is None."""
    return {"text": one.text, "class": one.kind, "id": one.id or None, "articles": one.count}


class Completer:
    """Completes queries from the names and words that an index has at one moment.

    Args:
        engine: The engine of the index. Counts are asked of it anew for each completion.
        gazetteer: The names of entities.
        words: The folded words of the index, with the number of articles that hold each.
    """

    def __init__(self, engine: Engine, gazetteer: Gazetteer, words: Mapping[str, int]) -> None:
        self._engine = engine
        self._gazetteer = gazetteer
        self._known = gazetteer.by_id
        # Whether the words of a label find its entity, by entity id and label.
        self._plain: dict[tuple[str, str], bool] = {}
        self._ids, self._names = _name_table(engine, gazetteer)
        self._words, self._printed = _word_table(engine, words)

    def complete(
        self, typed: str, lang: str, most: int = MOST, deadline: Deadline | None = None
    ) -> tuple[Completion, ...]:
        """Return at most *most* completions of *typed*, names first, then words.

        Names take half of the places, or more if there are fewer words. If nothing fits, the
        text is tried as typed with the other keyboard layout.

        Args:
            typed: The text in the search box, up to the cursor.
            lang: The language of labels: `ar`, `en` or `ru`.
            most: The greatest number of completions.
            deadline: When to give up.

        Raises:
            TimeLimitError: the *deadline* has passed.
        """
        contexts = completion_contexts(typed)
        found = self._complete(contexts, lang, most, deadline)
        if found or not contexts or not contexts[-1].is_open:
            return found
        last = contexts[-1]
        other = other_layout(typed[len(last.before) :])
        if not other:
            return ()
        return self._complete(completion_contexts(last.before + other)[-1:], lang, most, deadline)

    def _complete(
        self, contexts: list[CompletionContext], lang: str, most: int, deadline: Deadline | None
    ) -> tuple[Completion, ...]:
        if deadline is not None:
            deadline.check()
        if not contexts:
            return ()
        names = self._names_of(contexts, lang, most, deadline)
        # A word that is also a name in the list is not shown twice.
        shown = {name_key(self._label(name.id, lang)) for name in names}
        last = contexts[-1]
        words = [
            word
            for word in self._words_of(last, most + len(shown))
            if (self._words.key(word),) not in shown
        ]
        names = names[: max(most // 2, most - len(words))]
        counted = [self._word(last, word, deadline) for word in words[: most - len(names)]]
        counted.sort(key=lambda word: (-word.count, word.text))
        return (*names, *(word for word in counted if word.count))

    def _names_of(
        self, contexts: list[CompletionContext], lang: str, most: int, deadline: Deadline | None
    ) -> list[Completion]:
        """Return completions that are names, the most frequent first.

        The last words that were typed are tried first as one context of several words, then as
        shorter ones. The first context that has a completion gives all of them. Only if none has
        one, all contexts are tried again, with the clitics of their first word taken off.
        """
        for bared in (False, True):
            for context in contexts:
                found: dict[int, None] = {}
                for taken, first in bare_forms(context.words[0]):
                    if bool(taken) != bared:
                        continue
                    for start in dict.fromkeys((first, without_article(first))):
                        prefix = context.name_prefix(start)
                        if len(prefix) >= _SHORTEST_PREFIX:
                            found |= dict.fromkeys(self._fitting(context, prefix, most))
                ranked = sorted(found, key=lambda at: (-self._names.weight(at), at))[:most]
                each = (self._name(context, at, lang, deadline) for at in ranked)
                if named := [name for name in each if name is not None]:
                    return sorted(named, key=lambda name: -name.count)
        return []

    def _fitting(self, context: CompletionContext, prefix: str, most: int) -> list[int]:
        """Return the numbers of entities with a name under *prefix*, of the classes that fit."""
        classes = context.classes
        if classes == ENTITY_FACETS:
            return self._names.best([prefix], most)
        every = self._names.best([prefix], _EVERY_VALUE) if classes else ()
        return [at for at in every if self._known[self._ids[at]].type in classes][:most]

    def _name(
        self, context: CompletionContext, at: int, lang: str, deadline: Deadline | None
    ) -> Completion | None:
        """Return a completion that finds every article that names entity number *at*.

        It is the label of the entity alone if its words find all of its names. If not, the
        label or the id comes after the field of the class: `person:`.

        Returns:
            None if a field is needed but cannot be written there, or if no article names the
            entity any more.
        """
        entity = self._known[self._ids[at]]
        label = self._label(entity.id, lang)
        text = label
        if context.field and context.field != "title":
            if entity.id not in self._gazetteer.resolve(entity.type, label):
                text = entity.id
        elif not self._is_plain(label, entity):
            if not context.takes_field:
                return None
            field = _FIELDS[entity.type][lang != "ar"]
            if self._gazetteer.resolve(entity.type, label) != (entity.id,):
                text = entity.id
            text = f'{field}:"{text}"' if " " in text else f"{field}:{text}"
        # These signs apply to the next word only, so a label of several words needs quotes.
        if text == label and " " in label and context.before.endswith((":", "=", "-")):
            text = f'"{label}"'
        named: Node = Keyword(entity.type, entity.id)
        if context.field == "title":
            named = self._in_titles(label)
        count = self._count(named, deadline)
        return Completion(context.before + text, entity.type, entity.id, count) if count else None

    def _in_titles(self, label: str) -> Node:
        """Return the query that finds the titles with a name or with one of its variants."""
        key, field = name_key(label), index_field(TITLE, "surface")
        names = (key, *self._gazetteer.variants(key))
        return Or(
            tuple(Phrase(field, name) if len(name) > 1 else Term(field, name[0]) for name in names)
        )

    def _is_plain(self, label: str, entity: Entity) -> bool:
        """Return `_is_found_by`, remembered: it goes through all names of the entity."""
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
        # Not `Entity.label`, which has a contested name too: as a query, both would be required.
        labels = self._known[entity_id].labels
        return labels[LANGUAGES.index(lang) if lang in LANGUAGES else 0] or labels[0]

    def _words_of(self, context: CompletionContext, most: int) -> list[int]:
        """Return the numbers of at most *most* words that start with the last typed word.

        Either may have the article. If too few are found, clitics are taken off the typed word,
        and then words with clitics before it are found too.
        """
        if not context.is_open or context.field not in ("", "title"):
            return []
        found: dict[int, None] = {}
        for taken, word in bare_forms(context.words[-1]):
            if taken and len(found) >= most:
                break
            prefix = without_article(word)
            if len(prefix) >= _SHORTEST_PREFIX:
                found |= dict.fromkeys(self._words.best((prefix, ARTICLE + prefix), most))
        bare = without_article(context.words[-1])
        if len(found) < most and len(bare) >= _SHORTEST_PREFIX:
            # A rare word may be in the index only with a clitic before it.
            found |= dict.fromkeys(self._words.best(_behind_clitics(bare), most))
        return list(found)[:most]

    def _word(self, context: CompletionContext, at: int, deadline: Deadline | None) -> Completion:
        """Return word number *at* as a completion, with the number of articles that hold it now."""
        word = self._words.key(at)
        fields = (TITLE,) if context.field == "title" else (TITLE, BODY)
        held = Or(tuple(Term(index_field(field, "surface"), word) for field in fields))
        count = self._count(held, deadline)
        return Completion(context.before + self._printed.text(at), WORD, "", count)

    def _count(self, query: Node, deadline: Deadline | None) -> int:
        """Return how many articles *query* finds now: the tables may be of an older index."""
        return self._engine.search(SearchRequest(query=query, limit=0, deadline=deadline)).total

    @property
    def size_bytes(self) -> int:
        """The memory that the tables take, in bytes."""
        tables = (self._names, self._words, self._printed)
        return sum(table.size_bytes for table in tables)


def _behind_clitics(word: str) -> Iterator[str]:
    """Yield *word* with each clitic before it, with and without the article between them."""
    for clitic, opens in PROCLITICS:
        if clitic:
            yield clitic + word
            if not opens:
                yield clitic + ARTICLE + word


def _name_table(engine: Engine, gazetteer: Gazetteer) -> tuple[list[str], PrefixTable]:
    """Return the ids of the entities that an index names, and a table of their names.

    A name is in the table from each of its words on, so that any word of it can be typed. The
    owners of the table are numbers of ids.
    """
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


def _word_table(engine: Engine, counts: Mapping[str, int]) -> tuple[PrefixTable, StringBlock]:
    """Return a table of the folded words, and the printed spelling of each."""
    stops = stopwords()
    kept = [word for word in counts if _is_word(word, counts) and word not in stops]
    if len(kept) > MOST_WORDS:
        kept = nlargest(MOST_WORDS, kept, key=counts.__getitem__)
    kept.sort()
    return PrefixTable(kept, [counts[word] for word in kept]), StringBlock(_printed(engine, kept))


def _is_word(word: str, counts: Mapping[str, int]) -> bool:
    """Tell whether a text of the index is a word to offer.

    Numbers are not, short words, and clitics with a word that is as common without them.
    """
    if len(word) < _SHORTEST_WORD or not word[0].isalpha():
        return False
    held = counts[word]
    return all(not taken or counts.get(bare, 0) < held for taken, bare in bare_forms(word))


def _printed(engine: Engine, words: list[str]) -> list[str]:
    """Return for each folded word the spelling that most articles print."""
    number = {word: at for at, word in enumerate(words)}
    spellings, most = list(words), [0] * len(words)
    for field in (BODY, TITLE):
        for spelling, count in engine.words(index_field(field, "exact")).items():
            at = number.get(fold(spelling), -1)
            if at >= 0 and count > most[at]:
                spellings[at], most[at] = spelling, count
    return spellings
