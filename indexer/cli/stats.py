"""`marsad stats`: show what an index holds."""

import json

import click

from marsad.indexer.cli.options import (
    index_option,
    json_option,
    reports_errors,
    stemming_option,
)
from marsad.indexer.parts import parts
from marsad.indexer.sync.opening import opened


@click.command()
@index_option
@json_option
@stemming_option
@reports_errors
def stats(index_dir: str, as_json: bool, no_stemming: bool) -> None:
    """Show the counts of an index; two indexes of the same documents have the same `content`."""
    with opened(index_dir, parts(stemming=not no_stemming)) as engine:
        found = engine.stats()
        losses = engine.lost_commits()
    shown = {name: getattr(found, name) for name in found.__slots__}
    shown["lost_commits"] = list(losses)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for name, value in shown.items():
        if name != "lost_commits":
            click.echo(f"{name:12} {value}")
    for loss in losses:
        click.echo(f"{'damaged':12} {loss}")
