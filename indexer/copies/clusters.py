"""Clusters: the sets of articles that are copies of one story, kept up to date.

    sketches of new articles -> [Copies.add] -> the clusters that changed

Articles are numbered in the order in which they are added. A cluster is a connected set of copies.
Its name is the id of its article with the lowest number, so it changes only when clusters are
joined or split. The clusters do not depend on the order of the articles, unless more than
`kernels.LONGEST_CHAIN` articles share a key.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from marsad.indexer.copies.kernels import KEYS, are_copies, insert, join_copies
from marsad.indexer.copies.sketch import SIZE, Sketches

_SMALLEST = 1 << 10

# Article id to the name of its cluster, None where it is in no cluster now.
Changes = dict[str, str | None]


class Copies:
    """Sketches of all articles of an index, and their clusters."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._number: dict[str, int] = {}
        self._members: dict[int, list[int]] = {}
        self._triples = np.zeros((0, SIZE), np.uint32)
        self._words = np.zeros((0, SIZE), np.uint32)
        self._sizes = np.zeros(0, np.uint32)
        self._live = np.zeros(0, np.bool_)
        self._parents = np.zeros(0, np.int32)
        self._seen = np.zeros(0, np.int32)
        self._links = np.zeros(0, np.int32)
        self._heads = np.full(2 * KEYS * _SMALLEST, -1, np.int32)

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self._number)

    def __contains__(self, article: object) -> bool:
        """Tell whether the article of an id was added and not removed."""
        return article in self._number

    @property
    def numbered(self) -> int:
        """How many articles were numbered, including removed and replaced ones."""
        return len(self._ids)

    def add(self, sketches: Sketches) -> Changes:
        """Add articles, in place of any with their ids; the last copy of an id counts.

        Returns:
            Article to the name of its cluster, or None if it is in no cluster now. Articles whose
            cluster does not change may be left out. If an article was added before with the same
            sketch, its whole cluster is returned.
        """
        changes: Changes = {}
        broken: set[int] = set()
        last = {article: at for at, article in enumerate(sketches.ids)}
        new = []
        for article, at in last.items():
            number = self._number.get(article)
            if number is None:
                new.append(at)
            elif self._is_same(number, sketches, at):
                self._name_cluster(number, changes)
            else:
                broken |= self._drop(article, changes)
                new.append(at)
        first = self._append(sketches, new)
        wanted = [*range(first, len(self._ids)), *(n for n in sorted(broken) if self._live[n])]
        self._join(np.array(wanted, np.int64), changes)
        return changes

    def remove(self, articles: Iterable[str]) -> Changes:
        """Remove articles; return the clusters that changed, and None for the removed."""
        changes: Changes = {}
        broken: set[int] = set()
        for article in articles:
            if article in self._number:
                broken |= self._drop(article, changes)
                changes[article] = None
        self._join(np.array([n for n in sorted(broken) if self._live[n]], np.int64), changes)
        return changes

    def cluster(self, article: str) -> tuple[str, ...]:
        """Return the ids of an article's cluster, in the order of numbers; empty without one."""
        number = self._number.get(article)
        if number is None:
            return ()
        return tuple(self._ids[n] for n in self._members.get(self._root(number), ()))

    def clusters(self) -> dict[str, str]:
        """Return article to the name of its cluster, for all articles in a cluster."""
        return {
            self._ids[number]: self._ids[root]
            for root, members in self._members.items()
            for number in members
        }

    def every(self) -> Changes:
        """Return article to the name of its cluster, or None without one, for all articles."""
        alone: Changes = dict.fromkeys(self._number)
        return alone | self.clusters()

    def compare(self, one: str, two: str) -> bool:
        """Tell whether two articles are copies, by their sketches alone."""
        first, second = self._number[one], self._number[two]
        return bool(are_copies(self._triples, self._words, self._sizes, first, second))

    def load(
        self,
        sketches: Sketches,
        removed: Iterable[str],
        clusters: Mapping[str, str | None],
    ) -> None:
        """Add what an earlier run added and found, without comparing sketches again.

        Call `loaded` after the last call.
        """
        for article in [*removed, *(a for a in sketches.ids if a in self._number)]:
            number = self._number.pop(article, None)
            if number is not None:
                self._live[number] = False
        self._append(sketches, list(range(len(sketches))))
        for article, name in clusters.items():
            number = self._number.get(article)
            if number is not None:
                self._parents[number] = number if name is None else self._number.get(name, number)
        self._members = {}

    def loaded(self) -> None:
        """End loading: gather the members of each cluster."""
        self._members = {}
        for number in np.flatnonzero(self._parents[: len(self._ids)] != self._arange()).tolist():
            if self._live[number]:
                root = self._root(number)
                self._members.setdefault(root, [root]).append(number)

    def live_sketches(self) -> Sketches:
        """Return the sketches of all articles, in the order of their numbers."""
        kept = np.flatnonzero(self._live[: len(self._ids)])
        ids = tuple(self._ids[number] for number in kept.tolist())
        return Sketches(ids, self._sizes[kept], self._triples[kept], self._words[kept])

    def _arange(self) -> NDArray[np.int32]:
        return np.arange(len(self._ids), dtype=np.int32)

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            number = int(self._parents[number])
        return number

    def _is_same(self, number: int, sketches: Sketches, at: int) -> bool:
        return (
            self._sizes[number] == sketches.sizes[at]
            and np.array_equal(self._triples[number], sketches.triples[at])
            and np.array_equal(self._words[number], sketches.words[at])
        )

    def _name_cluster(self, number: int, changes: Changes) -> None:
        root = self._root(number)
        for member in self._members.get(root, ()):
            changes[self._ids[member]] = self._ids[root]

    def _drop(self, article: str, changes: Changes) -> set[int]:
        """Remove an article; its cluster is dissolved, and the numbers of its members returned."""
        number = self._number.pop(article)
        members = self._members.pop(self._root(number), [])
        self._live[number] = False
        for member in members:
            self._parents[member] = member
            changes[self._ids[member]] = None
        return set(members)

    def _append(self, sketches: Sketches, wanted: list[int]) -> int:
        """Number the sketches at the places *wanted*; return the first number."""
        first, end = len(self._ids), len(self._ids) + len(wanted)
        self._make_room(end)
        self._triples[first:end] = sketches.triples[wanted]
        self._words[first:end] = sketches.words[wanted]
        self._sizes[first:end] = sketches.sizes[wanted]
        self._live[first:end] = True
        self._parents[first:end] = np.arange(first, end, dtype=np.int32)
        self._seen[first:end] = -1
        for number, at in enumerate(wanted, first):
            self._ids.append(sketches.ids[at])
            self._number[sketches.ids[at]] = number
        insert(self._triples, self._heads, self._links, first, end)
        return first

    def _make_room(self, end: int) -> None:
        have = len(self._sizes)
        if end <= have:
            return
        # Grow by half only: the arrays are large, and doubling would leave much of them unused.
        size = max(_SMALLEST, end, have + have // 2)
        grown = size - have
        none = np.zeros((grown, SIZE), np.uint32)
        self._triples = np.concatenate([self._triples, none])
        self._words = np.concatenate([self._words, none])
        self._sizes = np.concatenate([self._sizes, np.zeros(grown, np.uint32)])
        self._live = np.concatenate([self._live, np.zeros(grown, np.bool_)])
        self._parents = np.concatenate([self._parents, np.zeros(grown, np.int32)])
        self._seen = np.concatenate([self._seen, np.full(grown, -1, np.int32)])
        self._links = np.concatenate([self._links, np.zeros(grown * KEYS, np.int32)])
        slots = len(self._heads)
        while slots < size * KEYS:
            slots *= 2
        if slots > len(self._heads):
            self._heads = np.full(slots, -1, np.int32)
            insert(self._triples, self._heads, self._links, 0, len(self._ids))

    def _join(self, wanted: NDArray[np.int64], changes: Changes) -> None:
        joined = np.zeros((max(_SMALLEST, 4 * len(wanted)), 2), np.int32)
        found = join_copies(
            self._triples,
            self._words,
            self._sizes,
            self._live,
            self._heads,
            self._links,
            self._parents,
            self._seen,
            wanted,
            joined,
        )
        self._seen[: len(self._ids)] = -1
        if found > len(joined):
            self.loaded()
            changes |= self.clusters()
            return
        for lost, root in joined[:found].tolist():
            members = self._members.setdefault(root, [root])
            added = self._members.pop(lost, [lost])
            members += added
            for number in added if len(members) > len(added) + 1 else members:
                changes[self._ids[number]] = self._ids[root]
