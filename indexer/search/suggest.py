"""Suggest: other words for a query word that few articles hold ("did you mean").

    rare word -> similar spelling, similar sound, other keyboard, other alphabet -> suggestions

A suggestion is shown to the person, who may take it. No search uses it unasked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice, product
from typing import Literal

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.token import Token
from marsad.indexer.analysis.tokenizer import find_printed
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.seam import Engine
from marsad.indexer.fields import BODY, TITLE, index_field
from marsad.indexer.query.parse import Parsed
from marsad.indexer.query.words import QueryWord
from marsad.indexer.search.phonetic import other_layout, phonetic_key, romanized
from marsad.indexer.search.vocabulary import Vocabulary

SuggestionKind = Literal["spelling", "sound", "keyboard", "alphabet"]

# Only words that at most so many articles hold get suggestions.
FEW = 2
# Suggestions are looked for only for so many words of one query, see `iter_suggestions`.
MOST_LOOKED_AT = 12
_MOST = 5
# A phonetic key of fewer consonants fits too many words.
_LEAST_KEY = 3
# The least ratio of `SequenceMatcher` for words of one phonetic key: in the same alphabet, and
# in different ones after both are romanized, which loses more.
_LIKE_SOUND = 0.7
_LIKE_LATIN = 0.5
# The letters that folding makes one, the plain letter first; some only at the end of a word.
_SPELLINGS = {"ا": "اأإآ", "و": "وؤ", "ي": "يئ", "ه": "ه"}
_FINALS = {"ه": "ة", "ي": "ى"}
_MOST_SPELLINGS = 512


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another word for a word of a query.

    Attributes:
        asked: The word as it was typed.
        start: Where it starts in the typed text, in code points.
        end: Where it ends.
        text: The suggested word, in the spelling that most articles print.
        kind: How it resembles the typed word.
        count: How many articles hold it in their text, in any of its forms.
        query: The whole typed text with the suggested word in place of `asked`.
    """

    asked: str
    start: int
    end: int
    text: str
    kind: SuggestionKind
    count: int
    query: str


def vocabulary_of(engine: Engine) -> Vocabulary:
    """Return the folded words of titles and texts of an index, as it is now.

    A word in both fields has the greater count of the two.
    """
    counts = dict(engine.words(index_field(BODY, "surface")))
    for word, count in engine.words(index_field(TITLE, "surface")).items():
        counts[word] = max(count, counts.get(word, 0))
    return Vocabulary(counts)


def suggest(
    parsed: Parsed, vocabulary: Vocabulary, engine: Engine, analyzer: Analyzer, most: int = _MOST
) -> tuple[Suggestion, ...]:
    """Return at most *most* suggestions for each rare word of a query, the likeliest first.

    A word is rare if at most FEW articles hold it.
    """
    return tuple(iter_suggestions(parsed, vocabulary, engine, analyzer, most))


def iter_suggestions(
    parsed: Parsed,
    vocabulary: Vocabulary,
    engine: Engine,
    analyzer: Analyzer,
    most: int = _MOST,
    deadline: Deadline | None = None,
) -> Iterator[Suggestion]:
    """Yield the suggestions of `suggest` one by one, as soon as each is found.

    Every rare word is compared with the whole vocabulary. So that a pasted text cannot keep the
    server busy, only the first MOST_LOOKED_AT rare words of a query get suggestions.

    Raises:
        TimeLimitError: the *deadline* has passed before a word.
    """
    looked_at = 0
    for asked in parsed.asked:
        if deadline is not None:
            deadline.check()
        # A word with variants names a known entity, so it is spelt right.
        if len(asked.tokens) == 1 and not asked.variants:
            if looked_at < MOST_LOOKED_AT and _is_rare(asked.tokens[0], engine):
                looked_at += 1
                yield from _word_suggestions(parsed, asked, vocabulary, engine, analyzer, most)
        # On the Latin keyboard, signs such as `]` are Arabic letters, so one Arabic word can be
        # several tokens here.
        elif not asked.prefix and asked.text.isascii():
            yield from _keyboard_suggestion(parsed, asked, engine, analyzer)[:most]


def _is_rare(token: Token, engine: Engine) -> bool:
    return not token.stop and not token.surface.isdigit() and _count(token, engine) <= FEW


