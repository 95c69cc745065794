"""Errors: each status has its own error page, in every language."""

import pytest
from werkzeug.exceptions import Forbidden, ServiceUnavailable

from marsad.indexer.engine.seam import Engine
from marsad.webui.http.errors import Problem
from marsad.webui.i18n.catalogue import languages
from marsad.webui.state.settings import Settings
from tests.web.conftest import app_of

STATUSES = (400, 401, 403, 404, 405, 410, 429, 500, 503)


@pytest.mark.parametrize("lang", languages())
def test_each_status_has_its_own_heading_and_hint(lang: str) -> None:
    pages = [Problem(status=status).page({"lang": lang}) for status in STATUSES]

    assert len({page.heading for page in pages}) == len(STATUSES)
    assert len({page.hint for page in pages}) == len(STATUSES)


def test_a_request_without_a_user_name_gets_403(engine: Engine) -> None:
    client = app_of(engine, Settings(user_header="X-Remote-User")).test_client()
    refused = client.get("/search?lang=en")

    assert refused.status_code == Forbidden.code
    assert "Access denied" in refused.text
    assert client.get("/api/v1/search").get_json()["title"] == "Forbidden"


def test_a_status_without_texts_uses_those_of_its_class() -> None:
    teapot, gateway = (Problem(status=status).page({"lang": "en"}) for status in (418, 504))

    assert teapot.heading == Problem(status=400).page({"lang": "en"}).heading
    assert gateway.heading == Problem(status=500).page({"lang": "en"}).heading
    assert gateway.heading != Problem(status=ServiceUnavailable.code).page({"lang": "en"}).heading
