"""Interrupts: a run that is interrupted ends in order, and its report says so.

SIGINT raises KeyboardInterrupt; with `terminable`, SIGTERM raises `Terminated`. The exit codes are
those of shells: 128 and the number of the signal.
"""

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from marsad.indexer.cli.options import MISUSE
from marsad.indexer.cli.report import FAULTS, ending, write_fault_report
from marsad.indexer.errors import IndexerError

_BASE = 128


class InterruptedRunError(IndexerError):
    """A signal ended a run."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"interrupted by {signal.Signals(number).name}; committed batches stay in the index"
        )
        self.number = number


class Terminated(SystemExit):
    """SIGTERM has come: the process ends with its code."""

    def __init__(self) -> None:
        super().__init__(_BASE + signal.SIGTERM)


# What ends a run and is reported.
ENDINGS = (*FAULTS, click.UsageError, KeyboardInterrupt, Terminated)


def fault_of(error: BaseException) -> tuple[int, Exception]:
    """Return the exit code for what ended a run, and the error that its report gives."""
    if isinstance(error, KeyboardInterrupt):
        return _BASE + signal.SIGINT, InterruptedRunError(signal.SIGINT)
    if isinstance(error, Terminated):
        return _BASE + signal.SIGTERM, InterruptedRunError(signal.SIGTERM)
    if isinstance(error, click.ClickException):
        return MISUSE, IndexerError(error.format_message())
    return MISUSE, error if isinstance(error, Exception) else IndexerError(str(error))


@contextmanager
def terminable() -> Iterator[None]:
    """Have SIGTERM raise `Terminated` in this block, in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: object) -> None:
        del number, frame
        # A second signal must not break the ending.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        click.echo(
            "marsad: ended by SIGTERM; committed batches stay in the index",
            err=True,
            file=sys.stderr,
        )
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class ReportedCommand(click.Command):
    """A command that writes its report also if its arguments are wrong."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401
    ) -> click.Context:
        """Read the arguments; see click."""
        given = list(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            path, index = _value(given, "--report"), _value(given, "--index")
            if path:
                code, fault = fault_of(error)
                shown = {
                    **ending(Path(index or "."), 0.0, code, fault),
                    "index": index or None,
                    "files": None,
                    "articles": None,
                    "refusals": [],
                }
                write_fault_report(Path(path), shown, as_json="--json" in given)
            raise


def _value(args: Sequence[str], option: str) -> str:
    """Return the value of an option as it was typed, empty if it was not."""
    for at, each in enumerate(args):
        if each == option and at + 1 < len(args):
            return args[at + 1]
        if each.startswith(f"{option}="):
            return each.partition("=")[2]
    return ""
