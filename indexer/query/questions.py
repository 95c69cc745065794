"""Questions: finds the words of a query that only make it a question.

    words of a query -> [find_frame] -> the question words, by their start

A frame begins with a question word (ما، من، كم، في أي، لماذا، اذكر) and continues with words that
belong to it (هو، الذي، عدد، عام، تبلغ). They say nothing about the subject, so they are not
searched for. The same words are ordinary elsewhere: a frame is only accepted at the beginning of a
sentence or clause, or in a sentence that ends with a question mark.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.analysis.folding import fold
from marsad.indexer.query.syntax import (
    AndQuery,
    AtLeastQuery,
    FieldGroup,
    FieldQuery,
    NearQuery,
    NotQuery,
    OrQuery,
    Syntax,
    Word,
)

# "asks" words are dropped. "hint" words name the kind of thing asked for, and improve the order.
Role = Literal["asks", "hint"]


@dataclass(frozen=True, slots=True)
class LooseWord:
    """A query word without operators; `text` is the word as typed, `start` is its place.

    `surface` is the folded word, or empty if the text is not exactly one word.
    """

    text: str
    surface: str
    start: int


def _folded(words: str) -> frozenset[str]:
    """Return the folded words of a list that is divided by spaces."""
    return frozenset(map(fold, words.split()))


_PRONOUNS = _folded("هو هي هم هما هن الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي")
_RELATIVES = _folded("الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي")
_WAS = _folded("كان كانت كانوا كانا يكون تكون سيكون ستكون")
_LIGHT = _folded("تم تمت يتم تتم سيتم ستتم جرى جرت قام قامت قاموا يقوم تقوم يمكن يمكننا يوجد توجد")
# Kinds of things that questions ask for, with or without article.
_KINDS = _folded(
    "اسم أسماء اسمه اسمها لقب عدد أعداد نوع أنواع عام سنة سنوات أعوام شهر يوم قرن تاريخ وقت فترة"
    " مدينة مدن دولة دول بلد بلاد مكان منطقة موقع قارة شخص أشخاص شيء أشياء سبب أسباب معنى"
    " مقصود تعريف مفهوم مصطلح مسمى مقدار كمية مرة مرات مدى مدة هدف غرض"
    " عاما شهرا يوما قرنا شخصا بلدا مكانا"
)
_COUNTED = _folded("عدد أعداد كمية مقدار مرة مرات مدى")
_NAMED = _folded("يسمى تسمى سمي سميت يدعى تدعى دعي يطلق أطلق يعرف تعرف يقصد نقصد يعني تعني")
_MEASURED = _folded("تبلغ يبلغ بلغ بلغت يقدر تقدر قدر استغرق استغرقت يستغرق تستغرق")
_PLACED = _folded("يقع تقع وقع تقعان يوجد توجد")
_HAPPENED = _folded("حدث حدثت يحدث تحدث حصل")

# The words that can follow each question word in a frame.
_AFTER_THING = _PRONOUNS | _WAS | _KINDS | _NAMED
_FOLLOWING: dict[str, frozenset[str]] = {}
for _heads, _words in (
    ("ما مالذي ماهو ماهي ماهم ماهما", _AFTER_THING | _LIGHT),
    ("من لمن بمن عمن ممن", _PRONOUNS | _WAS | _folded("شخص")),
    ("ماذا بماذا عماذا لماذا لم بم مم عم فيم إلام علام حتام", _AFTER_THING | _LIGHT | _HAPPENED),
    ("كم بكم لكم", _KINDS | _MEASURED | _WAS | _folded("من هو هي يوجد توجد")),
    ("أي أية أيا بأي لأي بأية لأية كأي أيهما أيهم أيها", _KINDS | _folded("من")),
    ("متى كيف", _LIGHT | _WAS | _HAPPENED),
    ("أين", _PLACED | _LIGHT | _WAS),
    ("هل", _LIGHT | _WAS | _folded("هناك")),
    ("اذكر أذكر اذكري اذكروا عدّد سمّ هات اشرح وضّح علّل بيّن عرّف", _KINDS),
    ("أعط أعطي أعطني", _folded("مثال مثالا مثالين أمثلة على عن")),
    ("ماسم", frozenset()),
):
    for _head in fold(_heads).split():
        _FOLLOWING[_head] = _words

# Question words wherever they are in a question.
_ALWAYS = _folded("ماذا بماذا عماذا لماذا كم متى كيف أين هل فيم ماسم مالذي ماهو ماهي ماهم ماهما")
# These have other meanings too. They are question words if the next word confirms it, or if the
# sentence is a question.
_OFTEN = _folded("ما من أي أية أيا بأي لأي بأية لأية لمن بمن عمن ممن بكم")
# Question words only at the beginning of a sentence that ends with a question mark.
_SELDOM = _folded("لم بم مم عم لكم كأي أيها أيهما أيهم إلام علام حتام")
_COMMANDS = _folded("اذكر أذكر اذكري اذكروا هات اشرح أعط أعطي أعطني")
# إلام must have its hamza below: without it, الام can be "the mother" or "pains".
_UNDER = fold("إلام")
# These imperatives need their shadda: without it they are other words.
_MARKED = {fold(word): word for word in ("عدّد", "سمّ", "وضّح", "علّل", "بيّن", "عرّف")}
_SHADDA = "\u0651"
_PREPOSITIONS = _folded("في إلى على عن من مع خلال عند منذ حتى تحت ضد لدى بين قبل بعد")
_ENDS = re.compile(r"[.؟?!…]+[\"»”')\]]*$")
_PARTS = re.compile(r"[،,؛;:.؟?!…–-]+[\"»”')\]]*$")
_ASKS = re.compile(r"[؟?][؟?!]*[\"»”')\]]*$")


def frame_of(syntax: Syntax | None, analyzer: Analyzer) -> dict[int, Role]:
    """Return the question words of *syntax* by their start, with the role of each."""
    return find_frame(tuple(_loose_words(syntax, analyzer))) if syntax is not None else {}


def without_frame(
    children: Sequence[Syntax], frame: Mapping[int, Role]
) -> tuple[list[list[Word]], list[Syntax]]:
    """Return the runs of question words in *children*, and the other operands."""
    runs: list[list[Word]] = []
    others: list[Syntax] = []
    follows = False
    for child in children:
        asks = isinstance(child, Word) and child.start in frame
        if not isinstance(child, Word) or not asks:
            others.append(child)
        elif follows:
            runs[-1].append(child)
        else:
            runs.append([child])
        follows = asks
    return runs, others


def _loose_words(syntax: Syntax, analyzer: Analyzer) -> Iterator[LooseWord]:
    """Yield the words of *syntax* in order; anything else is a word with empty text."""
    match syntax:
        case Word():
            loose = not (syntax.quoted or syntax.prefix or syntax.pattern or syntax.level)
            tokens = analyzer.analyze(syntax.text) if loose else []
            surface = tokens[0].surface if len(tokens) == 1 else ""
            yield LooseWord(syntax.text, surface, syntax.start)
        case AndQuery() | OrQuery():
            for child in syntax.children:
                yield from _loose_words(child, analyzer)
        case FieldQuery() | FieldGroup() | NearQuery() | AtLeastQuery():
            yield LooseWord("", "", syntax.start)
        case NotQuery():
            return


def find_frame(words: Sequence[LooseWord]) -> dict[int, Role]:
    """Return the question words of *words* by their start, with the role of each.

    The result is empty if all words would be question words: the user wants to find them.

    Example:
        >>> words = [("كم", 0), ("عدد", 3), ("سكان", 7), ("مصر", 12)]
        >>> find_frame([LooseWord(word, word, start) for word, start in words])
        {0: 'asks', 3: 'hint'}
        >>> find_frame([LooseWord(word, word, start) for word, start in words[1:]])
        {}
    """
    found: dict[int, Role] = {}
    for sentence in _sentences(words):
        asks = bool(_ASKS.search(sentence[-1].text))
        at = 0
        framed = False
        while at < len(sentence):
            end = _frame_end(sentence, at, asks=asks, framed=framed)
            framed = framed or end > at
            for word in sentence[at:end]:
                hints = _kind(word.surface) or word.surface in _NAMED | _MEASURED | _PLACED
                found[word.start] = "hint" if hints else "asks"
            at = max(end, at + 1)
    return found if any(word.start not in found for word in words) else {}


def _sentences(words: Sequence[LooseWord]) -> Iterator[Sequence[LooseWord]]:
    """Yield the sentences of *words*."""
    first = 0
    for number, word in enumerate(words, 1):
        if _ENDS.search(word.text) or number == len(words):
            yield words[first:number]
            first = number


def _frame_end(words: Sequence[LooseWord], at: int, *, asks: bool, framed: bool) -> int:
    """Return the end of the frame that begins at *at*, or *at* if no frame begins there.

    Args:
        words: A sentence.
        at: The place.
        asks: Whether the sentence ends with a question mark.
        framed: Whether the sentence already has a frame. A later أي is then not a question.
    """
    begins = at == 0 or bool(_PARTS.search(words[at - 1].text))
    head = at
    if words[at].surface in _PREPOSITIONS and at + 1 < len(words):
        # A preposition belongs to the frame in في أي عام and إلى متى. In من هو, the من is a
        # question word itself.
        following = _without_conjunction(words[at + 1].surface)
        if following in _ALWAYS or following in _OFTEN - _folded("من ما لمن بمن"):
            head = at + 1
    word = _without_conjunction(words[head].surface)
    following = words[head + 1].surface if head + 1 < len(words) else ""
    confirmed = following in _FOLLOWING.get(word, ()) or _is_that_kind(words, head + 1, _KINDS)
    if word == "كم" and head and words[head - 1].surface.isdecimal():
        # In 30 كم, it means kilometres.
        return at
    if not _is_head(word, words[head], following, confirmed=confirmed, begins=begins, asks=asks):
        return at
    if framed and not (confirmed or begins or word in _ALWAYS):
        return at
    end = head + 1
    wanted = _FOLLOWING[word]
    while end < len(words) and not _PARTS.search(words[end - 1].text):
        surface = words[end].surface
        if surface not in wanted and not _is_that_kind(words, end, wanted):
            break
        end += 1
        if _bare(surface) in _COUNTED:
            # The word after "number of" is the subject of the question: كم عدد الدول.
            break
        if surface in _PRONOUNS or _kind(surface):
            wanted |= _PRONOUNS | _WAS | _KINDS | _LIGHT
    return end


def _is_that_kind(words: Sequence[LooseWord], at: int, wanted: frozenset[str]) -> bool:
    """Return whether a kind with its article and a relative pronoun is at *at*: السنة التي.

    Without the pronoun it is the subject itself, as in العدد الأولي.
    """
    if at + 1 >= len(words):
        return False
    return _bare(words[at].surface) in wanted & _KINDS and words[at + 1].surface in _RELATIVES


def _is_head(
    word: str, typed: LooseWord, following: str, *, confirmed: bool, begins: bool, asks: bool
) -> bool:
    """Return whether *word* is a question word here.

    *confirmed* means that the next word belongs to a question, *begins* that the word begins a
    sentence or clause, *asks* that the sentence ends with a question mark.
    """
    letters = unicodedata.normalize("NFC", typed.text)
    if "آ" in letters or (word == _UNDER and "إ" not in letters):
        # After folding, آية and آلام look like أية and إلام.
        return False
    if word in _MARKED:
        return begins and _SHADDA in letters
    if word in _COMMANDS:
        return begins
    if word in _SELDOM:
        return begins and asks
    if word in _ALWAYS:
        return begins or asks
    if word == "من" or (word == "ما" and following in _LIGHT | _WAS):
        # من العام الماضي and ما كان are not questions, so only a pronoun confirms here.
        confirmed = following in _PRONOUNS
    if word not in _OFTEN:
        return False
    if confirmed:
        return begins or asks
    return asks and (begins or word not in ("ما", "من"))


def _without_conjunction(surface: str) -> str:
    """Return *surface* without و or ف, if the rest is a question word."""
    rest = surface[1:]
    return rest if surface[:1] in ("و", "ف") and rest in _FOLLOWING else surface


def _bare(surface: str) -> str:
    """Return *surface* without its article."""
    return surface.removeprefix("ال")


def _kind(surface: str) -> bool:
    """Return whether a word names the kind of thing that is asked for: مدينة in أي مدينة."""
    return surface in _KINDS or _bare(surface) in _KINDS
