"""Copies: the articles that tell one story in nearly the same words, and how nearly."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from marsad.corpus.article import Article
from marsad.indexer.build.document import load_stored
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.comparison import share_of
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.pages.listed import LinkItem, listed
from marsad.webui.request.clock import check_time
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, article_path
from marsad.webui.state.site import Site

# Comparing takes time by the product of lengths; beyond so many copies no share is given.
MOST_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Copy:
    """Another copy of a story; `share` is how much of the words both have."""

    id: str
    listed: LinkItem
    share: str
    compare: str


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """Every copy of one story, the earliest first."""

    frame: Frame
    title: str
    lang: str
    total: str
    copies: tuple[Copy, ...]
    back: Link


def copies_of(site: Site, article: Article, form: SearchForm, t: Catalogue) -> tuple[Copy, ...]:
    """Return the other copies of *article*'s story, the earliest first."""
    found = []
    for number, other_id in enumerate(
        i for i in site.engine.cluster(article.id) if i != article.id
    ):
        check_time()
        hit = site.engine.get(other_id)
        if hit is None:
            continue
        other = load_stored(hit.stored).article
        share = ""
        if number < MOST_COMPARED:
            share = f"{t.number(round(100 * share_of(article.text, other.text)))}%"
        query = urlencode([("left", article.id), ("right", other.id), *form.display_pairs()])
        line = listed(other, form.blank().url(article_path(other.id)), t)
        found.append(Copy(other.id, line, share, f"/compare?{query}"))
    return tuple(found)


def cluster_page(site: Site, article_id: str, form: SearchForm, t: Catalogue) -> ClusterPage | None:
    """Build the page of the story of *article_id*; None where there is no such article."""
    check_time()
    hit = site.engine.get(article_id)
    if hit is None:
        return None
    ids = site.engine.cluster(article_id)
    first = site.engine.get(ids[0]) if ids else hit
    article = load_stored((first or hit).stored).article
    line = listed(article, form.blank().url(article_path(article.id)), t)
    copies = (Copy(article.id, line, "", ""), *copies_of(site, article, form, t))
    return ClusterPage(
        frame=frame(form, t, article.title or article.id, f"/cluster/{quote(article_id, safe='')}"),
        title=article.title or article.id,
        lang=article.language,
        total=t.count("copies", len(copies)),
        copies=copies,
        back=Link(t("back_to_results"), form.url()),
    )
