"""Search commands beside `marsad search`: why an article is a hit, what a query may have meant."""

import json
from typing import Any

import click

from indexer.complete import LANGUAGES, MOST, Completer, completion_json
from indexer.document import load_stored
from indexer.door import (
    QueryCommand,
    any_option,
    complaining,
    entities_option,
    index_option,
    json_option,
    level_option,
    not_lemma_option,
    query_argument,
    without_option,
)
from indexer.errors import ArticleUnknownError
from indexer.explain import Explanation, explain_hit
from indexer.opened import opened
from indexer.query.strictness import MatchRule, Strictness
from indexer.registry import parts
from indexer.suggest import Offer, vocabulary_of
from indexer.suggest import suggest as find_offers


@click.command(cls=QueryCommand)
@query_argument("query")
@click.argument("article_id", metavar="ID")
@index_option
@level_option
@without_option
@not_lemma_option
@any_option
@json_option
@complaining
def explain(
    query: str,
    article_id: str,
    index_dir: str,
    level: Strictness,
    off: tuple[MatchRule, ...],
    not_lemmas: tuple[str, ...],
    any_word: bool,
    as_json: bool,
) -> None:
    """Say why the article ID answers a QUERY, or what of it does not.

    For each word: the forms that stand in the article, the rule that joined them (exact folded
    clitic stem plural name prefix root) and how often; then the parts of the score; then each
    other condition (a date, a language, a word that must not stand) and what of the article
    keeps it. With --any the parts are those of a ranking by any word; `again` is for letters
    shared with the query.
    """
    wanted = parts()
    parsed = wanted.parse(
        query, any_word=any_word, level=level, off=frozenset(off), not_lemmas=frozenset(not_lemmas)
    )
    with opened(index_dir, wanted) as engine:
        hit = engine.get(article_id)
        if hit is None:
            raise ArticleUnknownError(article_id)
        why = explain_hit(parsed, load_stored(hit.stored), wanted.analyzer, engine)
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
    for ground in why.grounds:
        shown = ", ".join(ground.shown) or ("yes" if ground.holds else "-")
        click.echo(f"{ground.asked} ({ground.kind}): {shown}")
    if why.parts:
        click.echo(f"  {why.score:9.4f}  in all")
    elif not why.is_hit:
        click.echo("no hit")
    else:
        click.echo("a hit, whose words have no score" if query.strip() else "a hit, as all are")


@click.command(cls=QueryCommand)
@query_argument("query")
@index_option
@json_option
@complaining
def suggest(query: str, index_dir: str, as_json: bool) -> None:
    """Offer other words for those of a QUERY that few articles hold.

    Near spellings, like sounds, the other keyboard layout, the other alphabet: each with the
    number of articles that hold it. Nothing is searched for.
    """
    wanted = parts()
    with opened(index_dir, wanted) as engine:
        parsed = wanted.parse(query)
        offers = find_offers(parsed, vocabulary_of(engine), engine, wanted.analyzer)
    if as_json:
        click.echo(json.dumps([offer_json(offer) for offer in offers], ensure_ascii=False))
        return
    for offer in offers:
        click.echo(f"{offer.asked}: {offer.text}  ({offer.kind}, {offer.count} articles)")


@click.command(cls=QueryCommand)
@query_argument("typed")
@click.option("--lang", default="ar", show_default=True, type=click.Choice(LANGUAGES))
@click.option("--limit", default=MOST, show_default=True, type=click.IntRange(1, 100))
@index_option
@entities_option
@json_option
@complaining
def complete(typed: str, lang: str, limit: int, index_dir: str, as_json: bool) -> None:
    """Show what the end of TYPED may become, as the box of the page does.

    Names of entities first, then words of the index, each with its articles.
    """
    wanted = parts()
    with opened(index_dir, wanted) as engine:
        completer = Completer(engine, wanted.gazetteer, vocabulary_of(engine).counts)
        found = completer.complete(typed, lang, limit)
    if as_json:
        click.echo(json.dumps([completion_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.text}  ({one.kind}, {one.count} articles)")


def offer_json(offer: Offer) -> dict[str, Any]:
    """Return an offer as plain JSON values."""
    return {name: getattr(offer, name) for name in offer.__slots__}


def explanation_json(why: Explanation) -> dict[str, Any]:
    """Return an explanation as plain JSON values."""
    return {
        "words": [
            {
                "asked": reason.asked,
                "start": reason.start,
                "end": reason.end,
                "level": reason.strictness,
                "forms": [
                    {
                        "text": form.text,
                        "rule": form.rule,
                        "count": form.count,
                        "lemma": form.lemma or None,
                    }
                    for form in reason.forms
                ],
            }
            for reason in why.reasons
        ],
        "found": [
            {
                "field": one.field,
                "start": one.start,
                "end": one.end,
                "text": one.text,
                "rule": one.rule,
                "asked": one.asked,
            }
            for one in why.found
        ],
        "hit": why.is_hit,
        "conditions": [
            {
                "asked": ground.asked,
                "start": ground.start,
                "end": ground.end,
                "kind": ground.kind,
                "holds": ground.holds,
                "shown": list(ground.shown),
            }
            for ground in why.grounds
        ],
        "score": round(why.score, 6),
        "parts": [
            {
                "field": part.field,
                "term": part.term,
                "kind": part.kind,
                "frequency": part.frequency,
                "score": round(part.score, 6),
            }
            for part in why.parts
        ],
    }
