"""Screenshots of the README, from a running server: `python -m tests.browser.screenshots URL`.

They are reduced to few colours by Pillow, so that the repository stays small.
"""

import sys
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from tests.browser.conftest import OPTIONS, PATIENCE_MS
from tests.browser.find_chromium import find_chromium
from tests.conftest import ROOT

FOLDER = ROOT / ".screenshots"
_COLOURS = 256
_WORDS = "قوات حفظ السلام قره باغ"


@dataclass(frozen=True, slots=True)
class View:
    """One picture: a page, a window size and a colour scheme; `opens`: open the first hit first."""

    name: str
    path: str
    width: int
    height: int
    scheme: str = "light"
    opens: bool = False


VIEWS = (
    View("home-ar", "/", 1280, 900),
    View("search-ar", f"/search?q={_WORDS}", 1280, 1000),
    View("article-ar", f"/search?q={_WORDS}", 1280, 1000, opens=True),
    View("facet-ar", "/facet/place?digits=arab", 1280, 700),
    View("search-en-dark", "/search?q=هدنة&filter:place=gaza-strip&lang=en", 1280, 900, "dark"),
    View("article-en", "/search?q=هدنة&lang=en", 1280, 900, opens=True),
    View("search-phone", "/search?q=قوات حفظ السلام", 390, 844),
    View("article-phone-dark", "/search?q=قوات حفظ السلام", 390, 844, "dark", opens=True),
)


def main() -> None:
    """Take a picture of every view, from the server at the given address."""

    from PIL import Image  # noqa: PLC0415  (of the extra `build`, not of `dev`)

    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        for view in VIEWS:
            context = browser.new_context(
                base_url=sys.argv[1],
                viewport={"width": view.width, "height": view.height},
                color_scheme=view.scheme,  # type: ignore[arg-type]
            )
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.goto(view.path)
            if view.opens:
                page.locator(".hit h2 a").first.click()
                page.wait_for_load_state()
            path = FOLDER / f"{view.name}.png"
            page.screenshot(path=path)
            with Image.open(path) as picture:
                # Other methods of Pillow lose the hues of the small dots of the entity classes.
                reduced = picture.convert("RGB").quantize(
                    _COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
                )
            reduced.save(path, optimize=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
