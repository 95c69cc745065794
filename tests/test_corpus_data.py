"""The bundled corpus is as its README describes it."""

import re
from collections import Counter

import pytest

from marsad.corpus.article import Article
from marsad.corpus.dates.grammar import find_shapes
from marsad.corpus.dates.tokens import scan
from marsad.corpus.read import read
from tests.conftest import CORPUS

ARTICLES = [record for record in read([CORPUS]) if isinstance(record, Article)]
README = (CORPUS / "README.md").read_text(encoding="utf-8")


def test_it_is_large_and_varied_enough() -> None:
    arabic = [article for article in ARTICLES if article.language == "ar"]
    years = {article.published.year for article in ARTICLES if article.published}
    conflicts = {path.name.split("-")[0] for path in CORPUS.glob("*.txt")}

    assert len(ARTICLES) == len(list(CORPUS.glob("*.txt")))
    assert str(len(ARTICLES)) in README
    assert len(arabic) >= 60
    assert {"ar", "ru", "en"} == {article.language for article in ARTICLES}
    assert min(years) == 2011
    assert max(years) == 2024
    assert len(conflicts) >= 10
    assert len({article.source for article in ARTICLES}) >= 8
    assert len(list(CORPUS.glob("*-copy*.txt"))) == 9


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.title[:40])
def test_every_field_of_an_article_is_read(article: Article) -> None:
    words = len(article.text.split()) - sum(len(s.heading.split()) for s in article.sections)

    assert article.title
    assert article.source
    assert article.publisher
    assert article.photo_credit
    assert article.language != "ar" or 120 <= words <= 500


def test_the_one_undated_article_stays_undated() -> None:
    undated = [article for article in ARTICLES if article.published is None]

    assert [(article.title[:11], article.evidence) for article in undated] == [("اتفاق في بر", "")]


def test_ids_are_unique() -> None:
    assert max(Counter(article.id for article in ARTICLES).values()) == 1


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.title[:40])
def test_weekdays_agree_with_the_calendar(article: Article) -> None:
    for shape in find_shapes(scan(article.text)):
        said = shape.first
        if said.weekday is not None and said.deixis is not None and article.published:
            assert (article.published.weekday() + said.deixis) % 7 == said.weekday


@pytest.mark.parametrize(
    "form",
    [
        "قره باغ", "كاراباخ", "ناغورنو قره باغ", "ناغورني كاراباخ", "زيلنسكي", "جوتيريش", "نجامينا",
        "فيفري", "شباط", "شتنبر", "نوفمبر/تشرين الثاني", "الكريملِن", "\u00a0",
    ],
)  # fmt: skip
def test_spellings_vary(form: str) -> None:
    whole = "\n".join(path.read_text(encoding="utf-8") for path in CORPUS.glob("*.txt"))

    assert re.search(re.escape(form), whole)
