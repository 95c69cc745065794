"""`marsad suggest`: suggest other words for rare words of a query."""

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
from marsad.indexer.cli.output import offer_json
from marsad.indexer.parts import parts
from marsad.indexer.search.suggest import suggest as find_offers
from marsad.indexer.search.suggest import vocabulary_of
from marsad.indexer.sync.opening import opened


@click.command(cls=QueryCommand)
@query_argument("query")
@index_option
@entities_option
@json_option
@reports_errors
def suggest(query: str, index_dir: str, entities_file: Path | None, as_json: bool) -> None:
    """Suggest other words for words of QUERY that few articles have.

    Near spellings, similar sounds, the other keyboard layout, the other alphabet, each with its
    number of articles. The query itself is not run.
    """
    program = parts(entities=entities_file)
    with opened(index_dir, program) as engine:
        parsed = program.parse(query)
        offers = find_offers(parsed, vocabulary_of(engine), engine, program.analyzer)
    if as_json:
        click.echo(json.dumps([offer_json(offer) for offer in offers], ensure_ascii=False))
        return
    for offer in offers:
        click.echo(f"{offer.asked}: {offer.text}  ({offer.kind}, {offer.count} articles)")
