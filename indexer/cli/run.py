"""`marsad run`: answer a file of queries and write a TREC run."""

import sys
from functools import partial
from pathlib import Path

import click
from tqdm import tqdm

from marsad.indexer.cli.options import (
    entities_option,
    index_option,
    reports_errors,
    stemming_option,
)
from marsad.indexer.parts import parts
from marsad.indexer.search.trec_runs import read_queries, run_queries
from marsad.indexer.sync.opening import opened


@click.command()
@click.argument("queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@index_option
@entities_option
@click.option(
    "--top",
    default=1_000,
    show_default=True,
    type=click.IntRange(1),
    metavar="K",
    help="Hits per query.",
)
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The run file.")
@click.option("--tag", default="marsad", show_default=True, help="Name of the run.")
@stemming_option
@reports_errors
def run(
    queries: Path,
    index_dir: str,
    entities_file: Path | None,
    top: int,
    output: Path,
    tag: str,
    no_stemming: bool,
) -> None:
    """Answer a file of queries and write a TREC run, ranked by any word.

    QUERIES is .jsonl with `id` and `text`, or .tsv with id and text.
    """
    program = parts(stemming=not no_stemming, entities=entities_file)
    asked = list(read_queries(queries))
    parse = partial(program.parse, any_word=True)
    with opened(index_dir, program) as engine, output.open("w", encoding="utf-8") as file:
        shown = tqdm(asked, unit=" queries", disable=None, file=sys.stderr)
        for line in run_queries(shown, engine, parse, top=top, tag=tag):
            file.write(line + "\n")
