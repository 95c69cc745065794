"""`marsad index`: add articles to an index."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import click
from tqdm import tqdm

from marsad.corpus.article import Article
from marsad.corpus.estimate import estimate
from marsad.corpus.quarantine import Quarantine
from marsad.corpus.read import check_sources, read
from marsad.corpus.source import Record, Refusal
from marsad.corpus.tally import Tally
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.dry_run import DryRun, count_records, dry_run_lines, files_line
from marsad.indexer.build.duplicates import DuplicateTracker
from marsad.indexer.build.identity import Identities, InWork, OnDisk
from marsad.indexer.build.progress import progress_callback
from marsad.indexer.build.reports import MOST_LISTED, IndexReport, RefusalEntry
from marsad.indexer.build.workers import Workers
from marsad.indexer.cli.interrupts import ENDINGS, ReportedCommand, fault_of, terminable
from marsad.indexer.cli.options import (
    LOG,
    REFUSED,
    batch_option,
    entities_option,
    fail_on_option,
    fails_on,
    follow_links_option,
    index_option,
    json_option,
    map_option,
    namespace_option,
    quarantine_option,
    reports_errors,
    sources_argument,
    stemming_option,
    workers_option,
)
from marsad.indexer.cli.report import (
    check_report_path,
    index_report,
    report_line,
    report_option,
    write_fault_report,
    write_report,
)
from marsad.indexer.errors import IndexMissingError
from marsad.indexer.parts import Parts, documents, parts
from marsad.indexer.registry import side_folder
from marsad.indexer.sync.opening import opened, prepare_writing
from marsad.indexer.sync.owners import Claims, claim_rest


@click.command(cls=ReportedCommand)
@sources_argument
@index_option
@entities_option
@quarantine_option
@batch_option
@workers_option
@map_option
@namespace_option
@follow_links_option
@fail_on_option
@click.option(
    "--dry-run", is_flag=True, help="Show what would be read, with samples; write no index."
)
@report_option
@json_option
@stemming_option
@reports_errors
def index(
    sources: tuple[Path, ...],
    index_dir: str,
    entities_file: Path | None,
    quarantine: Path | None,
    batch: int,
    workers: int,
    mapping: dict[str, str],
    namespace: str,
    follow_links: bool,
    fail_on: tuple[str, ...],
    dry_run: bool,
    report_path: Path | None,
    as_json: bool,
    no_stemming: bool,
) -> None:
    """Add articles to an index, or update them by id.

    SOURCE is a folder (read recursively), a file, or - for standard input: plain text, HTML,
    MHTML, WARC, WACZ, JSON, JSONL, CSV, TSV, Parquet, feeds and other XML, PDF, DOCX, ODT, RTF,
    EPUB, XLSX, ODS, mail, chats, exports of press databases, and packed files of these.
    The format is recognised by a file's content first, then by its suffix. Unchanged
    articles are skipped. A record that cannot be read is refused: it is kept in the quarantine
    file with its path, line and reason, and the run continues. Exit code 0: done; 1: done, but
    records were refused, or --fail-on says so; 2: wrong usage, or a source or an index that cannot
    be used; 143: ended by SIGTERM.
    """
    place = side_folder(index_dir)
    kept = quarantine or Path(f"{str(place).rstrip('/')}.quarantine.jsonl")
    if dry_run:
        if report_path is not None or as_json:
            raise click.UsageError("--dry-run writes no report: leave out --report and --json")
        program = parts(stemming=not no_stemming, entities=entities_file)
        seen = Tally()
        found = _try_out(
            read(sources, mapping, (place, kept), namespace, seen, follow_links=follow_links),
            index_dir,
            program,
        )
        click.echo("\n".join(dry_run_lines(found, seen)))
        sys.exit(REFUSED if found.report.refused else 0)
    if report_path is not None:
        check_report_path(report_path, place, (kept, *sources))
    refusals: list[RefusalEntry] = []
    files = Tally()
    began = time.monotonic()
    try:
        # Before anything is made: a folder of articles is no place for an index.
        check_sources(sources, (place, kept))
        program = parts(stemming=not no_stemming, entities=entities_file)
        with (
            terminable(),
            ExitStack() as stack,
            Quarantine(kept) as refused,
            opened(index_dir, program, create=True) as engine,
            tqdm(
                total=estimate(sources) if sys.stderr.isatty() else None,
                unit=" articles",
                smoothing=0.1,
                disable=None,
                file=sys.stderr,
            ) as bar,
        ):
            prepare_writing(engine, index_dir)
            # A sync must not remove what this run brings.
            claim_rest(engine, place, index_dir)
            claims = stack.enter_context(Claims(place))
            report = index_records(
                read(
                    sources,
                    mapping,
                    (place, kept, *((report_path,) if report_path is not None else ())),
                    namespace,
                    files,
                    follow_links=follow_links,
                ),
                engine,
                program.documents,
                refused,
                _noting(refusals, refused, claims, progress_callback(bar)),
                batch,
                Workers(
                    workers,
                    partial(documents, stemming=not no_stemming, entities=entities_file),
                ),
                DuplicateTracker(place, engine, program.documents),
                identities=Identities(engine, program.documents, InWork()),
            )
            refused.drop_mended()
    except ENDINGS as error:
        seconds = time.monotonic() - began
        code, told = fault_of(error)
        shown = index_report(None, sources, place, refusals, seconds=seconds, code=code, error=told)
        write_fault_report(report_path, shown, as_json=as_json)
        raise
    code = REFUSED if report.refused or fails_on(fail_on, report.notes) else 0
    shown = index_report(
        report, sources, place, refusals, seconds=report.seconds, code=code, files=files
    )
    click.echo(report_line(shown) if as_json else "\n".join(_summary(report, files)))
    if report.refused:
        LOG.warning("%d refused records are kept in %s", report.refused, kept)
    if report_path is not None:
        write_report(report_path, shown)
    sys.exit(code)


def _noting(
    refusals: list[RefusalEntry],
    quarantine: Quarantine,
    claims: Claims,
    progress: Callable[[Record], None],
) -> Callable[[Record], None]:
    """Return *progress* with steps before it: first refusals, mended files, claimed articles."""

    def noted(record: Record) -> None:
        claims.note(record)
        if isinstance(record, Article):
            quarantine.saw(record.origin.path if record.origin else "")
        else:
            quarantine.saw(record.path)
        if isinstance(record, Refusal) and len(refusals) < MOST_LISTED:
            refusals.append(RefusalEntry(record.path, record.line, record.reason))
        progress(record)

    return noted


def _try_out(records: Iterator[Record], index_dir: str, program: Parts) -> DryRun:
    """Count what a run would do with *records*, compared with the index if there is one."""
    with ExitStack() as stack:
        seen = stack.enter_context(closing(OnDisk()))
        try:
            engine = stack.enter_context(opened(index_dir, program))
        except IndexMissingError:
            engine = None
        return count_records(records, Identities(engine, program.documents, seen))


def _summary(report: IndexReport, files: Tally) -> list[str]:
    notes = report.notes
    articles = (
        f"read {report.read}, added {report.added}, updated {report.updated}, "
        f"unchanged {report.unchanged}, refused {report.refused}, "
        f"{report.rate:.0f} articles a second"
    )
    return [articles, files_line(files, notes), *notes.lines()]
