"""Results of a search: hits, counts of facets, and remarks on the query."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np

from marsad.articles import Hit, rows
from marsad.indexer.query.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pandas import DataFrame

# The columns of a table of hits, in order.
_COLUMNS = (
    "id",
    "title",
    "date",
    "day",
    "source",
    "publisher",
    "author",
    "language",
    "url",
    "score",
    "copies",
    "person",
    "place",
    "organisation",
    "armed_group",
    "nationality",
    "passages",
    "text",
)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet: how it is stored, its name for people, and how many articles have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The counts of one facet over all articles that were found.

    `values` are the commonest ones, the commonest first. `missing` is how many articles have no
    value. `more` is true where there are other values.
    """

    values: tuple[FacetValue, ...]
    missing: int
    more: bool


class Results(Sequence[Hit]):
    """The answer to one search: a sequence of its hits, with counts and remarks.

    Attributes:
        total: How many articles were found; `len(results)` is how many of them are here.
        hits: The hits from `offset` on, at most `limit`.
        facets: The counts of each facet that was asked for, by its name.
        diagnostics: Remarks on parts of the query that were read in another way than they look,
            or not at all. Nothing that was typed raises an error.
        any_word_total: How many articles have any word of the query, where few have all of its
            words and more have any; else None. `any_word=True` searches for them.
    """

    def __init__(
        self,
        query: str,
        total: int,
        hits: tuple[Hit, ...],
        facets: Mapping[str, Facet],
        diagnostics: tuple[Diagnostic, ...],
        any_word_total: int | None,
    ) -> None:
        self._query = query
        self.total = total
        self.hits = hits
        self.facets = facets
        self.diagnostics = diagnostics
        self.any_word_total = any_word_total

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, at: int | slice) -> Hit | tuple[Hit, ...]:
        """Return one hit, or some of them."""
        return self.hits[at]

    def __len__(self) -> int:
        """Return how many hits are here; `total` is how many articles were found."""
        return len(self.hits)

    def __repr__(self) -> str:
        """Show the query and its counts."""
        return f"<Results of {self._query!r}: {len(self)} hits of {self.total}>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the hits as dictionaries that `json.dumps` takes."""
        return [hit.to_dict() for hit in self.hits]

    def to_dataframe(self) -> "DataFrame":
        """Return the hits as a table of pandas, a row for each hit; see `Hits.to_dataframe`.

        Raises:
            ImportError: pandas is not installed.
        """
        return _table(self.hits)


class Hits(Iterator[Hit]):
    """All hits of a search, one after the other, from one state of the index.

    The state stays on the disk until the last hit was read, or `close` was called, or a `with`
    block ended.

    Attributes:
        diagnostics: Remarks on the query, as in `Results`.
    """

    def __init__(
        self, hits: Generator[Hit, None, None], diagnostics: tuple[Diagnostic, ...]
    ) -> None:
        self._hits = hits
        self.diagnostics = diagnostics

    def __iter__(self) -> Self:
        """Return this iterator; it gives each hit once."""
        return self

    def __next__(self) -> Hit:
        """Return the next hit."""
        return next(self._hits)

    def __enter__(self) -> Self:
        """Return this iterator."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the state of the index; there are no more hits then."""
        self._hits.close()

    def to_dataframe(self) -> "DataFrame":
        """Return the hits that are left as a table of pandas, a row for each hit.

        `date` is text as far as the date is known, `day` a time stamp (datetime64[s]) or NaT.
        `person`, `place`, `organisation`, `armed_group` and `nationality` are lists of names,
        `passages` is a list of texts.

        Raises:
            ImportError: pandas is not installed.
        """
        return _table(self)


def _table(hits: Iterable[Hit]) -> "DataFrame":
    try:
        from pandas import DataFrame  # noqa: PLC0415  (heavy, and not needed to search)
    except ModuleNotFoundError as error:
        if error.name != "pandas":
            raise
        raise ImportError(
            "to_dataframe() needs pandas, which is not installed here. Install it (pip install "
            "pandas), or use to_dicts(), which needs nothing.",
            name="pandas",
        ) from error
    made = rows(hits)
    columns: dict[str, Any] = {name: [row[name] for row in made] for name in _COLUMNS}
    # Nanoseconds, which some versions of pandas take by default, reach from 1677 to 2262 only.
    columns["day"] = np.array(columns["day"], dtype="datetime64[D]").astype("datetime64[s]")
    return DataFrame(columns)
