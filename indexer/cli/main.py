"""Main: the group of the indexer's commands. A command's module is imported when it is called."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from marsad.indexer.cli.config import config_error, config_option
from marsad.indexer.cli.logs import FORMATS, configure
from marsad.indexer.compiled import CACHE_VARIABLE, set_cache

COMMANDS = {
    name: f"marsad.indexer.cli.{name}"
    for name in (
        "analyze",
        "check",
        "cluster",
        "compact",
        "complete",
        "entities",
        "explain",
        "extract",
        "index",
        "merge",
        "rebuild",
        "retry",
        "run",
        "search",
        "stats",
        "suggest",
        "sync",
    )
}

# \b keeps the line breaks of a paragraph.
_HELP = """Full-text search for Arabic news of armed conflict.

Results go to stdout; progress, warnings and errors go to stderr. Exit code 0: done; 1: done,
but some records were refused or damage was found; 2: wrong usage, or a file or an index that
cannot be used; 3: a fault of the program; 130: interrupted.

Options may also stand in environment variables (MARSAD_INDEX, MARSAD_ENTITIES, MARSAD_CACHE,
MARSAD_CONFIG) and in a file of settings, marsad.toml in the current folder. The command line
wins over the environment, and the environment over the file:

\b
  index = "news"                     # so `marsad search QUERY` needs no --index
  entities = "names.csv"
  [sources]                          # of index, sync, retry, rebuild and extract
  paths = ["feeds", "old.zip"]       # so `marsad index` needs no SOURCE
  map = { title = "headline" }
  [sync]
  folder = "feeds"                   # so `marsad sync` needs no FOLDER
  [serve]
  port = 9000

Paths in the file count from its own folder.
"""


class Commands(click.Group):
    """A group that knows its commands by name and module, and imports the one that is called."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **more: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **more)
        self.modules = dict(modules)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, imported or not."""
        del ctx
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, None where there is none."""
        del ctx
        module = self.modules.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(module), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Prepare the process and run the command.

        The group's callback would be too late: click imports the command first, and with it
        modules whose kernels look for their cache.
        """
        configure(ctx.params["verbose"], ctx.params["log_format"])
        folder = ctx.params["cache"]
        if folder is not None and (problem := set_cache(folder)):
            hint = f"--cache, {CACHE_VARIABLE} or `cache` of a configuration file"
            raise click.BadParameter(f"{folder}: {problem}", ctx, param_hint=hint)
        try:
            return super().invoke(ctx)
        except click.BadParameter as error:
            in_file = config_error(error)
            if in_file is None:
                raise
            raise in_file from error


@click.group(
    cls=Commands,
    modules=COMMANDS,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="marsad")
@config_option
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    envvar=CACHE_VARIABLE,
    show_envvar=True,
    help="Folder for compiled code [one of the user's, or in /var/tmp].",
)
@click.option(
    "-v",
    "--verbose",
    count=True,
    help="Write what the run does to stderr, with times; -vv writes more.",
)
@click.option(
    "--log-format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Form of warnings, errors and what -v adds.",
)
def marsad(cache: Path | None, verbose: int, log_format: str) -> None:
    """Run one of the commands; see _HELP."""
    # Commands.invoke has used them.
    del cache, verbose, log_format
