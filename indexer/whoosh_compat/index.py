"""Whoosh index: the folder of a Marsad index, opened as a `whoosh.index.FileIndex`.

Code written for Whoosh works on it: searchers, query parsers, highlighters, sorting, grouping.

    from marsad.indexer.parts import parts
    from marsad.indexer.whoosh_compat.index import open_dir
    from whoosh.qparser import QueryParser

    index = open_dir("news", parts().analyzer)
    with index.searcher() as searcher:
        query = QueryParser("body_stem", index.schema).parse("هدنة OR معاهدة")
        for hit in searcher.search(query, limit=10):
            print(hit["date"], hit["title_stem"], hit.highlights("body_stem"))
    index.close()

`open_dir` takes the place of `whoosh.index.open_dir`: the files are not in Whoosh's own format. It
only reads. `marsad index` writes documents, and `marsad search` is many times faster, because its
engine reads the same arrays without Whoosh's classes between. The fields are:

    field                           Whoosh's type   content
    title_stem, body_surface, ...   TEXT            the fields of marsad.indexer.fields.INDEX_FIELDS
    person, place, source, ...      ID              values of marsad.indexer.fields.FACETS
    date                            ID              "2023-09-21"; an undated article has none
    id                              ID, unique      the id of the article
    stored                          STORED          the article as the engine stores it, in JSON
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
from marsad.indexer.segments.generation import Generation, newest_number
from marsad.indexer.segments.manifest import SCHEMA, manifest_name
from marsad.indexer.segments.sound import open_sound
from marsad.indexer.whoosh_compat.reader import DATE, ID, ColumnReader

STORED = "stored"


class MarsadTokenizer(Tokenizer):  # type: ignore[misc]
    """Marsad's analyzer as a tokenizer of Whoosh, for queries and highlights."""

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
        """Yield the tokens of *value*.

        Like Whoosh, it yields the same object each time, with other values.
        """
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
    """Return the schema for Whoosh's query parser and searcher."""
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
    """An index that Marsad wrote and Whoosh reads; `open_dir` makes one.

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
        """The schema number of the files, in place of Whoosh's release."""
        return (SCHEMA, 0, 0)

    @property
    def version(self) -> int:
        """The schema number of the files."""
        return SCHEMA

    def latest_generation(self) -> int:
        """Return the number of the newest commit."""
        return newest_number(self._folder)

    def last_modified(self) -> float:
        """Return when the newest commit was made, in seconds since 1970."""
        name = manifest_name(self._newest().manifest.generation)
        return (self._folder / name).stat().st_mtime

    def is_empty(self) -> bool:
        """Return whether the index has no segment."""
        return not self._newest().members

    def searcher(self, **kwargs: Any) -> Searcher:  # noqa: ANN401
        """Return Whoosh's searcher; unless *weighting* is given, its scores are Marsad's."""
        kwargs.setdefault("weighting", BM25F(B=B, K1=K1))
        return super().searcher(**kwargs)

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """Return a reader of the newest generation; *reuse* itself if it reads that one."""
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
        """Refuse, because Whoosh's writer cannot analyse and store an article as Marsad does."""
        raise NotImplementedError("Whoosh cannot write to a Marsad index; use `marsad index`")

    def optimize(self, **kwargs: Any) -> NoReturn:  # noqa: ANN401
        """Refuse, because this index is read-only."""
        raise NotImplementedError("Whoosh cannot write to a Marsad index; use `marsad merge`")

    def _newest(self) -> Generation:
        latest = self.latest_generation()
        if latest != self._tried or not self._opened:
            generation = open_sound(self._folder, analyzer=self._analyzer)
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
    """Return the text of each field from an article's JSON; highlighters need it."""
    try:
        record = json.loads(stored)
    except ValueError:
        return {}
    if not isinstance(record, dict):
        return {}
    keys = {"title": "title", "body": "text", "source": "source"}
    texts = {name: record.get(keys[name.split("_")[0]]) for name in INDEX_FIELDS}
    return {name: text for name, text in texts.items() if isinstance(text, str)}


def open_dir(folder: str | Path, analyzer: Analyzer) -> ColumnIndex:
    """Open the index in *folder* for Whoosh.

    Args:
        folder: The folder of the index.
        analyzer: The analyzer that the index was built with: `parts().analyzer`.

    Raises:
        IndexMissingError: there is no index.
        IndexVersionError: it was built with another analyzer, schema or numbering.
        IndexDamagedError: no generation of it can be read.
    """
    return ColumnIndex(Path(folder), analyzer)
