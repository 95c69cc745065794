"""`marsad explain`: explain why an article matches a query."""

import json
from pathlib import Path

import click

from marsad.indexer.build.document import load_whole
from marsad.indexer.cli.options import (
    QueryCommand,
    any_option,
    entities_option,
    index_option,
    json_option,
    level_option,
    not_lemma_option,
    query_argument,
    reports_errors,
    without_option,
)
from marsad.indexer.cli.output import explanation_json
from marsad.indexer.errors import ArticleUnknownError
from marsad.indexer.parts import parts
from marsad.indexer.query.strictness import MatchRule, Strictness
from marsad.indexer.search.explain import explain_hit
from marsad.indexer.sync.opening import opened


@click.command(cls=QueryCommand)
@query_argument("query")
@click.argument("article_id", metavar="ID")
@index_option
@entities_option
@level_option
@without_option
@not_lemma_option
@any_option
@json_option
@reports_errors
def explain(
    query: str,
    article_id: str,
    index_dir: str,
    entities_file: Path | None,
    level: Strictness,
    off: tuple[MatchRule, ...],
    not_lemmas: tuple[str, ...],
    any_word: bool,
    as_json: bool,
) -> None:
    """Explain why the article ID matches a QUERY, or why it does not.

    For each word: its forms in the article, the rule that joined them (exact folded clitic stem
    plural name prefix root) and how often each occurs. Then the parts of the score. Then each
    other condition (a date, a language, an excluded word) and whether the article meets it.
    With --any the score is that of a ranking by any word; its part `again` is for letters in
    common with the query.
    """
    program = parts(entities=entities_file)
    parsed = program.parse(
        query, any_word=any_word, level=level, off=frozenset(off), not_lemmas=frozenset(not_lemmas)
    )
    with opened(index_dir, program) as engine:
        hit = engine.get(article_id)
        if hit is None:
            raise ArticleUnknownError(article_id)
        why = explain_hit(parsed, load_whole(hit), program.analyzer, engine)
    if as_json:
        click.echo(json.dumps(explanation_json(why), ensure_ascii=False))
        return
    for reason in why.reasons:
        forms = ", ".join(
            f"{form.text} ({form.rule}{': ' if form.lemma else ''}{form.lemma}) {form.count}"
            for form in reason.forms
        )
        click.echo(f"{reason.asked}: {forms or '-'}")
    for part in why.parts:
        click.echo(
            f"  {part.score:9.4f}  {part.kind:7} {part.field:13} {part.term} x{part.frequency}"
        )
    for ground in why.conditions:
        shown = ", ".join(ground.shown) or ("yes" if ground.holds else "-")
        click.echo(f"{ground.asked} ({ground.kind}): {shown}")
    if why.parts:
        click.echo(f"  {why.score:9.4f}  in all")
    elif not why.is_hit:
        click.echo("no hit")
    else:
        click.echo("a hit, whose words have no score" if query.strip() else "a hit, as all are")
