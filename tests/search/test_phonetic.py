"""Phonetic: keys of consonants, and the other keyboard layout."""

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.search.phonetic import other_layout, phonetic_key


def test_the_other_layout_of_the_other_layout_is_the_word() -> None:
    for word in ("السلام", "هدنة", "كاراباخ", "الكرملين"):
        assert other_layout(other_layout(word)) == word


@given(st.text(alphabet="ابتكغخ", max_size=8))
def test_a_phonetic_key_holds_no_vowel(word: str) -> None:
    assert "ا" not in phonetic_key(word)
