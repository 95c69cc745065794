"""Linking: the floors that the marked articles hold."""

from tests.quality.entities.measure import linking


def test_names_of_the_marked_articles_are_linked() -> None:
    result = linking()

    assert result.precision >= 0.95, result.faults
    assert result.recall >= 0.90, result.faults
