"""`marsad analyze`: show the terms of a text."""

import json
import sys

import click

from marsad.indexer.cli.options import (
    json_option,
    stemming_option,
)
from marsad.indexer.cli.output import token_json
from marsad.indexer.parts import parts


@click.command()
@json_option
@stemming_option
def analyze(as_json: bool, no_stemming: bool) -> None:
    """Show the terms of each line of standard input.

    With --json, each line gives an array of objects
    {"text","start","end","terms":{"exact","surface","stem","root"},"rule"}.
    """
    analyzer = parts(stemming=not no_stemming).analyzer
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        tokens = [token_json(token) for token in analyzer.analyze(line)]
        if as_json:
            click.echo(json.dumps(tokens, ensure_ascii=False))
        else:
            click.echo("  ".join(f"{t['text']}>{t['terms']['stem']}" for t in tokens))
