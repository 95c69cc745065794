"""Finder: the entities that an article names, by every layer.

title, text -> [matcher] -> known names
            -> [tagger] -> other names
            -> [join_names] -> [linker] -> mentions
"""

from collections.abc import Iterator, Sequence

from corpus.article import Article
from corpus.letters import VANISHING_RUN
from indexer.extract.entities.features import FeatureMaker, core, listed
from indexer.extract.entities.gazetteer import Gazetteer
from indexer.extract.entities.linker import Linker
from indexer.extract.entities.matcher import Matcher, span_classes
from indexer.extract.entities.model import Model
from indexer.extract.entities.names import Name, join_names, known_name, tagged_name
from indexer.extract.entities.tagger import Tagged, Tagger
from indexer.extract.entities.words import FULL, Words, WordTable
from indexer.extract.mentions import Mention, MentionField

# Raise this when a rule of the layers changes; data files count by themselves.
RULES = 1


class Finder:
    """Finds entities with one gazetteer and one tagger. Not for several threads at once."""

    def __init__(self, gazetteer: Gazetteer, maker: FeatureMaker, model: Model) -> None:
        self._gazetteer = gazetteer
        self._table = WordTable()
        self._matcher = Matcher(gazetteer)
        self._tagger = Tagger(model, maker)
        self._linker = Linker(gazetteer)
        self._triggers = listed("triggers.txt")
        self.version = f"{RULES} {gazetteer.version} {model.digest}"

    def find(self, article: Article) -> tuple[Mention, ...]:
        """Return the mentions of *article*, title first, in reading order."""
        return self._find((("title", article.title), ("text", article.text)))

    def find_in(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions of a text that belongs to no article."""
        return self._find((("text", text),))

    def _find(self, fields: Sequence[tuple[MentionField, str]]) -> tuple[Mention, ...]:
        if len(self._table) >= FULL:
            self._table = WordTable()
        read = [self._table.read(text) for _, text in fields]
        found = [self._names(words) for words in read]
        linked = self._linker.link(read, found)
        return tuple(
            mention
            for (field, _), words, names in zip(fields, read, linked, strict=True)
            for mention in _mentions(field, words, names)
        )

    def _names(self, words: Words) -> list[Name]:
        spans = self._matcher.find(words)
        tagged = list(self._tagger.find(words, span_classes(spans, len(words))))
        by_word = {at: name for name in tagged for at in range(name.first, name.end)}
        known = [
            name
            for name in map(known_name, spans)
            if name.by != "city" or self._is_city(words, name, by_word)
            if name.type != "nationality" or not _overlaps(name, by_word)
        ]
        known = [self._without_head(words, name) for name in known]
        named = (tagged_name(words, name) for name in tagged)
        return join_names(known, [name for name in named if name is not None])

    def _is_city(self, words: Words, name: Name, by_word: dict[int, Tagged]) -> bool:
        """A city counts where the tagger sees a place, or a word before it announces one."""
        around = {by_word[at].kind for at in range(name.first, name.end) if at in by_word}
        if "LOC" in around:
            return True
        return not around - {"MISC"} and self._is_head(words, name.first - 1)

    def _is_head(self, words: Words, at: int) -> bool:
        if at < 0:
            return False
        surface = words.surface(at)
        none: frozenset[str] = frozenset()
        kinds = self._triggers.get(surface, none) | self._triggers.get(core(surface).word, none)
        return "placehead" in kinds

    def _without_head(self, words: Words, name: Name) -> Name:
        """Leave "province" and its like out of the name of a place that has one without."""
        if name.type != "place" or name.end - name.first == 1:
            return name
        if not self._gazetteer.is_head(words.surface(name.first)[name.taken :]):
            return name
        rest = self._gazetteer.by_name.get(words.key(name.first + 1, name.end))
        if rest is None or rest.id != name.id:
            return name
        return Name(name.first + 1, name.end, 0, name.type, name.id, name.by)


def _overlaps(name: Name, by_word: dict[int, Tagged]) -> bool:
    return any(at in by_word and by_word[at].kind != "MISC" for at in range(name.first, name.end))


def _mentions(field: MentionField, words: Words, names: Sequence[Name]) -> Iterator[Mention]:
    text = words.text
    for name in names:
        first, end = words.start(name.first), words.end(name.end - 1)
        start = _skip_letters(text, first, name.taken)
        yield Mention(field, start, end, text[first:end], name.type, name.id, name.by)


def _skip_letters(text: str, start: int, letters: int) -> int:
    """Return the place behind the first *letters* letters from *start*, marks skipped."""
    at = start
    while letters:
        letters -= VANISHING_RUN.match(text, at) is None
        at += 1
    while letters == 0 and at > start and VANISHING_RUN.match(text, at):
        at += 1
    return at
