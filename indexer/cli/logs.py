"""Logs: how the command writes what the program logs to stderr.

The program's loggers are called `marsad.*`. Only the command gives them a handler; a program that
uses Marsad as a library configures logging itself.
"""

import json
import logging
import sys

import click

from marsad.corpus.printable import printable

FORMATS = ("text", "json")
_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
# Waitress answers the requests of `marsad serve`.
_LOGGERS = ("marsad", "waitress")
_TIME = "%Y-%m-%dT%H:%M:%S%z"
_SHORT = "marsad: %(message)s"
_LONG = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure(verbosity: int, form: str = "text") -> None:
    """Send the program's log to stderr.

    Warnings and errors are always written; *verbosity* 1 adds information and 2 debugging, with
    times. *form* is one of FORMATS.
    """
    handler = _Stderr()
    if form == "json":
        handler.setFormatter(_Json(datefmt=_TIME))
    else:
        handler.setFormatter(_Text(_LONG if verbosity else _SHORT, _TIME))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(_LEVELS[min(verbosity, len(_LEVELS) - 1)])


class _Stderr(logging.Handler):
    """Writes lines to stderr, above the progress bar where there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            line = self.format(record)
            # Not imported here: a sync that finds nothing new shows no bar.
            bars = sys.modules.get("tqdm")
            if bars is None:
                click.echo(line, err=True)
            else:
                bars.tqdm.write(line, file=sys.stderr)
        except Exception:  # noqa: BLE001  (as logging has it: a log line ends no run)
            self.handleError(record)


class _Text(logging.Formatter):
    """Formats a record on a line of its own: names of files in it cannot forge another line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (as logging names it)
        """Return the line, without the traceback."""
        return printable(super().formatMessage(record))


class _Json(logging.Formatter):
    """Formats a record as an object: time, level, logger, message, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line."""
        shown = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            shown["traceback"] = self.formatException(record.exc_info)
        return json.dumps(shown, ensure_ascii=False)
