"""`marsad complete`: complete the last word of a query."""

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
    """Complete the last word of TYPED, as the search box of the page does.

    Names of entities come first, then words of the index, each with its number of articles.
    """
    program = parts(entities=entities_file)
    with opened(index_dir, program) as engine:
        completer = Completer(engine, program.gazetteer, vocabulary_of(engine).counts)
        found = completer.complete(typed, lang, limit)
    if as_json:
        click.echo(json.dumps([completion_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.text}  ({one.kind}, {one.count} articles)")
