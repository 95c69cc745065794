"""`marsad cluster`: list the near-duplicates of an article, and how each differs."""

import json
import sys
from typing import Any

import click

from marsad.indexer.build.document import StoredArticle, load_hit
from marsad.indexer.cli.options import (
    LOG,
    REFUSED,
    index_option,
    json_option,
    reports_errors,
    stemming_option,
)
from marsad.indexer.copies.word_diff import Change, word_diff
from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import parts
from marsad.indexer.sync.opening import opened

_MARKS = {"same": "", "added": "+", "removed": "-"}
_SHOWN_WORDS = 6


def cluster_json(engine: Engine, article_id: str) -> dict[str, Any] | None:
    """Return the cluster of an article, or None if the index has no such article.

    The head is the earliest copy; `changes` of a copy lists how its words differ from the head.
    """
    if engine.get(article_id) is None:
        return None
    ids = engine.cluster(article_id) or (article_id,)
    found = [(each, load_hit(hit)) for each in ids if (hit := engine.get(each))]
    head = found[0][1].article.text
    return {
        "id": article_id,
        "size": len(found),
        "head": found[0][0],
        "copies": [_copy(each, stored, head) for each, stored in found],
    }


def _copy(article_id: str, stored: StoredArticle, head: str) -> dict[str, Any]:
    article = stored.article
    changes = word_diff(head, article.text)
    return {
        "id": article_id,
        "title": article.title,
        "published": article.published_iso(),
        "source": article.source,
        "publisher": article.publisher,
        "words_added": sum(len(c.text.split()) for c in changes if c.kind == "added"),
        "words_removed": sum(len(c.text.split()) for c in changes if c.kind == "removed"),
        "changes": [[change.kind, change.text] for change in changes],
    }


@click.command()
@click.argument("article_id", metavar="ID")
@index_option
@json_option
@stemming_option
@reports_errors
def cluster(article_id: str, index_dir: str, as_json: bool, no_stemming: bool) -> None:
    """List the copies of an article, earliest first, with the words that each changed.

    Exit code 1: the index has no such article.
    """
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        shown = cluster_json(engine, article_id)
    if shown is None:
        LOG.error("%s: no article of this id in %s", article_id, index_dir)
        sys.exit(REFUSED)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{shown['size']} copies" if shown["size"] > 1 else "no copies")
    for copy in shown["copies"]:
        day = copy["published"] or "undated"
        click.echo(f"{day:10}  {copy['id']}  {copy['title']}  ({copy['source']})")
        if copy["id"] != shown["head"]:
            click.echo(f"    +{copy['words_added']} -{copy['words_removed']} words: {_brief(copy)}")


def _brief(copy: dict[str, Any]) -> str:
    changes = [Change(kind, text) for kind, text in copy["changes"]]
    return " ".join(_shown(change) for change in changes)


def _shown(change: Change) -> str:
    words = change.text.split()
    if change.kind == "same":
        if len(words) <= _SHOWN_WORDS:
            return change.text
        half = _SHOWN_WORDS // 2
        return " ".join([*words[:half], "…", *words[-half:]])
    return f"[{_MARKS[change.kind]}{change.text}]"
