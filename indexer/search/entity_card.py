"""Entity card: how often an entity is named, how, when, and with whom.

id -> [entity_card] -> EntityCard
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from marsad.indexer.build.document import load_stored
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.mentions import UNLISTED, EntityClass
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.tree import Keyword, Node, Or

_READ = 1_000
_FORMS = 20
_WITH = 10


@dataclass(frozen=True, slots=True)
class EntityCard:
    """What an index says of an entity.

    `forms` are printed forms with their counts, in the newest articles; `months` the articles of
    each month by its first day; `together` for each facet the ids named in the same articles
    and in how many, the entity itself left out.
    """

    id: str
    type: EntityClass | None
    articles: int
    forms: tuple[tuple[str, int], ...]
    months: tuple[tuple[dt.date, int], ...]
    together: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


def entity_query(entity_id: str, gazetteer: Gazetteer) -> Node:
    """Return the tree that finds the articles that name an entity."""
    entity = gazetteer.by_id.get(entity_id)
    facets = (entity.type,) if entity else ENTITY_FACETS
    nodes = tuple(Keyword(facet, entity_id) for facet in facets)
    return Or(nodes) if len(nodes) > 1 else nodes[0]


def entity_card(
    entity_id: str, engine: Engine, gazetteer: Gazetteer, deadline: Deadline | None = None
) -> EntityCard | None:
    """Return the card of an id; None where no list has it and no article names it.

    Raises:
        TimeLimitError: the *deadline* has passed.
    """
    entity = gazetteer.by_id.get(entity_id)
    if entity is None and not entity_id.startswith(UNLISTED):
        return None
    result = engine.search(
        SearchRequest(
            query=entity_query(entity_id, gazetteer),
            sort="newest",
            limit=_READ,
            facets=tuple(FacetRequest(name, _WITH + 1) for name in ENTITY_FACETS),
            histogram="month",
            deadline=deadline,
        )
    )
    if entity is None and not result.total:
        return None
    forms: Counter[str] = Counter()
    kinds: Counter[EntityClass] = Counter()
    for hit in result.hits:
        if deadline is not None:
            deadline.check()
        stored = load_stored(hit.stored)
        for mention in stored.extracted.entities:
            if mention.id == entity_id:
                text = stored.article.title if mention.field == "title" else stored.article.text
                forms[" ".join(text[mention.start : mention.end].split())] += 1
                kinds[mention.type] += 1
    kind = entity.type if entity else next((k for k, _ in kinds.most_common(1)), None)
    return EntityCard(
        entity_id,
        kind,
        result.total,
        tuple(sorted(forms.items(), key=lambda item: (-item[1], item[0]))[:_FORMS]),
        result.histogram,
        tuple(
            (counts.field, tuple(v for v in counts.values if v[0] != entity_id)[:_WITH])
            for counts in result.facets
        ),
    )
