"""Measure entities: `python -m tests.quality.entities.measure WHAT [PATH]`.

    linking              the 30 annotated articles of the bundled corpus
    spans CONLL [MODEL]  strict span F1 of all steps, with another model if given
    purity SOURCE        the 200 most common facet values of articles, for review by hand
    speed SOURCE         all steps against the analysis chain, cold and warm
    tags CONLL CRF NPZ   tagging against CRFsuite's own Tagger with the same features

`marked.json` has, for each article, the places of names of persons, places, organisations and armed
groups, each with its id, or `~` if it is in no list.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.indexer.extract.entities.annotated import (
    KINDS,
    compare,
    example,
    held_out,
    read_sentences,
    token_span,
)
from marsad.indexer.extract.entities.features import FeatureMaker
from marsad.indexer.extract.entities.finder import Finder
from marsad.indexer.extract.entities.gazetteer import bundled_gazetteer
from marsad.indexer.extract.entities.matcher import Matcher
from marsad.indexer.extract.entities.model import read_model
from marsad.indexer.extract.entities.tagger import Tagger
from marsad.indexer.extract.entities.train_linear import FeatureStrings
from marsad.indexer.extract.entities.words import WordTable
from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.parts import parts
from tests.conftest import CORPUS

MARKED = Path(__file__).with_name("marked.json")
COARSE = {"person": "PER", "place": "LOC", "organisation": "ORG", "armed_group": "ORG"}
TOP = 200


@dataclass(frozen=True, slots=True)
class Linking:
    """Counts of links given, right and wanted; `faults` lists the wrong and the missed ones."""

    given: int
    right: int
    wanted: int
    faults: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / self.given

    @property
    def recall(self) -> float:
        return self.right / self.wanted


def linking() -> Linking:
    """Compare ids of listed entities on the annotated articles; offices are left out."""
    finder = parts().finder
    given = right = wanted = 0
    faults = []
    for marked in json.loads(MARKED.read_text(encoding="utf-8")):
        (article,) = read([CORPUS / marked["path"]])
        assert isinstance(article, Article)
        gold = {(f, s, e): i for f, s, e, i in marked["mentions"]}
        found = {
            (m.field, m.start, m.end): m.id
            for m in finder.find(article)
            if m.type in COARSE and m.by != "office" and not m.id.startswith("~")
        }
        given += len(found)
        wanted += sum(i != "~" for i in gold.values())
        right += sum(gold.get(place) == i for place, i in found.items())
        for place in sorted({*gold, *found}):
            want, have = gold.get(place, "-"), found.get(place, "~")
            if want != have and (want, have) != ("-", "~"):
                text = article.title if place[0] == "title" else article.text
                name = text[place[1] : place[2]]
                faults.append(f"{marked['path']}: {name}: found {have}, marked {want}")
    return Linking(given, right, wanted, tuple(faults))


def spans(conll: Path, model: Path | None) -> str:
    """Return strict span scores of all steps; each sentence is treated as an article."""
    finder = parts().finder
    if model is not None:
        gazetteer = bundled_gazetteer()
        finder = Finder(
            gazetteer, FeatureMaker(gazetteer), read_model(model.read_bytes(), model.name)
        )
    pairs = []
    for sentence in read_sentences(conll):
        edges = sentence.edges()
        found = {
            token_span(edges, m.start, m.end, COARSE[m.type])
            for m in finder.find_in(sentence.text)
            if m.type in COARSE
        }
        pairs.append((sentence, {span for span in found if span is not None}))
    scores = compare(pairs)
    return "\n".join(map(scores.line, (*KINDS, "")))


def cut(conll: Path, part: int, output: Path) -> None:
    """Write one sixth of a file's sentences to another file."""
    _, rest = held_out(list(read_sentences(conll)), part)
    output.write_text(
        "\n".join(
            "".join(f"{t}\t{n}\n" for t, n in zip(s.tokens, s.labels, strict=True)) for s in rest
        ),
        encoding="utf-8",
    )


def articles(source: Path) -> list[Article]:
    """Return the articles of a source."""
    return [record for record in read([source]) if isinstance(record, Article)]


