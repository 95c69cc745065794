"""`marsad search`: answer one query."""

import json
import sys
from functools import partial
from pathlib import Path

import click

from marsad.indexer.cli.options import (
    LOG,
    REFUSED,
    QueryCommand,
    any_option,
    entities_option,
    index_option,
    json_option,
    level_option,
    not_lemma_option,
    query_argument,
    reports_errors,
    stemming_option,
    without_option,
)
from marsad.indexer.cli.output import result_json
from marsad.indexer.engine.request import FacetFilter, FacetRequest, SearchRequest, Sort
from marsad.indexer.fields import FACETS
from marsad.indexer.parts import Parts, parts
from marsad.indexer.query.strictness import MatchRule, Strictness
from marsad.indexer.search.any_word import FEW, count_any
from marsad.indexer.search.search_request import date_range, facet_filter, with_query
from marsad.indexer.sync.opening import opened, warn_of_lost_commits


@click.command(cls=QueryCommand)
@query_argument("query")
@index_option
@entities_option
@click.option("--since", help="Published on this day or later: 2023-09-21, 2023-09 or 2023.")
@click.option(
    "--until", help="Published on this day or earlier; a month or year counts to its end."
)
@click.option(
    "--facet",
    "facets",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"Only articles with this facet value, an id or a name. NAME: {', '.join(FACETS)}.",
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0))
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0))
@any_option
@level_option
@without_option
@not_lemma_option
@json_option
@stemming_option
@reports_errors
def search(
    query: str,
    index_dir: str,
    entities_file: Path | None,
    since: str | None,
    until: str | None,
    facets: tuple[str, ...],
    sort: Sort,
    limit: int,
    offset: int,
    any_word: bool,
    level: Strictness,
    off: tuple[MatchRule, ...],
    not_lemmas: tuple[str, ...],
    as_json: bool,
    no_stemming: bool,
) -> None:
    """Search an index; all words of QUERY must match.

    A long QUERY, such as a headline or a question, finds few articles this way. --any ranks
    articles that have any of its words, as `marsad run` does. If few articles have all words, a
    message says how many have any. Question words (ما هي، كم عدد) are not searched for, and a
    message says so.

    A QUERY may hold "phrases" and «phrases», OR or أو, NOT or -word, parentheses, prefix*, =word
    as printed, √word by root; near/5 or قرب/5 (either order, at most 4 words between them),
    near/s or قرب/جملة (one sentence), near/p or قرب/فقرة (one paragraph), atleast3(word) or
    تكرار3(word); and the fields
    title: lead: hlead: source: entity: person: place: org: group: nationality: language:
    date:2020..2021-06 event:2020-11 (or عنوان: مطلع: مصدر: كيان: شخص: مكان: منظمة: جماعة:
    جنسية: لغة: تاريخ: حدث:).
    """
    program = parts(stemming=not no_stemming, entities=entities_file)
    try:
        days = date_range(since, until)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    request = SearchRequest(
        filters=tuple(_facet_filter(given, program) for given in facets),
        since=days.since,
        until=days.until,
        sort=sort,
        offset=offset,
        limit=limit,
        facets=tuple(FacetRequest(name) for name in FACETS),
    )
    with opened(index_dir, program) as engine:
        warn_of_lost_commits(engine)
        parse = partial(
            program.parse,
            query,
            level=level,
            off=frozenset(off),
            not_lemmas=frozenset(not_lemmas),
            engine=engine,
        )
        parsed = parse(any_word=any_word)
        result = engine.search(with_query(request, parsed))
        more = None
        if not any_word and result.total <= FEW:
            more = count_any(engine, request, parse(any_word=True), result.total)
    for remark in parsed.diagnostics:
        LOG.warning("%s at %d-%d: %s", remark.kind, remark.start, remark.end, remark.detail)
    if more is not None:
        LOG.warning(
            "all words found %d articles, any of them finds %d: add --any", result.total, more
        )
    damaged = [hit for hit in result.hits if hit.damage]
    for hit in damaged:
        LOG.error("article %r is damaged and cannot be read: %s", hit.id, hit.damage)
    shown = {**result_json(parsed, result, program.gazetteer), "any_word": more}
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        click.echo(f"{result.total} articles")
        for hit in shown["hits"]:
            title = "[damaged: it cannot be read]" if "damage" in hit else hit["title"]
            click.echo(f"{hit['published'] or '-':10}  {hit['id']}  {title}  ({hit['source']})")
    if damaged:
        LOG.error("`marsad check --index %s` lists all damage and says what to do", index_dir)
        sys.exit(REFUSED)


def _facet_filter(given: str, program: Parts) -> FacetFilter:
    name, equals, value = given.partition("=")
    if name not in FACETS or not equals:
        raise click.UsageError(
            f"--facet {given}: expected NAME=VALUE, NAME one of {', '.join(FACETS)}"
        )
    return facet_filter(name, (value,), program.gazetteer)
