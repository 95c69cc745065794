"""`marsad extract`: show the fields, entities and dates of articles."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from marsad.corpus.article import Article
from marsad.corpus.printable import printable
from marsad.corpus.source import Refusal
from marsad.indexer.build.batch import read_articles
from marsad.indexer.cli.options import (
    REFUSED,
    entities_option,
    json_option,
    map_option,
    reports_errors,
    sources_argument,
)
from marsad.indexer.cli.output import extracted_json
from marsad.indexer.extract.extract import extract as extract_article
from marsad.indexer.parts import parts


@click.command()
@sources_argument
@map_option
@entities_option
@json_option
@reports_errors
def extract(
    sources: tuple[Path, ...], mapping: dict[str, str], entities_file: Path | None, as_json: bool
) -> None:
    """Show the fields, entities and dates of articles.

    With --json, one object for each article. Offsets count code points of `title` or `text` and
    cover the name without clitics; the `text` of an entity is the printed words, with clitics.
    Exit code 1: some records were refused.
    """
    program = parts(entities=entities_file)
    refused = 0
    for record in read_articles(sources, mapping):
        if isinstance(record, Refusal):
            refused += 1
            told = f"refused {record.path}:{record.line}: {record.reason}"
            click.echo(printable(told), err=True)
            continue
        shown = extracted_json(record, extract_article(record, program.finder), program.gazetteer)
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
