"""Linking: the least figures on the annotated articles."""

from tests.quality.entities.measure import linking


def test_linking_on_the_marked_articles_keeps_its_floors() -> None:
    result = linking()

    assert result.precision >= 0.95, result.faults
    assert result.recall >= 0.90, result.faults
