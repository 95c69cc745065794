"""Blocks: the text of an article as paragraphs and subheadings, with the pages of its file."""

from dataclasses import dataclass

from marsad.corpus.article import Article
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.highlighted_text import Run
from marsad.webui.pages.sidebar import Anchors


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or subheading; `anchor` is its HTML id: p1, p2, ...

    `places` are the pages, chapters, sheets or messages of the file that begin in it, each as the
    HTML id and the words, such as page-3 and "Page 3".
    """

    anchor: str
    number: str
    heading: bool
    runs: tuple[Run, ...]
    places: tuple[tuple[str, str], ...] = ()


def paragraphs(
    article: Article, text: tuple[Run, ...], anchors: Anchors, t: Catalogue
) -> tuple[Block, ...]:
    """Return the runs of a text as paragraphs, and register each paragraph in *anchors*.

    A run that crosses a line end is cut, and both parts keep their style.
    """
    headings = {section.start for section in article.sections}
    waiting = list(article.places)
    blocks: list[Block] = []
    line: list[Run] = []
    at = start = 0
    # The added line end closes the last paragraph.
    for run in (*text, Run("\n")):
        pieces = run.text.split("\n")
        for number, piece in enumerate(pieces):
            if number:
                if any(r.text.strip() for r in line):
                    anchor = f"p{len(blocks) + 1}"
                    anchors.add(start, anchor)
                    shown = t.number(len(blocks) + 1)
                    places = []
                    while waiting and waiting[0].start <= at:
                        place = waiting.pop(0)
                        words = t(f"place_{place.kind}", number=t.number(place.number))
                        places.append((f"{place.kind}-{place.number}", words))
                    blocks.append(
                        Block(anchor, shown, start in headings, tuple(line), tuple(places))
                    )
                line = []
                at += 1
                start = at
            if piece:
                line.append(run._replace(text=piece))
                at += len(piece)
    return tuple(blocks)
