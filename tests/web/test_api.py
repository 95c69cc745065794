"""API: it conforms to its OpenAPI document, for any request that a client can make."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from marsad.indexer.engine.seam import Engine
from marsad.webui.state.settings import Settings
from tests.conftest import Marsad
from tests.web.conftest import app_of, warmed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_the_page_and_the_api_count_the_same(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=هدنة&lang=en&filter:language=ar").get_json()
    shown = client.get("/search?q=هدنة&lang=en&filter:language=ar").get_data(as_text=True)

    assert f"<h1>{found['total']['documents']} articles" in shown
    passage = found["results"][0]["passages"][0]
    start, end = passage["spans"][0]
    assert "هدنة" in passage["text"][start:end]
    assert found["links"]["csv"].startswith("/search.csv?q=")


def test_pages_of_the_api_lead_to_each_other(client: FlaskClient) -> None:
    url, ids = "/api/v1/search?per_page=20", []
    while url:
        found = client.get(url).get_json()
        ids += [hit["id"] for hit in found["results"]]
        url = found["links"]["next"]

    assert len(set(ids)) == len(ids) == found["total"]["documents"]


@pytest.mark.parametrize(
    ("url", "status", "parameter"),
    [
        ("/api/v1/search?color=red", 400, "color"),
        ("/api/v1/search?page=x", 400, "page"),
        ("/api/v1/corpus?q=x", 400, "q"),
        ("/api/v1/analyze", 400, "text"),
        ("/api/v1/facets/colour", 400, "field"),
        ("/api/v1/articles/none", 404, None),
        ("/api/v1/none", 404, None),
        ("/search.csv?color=red", 400, "color"),
    ],
)
def test_an_error_of_the_api_is_problem_json(
    client: FlaskClient, url: str, status: int, parameter: str | None
) -> None:
    answer = client.get(url)
    problem = json.loads(answer.data)

    assert answer.status_code == problem["status"] == status
    assert answer.mimetype == "application/problem+json"
    assert problem.get("parameter") == parameter


@pytest.mark.parametrize(
    ("typed", "found"),
    [("علي", "إلهام علييف"), ("باك", "باكو"), ("وباك", "باكو"), ("aliy", "إلهام علييف")],
)
def test_a_name_is_completed_after_a_clitic_and_from_other_alphabets(
    client: FlaskClient, typed: str, found: str
) -> None:
    said = client.get("/suggest", query_string={"q": typed}).get_json(force=True)

    assert said[0] == typed
    assert found in said[1]
    kept = client.get("/suggest", query_string={"q": f"هدنة {typed}"}).get_json(force=True)
    assert f"هدنة {found}" in kept[1]


def test_the_page_the_api_and_the_command_give_the_same_completions(
    client: FlaskClient, corpus_index: Path, marsad: Marsad
) -> None:
    _, said, notes = client.get("/suggest", query_string={"q": "سقوط قص"}).get_json(force=True)
    told = client.get("/api/v1/suggest", query_string={"q": "سقوط قص"}).get_json()["suggestions"]
    done = marsad("complete", "سقوط قص", "--index", corpus_index, "--json")

    assert json.loads(done.stdout) == told
    assert said == [one["text"] for one in told]
    word = next(one for one in told if one["text"] == "سقوط قصف")
    assert (word["class"], word["id"]) == ("word", None)
    assert notes[said.index("سقوط قصف")].startswith("كلمة · ")
    spelt = client.get("/api/v1/search?q=قصف&match=folded").get_json()
    assert spelt["total"]["documents"] >= word["articles"] > 0


def test_completion_does_not_wait_for_the_vocabulary(engine: Engine) -> None:
    app = app_of(engine)

    early = app.test_client().get("/api/v1/suggest?q=باكو")
    later = warmed(app).test_client().get("/api/v1/suggest?q=باكو")

    assert early.status_code == 200
    assert later.get_json()["suggestions"][0]["text"] == "باكو"


def test_a_name_without_articles_is_not_suggested(client: FlaskClient) -> None:
    assert client.get("/suggest?q=ريودي").get_json(force=True)[1] == []


def test_the_api_shows_the_tokens_of_a_text(client: FlaskClient) -> None:
    (token,) = client.get("/api/v1/analyze?text=وللكرملين").get_json()["tokens"]

    assert (token["start"], token["end"], token["stem"]) == (0, 9, "كرملين")


def test_the_openapi_document_lists_the_errors_of_a_protected_site(engine: Engine) -> None:
    paths = app_of(engine).test_client().get("/api/v1/openapi.json").get_json()["paths"]
    closed = [Settings(password="x"), Settings(user_header="X-Remote-User")]
    answers = [app_of(engine, known).test_client().get("/api/v1/corpus") for known in closed]

    assert [answer.status_code for answer in answers] == [401, 403]
    assert {answer.mimetype for answer in answers} == {"application/problem+json"}
    for path in paths.values():
        assert {"401", "403", "500"} <= set(path["get"]["responses"])


def test_the_forms_of_the_api_work_without_scripts(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs?lang=en").text
    ids = {"article": client.get("/api/v1/search").get_json()["results"][0]["id"]}
    forms = re.findall(r'<form action="([^"]+)"(.*?)</form>', page)

    assert len(forms) == 7
    for action, body in forms:
        inputs = re.findall(r'<input name="([^"]+)" value="([^"]*)"', body)
        an_id = ids.get(action.rpartition("/")[2], "ilham-aliyev")
        sent = {name: an_id if name == "id" else html.unescape(value) for name, value in inputs}
        answer = client.get(action, query_string=sent, follow_redirects=True)
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), action
    assert client.get("/api/v1/docs/none").status_code == 404


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_api_conforms_to_its_openapi_document(engine: Engine, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app_of(engine))
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]

    assert len(operations) == 7
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not operation.query:
            continue

        @settings(
            max_examples=30,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def conforms(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers={"Accept-Encoding": "identity"}, checks=CHECKS)

        conforms()
