"""Dry run: what a run would read from its sources, and what it would do; no index is written."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from marsad.corpus.article import Article
from marsad.corpus.printable import printable
from marsad.corpus.source import Record, Refusal, Skipped
from marsad.corpus.tally import Tally
from marsad.indexer.build.identity import Identities
from marsad.indexer.build.reports import IndexReport, Notes

SAMPLES = 10


@dataclass(slots=True)
class DryRun:
    """Counts of the records, and the first articles and refusals; `report` as of a real run."""

    undated: int = 0
    characters: int = 0
    report: IndexReport = field(default_factory=IndexReport)
    languages: Counter[str] = field(default_factory=Counter)
    evidence: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    samples: list[Article] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def count_records(records: Iterable[Record], identities: Identities) -> DryRun:
    """Count *records* as a run would; keep the first ten articles and the first ten refusals."""
    found = DryRun()
    for record in records:
        match record:
            case Skipped():
                found.report.notes.add_skipped(record)
            case Refusal():
                found.report.refused += 1
                found.reasons[record.reason.split(" (")[0]] += 1
                if len(found.refusals) < SAMPLES:
                    found.refusals.append(record)
            case Article():
                _count(found, record, identities)
    return found


def _count(found: DryRun, article: Article, identities: Identities) -> None:
    known, article = identities.resolve_and_compare(article)
    report = found.report
    report.read += 1
    report.added += known == "new"
    report.updated += known == "changed"
    report.unchanged += known == "same"
    report.notes.add_article(article)
    found.undated += article.published is None
    found.characters += len(article.text)
    found.languages[article.language] += 1
    found.evidence[article.evidence or "undated"] += 1
    found.sources[article.source or "-"] += 1
    if len(found.samples) < SAMPLES:
        found.samples.append(article)


def files_line(files: Tally, notes: Notes) -> str:
    """Return the line on the files of a run, and on its articles with remarks."""
    return (
        f"files: {files.seen} found, {files.read} read, {files.refused} refused, "
        f"{files.skipped} skipped; articles with remarks: {notes.remarked}"
    )


def dry_run_lines(found: DryRun, files: Tally) -> list[str]:
    """Return the lines that the command prints."""
    report = found.report
    met = f"refuse {report.refused}, skip {files.skipped} files"
    lines = [
        f"would read {report.read} articles ({found.characters:,} characters), {met}",
        f"would add {report.added}, update {report.updated}, leave {report.unchanged} unchanged",
        files_line(files, report.notes),
        f"published: {_shares(found.evidence)}",
        f"languages: {_shares(found.languages)}",
        f"sources: {_shares(found.sources)}",
        *report.notes.lines(),
    ]
    for article in found.samples:
        origin = article.origin
        place = f"{origin.path}:{origin.record}" if origin else ""
        day = article.published_iso() or "undated"
        lines += [
            f"  {day:10} {article.language:3} {article.title[:80] or '(no title)'}",
            f"             {article.text[:100].replace(chr(10), ' ')}",
            f"             {place} ({article.evidence or 'no date found'})",
        ]
    lines += [f"  refused {each.path}:{each.line}: {each.reason}" for each in found.refusals]
    return list(map(printable, lines))


def _shares(counts: Counter[str]) -> str:
    most = counts.most_common(SAMPLES)
    rest = sum(counts.values()) - sum(count for _, count in most)
    named = [f"{name} {count}" for name, count in most]
    return ", ".join([*named, f"others {rest}"] if rest else named) or "none"
