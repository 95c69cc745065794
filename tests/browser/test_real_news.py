"""Real news: over thousands of real articles, the pages show the counts of the oracle."""

from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.indexer.engine.request import FacetFilter, FacetRequest, SearchRequest
from marsad.indexer.parts import Parts
from marsad.indexer.query.parse import parse
from tests.browser.conftest import PATIENCE_MS, serving, shot, total
from tests.conftest import EVAL, Marsad
from tests.contract.oracle import OracleEngine


@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation data is not beside the checkout")
def test_searches_of_real_news_count_like_the_oracle(
    browser: Browser, tmp_path: Path, marsad: Marsad, wanted: Parts
) -> None:
    source = EVAL / "news/ant.jsonl.gz"
    done = marsad("index", source, "--index", tmp_path / "index")
    assert "read 3630, added 3630" in done.stdout
    oracle = OracleEngine()
    with oracle.writer() as writer:
        for record in read([source]):
            if isinstance(record, Article):
                writer.add(wanted.documents.make(record))
    tree = parse("ليبيا", wanted.analyzer, wanted.gazetteer.resolve).tree

    with serving(tmp_path / "index") as site, browser.new_context(base_url=site) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto("/search?q=ليبيا")
        chosen: tuple[FacetFilter, ...] = ()
        for field in ("place", "person", "organisation"):
            asked = SearchRequest(query=tree, filters=chosen, facets=(FacetRequest(field, 6),))
            expected = oracle.search(asked)
            assert total(page) == expected.total
            (counts,) = expected.facets
            value = counts.values[0][0]
            shown = page.locator(f".filters .facet.{field} li:not(.missing) .num")
            assert sorted(map(int, shown.all_inner_texts())) == sorted(c for _, c in counts.values)
            href = f"={quote_plus(value)}"
            page.locator(f'.filters .facet.{field} li > a[href*="{href}"]').first.click()
            chosen = (*chosen, FacetFilter(field, (value,)))
        last = oracle.search(SearchRequest(query=tree, filters=chosen))
        shot(page, "ant-narrowed")

        assert total(page) == last.total > 0
