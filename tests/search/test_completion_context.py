"""Completion context: the last words of a typed text, and what may be written there."""

import pytest

from marsad.indexer.fields import ENTITY_FACETS
from marsad.indexer.search.completion_context import completion_contexts


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("با", [("", ("با",))]),
        (
            "هدنة قره با",
            [("", ("هدنه", "قره", "با")), ("هدنة ", ("قره", "با")), ("هدنة قره ", ("با",))],
        ),
        ("هدنة, با", [("هدنة, ", ("با",))]),
        (
            "a b c d e",
            [
                ("a ", ("b", "c", "d", "e")),
                ("a b ", ("c", "d", "e")),
                ("a b c ", ("d", "e")),
                ("a b c d ", ("e",)),
            ],
        ),
        ("قص*", []),
        ("", []),
    ],
)
def test_the_longest_context_comes_first(
    typed: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(one.before, one.words) for one in completion_contexts(typed)] == expected


@pytest.mark.parametrize(("typed", "is_open"), [("قره با", True), ("قره باغ ", False)])
def test_a_space_closes_the_last_word(typed: str, is_open: bool) -> None:
    context = completion_contexts(typed)[0]

    assert context.is_open == is_open
    assert context.name_prefix("كره") == ("كره با" if is_open else "كره باغ ")


@pytest.mark.parametrize(
    ("typed", "field", "takes_field", "classes"),
    [
        ("علي", "", True, ENTITY_FACETS),
        ("شخص: علي", "person", False, ("person",)),
        ('title:"علي', "title", False, ENTITY_FACETS),
        ("تاريخ:20", "date", False, ()),
        ("=علي", "", False, ENTITY_FACETS),
        ('"قال" علي', "", True, ENTITY_FACETS),
    ],
)
def test_the_field_before_a_word_decides_the_classes(
    typed: str, field: str, takes_field: bool, classes: tuple[str, ...]
) -> None:
    context = completion_contexts(typed)[-1]

    assert (context.field, context.takes_field, context.classes) == (field, takes_field, classes)
