"""Entity card: how many articles name an entity, in which forms and months, and with whom."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from marsad.indexer.build.document import load_hit
from marsad.indexer.engine.deadline import Deadline
from marsad.indexer.engine.request import FacetRequest, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.extract.mentions import UNLISTED, EntityClass
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.query.tree import Keyword, Node, Or

# Forms are counted in so many of the newest articles: each must be read from the disk.
_READ = 1_000
_MOST_FORMS = 20
_MOST_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class EntityCard:
    """The articles of an index that name an entity, summed up.

    Attributes:
        id: The id of the entity.
        type: Its class; None if it is in no list and no class is known.
        articles: How many articles name it.
        forms: Its printed forms with their counts in the newest 1,000 articles, commonest first.
        months: The first day of each month, and how many articles of that month name it.
        together: For each entity facet, the ids that are most often named in the same articles,
            with the number of these articles. The entity itself is left out.
    """

    id: str
    type: EntityClass | None
    articles: int
    forms: tuple[tuple[str, int], ...]
    months: tuple[tuple[dt.date, int], ...]
    together: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


def entity_query(entity_id: str, gazetteer: Gazetteer) -> Node:
    """Return the query that finds every article that names an entity."""
    entity = gazetteer.by_id.get(entity_id)
    # The class of an unlisted name can differ from article to article.
    facets = (entity.type,) if entity else ENTITY_FACETS
    nodes = tuple(Keyword(facet, entity_id) for facet in facets)
    return Or(nodes) if len(nodes) > 1 else nodes[0]


def entity_card(
    entity_id: str, engine: Engine, gazetteer: Gazetteer, deadline: Deadline | None = None
) -> EntityCard | None:
    """Return the card of an id, or None if it is in no list and no article names it.

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
            # One more, because the entity itself is among the values.
            facets=tuple(FacetRequest(name, _MOST_TOGETHER + 1) for name in ENTITY_FACETS),
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
        stored = load_hit(hit)
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
        tuple(sorted(forms.items(), key=lambda item: (-item[1], item[0]))[:_MOST_FORMS]),
        result.histogram,
        tuple(
            (counts.field, tuple(v for v in counts.values if v[0] != entity_id)[:_MOST_TOGETHER])
            for counts in result.facets
        ),
    )
