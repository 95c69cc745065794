"""Command line: the door of the indexer. A command is loaded when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

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


class Commands(click.Group):
    """A group that knows its commands by name and module, and loads the one that is called."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **more: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **more)
        self.modules = dict(modules)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, loaded or not."""
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


@click.group(
    cls=Commands, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="marsad")
def marsad() -> None:
    """Full-text search for Arabic news of armed conflict.

    Results go to stdout, progress and complaints to stderr. Exit code 0: done; 1: done, but
    some records were refused or damage was found; 2: misuse, or a file or index that cannot be
    used; 3: a fault of the program; 130: interrupted.
    """
