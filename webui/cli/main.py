"""The `marsad` command: the indexer's commands, and `serve`."""

import sys
import traceback

import click

from marsad.indexer.cli.main import marsad

marsad.modules["serve"] = "marsad.webui.cli.serve"

__all__ = ["main", "marsad"]

# 0 and 1 mean that a run was done, 2 is wrong usage. 130 is 128 + SIGINT, as in shells.
FAULT, INTERRUPTED = 3, 130


def main() -> None:
    """Run the command line."""
    try:
        code = marsad.main(prog_name="marsad", standalone_mode=False)
    except click.Abort:
        click.echo("marsad: interrupted; committed batches stay in the index", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception:  # noqa: BLE001  (a crash must not end with 1, which means: done)
        traceback.print_exc()
        click.echo(
            "marsad: a fault of the program ended this run; committed batches stay in the index",
            err=True,
        )
        sys.exit(FAULT)
    sys.exit(code if isinstance(code, int) else 0)
