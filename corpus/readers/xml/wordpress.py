"""WordPress: the posts of an export (WXR), an RSS file with content and states of posts."""

import re
from typing import Any

from marsad.corpus.readers.xml.text import html_text, local

_SHORTCODE = re.compile(
    r"\[/?(?:caption|gallery|embed|video|audio|playlist|contact-form|(?:vc|et_pb|fusion|su)_\w+)"
    r"(?:\s[^\[\]]{0,2000})?\]"
)
_BLANK = re.compile(r"\n\s*\n")
_NO_POSTS = frozenset(
    [
        "attachment",
        "nav_menu_item",
        "revision",
        "custom_css",
        "customize_changeset",
        "oembed_cache",
        "wp_block",
        "wp_template",
        "wp_template_part",
        "wp_global_styles",
        "wp_navigation",
        "user_request",
        "feedback",
    ]
)
_HIDDEN = frozenset({"draft", "auto-draft", "trash", "private", "pending", "future", "inherit"})


def post(item: Any, channel: Any) -> dict[str, str] | str:  # noqa: ANN401  (lxml's element)
    """Return the fields of a post or page, or why it is no article.

    The number of a post is the same in every blog, so the guid or the address is the id.
    """
    fields = {_name(child): child.text or "" for child in reversed(item) if local(child)}
    title = " ".join(fields.get("title", "").split())
    kind = fields.get("wp:post_type", "post").strip()
    state = fields.get("wp:status", "publish").strip()
    if kind in _NO_POSTS:
        return f"found {title!r:.80}, of the kind {kind}, which is no post"
    if state in _HIDDEN:
        return f"found the post {title!r:.80}, which was not public ({state})"
    text = _text(fields.get("content:encoded", "")) or _text(fields.get("description", ""))
    if not text:
        return f"found the post {title!r:.80} without text"
    site = next((child for child in channel.iter() if local(child) == "channel"), None)
    name = next((c.text or "" for c in site if local(c) == "title"), "") if site is not None else ""
    address = fields.get("link", "").strip()
    return {
        "id": fields.get("guid", "").strip().replace(" ", "%20") or address,
        "title": html_text(title) if "<" in title or "&" in title else title,
        "text": text,
        "date": _date(fields),
        "author": fields.get("dc:creator", "").strip(),
        "publisher": " ".join(name.split()),
        "url": address,
    }


def _name(child: Any) -> str:  # noqa: ANN401
    """Return the name of an element with the usual prefix of its namespace."""
    space, name = child.tag.rpartition("}")[0], local(child)
    for part, prefix in (("wordpress.org/export", "wp"), ("modules/content", "content")):
        if part in space and "excerpt" not in space:
            return f"{prefix}:{name}"
    return f"dc:{name}" if "purl.org/dc" in space else f"excerpt:{name}" if space else name


def _text(html: str) -> str:
    bare = _SHORTCODE.sub("", html)
    # Posts of the old editor have blank lines between paragraphs, and no elements for them.
    return "\n\n".join(text for part in _BLANK.split(bare) if (text := html_text(part)))


def _date(fields: dict[str, str]) -> str:
    local_time = fields.get("wp:post_date", "").strip()
    return local_time if local_time[:4] not in {"", "0000"} else fields.get("pubDate", "").strip()
