"""Text commands: `analyze` shows terms of a text, `extract` what an article speaks of."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from corpus.article import Article
from corpus.source import Refusal
from indexer.batch import read_articles
from indexer.door import (
    REFUSED,
    complaining,
    entities_option,
    json_option,
    map_option,
    stemming_option,
)
from indexer.extract.extract import extract as extract_article
from indexer.output import extracted_json, token_json
from indexer.registry import parts


@click.command()
@json_option
@stemming_option
def analyze(as_json: bool, no_stemming: bool) -> None:
    """Show the terms of each line of stdin.

    With --json, one array a line: {"text","start","end","terms":{"exact","surface","stem",
    "root"},"rule"}.
    """
    analyzer = parts(stemming=not no_stemming).analyzer
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        tokens = [token_json(token) for token in analyzer.analyze(line)]
        if as_json:
            click.echo(json.dumps(tokens, ensure_ascii=False))
        else:
            click.echo("  ".join(f"{t['text']}>{t['terms']['stem']}" for t in tokens))


@click.command()
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE..."
)
@map_option
@entities_option
@json_option
@complaining
def extract(sources: tuple[Path, ...], mapping: dict[str, str], as_json: bool) -> None:
    """Show the fields, entities and dates of articles.

    With --json, one object an article. Offsets are code points of `title` or `text` and cover a
    name alone; an entity's `text` is the printed words, with the clitics written onto them.
    Exit code 1: some records were refused.
    """
    wanted = parts()
    refused = 0
    for record in read_articles(sources, mapping):
        if isinstance(record, Refusal):
            refused += 1
            click.echo(f"refused {record.path}:{record.line}: {record.reason}", err=True)
            continue
        shown = extracted_json(record, extract_article(record, wanted.finder), wanted.gazetteer)
        click.echo(
            json.dumps(shown, ensure_ascii=False) if as_json else _extracted_text(record, shown)
        )
    if refused:
        sys.exit(REFUSED)


def _extracted_text(article: Article, shown: dict[str, Any]) -> str:
    lines = [
        f"{article.id}  {article.title}",
        f"  published {shown['published'] or 'undated'}, source {article.source}",
    ]
    lines += [f"  {e['type']:12} {e['text']}  ({e['label']})" for e in shown["entities"]]
    lines += [
        f"  date         {d['text']}  ({d['value']}, {d['resolution']})" for d in shown["dates"]
    ]
    return "\n".join(lines)
