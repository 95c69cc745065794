"""Questions: the words of a query that make it a question, and say nothing of what it is about.

    loose words of a query -> [find_frame] -> the words that ask

A frame begins with a word that asks (ما، من، كم، في أي، لماذا، اذكر) and goes on with words
that belong to it (هو، الذي، عدد، عام، تبلغ). Words that ask are ordinary words elsewhere: a
frame begins a sentence or a part of one, or the sentence ends with a question mark.
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
    FieldQuery,
    NotQuery,
    Often,
    OrQuery,
    Syntax,
    Together,
    Within,
    Word,
)

# A word that asks is dropped; what kind of thing is asked for is a hint for the order.
Role = Literal["asks", "hint"]


@dataclass(frozen=True, slots=True)
class LooseWord:
    """A word of a query without operators, at `start` of what was typed; `text` as it was typed.

    `surface` is the word folded, empty where it is several words or none.
    """

    text: str
    surface: str
    start: int


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


_PRONOUNS = _folded("هو هي هم هما هن الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي")
_RELATIVES = _folded("الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي")
_WAS = _folded("كان كانت كانوا كانا يكون تكون سيكون ستكون")
_LIGHT = _folded("تم تمت يتم تتم سيتم ستتم جرى جرت قام قامت قاموا يقوم تقوم يمكن يمكننا يوجد توجد")
# The kind of thing that is asked for, with an article or without.
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

# These ask wherever they stand in a question.
_ALWAYS = _folded("ماذا بماذا عماذا لماذا كم متى كيف أين هل فيم ماسم مالذي ماهو ماهي ماهم ماهما")
# These are other words, too: they ask where what follows says so, or the sentence is a question.
_OFTEN = _folded("ما من أي أية أيا بأي لأي بأية لأية لمن بمن عمن ممن بكم")
# These ask only in front of a sentence that ends with a question mark.
_SELDOM = _folded("لم بم مم عم لكم كأي أيها أيهما أيهم إلام علام حتام")
_COMMANDS = _folded("اذكر أذكر اذكري اذكروا هات اشرح أعط أعطي أعطني")
# Only this word begins with its letter: الام is the mother or pains, too.
_UNDER = fold("إلام")
# Without the mark of the doubled letter these are other words.
_MARKED = {fold(word): word for word in ("عدّد", "سمّ", "وضّح", "علّل", "بيّن", "عرّف")}
_SHADDA = "\u0651"
_PREPOSITIONS = _folded("في إلى على عن من مع خلال عند منذ حتى تحت ضد لدى بين قبل بعد")
_ENDS = re.compile(r"[.؟?!…]+[\"»”')\]]*$")
_PARTS = re.compile(r"[،,؛;:.؟?!…–-]+[\"»”')\]]*$")
_ASKS = re.compile(r"[؟?][؟?!]*[\"»”')\]]*$")


def frame_of(syntax: Syntax | None, analyzer: Analyzer) -> dict[int, Role]:
    """Return the words of *syntax* that ask, by where they start, with what each does there."""
    return find_frame(tuple(_loose_words(syntax, analyzer))) if syntax is not None else {}


def without_frame(
    children: Sequence[Syntax], frame: Mapping[int, Role]
) -> tuple[list[list[Word]], list[Syntax]]:
    """Return the runs of words that ask, and the other operands."""
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
    match syntax:
        case Word():
            loose = not (syntax.quoted or syntax.prefix or syntax.pattern or syntax.level)
            tokens = analyzer.analyze(syntax.text) if loose else []
            surface = tokens[0].surface if len(tokens) == 1 else ""
            yield LooseWord(syntax.text, surface, syntax.start)
        case AndQuery() | OrQuery():
            for child in syntax.children:
                yield from _loose_words(child, analyzer)
        case FieldQuery() | Within() | Together() | Often():
            yield LooseWord("", "", syntax.start)
        case NotQuery():
            return


def find_frame(words: Sequence[LooseWord]) -> dict[int, Role]:
    """Return the words of frames by where they start, with what each does there.

    Nothing where no word is left besides: who types only words that ask wants them.

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
    first = 0
    for number, word in enumerate(words, 1):
        if _ENDS.search(word.text) or number == len(words):
            yield words[first:number]
            first = number


def _frame_end(words: Sequence[LooseWord], at: int, *, asks: bool, framed: bool) -> int:
    """Return where the frame that begins at a place ends, that place where none does.

    Args:
        words: A sentence.
        at: The place.
        asks: Whether the sentence ends with a question mark.
        framed: Whether it has a frame before: a loose أي behind one is no second question.
    """
    begins = at == 0 or bool(_PARTS.search(words[at - 1].text))
    head = at
    if words[at].surface in _PREPOSITIONS and at + 1 < len(words):
        # في أي عام, إلى متى; but not: من هو.
        following = _without_conjunction(words[at + 1].surface)
        if following in _ALWAYS or following in _OFTEN - _folded("من ما لمن بمن"):
            head = at + 1
    word = _without_conjunction(words[head].surface)
    following = words[head + 1].surface if head + 1 < len(words) else ""
    told = following in _FOLLOWING.get(word, ()) or _is_that_kind(words, head + 1, _KINDS)
    if word == "كم" and head and words[head - 1].surface.isdecimal():
        # 30 كم: kilometres.
        return at
    if not _is_head(word, words[head], following, told=told, begins=begins, asks=asks):
        return at
    if framed and not (told or begins or word in _ALWAYS):
        return at
    end = head + 1
    wanted = _FOLLOWING[word]
    while end < len(words) and not _PARTS.search(words[end - 1].text):
        surface = words[end].surface
        if surface not in wanted and not _is_that_kind(words, end, wanted):
            break
        end += 1
        if _bare(surface) in _COUNTED:
            # What is counted is what the question is about: كم عدد الدول.
            break
        if surface in _PRONOUNS or _kind(surface):
            wanted |= _PRONOUNS | _WAS | _KINDS | _LIGHT
    return end


def _is_that_kind(words: Sequence[LooseWord], at: int, wanted: frozenset[str]) -> bool:
    """Tell whether a kind with its article stands here, as in السنة التي, not in العدد الأولي."""
    if at + 1 >= len(words):
        return False
    return _bare(words[at].surface) in wanted & _KINDS and words[at + 1].surface in _RELATIVES


def _is_head(
    word: str, typed: LooseWord, following: str, *, told: bool, begins: bool, asks: bool
) -> bool:
    """Tell whether a word asks; *told* says that what follows belongs to a question."""
    letters = unicodedata.normalize("NFC", typed.text)
    if "آ" in letters or (word == _UNDER and "إ" not in letters):
        # Folded, آية and آلام are spelt like أية and إلام.
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
        # من العام الماضي and ما كان are no questions.
        told = following in _PRONOUNS
    if word not in _OFTEN:
        return False
    if told:
        return begins or asks
    return asks and (begins or word not in ("ما", "من"))


def _without_conjunction(surface: str) -> str:
    rest = surface[1:]
    return rest if surface[:1] in ("و", "ف") and rest in _FOLLOWING else surface


def _bare(surface: str) -> str:
    return surface.removeprefix("ال")


def _kind(surface: str) -> bool:
    return surface in _KINDS or _bare(surface) in _KINDS
