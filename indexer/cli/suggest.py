"""`marsad suggest`: offer other words for those that few articles hold."""

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
    """Offer other words for those of a QUERY that few articles hold.

    Near spellings, like sounds, the other keyboard layout, the other alphabet: each with the
    number of articles that hold it. Nothing is searched for.
    """
    wanted = parts(entities=entities_file)
    with opened(index_dir, wanted) as engine:
        parsed = wanted.parse(query)
        offers = find_offers(parsed, vocabulary_of(engine), engine, wanted.analyzer)
    if as_json:
        click.echo(json.dumps([offer_json(offer) for offer in offers], ensure_ascii=False))
        return
    for offer in offers:
        click.echo(f"{offer.asked}: {offer.text}  ({offer.kind}, {offer.count} articles)")
