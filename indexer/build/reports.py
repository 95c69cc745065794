"""Reports: what a run did with the records and files that it read."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from marsad.corpus.article import Article
from marsad.corpus.remarks import ColumnChoice, RemarkKind
from marsad.corpus.source import Skipped, SkippedKind

# Records that a run commits at once.
BATCH = 4_000
# Refusals and removed ids that a report lists; its counts are of all.
MOST_LISTED = 1_000
# Examples of each kind of remark and of skipped files, and choices of columns, that are kept.
MOST_EXAMPLES = 3
MOST_SKIPPED_LISTED = 100
MOST_CHOICES = 100


class RefusalEntry(NamedTuple):
    """A refused record: its file, its line (from 1; 0 is the whole file), and the reason."""

    path: str
    line: int
    reason: str


class SkippedEntry(NamedTuple):
    """A skipped file or record: its file, its line (0 is the whole file), its kind and why."""

    path: str
    line: int
    kind: SkippedKind
    reason: str


class RemarkEntry(NamedTuple):
    """An example of a remark: the file and the line of the article, and what was found."""

    path: str
    line: int
    detail: str


class ChoiceEntry(NamedTuple):
    """The columns that were taken: the first file with them, and how many articles had them."""

    path: str
    articles: int


@dataclass(slots=True)
class Notes:
    """What a run noticed about records that it did not refuse, by kind, with examples.

    `remarked` counts articles with a remark, `remarks` counts the remarks of each kind. `skipped`
    counts files and records by kind, `skipped_examples` has the first hundred. `choices` has the
    first hundred choices of columns.
    """

    remarked: int = 0
    remarks: Counter[RemarkKind] = field(default_factory=Counter)
    remark_examples: dict[RemarkKind, list[RemarkEntry]] = field(default_factory=dict)
    skipped: Counter[SkippedKind] = field(default_factory=Counter)
    skipped_examples: list[SkippedEntry] = field(default_factory=list)
    choices: dict[ColumnChoice, ChoiceEntry] = field(default_factory=dict)

    def add_article(self, article: Article) -> None:
        """Count the remarks of an article, and note the columns that it was read from."""
        path, line = (article.origin.path, article.origin.record) if article.origin else ("", 0)
        self.remarked += bool(article.remarks)
        for remark in article.remarks:
            self.remarks[remark.kind] += 1
            examples = self.remark_examples.setdefault(remark.kind, [])
            if len(examples) < MOST_EXAMPLES:
                examples.append(RemarkEntry(path, line, remark.detail))
        choice = article.columns
        if choice is None:
            return
        known = self.choices.get(choice)
        if known is not None:
            self.choices[choice] = ChoiceEntry(known.path, known.articles + 1)
        elif len(self.choices) < MOST_CHOICES:
            self.choices[choice] = ChoiceEntry(path, 1)

    def add_skipped(self, skipped: Skipped) -> None:
        """Count a skipped file or record."""
        self.skipped[skipped.kind] += 1
        if self.skipped[skipped.kind] == 1 or len(self.skipped_examples) < MOST_SKIPPED_LISTED:
            self.skipped_examples.append(
                SkippedEntry(skipped.path, skipped.line, skipped.kind, skipped.reason)
            )

    def lines(self) -> list[str]:
        """Return lines for a person: columns, remarks and skipped files, with their examples."""
        lines = []
        for choice, entry in self.choices.items():
            lines.append(f"columns of {entry.path} ({entry.articles} articles): {_shown(choice)}")
        for kind, count in self.remarks.most_common():
            example = self.remark_examples[kind][0]
            lines.append(
                f"remark {kind}: {count}, as in {example.path}:{example.line}: {example.detail}"
            )
        for skipped, count in self.skipped.most_common():
            found = next(each for each in self.skipped_examples if each.kind == skipped)
            why = f": {found.reason}" if found.reason else ""
            lines.append(f"skipped {skipped}: {count}, as {found.path}{why}")
        return lines

    @property
    def skipped_files(self) -> int:
        """The number of files that were skipped, members of archives included."""
        return sum(self.skipped.values()) - self.skipped["record"]


def _shown(choice: ColumnChoice) -> str:
    taken = dict(choice.taken)
    passed: dict[str, list[str]] = {}
    for name, column in choice.passed:
        passed.setdefault(name, []).append(column)
    shown = [f"{name} <- {column}" for name, column in taken.items()]
    for name, columns in passed.items():
        like = f"(not taken: {', '.join(columns)})"
        shown.append(like if name in taken else f"{name} <- none {like}")
    return "; ".join(shown)


@dataclass(slots=True)
class IndexReport:
    """How many records a run read, and what it did with them; `notes` has the rest by kind."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    seconds: float = 0.0
    notes: Notes = field(default_factory=Notes)

    @property
    def skipped(self) -> int:
        """The number of files that were skipped."""
        return self.notes.skipped_files

    @property
    def rate(self) -> float:
        """Articles read per second."""
        return self.read / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did.

    The first five numbers count files, `removed` counts articles. `removed_ids` and `refusals` have
    the first thousand. `still_refused` counts records that an earlier run refused and that cannot
    be read yet; `still_first` has the first of them. The notes of `articles` have the skipped
    content of all files of the folder, read in this run or not.
    """

    seen: int = 0
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    vanished: int = 0
    removed: int = 0
    removed_ids: list[str] = field(default_factory=list)
    refusals: list[RefusalEntry] = field(default_factory=list)
    still_refused: int = 0
    still_first: list[RefusalEntry] = field(default_factory=list)
    articles: IndexReport = field(default_factory=IndexReport)
    seconds: float = 0.0
