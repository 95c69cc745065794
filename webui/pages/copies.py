"""Copies: the near-duplicates of an article, and how similar each of them is."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from marsad.corpus.article import Article
from marsad.indexer.build.document import load_hit
from marsad.webui.i18n.catalogue import Catalogue
from marsad.webui.pages.article_link import ArticleLink, article_link
from marsad.webui.pages.comparison import share_of
from marsad.webui.pages.frame import Frame, frame
from marsad.webui.request.forms import SearchForm
from marsad.webui.request.links import Link, article_path
from marsad.webui.request.time_limit import check_time
from marsad.webui.state.backend import Backend

# The time to compare two texts grows with the product of their lengths. A story that many
# agencies print has hundreds of copies, so only the first ones are compared.
MOST_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Copy:
    """One near-duplicate; `share` is the share of common words, empty if it was not computed."""

    id: str
    link: ArticleLink
    share: str
    compare: str


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """All articles of one near-duplicate cluster, earliest first."""

    frame: Frame
    title: str
    lang: str
    total: str
    copies: tuple[Copy, ...]
    back: Link


def copies_of(
    backend: Backend, article: Article, form: SearchForm, t: Catalogue
) -> tuple[Copy, ...]:
    """Return the other articles in the near-duplicate cluster of *article*, earliest first."""
    found = []
    for number, other_id in enumerate(
        i for i in backend.engine.cluster(article.id) if i != article.id
    ):
        check_time()
        hit = backend.engine.get(other_id)
        if hit is None:
            # It was removed after the cluster was read.
            continue
        other = load_hit(hit).article
        share = ""
        if number < MOST_COMPARED:
            share = f"{t.number(round(100 * share_of(article.text, other.text)))}%"
        query = urlencode([("left", article.id), ("right", other.id), *form.display_pairs()])
        link = article_link(other, form.new_search().url(article_path(other.id)), t)
        found.append(Copy(other.id, link, share, f"/compare?{query}"))
    return tuple(found)


def cluster_page(
    backend: Backend, article_id: str, form: SearchForm, t: Catalogue
) -> ClusterPage | None:
    """Build the page of the cluster that *article_id* is in; None if there is no such article."""
    check_time()
    hit = backend.engine.get(article_id)
    if hit is None:
        return None
    ids = backend.engine.cluster(article_id)
    # An article without copies is in no cluster: it is then the only one on the page.
    first = backend.engine.get(ids[0]) if ids else hit
    article = load_hit(first or hit).article
    link = article_link(article, form.new_search().url(article_path(article.id)), t)
    copies = (Copy(article.id, link, "", ""), *copies_of(backend, article, form, t))
    return ClusterPage(
        frame=frame(form, t, article.title or article.id, f"/cluster/{quote(article_id, safe='')}"),
        title=article.title or article.id,
        lang=article.language,
        total=t.count("copies", len(copies)),
        copies=copies,
        back=Link(t("back_to_results"), form.url()),
    )
