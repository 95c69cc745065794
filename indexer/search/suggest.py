"""Suggest: what a person may have meant by a word that few articles hold.

    asked word -> near spellings, like sounds, the other keyboard, another alphabet -> offers

Offers are for a person to take; nothing is searched for by them.
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

OfferKind = Literal["spelling", "sound", "keyboard", "alphabet"]

# A word that so many articles hold at most is looked at.
FEW = 2
MOST_LOOKED_AT = 12
_MOST = 5
_LEAST_KEY = 3
_LIKE_SOUND = 0.7
_LIKE_LATIN = 0.5
# What folding made one letter of, the plain letter first.
_SPELLINGS = {"ا": "اأإآ", "و": "وؤ", "ي": "يئ", "ه": "ه"}
_FINALS = {"ه": "ة", "ي": "ى"}
_MOST_SPELLINGS = 512


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another word for `asked`, at `start` to `end` of the typed text.

    `count` articles hold it in some form in their text; `query` is the whole query with it.
    """

    asked: str
    start: int
    end: int
    text: str
    kind: OfferKind
    count: int
    query: str


def vocabulary_of(engine: Engine) -> Vocabulary:
    """Return the vocabulary of an index as it is now: folded words of titles and texts."""
    counts = dict(engine.words(index_field(BODY, "surface")))
    for word, count in engine.words(index_field(TITLE, "surface")).items():
        counts[word] = max(count, counts.get(word, 0))
    return Vocabulary(counts)


def suggest(
    parsed: Parsed, vocabulary: Vocabulary, engine: Engine, analyzer: Analyzer, most: int = _MOST
) -> tuple[Suggestion, ...]:
    """Return at most *most* offers for each word that few articles hold, the likeliest first."""
    return tuple(iter_suggestions(parsed, vocabulary, engine, analyzer, most))


def iter_suggestions(
    parsed: Parsed,
    vocabulary: Vocabulary,
    engine: Engine,
    analyzer: Analyzer,
    most: int = _MOST,
    deadline: Deadline | None = None,
) -> Iterator[Suggestion]:
    """Yield what `suggest` returns as it is found.

    To find what is like a word takes a look at every other one, so of a query with many rare
    words the first MOST_LOOKED_AT are looked at.

    Raises:
        TimeLimitError: the *deadline* has passed before a word.
    """
    looked_at = 0
    for asked in parsed.asked:
        if deadline is not None:
            deadline.check()
        if len(asked.tokens) == 1 and not asked.variants:
            if looked_at < MOST_LOOKED_AT and _is_rare(asked.tokens[0], engine):
                looked_at += 1
                yield from _offers(parsed, asked, vocabulary, engine, analyzer, most)
        elif not asked.prefix and asked.text.isascii():
            yield from _of_layout(parsed, asked, engine, analyzer)[:most]


def _is_rare(token: Token, engine: Engine) -> bool:
    return not token.stop and not token.surface.isdigit() and _count(token, engine) <= FEW


def _offers(
    parsed: Parsed,
    asked: QueryWord,
    vocabulary: Vocabulary,
    engine: Engine,
    analyzer: Analyzer,
    most: int,
) -> list[Suggestion]:
    (token,) = asked.tokens
    held = _count(token, engine)
    found: dict[str, tuple[float, str, OfferKind, int]] = {}
    for cost, near, kind in _likely(token.surface, vocabulary):
        (read,) = analyzer.analyze(near)
        word = _without_particle(near, read, token, analyzer)
        if read.stem == token.stem or read.stop:
            continue
        count = _count(read, engine)
        # Of the forms of one word the likeliest is offered, of those the commonest.
        rank = (cost, -vocabulary.counts.get(word, 0))
        known = found.get(read.stem)
        if count > held and (
            known is None or rank < (known[0], -vocabulary.counts.get(known[1], 0))
        ):
            found[read.stem] = cost, word, kind, count
    ranked = sorted(found.values(), key=lambda one: (one[0], -one[3], one[1]))
    offers = _of_layout(parsed, asked, engine, analyzer)[:most]
    # An offer costs a look-up for each spelling of its word: only those that are shown are made.
    for _, word, kind, count in ranked[: most - len(offers)]:
        offers.append(_offer(parsed, asked, word, kind, count, engine))
    return offers


def _without_particle(word: str, read: Token, asked: Token, analyzer: Analyzer) -> str:
    """Return *word* without a particle before it, unless one was typed too."""
    rest = word[1:]
    if word[0] not in "وفبل" or asked.surface[0] == word[0] or len(rest) <= _LEAST_KEY:
        return word
    return rest if analyzer.read(rest).stem == read.stem else word


def _likely(word: str, vocabulary: Vocabulary) -> Iterator[tuple[float, str, OfferKind]]:
    """Yield `(cost, word, kind)`: an edit costs 1, another sound of the class about that."""
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


def _of_layout(
    parsed: Parsed, asked: QueryWord, engine: Engine, analyzer: Analyzer
) -> list[Suggestion]:
    """Return the offer of the same keys on the other keyboard."""
    other = other_layout(asked.text)
    # A long word makes many on the other keyboard, which are not to be read and remembered.
    if len(list(islice(find_printed(other), 2))) != 1:
        return []
    tokens = analyzer.analyze(other)
    if len(tokens) != 1 or tokens[0].stop:
        return []
    count = _count(tokens[0], engine)
    return [_offer(parsed, asked, other, "keyboard", count, engine)] if count else []


def _count(token: Token, engine: Engine) -> int:
    return engine.count(index_field(BODY, "stem"), token.stem)


def _printed(word: str, engine: Engine) -> str:
    """Return the spelling that most articles print a folded word in."""
    choices = [
        _SPELLINGS.get(letter, letter) + (_FINALS.get(letter, "") if at == len(word) - 1 else "")
        for at, letter in enumerate(word)
    ]
    spellings = ("".join(letters) for letters in islice(product(*choices), _MOST_SPELLINGS))
    field = index_field(BODY, "exact")
    return max(spellings, key=lambda spelling: engine.count(field, spelling))


def _offer(
    parsed: Parsed, asked: QueryWord, word: str, kind: OfferKind, count: int, engine: Engine
) -> Suggestion:
    word = _printed(word, engine)
    query = parsed.typed[: asked.start] + word + parsed.typed[asked.end :]
    return Suggestion(asked.text, asked.start, asked.end, word, kind, count, query)
