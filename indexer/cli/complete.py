"""`marsad complete`: show what the end of a query may become."""

import json
from pathlib import Path

import click

from marsad.indexer.cli.options import (
    QueryCommand,
    entities_option,
    index_option,
    json_option,
    query_argument,
    reports_errors,
)
from marsad.indexer.parts import parts
from marsad.indexer.search.complete import LANGUAGES, MOST, Completer, completion_json
from marsad.indexer.search.suggest import vocabulary_of
from marsad.indexer.sync.opening import opened


@click.command(cls=QueryCommand)
@query_argument("typed")
@click.option("--lang", default="ar", show_default=True, type=click.Choice(LANGUAGES))
@click.option("--limit", default=MOST, show_default=True, type=click.IntRange(1, 100))
@index_option
@entities_option
@json_option
@reports_errors
def complete(
    typed: str, lang: str, limit: int, index_dir: str, entities_file: Path | None, as_json: bool
) -> None:
    """Show what the end of TYPED may become, as the box of the page does.

    Names of entities first, then words of the index, each with its articles.
    """
    wanted = parts(entities=entities_file)
    with opened(index_dir, wanted) as engine:
        completer = Completer(engine, wanted.gazetteer, vocabulary_of(engine).counts)
        found = completer.complete(typed, lang, limit)
    if as_json:
        click.echo(json.dumps([completion_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.text}  ({one.kind}, {one.count} articles)")
