"""Explain: the parts of a document's score, and the terms of an index.

tree, document -> leaves that it matches -> the part of the score from each
"""

from collections.abc import Iterable, Iterator

from marsad.indexer.engine.request import ScorePart
from marsad.indexer.fields import INDEX_FIELDS
from marsad.indexer.query.tree import Near, Node
from marsad.indexer.segments.columns import FLAT, K1, B
from marsad.indexer.segments.evaluate import Evaluator
from marsad.indexer.segments.generation import Generation
from marsad.indexer.segments.kernels.positions import positions_in
from marsad.indexer.segments.ranking import ScoredLeaf, Statistics, near_parts
from marsad.indexer.segments.segment import Segment, term_key


def score_parts(
    segment: Segment,
    evaluator: Evaluator,
    doc: int,
    tree: Node,
    statistics: Statistics,
    nears: Iterable[Near],
) -> Iterator[ScorePart]:
    """Yield the parts of a document's score from the leaves of *tree*, then from *nears*."""
    for leaf in statistics.scored(tree):
        if leaf.condition is not None:
            bits = evaluator.leaf(leaf.condition)
            if not int(bits[doc >> 6]) >> (doc & 63) & 1:
                continue
        if leaf.term is None:
            text = getattr(leaf.condition, "text", "") or getattr(leaf.condition, "pattern", "")
            yield ScorePart(leaf.field, text, "pattern", 1, leaf.weight)
            continue
        part = _term_part(segment, doc, leaf, leaf.term, statistics)
        if part is not None:
            yield part
    for near in nears:
        (score,) = near_parts(segment, [doc], near, statistics)
        if score:
            yield ScorePart(near.field, " ".join(near.terms), "near", 1, score)


def _term_part(
    segment: Segment, doc: int, leaf: ScoredLeaf, term: str, statistics: Statistics
) -> ScorePart | None:
    runs = segment.runs(segment.find_term(leaf.field, term))
    frequency = positions_in(segment.postings, *runs, doc).size
    if not frequency:
        return None
    row = INDEX_FIELDS.index(leaf.field)
    length = int(segment.postings.lengths[row, doc])
    level = FLAT + K1 * B * length / (statistics.averages[row] or 1.0)
    score = leaf.weight * frequency / (frequency + level)
    in_phrase = leaf.condition is not None
    return ScorePart(leaf.field, term, "phrase" if in_phrase else "term", frequency, score)


def words_of(generation: Generation, field: str) -> dict[str, int]:
    """Return the terms of a field, and how many documents have each."""
    counts: dict[str, int] = {}
    for member in generation.members:
        segment = member.segment
        first, end = segment.prefix_range(term_key(field, ""))
        at = segment.postings.term_at[first : end + 1].tolist()
        raw = segment.postings.term_blob[at[0] : at[-1]].tobytes() if first < end else b""
        runs = segment.postings.term_runs[first : end + 1]
        in_docs = segment.postings.run_doc[runs].tolist()
        for number in range(end - first):
            start, stop = at[number] - at[0] + 1, at[number + 1] - at[0]
            text = raw[start:stop].decode("utf-8", "surrogatepass")
            counts[text] = counts.get(text, 0) + in_docs[number + 1] - in_docs[number]
    return counts
