"""Errors: every error of the program crosses a process border as it was raised."""

import importlib
import inspect
import pickle
import resource
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import get_type_hints

import pytest

from marsad.corpus.article import Article
from marsad.corpus.quarantine import Quarantine
from marsad.indexer.build.batch import index_records
from marsad.indexer.build.document import Documents
from marsad.indexer.build.workers import Workers
from marsad.indexer.engine.seam import Document
from marsad.indexer.errors import IndexWriteError
from marsad.indexer.parts import Parts, documents
from marsad.indexer.registry import open_engine
from marsad.indexer.sync.tombstones import Tombstone
from tests.test_layering import MODULES, dotted

ROOMS = ("marsad.corpus", "marsad.indexer", "marsad.webui")
VALUES = {
    int: 7,
    float: 2.5,
    str: "هدنة",
    Path: Path("/news"),
    Path | str: Path("/news"),
    tuple[str, ...]: ("a", "b"),
    Tombstone: Tombstone("a", "t", None, "s", "p", "2026-11-28"),
}


def error_classes() -> list[type[Exception]]:
    """Return every class of exceptions that our modules define."""
    found: dict[type[Exception], None] = {}
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if "Error(" not in text and "Exception)" not in text:
            continue
        module = importlib.import_module(dotted(path))
        for _, each in inspect.getmembers(module, inspect.isclass):
            if issubclass(each, Exception) and each.__module__.startswith(ROOMS):
                found[each] = None
    return list(found)


def made(kind: type[Exception]) -> Exception:
    """Return an error of a class, with a value for each of its parameters."""
    given: dict[str, object] = {}
    free: list[object] = []
    if "__init__" not in vars(kind):
        parent = next(each for each in kind.__mro__ if "__init__" in vars(each))
        if not parent.__module__.startswith(ROOMS):
            return kind("a message")
    hints = get_type_hints(kind.__init__)
    for name, parameter in inspect.signature(kind).parameters.items():
        value = VALUES[hints[name]]
        if parameter.kind is parameter.KEYWORD_ONLY:
            given[name] = value
        else:
            free.append(value)
    return kind(*free, **given)


def test_every_error_survives_pickling() -> None:
    classes = error_classes()
    assert len(classes) >= 30

    for kind in classes:
        error = made(kind)
        again = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)
        assert type(again) is kind
        assert str(again) == str(error)
        assert vars(again) == vars(error)


def fail() -> None:
    raise IndexWriteError(Path("/news"), "No space left on device")


def test_an_error_of_a_worker_process_is_the_error() -> None:
    with (
        ProcessPoolExecutor(1) as pool,
        pytest.raises(IndexWriteError, match="/news: cannot write here: No space left"),
    ):
        pool.submit(fail).result()


def test_a_full_disk_in_a_worker_is_told_as_one(
    tmp_path: Path, wanted: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Documents.make

    def limited(self: Documents, article: Article) -> Document:
        # The first full batch starts the workers; this article is in the second.
        if article.id == "last":
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        return make(self, article)

    monkeypatch.setattr(Documents, "make", limited)
    engine = open_engine(str(tmp_path / "index"), wanted.analyzer, create=True)
    articles = [
        Article(id="last" if n == 1_000 else str(n), title="", text="هدنة في الجنوب " * 5)
        for n in range(1_001)
    ]
    try:
        with pytest.raises(IndexWriteError, match="File too large"):
            index_records(
                iter(articles),
                engine,
                wanted.documents,
                Quarantine(tmp_path / "q.jsonl"),
                lambda _: None,
                batch=600,
                workers=Workers(2, partial(documents, stemming=True, entities=None)),
            )
    finally:
        engine.close()
