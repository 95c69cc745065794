"""Monitors: posts and events as monitoring services export them, in tables or in JSON.

CrowdTangle, the Meta Content Library and ACLED.
"""

from collections.abc import Mapping, Sequence

from marsad.corpus.readers.shapes.plain import Fields, Plain, first, headline, inner, string, taken
from marsad.corpus.remarks import Remark

_PAGES = ("Page Name", "Group Name", "Account")
_CREATED = ("Post Created", "Created", "Post Created Date")
_TOTAL = "Total Interactions"
# A table of Facebook posts has both; in one of Instagram posts the description is the post.
_FACEBOOK = "Message"
_INSTEAD = (("Image Text", "the text in the picture"), ("Description", "that of the link"))
_INSTEAD_JSON = (("imageText", "the text in the picture"), ("description", "that of the link"))
_NO_MESSAGE = "a post without a message"


def monitored(record: Fields, _: Sequence[Fields]) -> Plain | None:
    """Return a record of a monitoring service as a plain record, None if it is none."""
    if is_crowdtangle(record):
        return _crowdtangle(record)
    if {"platformId", "postUrl", "account"} <= record.keys():
        return _crowdtangle_json(record)
    if is_meta(record):
        return _meta(record)
    return _acled(record) if is_acled(record) else None


def is_crowdtangle(names: Fields | Sequence[str]) -> bool:
    """Tell whether columns are those of a CrowdTangle table."""
    return (
        any(name in names for name in _PAGES)
        and any(name in names for name in _CREATED)
        and any(name in names for name in (_FACEBOOK, "Description"))
        and any(name.startswith((_TOTAL, "Followers at Posting")) for name in names)
    )


def is_meta(names: Fields | Sequence[str]) -> bool:
    """Tell whether columns are those of the Meta Content Library."""
    owner = any(name in names for name in ("post_owner.name", "post_owner.id", "post_owner"))
    return owner and "creation_time" in names and "text" in names


def is_acled(names: Fields | Sequence[str]) -> bool:
    """Tell whether columns are those of ACLED."""
    return all(name in names for name in ("event_id_cnty", "event_date", "notes", "event_type"))


def _crowdtangle(record: Fields) -> Plain:
    if _FACEBOOK in record:
        text, remarks = _text(record, _FACEBOOK, _INSTEAD)
        title = first(record, "Link Text")
    else:
        text, remarks = _text(record, "Description", _INSTEAD[:1])
        title = first(record, "Title")
    return taken(
        remarks,
        "" if text[1] else _NO_MESSAGE,
        text=text,
        title=title if title[1] else (f"{text[0]} (first line)", headline(text[1])),
        date=first(record, *_CREATED),
        source=first(record, *_PAGES),
        publisher=first(record, *_PAGES),
        url=first(record, "URL"),
    )


def _text(
    record: Fields, usual: str, instead: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], list[Remark]]:
    """Return the name and the text of a post, and a remark if it is not the post's own text."""
    own = string(record.get(usual))
    if own.strip():
        return (usual, own), []
    for name, what in instead:
        other = string(record.get(name))
        if other.strip():
            remark = Remark("text-elsewhere", f"found no {usual}; the text is {what} ({name})")
            return (name, other), [remark]
    return (usual, ""), []


def _crowdtangle_json(record: Fields) -> Plain:
    text, remarks = _text(record, "message", _INSTEAD_JSON)
    title = first(record, "title")
    page = string(inner(record, "account", "name"))
    return taken(
        remarks,
        "" if text[1] else _NO_MESSAGE,
        text=text,
        title=title if title[1] else (f"{text[0]} (first line)", headline(text[1])),
        date=first(record, "date"),
        source=("account.name", page),
        publisher=("account.name", page),
        url=first(record, "postUrl", "link"),
        id=first(record, "platformId"),
        language=first(record, "languageCode"),
    )


def _meta(record: Fields) -> Plain:
    owner = record.get("post_owner")
    within = owner if isinstance(owner, Mapping) else {}
    flat = {**record, **{f"post_owner.{name}": value for name, value in within.items()}}
    page = first(flat, "post_owner.name", "post_owner.username", "post_owner.id")
    text = string(record.get("text"))
    return taken(
        (),
        "" if text.strip() else _NO_MESSAGE,
        text=("text", text),
        title=("text (first line)", headline(text)),
        date=first(record, "creation_time"),
        source=page,
        publisher=page,
        id=first(record, "id", "mcl_id"),
        url=first(record, "url", "mcl_url", "post_url"),
        language=first(record, "lang"),
    )


def _acled(record: Fields) -> Plain:
    notes = string(record.get("notes"))
    return taken(
        (),
        "" if notes.strip() else "an event without notes",
        text=("notes", notes),
        title=("notes (first line)", headline(notes)),
        date=first(record, "event_date"),
        source=first(record, "source"),
        id=first(record, "event_id_cnty"),
    )
