"""WhatsApp: the text export of a chat; each message is an article.

    15/04/2023, 10:00 - Name: text         Android
    [15/04/2023, 10:00:00] Name: text      iOS
    ١٥/٤/٢٠٢٣، ١٠:٠٠ ص - اسم: نص          Arabic, with marks of direction

A line without a date goes on with the message before it. Whether the day or the month comes first
is decided by all dates of the file; if they do not decide it, the day is taken as first and each
message that may be of another day has a remark. The chat is the publisher, its name is in the
name of the file, and the sender is the author.
"""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from marsad.corpus.article import Article
from marsad.corpus.encoding import decode
from marsad.corpus.letters import fold_digits
from marsad.corpus.readers.shapes.plain import headline, taken
from marsad.corpus.readers.shapes.registry import read_plain
from marsad.corpus.remarks import Remark
from marsad.corpus.source import Read, Source

Order = Literal["dmy", "mdy", "ymd"]

# Signs that show the direction of a text.
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = str.maketrans("\u202f\u00a0\u2009", "   ")
_HALF = r"(?:\s?(?:[AaPp]\.?\s?[Mm]\.?|ص|م|صباحا|مساء)\.?)?"
_STAMP = r"(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})(?:\s?[,،]\s?|\s(?:à\s|um\s|at\s)?)"
_TIME = rf"\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?{_HALF}"
_LINE = re.compile(
    rf"(?:\[({_STAMP}{_TIME})\]\s?|({_STAMP}{_TIME})\s[-–]\s)(?P<rest>.*)", re.DOTALL
)
_SENDER = re.compile(r"([^:\n]{1,100}?):(?:\s|$)(.*)", re.DOTALL)
_ENCRYPTED = re.compile("end-to-end encrypted|مشف[ّ]?رة|chiffrés de bout en bout")
_EDITED = re.compile(
    r"\s*<(?:This message was edited|تم تعديل هذه الرسالة|Ce message a été modifié)>"
)
_ATTACHED = re.compile(
    r"(?:.{1,200}\.\w{2,5} \([^()]{3,40}\)|<[^<>:]{3,20}: [^<>]{3,200}>)(?:\n+|$)", re.DOTALL
)
# Such a message of the service has the name of the chat as sender on an iPhone.
_LONGEST_NOTICE = 300
_OMITTED = re.compile(
    r"<[^<>\n]{3,60}>|(?:\w+ ){1,2}omitted|تم [اإ]ستبعاد .{1,40}|.{1,40} (?:absente?|omis)|null"
)
_DELETED = re.compile(
    r"(?:This message was deleted|You deleted this message|تم حذف هذه الرسالة"
    r"|(?:لقد )?(?:قمت بحذف|حذفت) هذه الرسالة|Ce message a été supprimé)\.?"
)
_CHAT = re.compile(
    r"(?:WhatsApp Chat (?:with|-)|Discussion WhatsApp avec|Chat de WhatsApp con"
    r"|(?:ال)?(?:محادثة|دردشة|محادثات)(?: على| عبر)? (?:ال)?وات ?س ?اب (?:مع|-))\s*"
    r"([^/!]{1,200}?)(?: \(\d+\))?\.(?:txt|zip)"
)
_LEAST_LINES, _LAST_MONTH, _LAST_DAY = 3, 12, 31


def is_whatsapp(text: str, named: str) -> bool:
    """Tell whether a text is the export of a chat: its first line and others begin a message.

    Three messages are enough, two of them with a sender; or two if one is the usual notice.
    """
    if named not in {"", "layout"} or _LINE.match(_plain(text.partition("\n")[0])) is None:
        return False
    lines = _plain(text).split("\n")
    found = [line[begin[1] :] for line in lines if (begin := _begin(line))]
    sent = sum(_SENDER.match(rest) is not None for rest in found)
    noticed = any(_ENCRYPTED.search(rest) or _OMITTED.search(rest) for rest in found[:5])
    return len(found) >= _LEAST_LINES - noticed and sent >= _LEAST_LINES - 1 - noticed


@dataclass(slots=True)
class _Message:
    number: int
    stamp: str
    parts: tuple[int, int, int]
    rest: str


def read_whatsapp(raw: bytes, source: Source) -> Iterator[Read]:
    """Yield the article of each message, and why a message has none.

    Raises:
        RecordError: the bytes are not text.
    """
    messages = list(_messages(decode(raw)))
    order, sure = order_of([message.parts for message in messages])
    chat = chat_of(source.name)
    met: Counter[str] = Counter()
    for message in messages:
        yield _read(message, chat, order, sure, met, source)


def _plain(text: str) -> str:
    return fold_digits(_MARKS.sub("", text).translate(_SPACES))


