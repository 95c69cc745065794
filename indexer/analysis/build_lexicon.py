"""Build the frequency table from wordfreq: `python -m marsad.indexer.analysis.build_lexicon`.

Needs the extra `marsad[build]`. Nothing is downloaded: the counts are part of the wordfreq package
(Robyn Speer, wordfreq 3.1, data under CC BY-SA 4.0).
"""

import gzip
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

from marsad.indexer.analysis.folding import fold

FORMS = 80_000
SCALE = 10_000_000_000


def build(frequencies: dict[str, float]) -> bytes:
    """Return the gzipped table of the most common folded words; the bytes are reproducible."""
    folded: Counter[str] = Counter()
    for form, frequency in frequencies.items():
        # Several spellings fold to one word, so their frequencies are added.
        word = fold(form)
        if word and all("\u0621" <= char <= "\u064a" for char in word):
            folded[word] += round(frequency * SCALE)
    ranked = sorted(folded.items(), key=lambda pair: (-pair[1], pair[0]))[:FORMS]
    lines = "".join(f"{form}\t{count}\n" for form, count in ranked)
    return gzip.compress(lines.encode("utf-8"), compresslevel=9, mtime=0)


def main() -> None:
    """Write the table into the package."""
    from wordfreq import get_frequency_dict  # noqa: PLC0415  (an extra, needed at build time only)

    target = Path(str(files("marsad.indexer.analysis").joinpath("data/frequencies.tsv.gz")))
    target.write_bytes(build(get_frequency_dict("ar", wordlist="large")))
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
