"""Check: read all files of a generation and test its invariants."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from marsad.indexer.errors import FileDamagedError
from marsad.indexer.segments.build import STORE_SUFFIX, hash_id
from marsad.indexer.segments.generation import Generation, Member, live_bits, open_number
from marsad.indexer.segments.kernels.bits import docs_of
from marsad.indexer.segments.kernels.checking import unordered_documents, unordered_terms
from marsad.indexer.segments.manifest import generations
from marsad.indexer.segments.searcher import find_live

_SHOWN = 5


def check_generation(generation: Generation) -> Iterator[str]:
    """Yield a sentence for each fault of *generation*."""
    yield from check_earlier(generation)
    damaged = generation.verify()
    yield from damaged
    # Beside a damaged store, the articles that it costs are named below.
    if any(STORE_SUFFIX not in fault.partition(":")[0] for fault in damaged):
        return
    ids: Counter[str] = Counter()
    for member in generation.members:
        yield from _check_lists(member)
        yield from _check_documents(member, generation, ids)
    for article_id, count in ids.items():
        if count > 1:
            yield f"{count} documents have the id {article_id!r}"


def check_earlier(generation: Generation) -> Iterator[str]:
    """Yield a sentence for each fault of the generations that are kept to fall back on."""
    for number in generations(generation.folder):
        if number >= generation.manifest.generation:
            continue
        opened = open_number(generation.folder, number)
        if isinstance(opened, str):
            yield f"{opened} (it was kept to fall back on)"
        elif opened is not None:
            own = opened.manifest.files.keys() - generation.manifest.files.keys()
            for fault in opened.verify(own):
                yield f"generation {number}, kept to fall back on: {fault}"
            opened.close()


def _check_lists(member: Member) -> Iterator[str]:
    segment, p = member.segment, member.segment.postings
    name = segment.name
    if (np.diff(segment.days) < 0).any():
        yield f"{name}: its documents are not sorted by date"
    for label, at, total in (
        ("terms", p.term_at, len(p.term_blob)),
        ("runs", p.term_runs, len(p.run_chunk)),
        ("postings", p.run_doc, len(p.doc)),
        ("bounds", p.run_block, len(p.block_max)),
        ("facet values", segment.facets.facet_at, len(segment.facets.facet_value)),
    ):
        if len(at) and (at[0] != 0 or at[-1] != total or (np.diff(at.astype(np.int64)) < 0).any()):
            yield f"{name}: the offsets of its {label} do not ascend from 0 to {total}"
            return
    if unordered_terms(p.term_blob, p.term_at):
        yield f"{name}: its terms are not sorted"
    if bad := int(unordered_documents(p, segment.documents)):
        yield f"{name}: {bad} postings are not sorted, or of a document that does not exist"
    places = int(p.tf.sum(dtype=np.int64)) + int((p.tf_big.astype(np.int64) - 255).sum())
    if places != len(p.pos):
        yield f"{name}: its frequencies add up to {places}, but it has {len(p.pos)} positions"
    lengths = int(p.lengths.sum(dtype=np.int64))
    if lengths != len(p.pos):
        yield f"{name}: its lengths add up to {lengths}, but it has {len(p.pos)} positions"


def _check_documents(member: Member, generation: Generation, ids: Counter[str]) -> Iterator[str]:
    segment = member.segment
    unread = 0
    for doc in docs_of(live_bits(member)).tolist():
        article_id = segment.id(doc)
        ids[article_id] += 1
        if find_live(member, article_id, hash_id(article_id)) != doc:
            yield f"{segment.name}: id {article_id!r} cannot be found by its hash"
        try:
            generation.stores.read(*segment.record(doc))
        except FileDamagedError as error:
            unread += 1
            if unread <= _SHOWN:
                yield f"stored article {article_id!r}: {error.path.name}: {error.reason}"
    if unread > _SHOWN:
        yield f"{segment.name}: {unread} stored articles cannot be read"