def _begin(line: str) -> tuple[tuple[int, int, int], int] | None:
    """Return the numbers of the date of a line and where its message begins, None if none does."""
    match = _LINE.match(line)
    if match is None:
        return None
    first = 2 if match[1] else 6
    parts = (int(match[first]), int(match[first + 1]), int(match[first + 2]))
    return parts, match.start("rest")


def _messages(text: str) -> Iterator[_Message]:
    """Yield the messages of an export; a line that begins none goes on with the last one."""
    present: _Message | None = None
    for number, line in enumerate(text.split("\n"), 1):
        shown = _MARKS.sub("", line).translate(_SPACES)
        begin = _begin(fold_digits(shown))
        if begin is None:
            if present is not None:
                present.rest += "\n" + _MARKS.sub("", line)
            continue
        if present is not None:
            yield present
        parts, place = begin
        present = _Message(number, shown[:place].strip(" []-–"), parts, shown[place:])
    if present is not None:
        yield present


def order_of(dates: list[tuple[int, int, int]]) -> tuple[Order, bool]:
    """Return the order of day, month and year in the dates of a file, and whether it is sure.

    A number above 12 is no month. Without one, the order is the one in which time never runs
    backwards.

    Example:
        >>> order_of([(4, 5, 2023), (4, 15, 2023)]), order_of([(4, 5, 2023)])
        (('mdy', True), ('dmy', False))
    """
    if any(first > _LAST_DAY for first, _, _ in dates):
        return "ymd", True
    day_first = any(first > _LAST_MONTH for first, _, _ in dates)
    month_first = any(second > _LAST_MONTH for _, second, _ in dates)
    if day_first != month_first:
        return ("dmy" if day_first else "mdy"), True
    if day_first:
        return "dmy", False
    forward = [_runs_forward(dates, order) for order in ("dmy", "mdy")]
    if forward[0] != forward[1]:
        return ("dmy" if forward[0] else "mdy"), True
    return "dmy", all(first == second for first, second, _ in dates)


def _runs_forward(dates: list[tuple[int, int, int]], order: Order) -> bool:
    days = [day for parts in dates if (day := _day(parts, order))]
    return all(one <= two for one, two in pairwise(days))


def _day(parts: tuple[int, int, int], order: Order) -> dt.date | None:
    first, second, third = parts
    day, month, year = {
        "dmy": (first, second, third),
        "mdy": (second, first, third),
        "ymd": (third, second, first),
    }[order]
    try:
        return dt.date(year if year >= 100 else 2000 + year, month, day)  # noqa: PLR2004
    except ValueError:
        return None


def chat_of(name: str) -> str:
    """Return the name of the chat in the name of an export, empty if it has none.

    Example:
        >>> chat_of("in/WhatsApp Chat with لجان المقاومة.txt"), chat_of("_chat.txt")
        ('لجان المقاومة', '')
    """
    found = _CHAT.search(_MARKS.sub("", name))
    return found[1].strip() if found else ""


def _read(
    message: _Message, chat: str, order: Order, sure: bool, met: Counter[str], source: Source
) -> Read:
    match = _SENDER.match(message.rest)
    sender, text = (match[1].strip(), match[2]) if match else ("", message.rest)
    text = _EDITED.sub("", _ATTACHED.sub("", text.strip(), count=1)).strip()
    skipped = ""
    if match is None or (_ENCRYPTED.search(text) and len(text) < _LONGEST_NOTICE):
        skipped = "a service message"
    elif not text or _OMITTED.fullmatch(text):
        skipped = "a message without text (media)"
    elif _DELETED.fullmatch(text):
        skipped = "a deleted message"
    day = _day(message.parts, order)
    remarks = []
    if not sure and message.parts[0] != message.parts[1]:
        found = f"found {message.stamp}; day or month first? The day was taken as first"
        remarks.append(Remark("date-ambiguous", found))
    key = f"{chat}\n{message.stamp}\n{sender}\n{text}"
    met[key] += 1
    digest = hashlib.blake2b(f"{key}\n{met[key]}".encode("utf-8", "replace"), digest_size=8)
    made = taken(
        remarks,
        skipped,
        text=("text", text),
        title=("text (first line)", headline(text)),
        id=("chat, time, sender and text", digest.hexdigest()),
        date=("time", day.isoformat() if day else message.stamp),
        source=("chat", chat),
        publisher=("chat", chat),
        author=("sender", sender),
    )
    record = f"{message.stamp} {message.rest}".encode("utf-8", "surrogatepass")
    read = read_plain(made, source, message.number, record, "")
    return replace(read, printed_date=message.stamp) if isinstance(read, Article) and day else read
