"""Web tests: one application over the bundled corpus for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marsad.indexer.engine.seam import Engine
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.webui.app import create_app
from marsad.webui.state.settings import Settings


@pytest.fixture(scope="session")
def engine(corpus_index: Path) -> Iterator[Engine]:
    opened = open_engine(str(corpus_index), parts().analyzer)
    # On a new machine this compiles the kernels, so that no test with a time limit has to.
    app_of(opened).test_client().get("/search?q=في")
    yield opened
    opened.close()


def app_of(engine: Engine, settings: Settings | None = None) -> Flask:
    known = parts()
    settings = settings or Settings()
    return create_app(engine, known.analyzer, known.gazetteer, settings)


def warmed(app: Flask) -> Flask:
    """Return *app* after the words of its index have been read."""
    reader = app.extensions["marsad"].warm()
    if reader:
        reader.join()
    return app


@pytest.fixture(scope="session")
def client(engine: Engine) -> FlaskClient:
    return warmed(app_of(engine)).test_client()
