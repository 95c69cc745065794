"""Vocabulary: the words at a small edit distance, beside a comparison with every word."""

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.search.vocabulary import Vocabulary


def edits_between(first: str, second: str) -> int:
    """Return the edit distance by its definition (optimal string alignment)."""
    table = [[max(i, j) for j in range(len(second) + 1)] for i in range(len(first) + 1)]
    for i, letter in enumerate(first, 1):
        for j, other in enumerate(second, 1):
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (letter != other),
            )
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(st.sets(st.text(alphabet="ابتك", min_size=3, max_size=8), max_size=30), st.data())
def test_near_finds_every_word_within_the_edits(words: set[str], data: st.DataObject) -> None:
    asked = data.draw(st.text(alphabet="ابتك", min_size=3, max_size=8))
    most = 2 if len(asked) >= 7 else 1

    found = dict(Vocabulary(dict.fromkeys(words, 1)).near(asked))

    assert found == {
        word: edits for word in words if 0 < (edits := edits_between(asked, word)) <= most
    }


def test_an_edit_adds_removes_replaces_or_swaps() -> None:
    words = dict.fromkeys(["علييف", "عليف", "بكاو", "باكي", "سلام"], 1)

    assert dict(Vocabulary(words).near("باكو")) == {"بكاو": 1, "باكي": 1}
    assert dict(Vocabulary(words).near("علييف")) == {"عليف": 1}
