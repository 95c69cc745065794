"""Flips: one bit of an index changes, while the size and the time of the file stay.

    python -m tests.faults.flips INDEX [--flips 3000] [--seed 7] [--kinds .seg,.txt]

    index -> copy -> flip -> [a forked child opens it and asks everything] -> outcome -> flip back

Outcomes of a flip:

    equal    every answer is as before
    told     an answer differs, and the engine, the hit or a named error says that it is damaged
    silent   an answer differs, and nothing says so
    unnamed  an error that is none of the program's own
    crash    the process was ended by a signal

The last three must not happen. `checked` counts the flips that `marsad check` finds.
"""

import argparse
import hashlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from marsad.indexer.engine.request import FacetRequest, Hit, SearchRequest
from marsad.indexer.engine.seam import Engine
from marsad.indexer.errors import IndexerError
from marsad.indexer.fields import FACETS, INDEX_FIELDS
from marsad.indexer.query.tree import (
    All,
    And,
    Chain,
    Keyword,
    Lead,
    Link,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Spot,
    Term,
    Wildcard,
)
from marsad.indexer.segments.container import Container
from marsad.indexer.segments.engine import open_index
from marsad.indexer.segments.generation import open_newest

EQUAL, TOLD, SILENT, UNNAMED, CRASH = "equal", "told", "silent", "unnamed", "crash"
OUTCOMES = (EQUAL, TOLD, SILENT, UNNAMED, CRASH)
ALLOWED = (EQUAL, TOLD)
KINDS = (".seg", ".txt", ".del", ".cls", ".zdict", ".json")
_CODES = {EQUAL: 0, TOLD: 10, SILENT: 11, UNNAMED: 12}
_FEW = 4
# The table is printed after each of so many flips.
_SHOWN = 100

Ask = Callable[[Engine], object]


class Questions:
    """A fixed set of questions about an index, made of its own words and values."""

    def __init__(self, index: Path, analyzer: str) -> None:
        self.index, self.analyzer = index, analyzer
        engine = open_index(index, analyzer)
        fields = [name for name in INDEX_FIELDS if engine.words(name)]
        self.asks: list[Ask] = [lambda engine: engine.stats()]
        field = max(fields, key=lambda name: sum(engine.words(name).values()))
        counts = engine.words(field)
        common = sorted(counts, key=lambda word: (-counts[word], word))
        middle = [word for word in common if counts[word] > 1][20:200:30] or common[:3]
        a, b, c = (common * 3)[:3]
        ids = [hit.id for hit in engine.search(SearchRequest(limit=9)).hits]
        values = engine.search(SearchRequest(facets=tuple(FacetRequest(n) for n in FACETS))).facets
        spots = tuple(Spot(field, (((word,),),)) for word in (a, b))
        trees: list[Node] = [
            All(),
            Term(field, a),
            *(Term(field, word) for word in middle),
            And((Term(field, a), Term(field, b))),
            Or((Term(field, a), Term(field, c), *(Term(field, word) for word in middle))),
            And((Term(field, a), Not(Term(field, c)))),
            Phrase(field, (a, b)),
            Phrase(field, (a, b, c), slop=20),
            Chain(spots, (Link(6),)),
            Chain(spots, (Link("sentence"),)),
            Lead(spots[0], 30),
            Prefix(field, common[0][:1]),
            Wildcard(field, f"{common[1][:1]}*{common[1][-1:]}"),
            And((Term(field, a), Near(field, (a, b), width=8))),
        ]
        for counts_of in values:
            trees += [Keyword(counts_of.field, value) for value, _ in counts_of.values[:2]]
        for tree in trees:
            self.asks += [self._search(tree), self._search(tree, collapse=True)]
        for sort in ("newest", "oldest"):
            self.asks.append(
                lambda engine, sort=sort: engine.search(SearchRequest(sort=sort, limit=20))  # type: ignore[misc]
            )
        for article in ids:
            self.asks.append(lambda engine, each=article: engine.get(each))  # type: ignore[misc]
            self.asks.append(lambda engine, each=article: engine.cluster(each))  # type: ignore[misc]
            self.asks.append(
                lambda engine, each=article: engine.explain(Term(field, a), each)  # type: ignore[misc]
            )
        for name in fields:
            self.asks.append(lambda engine, name=name: sorted(engine.words(name).items()))  # type: ignore[misc]
        # Every stored article is read once.
        self.asks.append(lambda engine: list(engine.walk(SearchRequest(matches=(field,)))))
        self.right = [self._answer(engine, ask) for ask in self.asks]
        engine.close()

    def _search(self, tree: Node, *, collapse: bool = False) -> Ask:
        request = SearchRequest(
            query=tree,
            matches=tuple(INDEX_FIELDS),
            facets=tuple(FacetRequest(name, 20) for name in FACETS),
            histogram="month",
            collapse=collapse,
        )
        return lambda engine: engine.search(request)

    @staticmethod
    def _answer(engine: Engine, ask: Ask) -> bytes:
        return hashlib.blake2b(repr(ask(engine)).encode("utf-8", "replace")).digest()

    def survives(self, index: Path) -> str:
        """Ask everything of *index* without comparing any checksum: only a crash counts.

        A bit may change after an index was opened. No kernel may leave its arrays then.
        """
        Container._is_damaged = lambda *_: False  # type: ignore[method-assign]
        try:
            engine = open_index(index, self.analyzer)
        except IndexerError:
            return TOLD
        for ask in self.asks:
            with suppress(Exception):
                ask(engine)
        return EQUAL

    def outcome(self, index: Path) -> str:
        """Ask everything of *index*; return how its answers differ from the right ones."""
        try:
            engine = open_index(index, self.analyzer)
        except IndexerError:
            return TOLD
        found, is_told = EQUAL, False
        if engine.lost_commits():
            # The generation before is whole: that it can be asked is enough.
            for ask in self.asks[:_FEW]:
                ask(engine)
            return TOLD
        for ask, right in zip(self.asks, self.right, strict=True):
            try:
                answer = ask(engine)
            except IndexerError:
                found, is_told = TOLD, True
                continue
            if hashlib.blake2b(repr(answer).encode("utf-8", "replace")).digest() != right:
                found = TOLD
                if not engine.lost_commits() and not _names_damage(answer):
                    return SILENT
        return TOLD if is_told else found


