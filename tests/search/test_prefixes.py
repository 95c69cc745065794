"""Prefixes: the heaviest owners of keys with a prefix, beside a search through every key."""

from hypothesis import given
from hypothesis import strategies as st

from marsad.indexer.search.prefixes import PrefixTable, StringBlock

words = st.text(alphabet="ابلوق", min_size=1, max_size=6)


@given(
    st.lists(st.tuples(words, st.integers(0, 9)), max_size=40),
    st.lists(words, max_size=2),
    st.integers(1, 5),
)
def test_the_best_of_prefixes_are_those_of_every_key(
    keys: list[tuple[str, int]], prefixes: list[str], most: int
) -> None:
    weights = [(7 * number) % 4 for number in range(10)]
    fitting = {owner for key, owner in keys if key.startswith(tuple(prefixes))}
    ordered = sorted(keys)
    table = PrefixTable([key for key, _ in ordered], weights, [owner for _, owner in ordered])

    found = table.best(prefixes, most)

    assert found == sorted(fitting, key=lambda owner: (-weights[owner], owner))[:most]


@given(st.lists(st.text(max_size=5), max_size=20))
def test_a_string_block_gives_back_each_string(texts: list[str]) -> None:
    block = StringBlock(texts)

    assert [block.text(at) for at in range(len(block))] == texts
