"""Entity commands: `marsad entities check`, `show`, `discover` and `relink`."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import click
from tqdm import tqdm

from marsad.indexer.build.relink import relink
from marsad.indexer.cli.options import (
    LOG,
    REFUSED,
    CommandError,
    entities_option,
    index_option,
    json_option,
    reports_errors,
)
from marsad.indexer.extract.entities.authority import check_authority
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.parts import parts
from marsad.indexer.search.discover import candidate_rows, discover
from marsad.indexer.search.entity_card import EntityCard, entity_card
from marsad.indexer.sync.opening import opened


@click.group()
def entities() -> None:
    """Check authority files, and show, discover or relink entities of an index."""


@entities.command("check")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check_file(file: Path | None) -> None:
    """Check an authority FILE and print each fault with its line.

    Without FILE, Marsad's own file is checked. Columns: id, class, ar; optional: en, ru, aliases,
    typos, contested, country, offices, source. Exit code 1: there are faults.
    """
    bundled = Path(str(files("marsad.indexer.extract.entities").joinpath("data/entities.csv")))
    path = file or bundled
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: expected UTF-8 text ({error})") from error
    problems = list(check_authority(text))
    for problem in problems:
        click.echo(f"{path}:{problem.line}: {problem.reason}")
    if problems:
        LOG.error("%d faults", len(problems))
        sys.exit(REFUSED)
    click.echo(f"{path}: no fault")


@entities.command()
@click.argument("entity_id", metavar="ID")
@index_option
@entities_option
@json_option
@reports_errors
def show(entity_id: str, index_dir: str, entities_file: Path | None, as_json: bool) -> None:
    """Show an entity in an index: its names, its months, and entities named together with it.

    ID is the id of an entity or one of its names. Exit code 1: there is no such entity.
    """
    program = parts(entities=entities_file)
    found = program.gazetteer.find(entity_id)
    with opened(index_dir, program) as engine:
        card = entity_card(found or entity_id, engine, program.gazetteer)
    if card is None:
        LOG.error("%s: no list has this entity, and no article names it", entity_id)
        sys.exit(REFUSED)
    if as_json:
        click.echo(json.dumps(card_json(card, program.gazetteer), ensure_ascii=False))
        return
    labels = [program.gazetteer.label(card.id, language) for language in ("ar", "en", "ru")]
    click.echo(f"{card.id}  {' | '.join(dict.fromkeys(labels))}  ({card.type})")
    click.echo(f"articles  {card.articles}")
    click.echo("forms     " + ", ".join(f"{form} {count}" for form, count in card.forms))
    click.echo("months    " + ", ".join(f"{day:%Y-%m} {count}" for day, count in card.months))
    for facet, values in card.together:
        named = (f"{program.gazetteer.label(value, 'ar')} {count}" for value, count in values)
        click.echo(f"with {facet:12} " + ", ".join(named))


def card_json(card: EntityCard, gazetteer: Gazetteer) -> dict[str, object]:
    """Return a card as plain JSON values."""
    return {
        "id": card.id,
        "type": card.type,
        "labels": {language: gazetteer.label(card.id, language) for language in ("ar", "en", "ru")},
        "articles": card.articles,
        "forms": [{"text": form, "count": count} for form, count in card.forms],
        "months": [{"month": f"{day:%Y-%m}", "count": count} for day, count in card.months],
        "together": {
            facet: [
                {"id": value, "label": gazetteer.label(value, "ar"), "count": count}
                for value, count in values
            ]
            for facet, values in card.together
        },
    }


@entities.command("discover")
@index_option
@entities_option
@click.option(
    "--least",
    default=5,
    show_default=True,
    type=click.IntRange(1),
    help="Fewest articles that have a name.",
)
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(1))
@reports_errors
def discover_names(index_dir: str, entities_file: Path | None, least: int, limit: int) -> None:
    """Print frequent names that are in no list, as an authority file for you to correct.

    The column `variant_of` holds entities that a name sounds like. Nothing is merged by itself.
    """
    program = parts(entities=entities_file)
    with opened(index_dir, program) as engine:
        candidates = discover(engine, least)[:limit]
    for line in candidate_rows(candidates, program.gazetteer):
        click.echo(line)


@entities.command("relink")
@index_option
@entities_option
@reports_errors
def relink_index(index_dir: str, entities_file: Path | None) -> None:
    """Find the entities of an index again, after an authority file or Marsad changed.

    Only articles whose entities change are analysed and written.
    """
    program = parts(entities=entities_file)
    with opened(index_dir, program) as engine:
        total = engine.stats().documents
        with tqdm(total=total, unit=" articles", disable=None, file=sys.stderr) as bar:
            report = relink(engine, program.documents, bar.update)
    click.echo(f"looked at {report.looked_at}, changed {report.changed}")
