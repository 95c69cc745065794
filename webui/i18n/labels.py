"""Labels: the name of a facet value in the language of a page."""

from marsad.indexer.extract.entities.gazetteer import Gazetteer
from marsad.indexer.fields import ENTITY_FACETS
from marsad.webui.i18n.catalogue import Catalogue

_MONTH_FACETS = ("published_month", "event_month", "event_day")
_YEAR_FACETS = ("published_year", "event_year")


class Labels:
    """Gives facet values their names, from one catalogue and one gazetteer."""

    def __init__(self, t: Catalogue, gazetteer: Gazetteer) -> None:
        self.t = t
        self._gazetteer = gazetteer

    def value(self, facet: str, value: str) -> str:
        """Return the name of a value of *facet*, or the value itself if it has no name."""
        if facet in ENTITY_FACETS:
            return self._gazetteer.label(value, self.t.lang)
        if facet in _MONTH_FACETS:
            # A value comes from the URL, where it can be any text.
            return self.t.date(value) if value.replace("-", "").isdigit() else value
        if facet == "language":
            return self.t.language_name(value)
        return self.t.digits(value) if facet in _YEAR_FACETS else value