def _word_suggestions(
    parsed: Parsed,
    asked: QueryWord,
    vocabulary: Vocabulary,
    engine: Engine,
    analyzer: Analyzer,
    most: int,
) -> list[Suggestion]:
    """Return the suggestions for one rare word, the other keyboard first, then by cost."""
    (token,) = asked.tokens
    held = _count(token, engine)
    found: dict[str, tuple[float, str, SuggestionKind, int]] = {}
    for cost, near, kind in _candidates(token.surface, vocabulary):
        (read,) = analyzer.analyze(near)
        word = _without_particle(near, read, token, analyzer)
        # A search for the typed word already finds every form with its stem.
        if read.stem == token.stem or read.stop:
            continue
        count = _count(read, engine)
        # Several forms of one word can be near. The one of least cost is suggested, and of
        # equal cost the commonest.
        rank = (cost, -vocabulary.counts.get(word, 0))
        known = found.get(read.stem)
        if count > held and (
            known is None or rank < (known[0], -vocabulary.counts.get(known[1], 0))
        ):
            found[read.stem] = cost, word, kind, count
    ranked = sorted(found.values(), key=lambda one: (one[0], -one[3], one[1]))
    suggestions = _keyboard_suggestion(parsed, asked, engine, analyzer)[:most]
    # A suggestion costs a look-up for each spelling of its word, so only the shown ones are made.
    for _, word, kind, count in ranked[: most - len(suggestions)]:
        suggestions.append(_suggestion(parsed, asked, word, kind, count, engine))
    return suggestions


def _without_particle(word: str, read: Token, asked: Token, analyzer: Analyzer) -> str:
    """Return *word* without the particle before it, unless the person typed the same one.

    *word* stays whole where the rest would have another stem.
    """
    rest = word[1:]
    if word[0] not in "وفبل" or asked.surface[0] == word[0] or len(rest) <= _LEAST_KEY:
        return word
    return rest if analyzer.read(rest).stem == read.stem else word


def _candidates(word: str, vocabulary: Vocabulary) -> Iterator[tuple[float, str, SuggestionKind]]:
    """Yield `(cost, word, kind)` of each similar word of the vocabulary, in no order.

    A spelling costs the number of its edits; a word of like sound costs between 1 and 1.5.
    """
    for near, edits in vocabulary.near(word):
        yield edits, near, "spelling"
    key = phonetic_key(word)
    if len(key) < _LEAST_KEY:
        return
    arabic = "\u0621" <= word[0] <= "\u064a"
    for like in vocabulary.of_sound(key):
        same_alphabet = arabic == ("\u0621" <= like[0] <= "\u064a")
        if same_alphabet:
            likeness = SequenceMatcher(None, word, like).ratio()
            if _LIKE_SOUND <= likeness < 1:
                yield 2 - likeness, like, "sound"
        else:
            likeness = SequenceMatcher(None, romanized(word), romanized(like)).ratio()
            if likeness >= _LIKE_LATIN:
                yield 2 - likeness, like, "alphabet"


def _keyboard_suggestion(
    parsed: Parsed, asked: QueryWord, engine: Engine, analyzer: Analyzer
) -> list[Suggestion]:
    """Return the word that the same keys write on the other keyboard, if an article holds it."""
    other = other_layout(asked.text)
    # A long text makes many words on the other keyboard. The analyzer remembers each word that
    # it reads, so they would fill its memory with nonsense.
    if len(list(islice(find_printed(other), 2))) != 1:
        return []
    tokens = analyzer.analyze(other)
    if len(tokens) != 1 or tokens[0].stop:
        return []
    count = _count(tokens[0], engine)
    return [_suggestion(parsed, asked, other, "keyboard", count, engine)] if count else []


def _count(token: Token, engine: Engine) -> int:
    """Return how many articles hold any form of a word in their text."""
    return engine.count(index_field(BODY, "stem"), token.stem)


def _printed(word: str, engine: Engine) -> str:
    """Return the spelling of a folded word that most articles print."""
    # The vocabulary has folded words. Each folded letter may be any of some printed ones, so
    # the product of these is tried; it is cut, because it grows with the power of the length.
    choices = [
        _SPELLINGS.get(letter, letter) + (_FINALS.get(letter, "") if at == len(word) - 1 else "")
        for at, letter in enumerate(word)
    ]
    spellings = ("".join(letters) for letters in islice(product(*choices), _MOST_SPELLINGS))
    field = index_field(BODY, "exact")
    return max(spellings, key=lambda spelling: engine.count(field, spelling))


def _suggestion(
    parsed: Parsed, asked: QueryWord, word: str, kind: SuggestionKind, count: int, engine: Engine
) -> Suggestion:
    word = _printed(word, engine)
    query = parsed.typed[: asked.start] + word + parsed.typed[asked.end :]
    return Suggestion(asked.text, asked.start, asked.end, word, kind, count, query)
