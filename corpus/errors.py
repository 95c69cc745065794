"""Errors of the corpus room."""

from pathlib import Path


class CorpusError(Exception):
    """Base of every error that reading articles can raise."""


class SourceMissingError(CorpusError):
    """A source named on the command line does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: no such file or folder. Expected a folder, or a .txt, .jsonl, .gz or .zip "
            f"file; check the spelling of the path."
        )
        self.path = path


class RecordError(CorpusError):
    """One record cannot become an article; the run goes on without it."""
