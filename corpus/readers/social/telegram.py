"""Telegram: the messages of a JSON export, of one chat or of a whole account.

    {"name", "type", "id", "messages": [message]} -> a plain record for each message

The channel is the publisher. The source of a forwarded message is whom it was forwarded from, and
of any other the channel. The author is who wrote in a group, or signed in a channel. Times of
edits and the numbers of answered messages are not kept.
"""

from collections.abc import Mapping, Sequence

from marsad.corpus.identity import name_of_scope
from marsad.corpus.readers.shapes.plain import Fields, Plain, first, headline, inner, string, taken

_KINDS = frozenset({"message", "service", "unsupported"})
_OF_CHAT = ("name", "type", "id")
_MEDIA = ("media_type", "photo", "file", "sticker_emoji", "location_information", "contact")


def is_chat(record: Fields) -> bool:
    """Tell whether an object is a chat with its messages."""
    return isinstance(record.get("messages"), list) and "type" in record and "id" in record


def message(record: Fields, enclosing: Sequence[Fields]) -> Plain | None:
    """Return a message of an export as a plain record, None if the record is none.

    Args:
        record: The message.
        enclosing: The objects around it, the innermost last; one of them is the chat.
    """
    if is_chat(record) and not record["messages"]:
        return Plain({}, skipped="a chat without messages", known=True)
    if _is_message(record):
        chat = next((each for each in reversed(enclosing) if _is_head(each)), {})
        return _message(record, chat)
    return _of_library(record) if _is_of_library(record) else None


def _is_message(record: Fields) -> bool:
    return (
        string(record.get("type")) in _KINDS
        and "id" in record
        and "text" in record
        and ("date" in record or ("action" in record and record.get("type") == "service"))
        and any(name in record for name in ("date_unixtime", "from_id", "from", "actor", "action"))
    )


def _is_head(record: Fields) -> bool:
    return "type" in record and "id" in record


def _message(record: Fields, chat: Fields) -> Plain:
    name = string(chat.get("name")) or _sender(record, "channel")
    channel = string(chat.get("id")) or string(record.get("from_id")).removeprefix("channel")
    number = string(record.get("id"))
    author = string(record.get("author")) or _sender(record)
    if author == name:
        author = ""
    text = text_of(record.get("text")) or _poll(record)
    forwarded = string(record.get("forwarded_from"))
    handle = string(first(chat, "username", "link_name")[1]).lstrip("@")
    skipped = ""
    if record.get("type") != "message":
        skipped = f"a service message ({string(record.get('action')) or record['type']})"
    elif not text.strip():
        media = next((each for each in _MEDIA if record.get(each)), "media")
        skipped = f"a message without text ({string(record.get('media_type')) or media})"
    return taken(
        (),
        skipped,
        text=("text", text),
        title=("text (first line)", headline(text)),
        id=("id", f"{name_of_scope(channel or name)}:{number}" if channel or name else number),
        date=first(record, "date", "date_unixtime"),
        source=("forwarded_from", forwarded) if forwarded else ("name", name),
        publisher=("name", name),
        author=("from", author),
        url=("username", f"https://t.me/{handle}/{number}" if handle else ""),
    )


def _sender(record: Fields, kind: str = "") -> str:
    return string(record.get("from")) if string(record.get("from_id")).startswith(kind) else ""


def text_of(given: object) -> str:
    """Return the text of a message, which is a string, or a list of strings and formatted pieces.

    Example:
        >>> text_of(["قال ", {"type": "bold", "text": "المتحدث"}])
        'قال المتحدث'
    """
    if not isinstance(given, list):
        return string(given)
    return "".join(
        string(piece.get("text")) if isinstance(piece, Mapping) else string(piece)
        for piece in given
    )


def _poll(record: Fields) -> str:
    question = string(inner(record, "poll", "question"))
    answers = inner(record, "poll", "answers")
    lines = [text_of(each.get("text")) for each in answers or () if isinstance(each, Mapping)]
    return "\n".join([question, *lines]) if question else ""


def _is_of_library(record: Fields) -> bool:
    """Tell whether a record is a message as Telethon and its crawlers write it."""
    return (
        string(record.get("_")) in {"Message", "MessageService"}
        and "peer_id" in record
        and "id" in record
        and "date" in record
    )


def _of_library(record: Fields) -> Plain:
    peer = record["peer_id"]
    numbers = peer if isinstance(peer, Mapping) else {"channel_id": peer}
    channel = string(first(numbers, "channel_id", "chat_id", "user_id")[1])
    text = string(record.get("message"))
    number = string(record.get("id"))
    chat = inner(record, "chat", "title") or inner(record, "chat", "username")
    handle = string(inner(record, "chat", "username"))
    return taken(
        (),
        "" if text.strip() else "a message without text",
        text=("message", text),
        title=("message (first line)", headline(text)),
        id=("id", f"{channel}:{number}"),
        date=first(record, "date"),
        source=("fwd_from.from_name", inner(record, "fwd_from", "from_name") or chat),
        publisher=("chat", chat),
        author=first(record, "post_author"),
        url=("chat.username", f"https://t.me/{handle}/{number}" if handle else ""),
    )
