"""Parts: the analyzer, the gazetteer and the objects made from them, for every program."""

from functools import cache, cached_property
from pathlib import Path

from marsad.indexer.analysis.analyzer import Analyzer
from marsad.indexer.build.document import Documents
from marsad.indexer.engine.seam import Engine
from marsad.indexer.extract.entities.authority import read_authority
from marsad.indexer.extract.entities.features import FeatureMaker
from marsad.indexer.extract.entities.finder import Finder
from marsad.indexer.extract.entities.gazetteer import Gazetteer, bundled_gazetteer, gazetteer_with
from marsad.indexer.extract.entities.model import bundled_model
from marsad.indexer.fields import BODY, TITLE, index_field
from marsad.indexer.query.parse import Parsed, parse
from marsad.indexer.query.strictness import MatchRule, Strictness
from marsad.indexer.query.words import WordTest


class Parts:
    """An analyzer and a gazetteer that fit each other, and the objects made from them.

    The parts for extraction are made on demand: the tagger takes 35 MB, and a search does not
    need it.
    """

    def __init__(self, analyzer: Analyzer, gazetteer: Gazetteer) -> None:
        self.analyzer = analyzer
        self.gazetteer = gazetteer

    @cached_property
    def finder(self) -> Finder:
        """The finder of entities."""
        # The features come from the bundled gazetteer only, because the model was trained with it.
        return Finder(self.gazetteer, FeatureMaker(bundled_gazetteer()), bundled_model())

    @cached_property
    def documents(self) -> Documents:
        """The maker of documents."""
        return Documents(self.analyzer, self.finder)

    def parse(
        self,
        typed: str,
        *,
        any_word: bool = False,
        level: Strictness = "default",
        off: frozenset[MatchRule] = frozenset(),
        not_lemmas: frozenset[str] = frozenset(),
        engine: Engine | None = None,
    ) -> Parsed:
        """Parse a typed query with the names of the gazetteer; see `query.parse.parse`.

        With *engine* and *off*, the tree has only word forms that are in the index.
        """
        return parse(
            typed,
            self.analyzer,
            self.gazetteer.resolve,
            any_word=any_word,
            level=level,
            off=off,
            not_lemmas=not_lemmas,
            variants=self.gazetteer.variants,
            holds=word_test(engine) if engine is not None and off else None,
        )


def word_test(engine: Engine) -> WordTest:
    """Return a test whether an index has a folded word in a title or text."""
    fields = (index_field(TITLE, "surface"), index_field(BODY, "surface"))
    return lambda word: any(engine.count(field, word) for field in fields)


def parts(*, stemming: bool = True, entities: Path | None = None) -> Parts:
    """Return the parts; without *stemming*, words are folded only (to measure the stemmer).

    *entities* is the user's own authority file; its entities win over the bundled ones.

    Raises:
        AuthorityError: a row of the user's file is malformed.
    """
    # A file that was changed is read again: a notebook goes on in one process.
    about = entities.stat() if entities else None
    return _parts(stemming, entities, about and (about.st_size, about.st_mtime_ns))


@cache
def _parts(stemming: bool, entities: Path | None, changed: tuple[int, int] | None) -> Parts:
    del changed  # part of the key
    bundled = bundled_gazetteer()
    gazetteer = gazetteer_with(read_authority(entities)) if entities else bundled
    # Terms depend on the bundled names only, so a user may change names without a new index.
    return Parts(Analyzer(bundled.names(), stemming=stemming), gazetteer)


def documents(*, stemming: bool = True, entities: Path | None = None) -> Documents:
    """Return the maker of documents; each worker process calls this once."""
    return parts(stemming=stemming, entities=entities).documents
