"""Fixtures of the browser tests: one Chromium, and one server over the bundled corpus.

Screenshots are written to `.screens/`, for people to look at.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.find_chromium import find_chromium
from tests.conftest import ROOT

SCREENS = ROOT / ".screens"
# On a new machine the server compiles its kernels first, which may take a minute.
PATIENCE_MS = 120_000
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "no Chromium: run tests/browser/find_chromium.py --install"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=OPTIONS, timeout=PATIENCE_MS)
        yield opened
        opened.close()


@contextmanager
def serving(index: Path, *options: str) -> Iterator[str]:
    """Run the real server on a free port; yield its address."""
    program = str(Path(sys.executable).parent / "marsad")
    command = [program, "serve", "--index", str(index), "--port", "0", *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().split()[-1].rstrip("/")
    finally:
        server.terminate()
        server.wait(timeout=60)
        server.stdout.close()


@pytest.fixture(scope="session")
def site(corpus_index: Path) -> Iterator[str]:
    with serving(corpus_index) as address:
        yield address


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[NewPage]:
    """Give a function that opens pages of the site, each in its own browser context."""
    contexts = []

    def opened(**options: object) -> Page:
        wanted = {"base_url": site, "viewport": {"width": 1280, "height": 1000}, **options}
        context = browser.new_context(**wanted)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


def shot(page: Page, name: str) -> None:
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", timeout=PATIENCE_MS)


def total(page: Page) -> int:
    """Return the number of articles that the page says it found."""
    first = "heading => heading.firstChild.textContent.trim()"
    words = str(page.locator(".head h1").evaluate(first))
    plain = {"مقال واحد": 1, "مقالان": 2, "لا مقالات": 0}
    return plain[words] if words in plain else int(re.sub(r"\D", "", words))
