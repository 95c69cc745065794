"""Tweets: posts of X (Twitter), of its interfaces 1.1 and 2, of archives and of twarc."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from marsad.corpus.published import read_published
from marsad.corpus.readers.shapes.plain import Fields, Plain, first, headline, inner, string, taken
from marsad.corpus.remarks import Remark

SERVICE = "X"
_CREATED = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d:\d\d:\d\d [+-]\d{4}) (\d{4})")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UNKNOWN = frozenset({"und", "qme", "qst", "zxx", "qht", "qam", "qct", "art"})
_OF_ONE = frozenset(
    {"user", "retweet_count", "favorite_count", "entities", "display_text_range"}
) | {
    "extended_tweet",
    "truncated",
}
_OF_TWO = frozenset(
    {"edit_history_tweet_ids", "conversation_id", "public_metrics", "referenced_tweets"}
)
_RETWEET = re.compile(r"RT @(\w{1,20}): ")


def tweet(record: Fields, enclosing: Sequence[Fields]) -> Plain | None:
    """Return a post of X as a plain record, None if the record is none."""
    held = record.get("tweet")
    if isinstance(held, Mapping) and record.keys() <= {"tweet"}:
        record = held
    if _is_one(record):
        return _one(record, enclosing)
    return _two(record, enclosing) if _is_two(record) else None


def _is_one(record: Fields) -> bool:
    has_text = any(isinstance(record.get(name), str) for name in ("full_text", "text"))
    is_post = "id_str" in record and "created_at" in record and has_text
    return is_post and ("full_text" in record or len(_OF_ONE & record.keys()) > 1)


def _is_two(record: Fields) -> bool:
    is_post = isinstance(record.get("text"), str) and "id" in record and "id_str" not in record
    return is_post and (
        "edit_history_tweet_ids" in record
        or ("author_id" in record and not _OF_TWO.isdisjoint(record))
    )


def _one(record: Fields, enclosing: Sequence[Fields]) -> Plain:
    remarks = []
    repeated = record.get("retweeted_status")
    user = _user_of(record, enclosing)
    name, text = _text_of(record)
    author, origin = user, user
    if isinstance(repeated, Mapping):
        # The text of a retweet is cut; that of the retweeted post is whole.
        name, text = _text_of(repeated)
        name = f"retweeted_status.{name}"
        origin = _user_of(repeated, ())
    elif match := _RETWEET.match(text):
        origin = {"screen_name": match[1]}
    quoted = record.get("quoted_status")
    if isinstance(quoted, Mapping) or record.get("is_quote_status"):
        remarks.append(_left_out(record.get("quoted_status_id_str")))
    if record.get("truncated") is True and not isinstance(record.get("extended_tweet"), Mapping):
        remarks.append(Remark("text-cut", "found a post that the service cut, without full_text"))
    return _made(record, (name, text), author, origin, remarks)


def _text_of(record: Fields) -> tuple[str, str]:
    whole = inner(record, "extended_tweet", "full_text")
    if isinstance(whole, str) and whole:
        return "extended_tweet.full_text", whole
    name, text = first(record, "full_text", "text")
    return name, string(text)


def _user_of(record: Fields, enclosing: Sequence[Fields]) -> Fields:
    user = record.get("user")
    if isinstance(user, Mapping):
        return user
    author = record.get("author")
    if isinstance(author, Mapping):
        return author
    wanted = string(record.get("author_id"))
    return next((each for each in _included(enclosing, "users") if each.get("id") == wanted), {})


def _included(enclosing: Sequence[Fields], kind: str) -> Iterator[Fields]:
    for outer in enclosing:
        given = inner(outer, "includes", kind)
        if isinstance(given, list):
            yield from (each for each in given if isinstance(each, Mapping))


def _two(record: Fields, enclosing: Sequence[Fields]) -> Plain:
    remarks = []
    name, text = "text", string(record.get("text"))
    long = inner(record, "note_tweet", "text")
    if isinstance(long, str) and long:
        name, text = "note_tweet.text", long
    user = _user_of(record, enclosing)
    origin = user
    for kind, number in _references(record):
        if kind == "quoted":
            remarks.append(_left_out(number))
        elif kind == "retweeted":
            found = _referenced(record, enclosing, number)
            whole = string(inner(found, "note_tweet", "text")) or string(found.get("text"))
            name, text = ("referenced_tweets.text", whole) if whole else (name, text)
            origin = _user_of(found, enclosing) if found else {}
            match = _RETWEET.match(text)
            if not whole:
                remarks.append(Remark("text-cut", "found a retweet without the retweeted post"))
            if not origin and match:
                origin = {"username": match[1]}
    return _made(record, (name, text), user, origin, remarks)


def _references(record: Fields) -> Iterator[tuple[str, str]]:
    given = record.get("referenced_tweets")
    for each in given if isinstance(given, list) else ():
        if isinstance(each, Mapping):
            yield string(each.get("type")), string(each.get("id"))


def _referenced(record: Fields, enclosing: Sequence[Fields], number: str) -> Fields:
    # twarc puts the post into the reference itself.
    given = record.get("referenced_tweets")
    held = [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    for each in (*_included(enclosing, "tweets"), *held):
        if string(each.get("id")) == number and isinstance(each.get("text"), str):
            return each
    return {}


def _left_out(number: object) -> Remark:
    which = f" {string(number)}" if string(number) else ""
    return Remark("part-left-out", f"found a quoted post{which}, which is an article of its own")


def _made(
    record: Fields,
    text: tuple[str, str],
    author: Fields,
    origin: Fields,
    remarks: Sequence[Remark],
) -> Plain:
    name, written = text[0], unescape(text[1])
    identifier = first(record, "id_str", "id")
    handle = string(first(author, "screen_name", "username")[1])
    language = string(record.get("lang"))
    number = string(identifier[1])
    return taken(
        remarks,
        "" if written.strip() else "a post without text",
        text=(name, written),
        title=(f"{name} (first line)", headline(written)),
        id=(identifier[0], number),
        date=("created_at", _date(string(record.get("created_at")))),
        author=("user.name", _name(author)),
        source=("user.name of the text", _name(origin) or _name(author)),
        publisher=("service", SERVICE),
        url=("address", f"https://x.com/{handle}/status/{number}" if handle and number else ""),
        language=("lang", "" if language in _UNKNOWN else language),
    )


def _name(user: Mapping[str, Any]) -> str:
    return string(first(user, "name", "screen_name", "username")[1])


def _date(given: str) -> str:
    """Return a time of creation in a form that is read as a date."""
    if read_published(given) is not None:
        return given
    match = _CREATED.fullmatch(given)
    if match is None or match[1] not in _MONTHS:
        return given
    return f"{match[4]}-{_MONTHS.index(match[1]) + 1:02}-{match[2]}T{match[3]}"
