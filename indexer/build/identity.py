"""Identity: two different articles never share an id, and one article keeps its id.

    article with the id of its source -> [Identities.resolve] -> article with its id in the index

The id of a record is often the key of a row: another file may have an article of the same id. An
article takes the place of the one that has its id only if both are versions of one article: the
same record of the same file, or the same title or address and much of the same text. Any other one
is kept beside it, under an id with a digest of its file (`5~1f0a9c3e`), and has a remark.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal, Protocol

from marsad.corpus.article import Article, content_id
from marsad.corpus.identity import is_number
from marsad.corpus.remarks import Remark
from marsad.indexer.build.document import Documents, load_stored
from marsad.indexer.build.versions import Facts, facts_of, is_alike, is_same_record, is_version
from marsad.indexer.engine.seam import Engine

Comparison = Literal["new", "changed", "same"]
_SUFFIX_BYTES = 4


class Passed(Protocol):
    """The articles that a run passed on and that the index does not have yet."""

    def digest(self, article_id: str) -> str | None:
        """Return the digest of an article, None if it was not passed on."""
        ...

    def facts(self, article_id: str) -> Facts | None:
        """Return what an article is compared by, None if it was not passed on."""
        ...

    def add(self, article: Article, digest: str, compared: Comparison) -> None:
        """Keep an article, and how it compared to the one of its id."""
        ...

    def compared(self, article: Article) -> Comparison | None:
        """Return how this very article compared when it was passed on, None if it was not."""
        ...

    def drop(self, articles: Iterable[Article]) -> None:
        """Say that articles are in the index now."""
        ...


class InWork:
    """The articles of the batches in work; they are dropped when their batch is committed."""

    def __init__(self) -> None:
        self._articles: dict[str, tuple[Article, str, Comparison]] = {}

    def digest(self, article_id: str) -> str | None:
        """Return the digest of an article, None if it is not in work."""
        found = self._articles.get(article_id)
        return found[1] if found else None

    def facts(self, article_id: str) -> Facts | None:
        """Return what an article is compared by, None if it is not in work."""
        found = self._articles.get(article_id)
        return facts_of(found[0]) if found else None

    def add(self, article: Article, digest: str, compared: Comparison) -> None:
        """Keep an article until `drop`."""
        self._articles[article.id] = (article, digest, compared)

    def compared(self, article: Article) -> Comparison | None:
        """Return how this very article compared when it was passed on, None if it was not."""
        found = self._articles.get(article.id)
        return found[2] if found is not None and found[0] is article else None

    def drop(self, articles: Iterable[Article]) -> None:
        """Forget articles that are committed, unless a newer version of them is in work."""
        for article in articles:
            found = self._articles.get(article.id)
            if found is not None and found[0] is article:
                del self._articles[article.id]


class OnDisk:
    """The articles of a whole run without an index, in a temporary file."""

    def __init__(self) -> None:
        # The empty name is a temporary file that the database removes itself.
        self._base = sqlite3.connect("")
        self._base.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, digest TEXT, facts TEXT)")

    def close(self) -> None:
        """Remove the file."""
        self._base.close()

    def _row(self, column: str, article_id: str) -> str | None:
        with closing(
            self._base.execute(f"SELECT {column} FROM seen WHERE id = ?", (_key(article_id),))  # noqa: S608  (column is ours)
        ) as found:
            row = found.fetchone()
        return str(row[0]) if row else None

    def digest(self, article_id: str) -> str | None:
        """Return the digest of an article, None if it was not read."""
        return self._row("digest", article_id)

    def facts(self, article_id: str) -> Facts | None:
        """Return what an article is compared by, None if it was not read."""
        found = self._row("facts", article_id)
        if found is None:
            return None
        path, record, *texts, words = found.split("\0")
        read_at, url, title, published, source, publisher = texts
        sample = frozenset(map(int, words.split()))
        return Facts(path, int(record), read_at, url, title, published, source, publisher, sample)

    def compared(self, article: Article) -> Comparison | None:
        """Return None: a dry run passes each article on once."""
        del article
        return None

    def add(self, article: Article, digest: str, compared: Comparison) -> None:
        """Keep an article."""
        del compared
        *fields, words = facts_of(article)
        packed = "\0".join([*(str(each).replace("\0", "") for each in fields), _packed(words)])
        self._base.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)",
            (_key(article.id), digest, _key(packed)),
        )

    def drop(self, articles: Iterable[Article]) -> None:
        """Keep them: nothing is committed in a dry run."""


def _key(text: str) -> str:
    # SQLite takes no half of a surrogate pair.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _packed(words: object) -> str:
    return " ".join(map(str, words)) if isinstance(words, frozenset) else ""


@dataclass(slots=True)
class Identities:
    """Gives articles their ids in an index; *engine* is None if there is no index yet.

    `is_shared` tells of an id whether more than one file holds it. Then another article at the
    same place of a file does not take the place of the one that the other file still has.
    """

    engine: Engine | None
    documents: Documents
    passed: Passed
    is_shared: Callable[[str], bool] = lambda _: False

    def resolve(self, article: Article) -> Article:
        """Return *article* with its id in the index, and remember it for the articles after it.

        An article that was resolved before comes back as it is.
        """
        return self.resolve_and_compare(article)[1]

    def resolve_and_compare(self, article: Article) -> tuple[Comparison, Article]:
        """Return the same as `resolve`, after how the article compares to the one of its id."""
        before = self.passed.compared(article)
        if before is not None:
            return before, article
        found = self._found(article)
        digest = self.documents.digest(found)
        known = self.known_digest(found.id)
        if known == digest:
            return "same", found
        compared: Comparison = "new" if known is None else "changed"
        self.passed.add(found, digest, compared)
        return compared, found

    def known_digest(self, article_id: str) -> str | None:
        """Return the digest of the article that has this id, None if none has it."""
        digest = self.passed.digest(article_id)
        if digest is None and self.engine is not None:
            digest = self.engine.digest(article_id)
        return digest

    def _found(self, article: Article) -> Article:
        known = self.known_digest(article.id)
        if known is None:
            return self._under_earlier_id(article)
        if known == self.documents.digest(article):
            return article
        facts = facts_of(article)
        remark = Remark(
            "id-taken", f"found the id {article.id}, which another article has: both are kept"
        )
        others = [
            replace(article, id=f"{article.id}~{suffix}", remarks=(*article.remarks, remark))
            # The content tells more than two articles of one file apart.
            for suffix in (_digest_of_file(facts.path), _content(article))
        ]
        for each in others:
            if self.known_digest(each.id) == self.documents.digest(each):
                return each
        held = {each.id: self._facts(each.id, facts) for each in (article, *others)}
        for fits in (is_same_record, is_version):
            for each in (article, *others):
                known_facts = held[each.id]
                if known_facts is None or not fits(known_facts, facts):
                    continue
                if is_alike(known_facts, facts) or not self.is_shared(each.id):
                    return each
        return next((each for each in others if held[each.id] is None), others[-1])

    def _under_earlier_id(self, article: Article) -> Article:
        """Return *article* under the bare number by which an earlier version indexed it, if so."""
        scope, colon, bare = article.id.rpartition(":")
        if not (scope and colon and is_number(bare)) or self.known_digest(bare) is None:
            return article
        facts = facts_of(article)
        known = self._facts(bare, facts)
        if known is None or not is_version(known, facts):
            return article
        return replace(article, id=bare)

    def _facts(self, article_id: str, facts: Facts) -> Facts | None:
        """Return what the article that has an id is compared by, None if none has it.

        One whose stored text is damaged is taken for a version of the article with *facts*, so
        that the damage is mended.
        """
        known = self.passed.facts(article_id)
        if known is None and self.engine is not None:
            hit = self.engine.get(article_id)
            if hit is not None:
                known = facts if hit.damage else facts_of(load_stored(hit.stored).article)
        return known


def _digest_of_file(path: str) -> str:
    """Return a digest of the name of a file: it stays when its folder moves."""
    name = path.rpartition("/")[2]
    return blake2b(name.encode("utf-8", "replace"), digest_size=_SUFFIX_BYTES).hexdigest()


def _content(article: Article) -> str:
    return content_id(
        title=article.title,
        text=article.text,
        published=article.published_iso(),
        source=article.source,
        url=article.url,
    )
