"""Measure: how many words of a story come out of its PDF, for each program that makes PDFs.

    python -m tests.quality.pdf.measure [--stories N] [--news FILE] [--keep FOLDER] [MAKER ...]

Words are what lies between white space, with punctuation and marks, in order: those of the
longest common subsequence are right.
"""

import argparse
import gzip
import json
import re
import sys
import unicodedata
from pathlib import Path

from rapidfuzz.distance import LCSseq

from marsad.corpus.article import Article
from marsad.corpus.read import read
from marsad.corpus.readers.layout import read_frame, text_lines
from tests.conftest import ROOT
from tests.quality.pdf.makers import MAKERS, Story
from tests.quality.pdf.stories import STORIES

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0640\u00ad]")


def words(text: str) -> list[str]:
    """Return the words of a text, without characters that nobody sees."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split()


def bundled(count: int) -> list[Story]:
    """Return the first bundled articles as stories."""
    made = []
    for path in sorted((ROOT / "corpus" / "data").glob("*.txt"))[:count]:
        title, body, _ = read_frame(text_lines(path.read_text(encoding="utf-8")))
        letters = sum("\u0600" <= char <= "\u06ff" for char in "".join(body))
        made.append(Story(title, tuple(body), rtl=letters * 2 > len("".join(body))))
    return made


def news(path: Path, count: int) -> list[Story]:
    """Return the first articles of a gzipped JSONL file as stories."""
    made = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            given = json.loads(line)
            parts = tuple(part for each in given["text"].splitlines() if (part := each.strip()))
            if parts and given.get("title"):
                made.append(Story(given["title"].strip(), parts))
            if len(made) == count:
                break
    return made


def score(story: Story, path: Path) -> tuple[int, int, int, list[str]]:
    """Return how many words are right, in the story, and in the article; and some differences."""
    (found,) = read([path])
    if not isinstance(found, Article):
        return 0, len(words(story.text)), 0, [str(found)[:300]]
    want, got = words(story.text), words(f"{found.title}\n{found.text}")
    right = LCSseq.similarity(want, got)
    blocks = LCSseq.editops(want, got)
    differences = [
        f"-{want[each.src_pos]}" if each.tag == "delete" else f"+{got[each.dest_pos]}"
        for each in blocks
    ]
    return right, len(want), len(got), differences


def main() -> int:
    """Print a row for each maker."""
    options = argparse.ArgumentParser()
    options.add_argument("makers", nargs="*")
    options.add_argument("--stories", type=int, default=10)
    options.add_argument("--news", type=Path)
    options.add_argument("--keep", type=Path, required=True)
    options.add_argument("--show", type=int, default=0)
    given = options.parse_args()
    stories = [*STORIES, *bundled(given.stories)]
    if given.news:
        stories += news(given.news, given.stories)
    given.keep.mkdir(parents=True, exist_ok=True)
    sys.stdout.write("| maker | stories | words | recall | precision |\n|---|---|---|---|---|\n")
    for name in given.makers or MAKERS:
        right = wanted = got = 0
        seen: list[str] = []
        for number, story in enumerate(stories):
            path = given.keep / f"{name.replace(', ', '-').replace(' ', '-')}-{number}.pdf"
            if not path.exists():
                path.write_bytes(MAKERS[name](story))
            one = score(story, path)
            right, wanted, got = right + one[0], wanted + one[1], got + one[2]
            if one[3]:
                seen.append(f"    {path.name}: {' '.join(one[3][: given.show])}")
        sys.stdout.write(
            f"| {name} | {len(stories)} | {wanted:,} | {right / wanted:.4f} | "
            f"{right / max(1, got):.4f} |\n"
        )
        if given.show:
            sys.stdout.write("\n".join(seen) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
