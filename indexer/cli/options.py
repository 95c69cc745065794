"""Door: what the commands of the indexer share: their options, and how faults are told."""

import errno
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from marsad.corpus.columns import FIELDS, parse_mapping
from marsad.corpus.errors import CorpusError
from marsad.indexer.errors import IndexerError
from marsad.indexer.query.strictness import STRICTNESSES, SWITCHES

P = ParamSpec("P")
R = TypeVar("R")

REFUSED, MISUSE = 1, 2


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the program's own errors and those of files into a line on stderr and exit code 2."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (IndexerError, CorpusError) as error:
            click.echo(f"marsad: {error}", err=True)
        except OSError as error:
            if error.errno == errno.EPIPE:
                # Nobody reads on: click ends quietly.
                raise
            place = error.filename or "a file of this run"
            click.echo(
                f"marsad: {place}: {error.strerror or error}; what was committed stays", err=True
            )
        sys.exit(MISUSE)

    return guarded


# No argument of a program holds this, so that it marks one which click must not take for options.
_GUARD = "\0"
_OPTION = re.compile(r"--?[A-Za-z][\w-]*(=.*)?|--|-", re.DOTALL)


class QueryCommand(click.Command):
    """A command whose query may begin with a minus: `marsad search '-كلمة هدنة'`.

    What looks like an option is one, known or not; a minus before anything but one plain Latin
    word is part of a query.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hide queries from the parser of options."""
        own = args[: args.index("--")] if "--" in args else args
        options = (each for each in self.params if isinstance(each, click.Option))
        takers = {name for each in options if not each.is_flag for name in each.opts}
        guarded = [
            _GUARD + arg
            if arg.startswith("-") and before not in takers and not _OPTION.fullmatch(arg)
            else arg
            for before, arg in zip(["", *own], own, strict=False)
        ]
        return super().parse_args(ctx, guarded + args[len(own) :])


def _unguarded(context: click.Context, parameter: click.Parameter, given: str) -> str:
    del context, parameter
    return given.removeprefix(_GUARD)


def query_argument(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return the decorator of a query's argument, in a `QueryCommand`."""
    return click.argument(name, callback=_unguarded)


index_option = click.option(
    "--index", "index_dir", required=True, metavar="DIR", help="Folder of the index."
)
stemming_option = click.option(
    "--no-stemming", is_flag=True, help="Fold words only, to measure what the stemmer is worth."
)


entities_option = click.option(
    "--entities",
    "entities_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="MARSAD_ENTITIES",
    show_envvar=True,
    help="Your own authority file. Its entities win over the bundled ones.",
)


def _mapping(context: click.Context, parameter: click.Parameter, given: str) -> dict[str, str]:
    try:
        return parse_mapping(given)
    except ValueError as error:
        raise click.BadParameter(
            f"{error}: expected FIELD=COLUMN, FIELD one of {', '.join(FIELDS)}", context, parameter
        ) from error


map_option = click.option(
    "--map",
    "mapping",
    default="",
    metavar="FIELD=COLUMN,...",
    callback=_mapping,
    help="Columns of tables and objects, as title=headline,text=body.",
)
level_option = click.option(
    "--level",
    type=click.Choice(STRICTNESSES),
    default="default",
    show_default=True,
    help="How alike words must be: as printed; folded; any form or name; any word of the root.",
)
any_option = click.option(
    "--any", "any_word", is_flag=True, help="Rank by any word instead of asking for all."
)
without_option = click.option(
    "--without",
    "off",
    multiple=True,
    type=click.Choice(SWITCHES),
    help="Join no words by this rule; may be given several times.",
)
not_lemma_option = click.option(
    "--not-lemma",
    "not_lemmas",
    multiple=True,
    metavar="LEMMA",
    help="Read no word as a form of this lemma; may be given several times.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
