"""Errors that reading articles can raise."""

import copyreg
from pathlib import Path
from typing import Any


class CorpusError(Exception):
    """Base of every error that reading articles can raise.

    It comes out of a worker process as it was raised: the usual way to read a pickled exception
    calls its class with the message alone.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make the error again without calling its class."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class SourceMissingError(CorpusError):
    """A source named on the command line does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: no such file or folder. Expected a folder, a file of articles, or - for "
            f"standard input; check the spelling of the path."
        )
        self.path = path


class OwnSourceError(CorpusError):
    """A source named on the command line is a file or folder that the run itself writes."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: the index or the quarantine of this run, expected another file or folder of "
            f"articles; `marsad retry` reads the records of a quarantine again."
        )
        self.path = path


class QuarantineFormatError(CorpusError):
    """A line of a quarantine file is not one that Marsad wrote."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(
            f"{path}, line {line}: {problem}, expected an object with path, line, reason and raw. "
            f"Correct the line, or remove it."
        )
        self.path, self.line = path, line


class RecordError(CorpusError):
    """One record cannot become an article; the run goes on without it."""


class MappingError(RecordError):
    """A column that --map names is not in a file."""

    def __init__(self, field: str, column: str, there: tuple[str, ...]) -> None:
        super().__init__(
            f"found no column {column!r} for {field}, expected one of {', '.join(there)[:200]}"
        )
        self.field, self.column = field, column


class ExpansionError(RecordError):
    """Packed data unpacks to more bytes than a bound allows."""

    def __init__(self, times: int) -> None:
        super().__init__(
            f"found more than {times} times the packed bytes, expected less: a zip bomb, or data "
            f"to unpack by hand"
        )


class TooManyRecordsError(RecordError):
    """Packed data holds more records than a bound allows."""

    def __init__(self, records: int, packed: int) -> None:
        super().__init__(
            f"found more than {records} records in {packed} packed bytes, expected fewer: a zip "
            f"bomb, or data to unpack by hand"
        )
