"""Hostile articles: their markup is shown as text, and no script in them runs on any page."""

import json
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser

from tests.browser.conftest import PATIENCE_MS, serving
from tests.conftest import Marsad

NASTY = (
    '"><script>document.title="owned"</script><img src=x onerror=document.title="owned">'
    "</script></title><svg onload=document.title='owned'>{{7*7}}"
)
FIELDS = ("title", "text", "source", "author", "language", "date")


def test_hostile_articles_run_no_script(browser: Browser, tmp_path: Path, marsad: Marsad) -> None:
    lines = []
    for field in FIELDS:
        value = f"2023-09-21T{NASTY}" if field == "date" else NASTY
        record = {"id": f"{field}'\"<b>", "text": "هدنة", "title": "هدنة"} | {field: value}
        lines.append(json.dumps(record | {"url": "javascript:document.title='owned'"}))
    source = tmp_path / "nasty.jsonl"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert marsad("index", source, "--index", tmp_path / "index").returncode == 0
    with serving(tmp_path / "index") as site, browser.new_context(base_url=site) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        said: list[str] = []
        page.on("dialog", lambda dialog: said.append(dialog.message))
        found = page.request.get("/api/v1/search").json()["results"]
        q = quote(NASTY)
        urls = [f"/search?q={q}", "/search", "/", f"/search?filter:source={q}", "/facet/source"]
        urls += [f"{hit['url']}?q={q}" for hit in found]
        urls += [f"/compare?left={quote(found[0]['id'])}&right={quote(found[1]['id'])}"]
        urls += [f"/search?{q}=1", f"/entity/{q}", f"/article/{q}", "/search?lang=en&sort=" + q]
        for url in urls:
            page.goto(url)
            page.wait_for_load_state()
            assert "owned" not in page.title().replace(NASTY, ""), url
            assert page.locator("img, body svg[onload]").count() == 0
            assert page.locator('a[href^="javascript"]').count() == 0
            assert page.evaluate("document.scripts.length") <= 2

    assert len(found) == len(FIELDS)
    assert said == []
