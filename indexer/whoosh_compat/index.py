"""Whoosh index: a Marsad index as a `whoosh.index.FileIndex`, for all that is made for Whoosh.

    open_dir(folder, analyzer) -> ColumnIndex -> stock searcher(), QueryParser, highlights()

It reads. Documents are written by `marsad index`, whose engine uses the same arrays
without Whoosh's classes between, and is the one to use where time counts.

    field                               Whoosh's kind   what it holds
    title_stem, body_surface, ...       TEXT            marsad.indexer.fields.INDEX_FIELDS
    person, place, source, ...          ID              values of marsad.indexer.fields.FACETS
    date                                ID              "2023-09-21", not for undated articles
    id                                  ID, unique      the article's id
    stored                              STORED          what the engine keeps of the article
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from whoosh import fields
from whoosh.analysis import Token, Tokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import IndexReader, MultiReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.fields import FACETS, INDEX_FIELDS, TEXT_FIELDS, Level, index_field
from marsad.indexer.segments.columns import K1, B
from marsad.indexer.segments.generation import Generation, newest_number, open_newest
from marsad.indexer.segments.manifest import SCHEMA, manifest_name
from marsad.indexer.whoosh_compat.reader import DATE, ID, ColumnReader

STORED = "stored"


class MarsadTokenizer(Tokenizer):  # type: ignore[misc]
    """Our chain as an analyzer of Whoosh, for queries and highlights."""

    def __init__(self, analyzer: Analyzer, level: Level) -> None:
        self._analyzer = analyzer
        self._level = level

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,  # noqa: ARG002
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> Iterator[Token]:
        """Yield the tokens of *value*, as Whoosh does: one object, changed each time."""
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        for place, own in enumerate(self._analyzer.analyze(value)):
            token.text = own.term(self._level)
            token.original, token.boost, token.stopped = own.text, 1.0, False
            if positions:
                token.pos = start_pos + place
            if chars:
                token.startchar = start_char + own.start
                token.endchar = start_char + own.end
            yield token


def schema_of(analyzer: Analyzer) -> fields.Schema:
    """Return the schema that Whoosh's query parser and searcher work with."""
    schema = fields.Schema()
    schema.add(ID, fields.ID(unique=True, stored=True))
    schema.add(DATE, fields.ID(stored=True))
    for field in TEXT_FIELDS:
        for level in field.levels:
            chain = MarsadTokenizer(analyzer, level)
            schema.add(index_field(field, level), fields.TEXT(analyzer=chain, phrase=True))
    for name in FACETS:
        schema.add(name, fields.ID(stored=True))
    schema.add(STORED, fields.STORED)
    return schema


class ColumnIndex(FileIndex):  # type: ignore[misc]
    """An index that was written by Marsad, read by Whoosh; use `open_dir` to get one.

    A reader keeps the generation that it was opened with until the index is closed.
    """

    def __init__(self, folder: Path, analyzer: Analyzer) -> None:
        self.storage = FileStorage(str(folder))
        self.indexname = "MAIN"
        self._folder = folder
        self._schema = schema_of(analyzer)
        self._opened: dict[int, Generation] = {}
        self._tried = 0
        self._analyzer = analyzer.version
        self._newest()

    def close(self) -> None:
        """Release the files of all readers."""
        while self._opened:
            self._opened.popitem()[1].close()

    @property
    def schema(self) -> fields.Schema:
        """The fields."""
        return self._schema

    @property
    def release(self) -> tuple[int, int, int]:
        """The form of the files, where Whoosh has its own release."""
        return (SCHEMA, 0, 0)

    @property
    def version(self) -> int:
        """The form of the files."""
        return SCHEMA

    def latest_generation(self) -> int:
        """Return the number of the newest commit."""
        return newest_number(self._folder)

    def last_modified(self) -> float:
        """Return when the newest commit was made, in seconds since 1970."""
        name = manifest_name(self._newest().manifest.generation)
        return (self._folder / name).stat().st_mtime

    def is_empty(self) -> bool:
        """Tell whether no document was ever written."""
        return not self._newest().members

    def searcher(self, **kwargs: Any) -> Searcher:  # noqa: ANN401
        """Return Whoosh's searcher, which scores as our engine does unless told otherwise."""
        kwargs.setdefault("weighting", BM25F(B=B, K1=K1))
        return super().searcher(**kwargs)

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """Return a reader of the newest generation, *reuse* where it is that."""
        generation = self._newest()
        number = generation.manifest.generation
        if reuse is not None and reuse.generation() == number:
            return reuse
        readers = [
            ColumnReader(member, self._schema, number, self._stored(generation, place))
            for place, member in enumerate(generation.members)
        ]
        if len(readers) == 1:
            return readers[0]
        reader = MultiReader(readers, generation=number)
        reader.schema = self._schema
        return reader

    def writer(self, procs: int = 1, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Refuse: Whoosh's writer knows no articles."""
        raise NotImplementedError("a Marsad index is written by `marsad index`, not through Whoosh")

    def optimize(self, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Refuse, as `writer` does."""
        raise NotImplementedError("use `marsad merge`")

    def _newest(self) -> Generation:
        latest = self.latest_generation()
        if latest != self._tried or not self._opened:
            generation = open_newest(self._folder, analyzer=self._analyzer)
            if generation.manifest.generation in self._opened:
                generation.close()
            else:
                self._opened[generation.manifest.generation] = generation
            self._tried = latest
        return self._opened[max(self._opened)]

    def _stored(self, generation: Generation, place: int) -> Callable[[int], dict[str, Any]]:
        segment = generation.members[place].segment

        def read(doc: int) -> dict[str, Any]:
            text, _ = generation.stores.read(*segment.record(doc))
            day = segment.date(doc)
            found: dict[str, Any] = {ID: segment.id(doc), STORED: text, **_texts(text)}
            if day is not None:
                found[DATE] = day.isoformat()
            at = segment.facets.facet_at
            values: dict[str, list[str]] = {}
            for number in segment.facets.facet_value[at[doc] : at[doc + 1]].tolist():
                key = segment.value(number)
                if len(key) > 1:
                    value = key[2:].decode("utf-8", "surrogatepass")
                    values.setdefault(FACETS[key[0]], []).append(value)
            return found | {name: sorted(own) for name, own in values.items()}

        return read


def _texts(stored: str) -> dict[str, str]:
    """Return the text of each field, for highlights, from an article's JSON."""
    try:
        record = json.loads(stored)
    except ValueError:
        return {}
    if not isinstance(record, dict):
        return {}
    keys = {"title": "title", "body": "text", "source": "source"}
    texts = {name: record.get(keys[name.split("_")[0]]) for name in INDEX_FIELDS}
    return {name: text for name, text in texts.items() if isinstance(text, str)}


def open_dir(folder: Path, analyzer: Analyzer) -> ColumnIndex:
    """Open the index in *folder* for Whoosh.

    Raises:
        IndexMissingError: there is none.
        IndexVersionError: it was built with another analyzer.
    """
    return ColumnIndex(folder, analyzer)
