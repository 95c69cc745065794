"""Options: the options that commands share, their exit codes, and how errors are reported."""

import errno
import logging
import os
import re
import sys
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

import click

from marsad.corpus.columns import FIELDS, parse_mapping
from marsad.corpus.errors import CorpusError
from marsad.corpus.printable import printable
from marsad.indexer.build.reports import BATCH, Notes
from marsad.indexer.errors import IndexerError, PicklableError
from marsad.indexer.query.strictness import STRICTNESSES, SWITCHES

P = ParamSpec("P")
R = TypeVar("R")

REFUSED, MISUSE = 1, 2
LOG = logging.getLogger("marsad.cli")


class CommandError(PicklableError, click.ClickException):
    """A command cannot be done; printed as other errors are, with exit code 2."""

    exit_code = MISUSE

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message."""
        click.echo(f"marsad: {printable(self.message)}", err=True, file=file)


def fails_on(fail_on: Collection[str], notes: Notes) -> bool:
    """Tell whether a run with these *notes* ends with exit code 1, as --fail-on says."""
    return ("skipped" in fail_on and bool(notes.skipped.total())) or (
        "remarks" in fail_on and bool(notes.remarked)
    )


def file_fault(error: OSError) -> str:
    """Return the sentence for an error of the file system."""
    place = error.filename or "a file of this run"
    return f"{place}: {error.strerror or error}; committed batches stay in the index"


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Report the program's own errors and file errors as one line on stderr, with exit code 2."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (IndexerError, CorpusError) as error:
            LOG.error("%s", error)  # noqa: TRY400  (the message says it all)
        except OSError as error:
            if error.errno == errno.EPIPE:
                # The reader of a pipe has gone, as `head` does: click ends quietly.
                raise
            LOG.error("%s", file_fault(error))  # noqa: TRY400
        sys.exit(MISUSE)

    return guarded


# An argument of a process cannot hold this character, so it can mark parts of a query.
_GUARD = "\0"
_OPTION = re.compile(r"--?[A-Za-z][\w-]*(=.*)?|--|-", re.DOTALL)


class QueryCommand(click.Command):
    """A command whose query may begin with a minus: `marsad search '-كلمة هدنة'`.

    One or two minus signs before a single Latin word make an option, known or not. Anything else
    that begins with a minus is part of the query.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Mark arguments that begin with a minus but are no options."""
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


def _given_or_configured(
    context: click.Context, parameter: click.Parameter, given: tuple[Path, ...]
) -> tuple[Path, ...]:
    # Click before 8.2 looks up no defaults for an argument that takes any number of values.
    configured = context.lookup_default(parameter.name or "") or ()
    sources = given or tuple(Path(each) for each in configured)
    if not sources:
        raise click.MissingParameter(ctx=context, param=parameter)
    return sources


sources_argument = click.argument(
    "sources",
    nargs=-1,
    type=click.Path(path_type=Path),
    metavar="SOURCE...",
    callback=_given_or_configured,
)


def query_argument(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that adds the argument *name*, a query, to a `QueryCommand`.

    It removes the mark that the command puts before a query that begins with a minus.
    """
    return click.argument(name, callback=_unguarded)


INDEX_VARIABLE = "MARSAD_INDEX"
index_option = click.option(
    "--index",
    "index_dir",
    required=True,
    metavar="DIR",
    envvar=INDEX_VARIABLE,
    show_envvar=True,
    help="Folder of the index.",
)
stemming_option = click.option(
    "--no-stemming", is_flag=True, help="Only fold words, without stemming; for measurements."
)


entities_option = click.option(
    "--entities",
    "entities_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="MARSAD_ENTITIES",
    show_envvar=True,
    help="Your own authority file. Its entities win over the bundled ones.",
)


def _mapping(
    context: click.Context, parameter: click.Parameter, given: str | dict[str, str]
) -> dict[str, str]:
    try:
        # A configuration file gives a table.
        return dict(given) if isinstance(given, Mapping) else parse_mapping(given)
    except ValueError as error:
        raise click.BadParameter(
            f"{error}: expected FIELD=COLUMN, FIELD one of {', '.join(FIELDS)}", context, parameter
        ) from error


map_option = click.option(
    "--map",
    "mapping",
    default="",
    type=click.UNPROCESSED,
    metavar="FIELD=COLUMN,...",
    callback=_mapping,
    help="Columns of tables or keys of objects, such as title=headline,text=body.",
)
namespace_option = click.option(
    "--namespace",
    default="",
    metavar="NAME",
    help="What ids that are bare numbers are scoped by, in place of their site: NAME:5.",
)
follow_links_option = click.option(
    "--follow-links", is_flag=True, help="Read links that lead out of a source folder, too."
)
fail_on_option = click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(("skipped", "remarks")),
    help="Exit code 1 also for skipped files or articles with remarks; may be repeated.",
)
level_option = click.option(
    "--level",
    type=click.Choice(STRICTNESSES),
    default="default",
    show_default=True,
    help="How words match: as printed; folded; in any form or name; by root.",
)
any_option = click.option(
    "--any", "any_word", is_flag=True, help="Rank articles with any word instead of requiring all."
)
without_option = click.option(
    "--without",
    "off",
    multiple=True,
    type=click.Choice(SWITCHES),
    help="Do not match words by this rule; may be repeated.",
)
not_lemma_option = click.option(
    "--not-lemma",
    "not_lemmas",
    multiple=True,
    metavar="LEMMA",
    help="Read no word as a form of this lemma; may be repeated.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
quarantine_option = click.option(
    "--quarantine",
    type=click.Path(path_type=Path),
    help="File for refused records [DIR.quarantine.jsonl].",
)
batch_option = click.option(
    "--batch", default=BATCH, show_default=True, type=click.IntRange(1), help="Records per commit."
)
workers_option = click.option(
    "--workers",
    default=os.cpu_count() or 1,
    show_default="one per core",
    type=click.IntRange(1),
    help="Processes that analyse articles; a small run needs one.",
)