def _names_damage(answer: object) -> bool:
    hits = answer.hits if hasattr(answer, "hits") else answer
    hits = hits if isinstance(hits, list | tuple) else [hits]
    return any(isinstance(hit, Hit) and hit.damage for hit in hits)


def targets(index: Path, analyzer: str, kinds: tuple[str, ...] = KINDS) -> list[Path]:
    """Return the files of the newest generation, and its manifest."""
    generation = open_newest(index, analyzer=analyzer)
    names = generation.manifest.referenced()
    generation.close()
    return sorted(index / name for name in names if Path(name).suffix in kinds)


def flips(files: list[Path], count: int, seed: int) -> Iterator[tuple[Path, int, int]]:
    """Yield a file, an offset and a bit: each kind of file equally often, at random places."""
    rng = random.Random(seed)
    kinds: dict[str, list[Path]] = {}
    for file in files:
        kinds.setdefault(file.suffix, []).append(file)
    order = sorted(kinds)
    for number in range(count):
        # Half of the flips are in the lists, where kernels follow numbers.
        kind = ".seg" if number % 2 and ".seg" in kinds else order[number // 2 % len(order)]
        some = kinds[kind]
        (file,) = rng.choices(some, [path.stat().st_size for path in some])
        yield file, rng.randrange(file.stat().st_size), rng.randrange(8)


def flip(file: Path, at: int, bit: int) -> None:
    """Change one bit of a file; its size and its time stay."""
    about = file.stat()
    with file.open("r+b") as opened:
        opened.seek(at)
        byte = opened.read(1)[0]
        opened.seek(at)
        opened.write(bytes([byte ^ (1 << bit)]))
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))


def in_child(work: Callable[[], str]) -> str:
    """Run *work* in a forked process; return its outcome."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = _CODES[UNNAMED]
        try:
            code = _CODES[work()]
        except Exception as error:  # noqa: BLE001  (whatever the program did not expect)
            sys.stderr.write(f"  {error!r:.300}\n")
            sys.stderr.flush()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return CRASH
    return {code: name for name, code in _CODES.items()}[os.waitstatus_to_exitcode(status)]


def checked(index: Path, analyzer: str) -> str:
    """Return TOLD if a check of *index* finds a fault, EQUAL if it finds none."""
    try:
        engine = open_index(index, analyzer)
        faults = engine.check()
    except IndexerError:
        return TOLD
    return TOLD if faults else EQUAL


def run(
    index: Path,
    analyzer: str,
    count: int,
    seed: int,
    kinds: tuple[str, ...] = KINDS,
    *,
    with_check: bool = False,
    without_sums: bool = False,
    tell: Callable[[int, Counter[tuple[str, str]]], None] = lambda *_: None,
) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Flip *count* bits one after another; return the outcomes by kind of file, and the failures.

    With *with_check*, the outcome `checked` counts those that a check finds. *without_sums* leaves
    all checksums of arrays out, to see whether the kernels survive. *tell* is called after each.
    """
    table: Counter[tuple[str, str]] = Counter()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "index"
        shutil.copytree(index, copy, copy_function=shutil.copy2)
        questions = Questions(copy, analyzer)
        for file, at, bit in flips(targets(copy, analyzer, kinds), count, seed):
            flip(file, at, bit)
            ask = questions.survives if without_sums else questions.outcome
            found = in_child(partial(ask, copy))
            table[file.suffix, found] += 1
            if found not in ALLOWED:
                failures.append(f"{file.name} byte {at} bit {bit}: {found}")
            if with_check:
                table[file.suffix, "checked"] += in_child(lambda: checked(copy, analyzer)) == TOLD
            flip(file, at, bit)
            tell(table.total(), table)
        if in_child(lambda: questions.outcome(copy)) != EQUAL:
            failures.append("the copy was not put back as it was")
    return table, failures


def _show(table: Counter[tuple[str, str]], columns: tuple[str, ...]) -> None:
    """Print the table of outcomes, a line for each kind of file."""
    click.echo(f"{'file':8}" + "".join(f"{name:>9}" for name in columns))
    for kind in sorted({kind for kind, _ in table}):
        click.echo(f"{kind:8}" + "".join(f"{table[kind, name]:9}" for name in columns))


def main() -> None:
    """Print the table of outcomes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--flips", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--check", action="store_true", help="also run a check for each flip")
    parser.add_argument("--without-sums", action="store_true", help="compare no checksum of arrays")
    given = parser.parse_args()
    analyzer = open_newest(given.index).manifest.analyzer
    began = time.monotonic()
    columns = (*OUTCOMES, *(("checked",) if given.check else ()))
    kinds = tuple(given.kinds.split(","))
    table, failures = run(
        given.index,
        analyzer,
        given.flips,
        given.seed,
        kinds,
        with_check=given.check,
        without_sums=given.without_sums,
        tell=lambda done, so_far: _show(so_far, columns) if not done % _SHOWN else None,
    )
    _show(table, columns)
    click.echo(f"{given.flips} flips, seed {given.seed}, {time.monotonic() - began:.0f} s")
    for failure in failures[:50]:
        click.echo(failure)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