def purity(source: Path) -> Iterator[str]:
    """Yield the most common facet values: articles, class, id, label, most common printed forms."""
    wanted = parts()
    counts: Counter[tuple[str, str]] = Counter()
    forms: dict[tuple[str, str], Counter[str]] = {}
    for article in articles(source):
        seen = set()
        for mention in wanted.finder.find(article):
            if mention.is_facet and mention.type in ENTITY_FACETS:
                key = (mention.type, mention.id)
                seen.add(key)
                text = article.title if mention.field == "title" else article.text
                forms.setdefault(key, Counter())[text[mention.start : mention.end]] += 1
        counts.update(seen)
    for (kind, name), count in counts.most_common(TOP):
        printed = ", ".join(form for form, _ in forms[kind, name].most_common(3))
        yield f"{count}\t{kind}\t{name}\t{wanted.gazetteer.label(name, 'ar')}\t{printed}"


def speed(source: Path) -> Iterator[str]:
    """Yield the articles per second of the analysis chain and of all entity steps."""
    wanted = parts()
    known = articles(source)
    # Kernels are compiled and data are read before the clock starts.
    wanted.analyzer.columns("نص")
    wanted.finder.find_in("قال بوتين في موسكو")

    def chain() -> None:
        for article in known:
            wanted.analyzer.columns(article.title)
            wanted.analyzer.columns(article.text)

    def layers() -> None:
        for article in known:
            wanted.finder.find(article)

    for name in ("first", "second", "third"):
        took = [_seconds(step) for step in (chain, layers)]
        rates = [len(known) / seconds for seconds in took]
        ratio = took[1] / took[0]
        yield f"{name} pass: chain {rates[0]:.0f}/s, layers {rates[1]:.0f}/s, x{ratio:.1f}"


def tags(conll: Path, crf: Path, npz: Path) -> Iterator[str]:
    """Yield the speed of the linear part and of CRFsuite's Tagger, and where they differ."""
    import pycrfsuite  # noqa: PLC0415  (an extra)

    gazetteer = bundled_gazetteer()
    matcher, table, maker = Matcher(gazetteer), WordTable(), FeatureMaker(gazetteer)
    examples = [e for s in read_sentences(conll) if len((e := example(s, table, matcher)).words)]
    strings = FeatureStrings(maker)
    given = [(strings.of(e), list(e.words.sequences())) for e in examples]
    theirs = pycrfsuite.Tagger()
    theirs.open(str(crf))
    ours = Tagger(read_model(npz.read_bytes(), npz.name), maker, network=False)
    words = differing = 0
    for e, (features, sequences) in zip(examples, given, strict=True):
        mine = [ours.labels[number] for number in ours.tag(e.words, e.spans)]
        other = [label for first, end in sequences for label in theirs.tag(features[first:end])]
        words += len(mine)
        differing += sum(a != b for a, b in zip(mine, other, strict=True))
    yield f"{words} words, {differing} tags differ"
    for _ in range(3):
        slow = _seconds(
            lambda: [theirs.tag(f[a:b]) for f, sequences in given for a, b in sequences]
        )
        fast = _seconds(lambda: [ours.tag(e.words, e.spans) for e in examples])
        yield f"CRFsuite {words / slow:,.0f}/s, ours {words / fast:,.0f}/s, x{slow / fast:.1f}"


def _seconds(step: Callable[[], object]) -> float:
    began = time.process_time()
    step()
    return time.process_time() - began


def main() -> None:
    what, *paths = sys.argv[1:]
    given = [Path(path) for path in paths]
    match what:
        case "linking":
            result = linking()
            sys.stdout.write("\n".join(result.faults) + "\n")
            sys.stdout.write(
                f"P {result.precision:.3f} R {result.recall:.3f} "
                f"(given {result.given}, right {result.right}, marked {result.wanted})\n"
            )
        case "cut":
            cut(given[0], int(paths[1]), given[2])
        case "spans":
            sys.stdout.write(spans(given[0], given[1] if given[1:] else None) + "\n")
        case "purity":
            sys.stdout.writelines(f"{line}\n" for line in purity(given[0]))
        case "speed":
            sys.stdout.writelines(f"{line}\n" for line in speed(given[0]))
        case "tags":
            sys.stdout.writelines(f"{line}\n" for line in tags(*given))
        case _:
            sys.stderr.write(__doc__ or "")


if __name__ == "__main__":
    main()
