"""Edits: changes a text as newspapers change a wire story.

original -> cut, reordered, reworded (5% to 30% of its words), another headline
"""

import random
from collections.abc import Iterator, Sequence

# Shorter texts are not copied, because short texts are alike by chance.
LEAST_WORDS = 40
_SENTENCES = (".", "؟", "!")


def edited(text: str, vocabulary: Sequence[str], seed: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each edited copy of *text*.

    Reworded copies take random words from *vocabulary*, which has each word as often as texts do.
    """
    chance = random.Random(seed)
    words = text.split()
    sentences = _sentences(words)
    kept = max(LEAST_WORDS, int(len(words) * chance.uniform(0.35, 0.8)))
    yield "cut", " ".join(words[:kept])
    start = chance.randrange(1 + max(0, len(words) - kept))
    yield "cut inside", " ".join(words[start : start + kept])
    chance.shuffle(sentences)
    yield "reordered", " ".join(word for sentence in sentences for word in sentence)
    for share in (0.05, 0.1, 0.2, 0.3):
        changed = [chance.choice(vocabulary) if chance.random() < share else w for w in words]
        yield f"reworded {share:.0%}", " ".join(changed)
    yield "other headline", text


def _sentences(words: Sequence[str]) -> list[list[str]]:
    sentences: list[list[str]] = [[]]
    for word in words:
        sentences[-1].append(word)
        if word.endswith(_SENTENCES):
            sentences.append([])
    return [sentence for sentence in sentences if sentence]
